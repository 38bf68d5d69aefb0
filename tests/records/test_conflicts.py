"""Two people at one record: what only one changed is merged, what both changed is asked."""

import datetime
import json
import re

import pytest

from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.talents.models import Person, Title
from tests.factories import PersonFactory, TitleFactory, UnitFactory

PEOPLE = registry.get("talents.Person")
TITLES = registry.get("talents.Title")


@pytest.fixture
def person(world):
    return PersonFactory(
        name="王明", unit=world.ours, post="医师", school="旧学校", mobile="13812341234"
    )


@pytest.fixture
def opened(staff, person, fields_of):
    """What the form of staff holds, as it was opened."""
    return fields_of(staff.get(PEOPLE.url("edit", person.pk)))


@pytest.fixture
def head(world):
    return world.user("head")


def change(row, by, **values):
    """Somebody else saves meanwhile."""
    record_type = registry.of(type(row))
    stored = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(stored, name, value)
    record_type.save(stored, by=Actor(by))


def page_fields(response, fields_of):
    """What a browser would send from the page of conflicts, before a choice is made."""
    sent = {**fields_of(response), "conflict": []}
    for conflict in response.context["merged"].conflicts:
        sent["conflict"].append(conflict.name)
        sent[f"was.{conflict.name}"] = conflict.before
        sent |= {f"mine.{key}": value for key, value in conflict.sent}
    return sent


def send(client, row, sent):
    return client.post(registry.of(type(row)).url("edit", row.pk), sent)


def test_both_versions_stand_side_by_side_and_nothing_is_saved(staff, person, opened, head, read):
    change(person, head, post="主任医师", school="新学校")

    response = send(staff, person, {**opened, "post": "副主任医师", "speciality": "骨科"})

    page = read(response)
    assert response.status_code == 409
    assert "还没有保存：您打开之后，测试head 已在" in page
    assert "有 1 处与您填写的不同" in page
    assert (
        "原值 对方改成 您填的 采用 职务 医师 主任医师 副主任医师 职务采用 对方的 我的 另填："
        in page
    )
    assert "测试head 把“毕业院校”由 旧学校 改为 新学校" in page
    assert "您 把“专长”填为 骨科" in page
    assert Person.objects.get().post == "主任医师"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("choice", "typed", "kept"),
    [
        ("theirs", None, "主任医师"),
        ("mine", None, "副主任医师"),
        ("new", "骨科主任", "骨科主任"),
        ("theirs", "骨科主任", "主任医师"),
        ("mine", "骨科主任", "副主任医师"),
        (None, "骨科主任", "骨科主任"),  # typed, and the tick forgotten
    ],
)
def test_each_choice_is_saved_with_what_was_merged(
    staff, person, opened, head, fields_of, choice, typed, kept
):
    change(person, head, post="主任医师", school="新学校")
    asked = send(staff, person, {**opened, "post": "副主任医师", "speciality": "骨科"})
    sent = page_fields(asked, fields_of)
    sent |= {"choose.post": choice} if choice else {}
    sent |= {"post": typed} if typed else {}

    response = send(staff, person, sent)

    assert response.url == PEOPLE.url("detail", person.pk)
    stored = Person.objects.get()
    assert (stored.post, stored.school, stored.speciality) == (kept, "新学校", "骨科")
    line = ChangeLog.objects.filter(action="update").first()
    assert line.changes.get("post") == (["主任医师", kept] if kept != "主任医师" else None)


def test_without_a_choice_the_page_comes_again(staff, person, opened, head, fields_of, read):
    change(person, head, post="主任医师", school="新学校")
    asked = send(staff, person, {**opened, "post": "副主任医师", "speciality": "骨科"})

    again = send(staff, person, page_fields(asked, fields_of))

    assert again.status_code == 409
    assert "职务 医师 主任医师 副主任医师" in read(again)
    sent = page_fields(again, fields_of) | {"choose.post": "mine"}
    assert (sent["speciality"], sent["school"]) == ("骨科", "新学校")
    send(staff, person, sent)
    stored = Person.objects.get()
    assert (stored.post, stored.school, stored.speciality) == ("副主任医师", "新学校", "骨科")


def test_only_the_open_question_is_asked_again(staff, person, opened, head, fields_of):
    change(person, head, post="主任医师", school="新学校")
    asked = send(staff, person, {**opened, "post": "副主任医师", "school": "第三学校"})
    assert [c.name for c in asked.context["merged"].conflicts] == ["school", "post"]

    again = send(staff, person, page_fields(asked, fields_of) | {"choose.post": "mine"})

    assert [c.name for c in again.context["merged"].conflicts] == ["school"]
    send(staff, person, page_fields(again, fields_of) | {"choose.school": "theirs"})
    stored = Person.objects.get()
    assert (stored.post, stored.school) == ("副主任医师", "新学校")


def test_changes_that_do_not_meet_are_merged_and_said(staff, person, opened, head, read):
    change(person, head, school="新学校")

    response = staff.post(
        PEOPLE.url("edit", person.pk), {**opened, "post": "副主任医师"}, follow=True
    )

    assert (
        "您打开之后，测试head已把“毕业院校”由 旧学校 改为 新学校。"
        "与您的修改不冲突，两边的修改都保留。" in read(response)
    )
    stored = Person.objects.get()
    assert (stored.post, stored.school) == ("副主任医师", "新学校")
    line = ChangeLog.objects.filter(action="update").first()
    assert line.changes == {"post": ["医师", "副主任医师"]}


def test_many_changes_of_another_are_said_in_short(staff, person, opened, head, read):
    change(
        person, head, school="甲校", major="临床", speciality="骨科", degree="3",
        native_place="云岭", birth_place="云岭",
    )  # fmt: skip

    response = staff.post(PEOPLE.url("edit", person.pk), {**opened, "post": "主任"}, follow=True)

    assert "等 6 处。与您的修改不冲突" in read(response)


def test_the_same_change_on_both_sides_is_none(staff, person, opened, head):
    change(person, head, post="主任医师")

    response = send(staff, person, {**opened, "post": "主任医师"})

    assert (response.status_code, Person.objects.get().post) == (302, "主任医师")


def test_a_save_that_changed_no_field_asks_nothing(staff, person, opened, head, read):
    change(person, head)

    response = staff.post(PEOPLE.url("edit", person.pk), {**opened, "post": "主任"}, follow=True)

    assert "测试head也保存过这条记录，与您填写的没有冲突" in read(response)
    assert Person.objects.get().post == "主任"


def test_a_third_change_while_choosing_asks_once_more(staff, person, opened, head, fields_of, read):
    change(person, head, post="主任医师")
    asked = send(staff, person, {**opened, "post": "副主任医师", "speciality": "骨科"})
    change(person, head, post="院长", school="新学校")

    again = send(staff, person, page_fields(asked, fields_of) | {"choose.post": "mine"})

    assert again.status_code == 409
    page = read(again)
    assert "职务 主任医师 院长 副主任医师" in page
    assert "测试head 把“毕业院校”由 旧学校 改为 新学校" in page
    send(staff, person, page_fields(again, fields_of) | {"choose.post": "mine"})
    stored = Person.objects.get()
    assert (stored.post, stored.school, stored.speciality) == ("副主任医师", "新学校", "骨科")


def test_who_took_theirs_gets_their_newest(staff, person, opened, head, fields_of):
    change(person, head, post="主任医师")
    asked = send(staff, person, {**opened, "post": "副主任医师", "speciality": "骨科"})
    change(person, head, post="院长")

    response = send(staff, person, page_fields(asked, fields_of) | {"choose.post": "theirs"})

    assert response.status_code == 302
    stored = Person.objects.get()
    assert (stored.post, stored.speciality) == ("院长", "骨科")


def test_codes_months_and_records_are_shown_in_words(staff, person, opened, head, world, read):
    other, mine = UnitFactory(name="他选单位", parent=world.root), world.theirs
    change(person, head, education="14", unit=other, work_started_on=datetime.date(2001, 7, 1))

    response = send(
        staff, person,
        {**opened, "education": "11", "unit": mine.name, "work_started_on": "2002年8月"},
    )  # fmt: skip

    page = read(response)
    assert "学历 大学本科 硕士研究生 博士研究生" in page
    assert "工作单位 区第一人民医院 他选单位 云岭中学" in page
    assert "参加工作时间 （空） 2001.07 2002.08" in page


def test_two_records_of_one_name_are_told_apart(staff, world, head, fields_of, read):
    """The key that was picked goes along, not the name alone."""
    first = PersonFactory(name="王芳", unit=world.ours, post="护士长")
    second = PersonFactory(name="王芳", unit=world.ours, post="教师")
    title = TitleFactory(person=PersonFactory(name="李强", unit=world.ours))
    sent = fields_of(staff.get(TITLES.url("edit", title.pk)))
    sent |= {"person": "王芳", "person.known": "王芳", "person.key": str(second.pk)}
    change(title, head, person=first)

    asked = send(staff, title, sent)

    assert re.search("人才 李强 王芳（.*护士长.*） 王芳（.*教师.*）", read(asked))
    send(staff, title, page_fields(asked, fields_of) | {"choose.person": "mine"})
    assert Title.objects.get().person == second


def test_a_record_of_the_same_name_put_in_by_another_is_taken_over(
    staff, world, head, fields_of, read
):
    first, second = PersonFactory.create_batch(2, name="王芳", unit=world.ours)
    title = TitleFactory(person=first, name="教师")
    sent = fields_of(staff.get(TITLES.url("edit", title.pk)))
    change(title, head, person=second)

    told = staff.post(TITLES.url("edit", title.pk), {**sent, "name": "高级教师"}, follow=True)

    assert "“人才”由 王芳 改为 王芳（已更换）" in read(told)
    assert Title.objects.get().person == second


def test_protected_numbers_stand_as_masks(staff, person, opened, head, fields_of, read):
    change(person, head, mobile="13900001111")

    asked = send(staff, person, {**opened, "mobile": "13755556666"})

    assert "手机号码 138****1234 139****1111 137****6666 手机号码采用 对方的 我的：" in read(asked)
    assert b"13900001111" not in asked.content
    assert b"13812341234" not in asked.content
    sent = page_fields(asked, fields_of)
    assert not [key for key in sent if key.startswith("mine.mobile")]
    again = send(staff, person, sent)
    assert again.status_code == 409
    send(staff, person, sent | {"choose.mobile": "mine"})
    assert Person.objects.get().mobile.reveal() == "13755556666"


def test_their_number_may_be_taken(staff, person, opened, head, fields_of):
    change(person, head, mobile="13900001111")
    asked = send(staff, person, {**opened, "mobile": "13755556666"})

    send(staff, person, page_fields(asked, fields_of) | {"choose.mobile": "theirs"})

    assert Person.objects.get().mobile.reveal() == "13900001111"


def test_a_number_changed_by_another_is_not_overwritten(staff, person, opened, head, read):
    change(person, head, mobile="13899991234")  # the same mask

    response = staff.post(PEOPLE.url("edit", person.pk), {**opened, "post": "院长"}, follow=True)

    stored = Person.objects.get()
    assert (stored.mobile.reveal(), stored.post) == ("13899991234", "院长")
    assert "“手机号码”由 138****1234 改为 138****1234（已更换）" in read(response)


def test_a_clear_value_may_be_kept_empty(staff, person, opened, head, fields_of, read):
    change(person, head, post="主任医师")

    asked = send(staff, person, {**opened, "post": ""})

    assert "职务 医师 主任医师 （空）" in read(asked)
    send(staff, person, page_fields(asked, fields_of) | {"choose.post": "mine"})
    assert Person.objects.get().post == ""


def test_an_impossible_value_is_asked_and_then_refused_as_ever(
    staff, person, opened, head, fields_of, read
):
    change(person, head, work_started_on=datetime.date(2001, 7, 1))

    asked = send(staff, person, {**opened, "work_started_on": "2009.13"})
    assert "参加工作时间 （空） 2001.07 2009.13" in read(asked)
    sent = page_fields(asked, fields_of)
    refused = send(staff, person, sent | {"choose.work_started_on": "mine"})

    assert refused.status_code == 200
    assert "月份应在 01–12 之间" in read(refused)
    mended = fields_of(refused) | {"work_started_on": "2009.12"}
    assert send(staff, person, mended).status_code == 302
    assert Person.objects.get().work_started_on == datetime.date(2009, 12, 1)


def test_a_fault_elsewhere_keeps_what_was_merged(staff, person, opened, head, fields_of, read):
    change(person, head, school="新学校")

    refused = send(staff, person, {**opened, "name": "", "post": "院长"})

    assert refused.status_code == 200
    page = read(refused)
    assert "请填写姓名。" in page
    assert "由 旧学校 改为 新学校" in page
    send(staff, person, fields_of(refused) | {"name": "王明"})
    stored = Person.objects.get()
    assert (stored.post, stored.school) == ("院长", "新学校")


@pytest.mark.parametrize("base", ["", "{", "[1]", '{"post": 1}'])
def test_without_the_first_values_everything_different_is_asked(
    staff, person, opened, head, read, base
):
    change(person, head, post="主任医师")

    asked = send(staff, person, {**opened, "base": base, "post": "副主任医师"})

    assert asked.status_code == 409
    assert "主任医师 副主任医师" in read(asked)
    assert Person.objects.get().post == "主任医师"


def test_line_ends_are_no_change(staff, world, head, fields_of):
    person = PersonFactory(unit=world.ours, remarks="一\n二", post="医师")
    sent = fields_of(staff.get(PEOPLE.url("edit", person.pk)))
    change(person, head, remarks="一\n二\n三")

    response = send(staff, person, {**sent, "remarks": "一\r\n二", "post": "院长"})

    assert response.status_code == 302
    stored = Person.objects.get()
    assert (stored.remarks, stored.post) == ("一\n二\n三", "院长")


def test_ticks_are_merged_and_asked(staff, world, head, fields_of, read):
    person = PersonFactory(unit=world.ours, post="医师")
    sent = fields_of(staff.get(PEOPLE.url("edit", person.pk)))
    change(person, head, is_overseas=True)

    assert send(staff, person, {**sent, "post": "院长"}).status_code == 302
    assert Person.objects.get().is_overseas
    change(person, head, is_overseas=False)
    asked = send(staff, person, {**sent, "post": "院长", "is_overseas": "on", "base": "{}"})
    assert "海外人才 （不详） 否 是" in read(asked)
    send(staff, person, page_fields(asked, fields_of) | {"choose.is_overseas": "mine"})
    assert Person.objects.get().is_overseas


def test_a_record_deleted_meanwhile_is_not_there(staff, person, opened):
    PEOPLE.delete(Person.objects.get(), by=Actor.system())

    assert send(staff, person, opened).status_code == 404


def test_a_name_that_is_no_field_is_left_alone(staff, person, opened):
    sent = opened | {"conflict": ["nonsense", "post"], "choose.post": "new", "post": "院长"}

    assert send(staff, person, sent).status_code == 302
    assert Person.objects.get().post == "院长"


def test_other_types_merge_too(staff, world, head, fields_of):
    title = TitleFactory(person=PersonFactory(unit=world.ours), level="412", name="高级教师")
    sent = fields_of(staff.get(TITLES.url("edit", title.pk)))
    change(title, head, level="411")

    send(staff, title, {**sent, "name": "正高级教师"})

    stored = Title.objects.get()
    assert (stored.name, stored.level) == ("正高级教师", "411")


def test_the_page_carries_the_newer_version(staff, person, opened, head):
    change(person, head, post="主任医师")

    asked = send(staff, person, {**opened, "post": "副主任医师"})

    form = asked.context["form"]
    assert form["version"].value() == str(person.version + 1)
    assert json.loads(form["base"].value())["post"] == "主任医师"
