"""One field of many rows: what it would do, what it did, and what nobody may do by it."""

import re

import pytest

from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog, Record
from apps.talents.models import Person
from tests.factories import PersonFactory, TrainingClassFactory, UnitFactory

PEOPLE = registry.get("talents.Person")
CLASSES = registry.get("training.TrainingClass")
BULK = PEOPLE.url("bulk")


def person(name, unit, **more):
    return PersonFactory(name=name, unit=unit, **{"post": "科员", **more})


def hidden(response) -> dict[str, str]:
    """What the last form of a page sends along: the one that confirms."""
    body = response.content.decode()
    form = re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', body, re.DOTALL)
    page = next(part for part in reversed(form) if 'name="chosen"' in part)
    found = re.findall(r'<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def ask(client, rows, field, value, **more):
    """From the ticks of a list to the preview of an edit."""
    ticks = {"action": "edit", "row": [str(row.pk) for row in rows]} | more
    sent = hidden(client.post(BULK, ticks))
    return client.post(BULK, sent | {"field": field, "stage": "ask", f"to-{field}": value})


def confirm(client, preview, **more):
    return client.post(BULK, hidden(preview) | {"stage": "do"} | more, follow=True)


def values(name):
    return dict(Person.objects.values_list("name", name))


def test_one_field_is_set_for_the_ticked_rows(world, staff, read):
    rows = [person("甲", world.ours), person("乙", world.theirs, belonging="away")]
    person("丙", world.ours)

    preview = ask(staff, rows, "belonging", "away")
    text = read(preview)
    done = confirm(staff, preview)

    assert "把 1 条人才的“人员范围”改为“ 在外 ”" in text
    assert "将修改 1 条 原来就是这个值 1 条 不能修改 0 条" in text
    assert "甲 本区 在外" in text
    assert done.redirect_chain == [("/talents/person/#done", 302)]
    assert "已修改 1 条人才的“人员范围”。" in read(done)
    assert values("belonging") == {"甲": "away", "乙": "away", "丙": "local"}


def test_history_of_each_row_names_the_one_request(world, staff):
    rows = [person(name, world.ours) for name in "甲乙"]

    confirm(staff, ask(staff, rows, "post", "科长"))

    lines = ChangeLog.objects.filter(action="update")
    assert {line.object_id for line in lines} == {row.pk for row in rows}
    assert [line.changes for line in lines] == [{"post": ["科员", "科长"]}] * 2
    assert {line.reason for line in lines} == {"批量修改 2 条"}
    assert len({line.request_id for line in lines}) == 1
    assert {row.version for row in Person.objects.all()} == {2}


def test_rows_that_break_a_rule_are_named_and_the_others_are_changed(world, staff, read):
    person("甲", world.ours, entered_on="2020-01-01")
    person("乙", world.ours, entered_on="2022-06-01")

    preview = ask(staff, Person.objects.all(), "left_on", "2021-12-31")
    done = confirm(staff, preview)

    assert "将修改 1 条 原来就是这个值 0 条 不能修改 1 条" in read(preview)
    assert "乙 离开日期不得早于入册日期。" in read(preview)
    assert "已修改 1 条" in read(done)
    assert values("left_on")["乙"] is None
    assert str(values("left_on")["甲"]) == "2021-12-31"


def test_a_row_that_somebody_changed_is_named_and_nothing_is_done(world, staff, read):
    rows = [person("甲", world.ours), person("乙", world.ours)]
    preview = ask(staff, rows, "post", "科长")
    other = Person.objects.get(name="乙")
    other.post = "主任"
    PEOPLE.save(other, by=Actor(world.user("head")))

    refused = confirm(staff, preview)

    assert "没有作任何改动：预览之后有人修改了“乙”（测试head）。" in read(refused)
    assert values("post") == {"甲": "科员", "乙": "主任"}
    assert "已修改 2 条" in read(confirm(staff, refused))


def test_all_means_the_filter_and_is_counted_again(world, staff, read):
    for name in "甲乙":
        person(name, world.ours, sex="2", id_number="")
    person("丙", world.ours, sex="1", id_number="")
    ticks = {"all": "1", "query": "sex=2", "count": "2"}

    preview = ask(staff, [], "post", "科长", **ticks)
    person("丁", world.ours, sex="2", id_number="")
    asked_again = confirm(staff, preview)
    done = confirm(staff, asked_again)

    assert "将修改 2 条" in read(preview)
    assert "符合条件的记录由 2 条变为 3 条。" in read(asked_again)
    assert done.redirect_chain == [("/talents/person/?sex=2#done", 302)]
    assert values("post") == {"甲": "科长", "乙": "科长", "丁": "科长", "丙": "科员"}


def test_a_count_that_is_not_what_the_list_showed_is_said(world, staff, read):
    person("甲", world.ours)

    page = staff.post(BULK, {"action": "edit", "all": "1", "query": "", "count": "1164"})

    assert "您在列表中看到的是 1,164 条，现在符合条件的是 1 条，请核对。" in read(page)


def test_a_tampered_number_asks_again(world, staff, read):
    preview = ask(staff, [person("甲", world.ours)], "post", "科长")

    answer = confirm(staff, preview, count="7")

    assert "现在将处理 1 条，与预览时不同。" in read(answer)
    assert values("post") == {"甲": "科员"}


def test_rows_of_another_unit_are_left_alone(world, clerk, read):
    mine, theirs = person("甲", world.ours), person("乙", world.theirs)

    preview = ask(clerk, [mine, theirs], "post", "科长")
    confirm(clerk, preview)

    assert "乙" not in read(preview)
    assert values("post") == {"甲": "科长", "乙": "科员"}


def test_missing_rows_are_counted(world, clerk, read):
    rows = [person("甲", world.ours), person("乙", world.theirs)]

    page = clerk.post(BULK, {"action": "edit", "row": [row.pk for row in rows]})

    assert "所选记录中有 1 条已不存在，或不在您的权限范围内，没有计入。" in read(page)


def test_a_clerk_cannot_hand_rows_to_another_unit(world, read):
    below = UnitFactory(name="门诊部", parent=world.ours)
    clerk = world.client("clerk", world.ours)
    row = person("甲", world.ours)
    named = {"to-owner.key": world.theirs.pk, "to-owner.known": "云岭中学"}
    sent = hidden(clerk.post(BULK, {"action": "edit", "row": row.pk}))

    page = clerk.post(
        BULK, sent | {"field": "owner", "stage": "ask", "to-owner": "云岭中学"} | named
    )

    assert "没有找到单位“云岭中学”" in read(page)
    assert "已修改 1 条" in read(confirm(clerk, ask(clerk, [row], "owner", "门诊部")))
    assert Person.objects.get().owner == below


def test_what_a_clerk_changes_waits_for_review_again(world, clerk, read):
    preview = ask(clerk, [person("甲", world.ours)], "post", "科长")

    confirm(clerk, preview)

    assert "其中 1 条已审核，修改后变为草稿" in read(preview)
    assert Person.objects.get().state == Record.State.DRAFT


def test_only_fields_that_can_be_alike_are_offered(world, staff):
    row = person("甲", world.ours)
    body = staff.post(BULK, {"action": "edit", "row": row.pk}).content.decode()

    fields = set(re.findall(r'<option\s+value="(\w+)"', body))

    assert {"education", "belonging", "is_overseas", "unit", "owner", "post", "left_on"} <= fields
    assert fields.isdisjoint({"name", "id_number", "mobile", "birth_date", "version", "search"})


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("belonging", "", "请选择人员范围。"),
        ("belonging", "mars", "mars"),
        ("left_on", "明天", "不是日期，请改为如 2022-03-05"),
        ("is_overseas", "", "请选择海外人才。"),
        ("unit", "没有的单位", "没有找到单位“没有的单位”"),
        ("post", "长" * 101, "100"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(world, staff, read, field, value, sentence):
    page = ask(staff, [person("甲", world.ours)], field, value)

    assert page.status_code == 200
    assert sentence in read(page)
    assert "将修改" not in read(page)


def test_an_empty_value_clears_what_may_be_empty(world, staff, read):
    row = person("甲", world.ours, school="云岭学院")

    preview = ask(staff, [row], "school", "")
    confirm(staff, preview)

    assert "清空" in read(preview)
    assert values("school") == {"甲": ""}


def test_yes_and_no_are_chosen_in_words(world, staff):
    confirm(staff, ask(staff, [person("甲", world.ours)], "is_overseas", "1"))

    assert values("is_overseas") == {"甲": True}


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"action": "explode"}, 400, "没有这种批量操作"),
        ({"action": "edit", "row": "1e9"}, 400, "所选记录的编号不正确"),
        ({"action": "edit", "rows": "1,x"}, 400, "所选记录的编号不正确"),
        ({"action": "edit", "chosen": "x.y.z"}, 400, "这个页面已过期或不完整"),
        ({"action": "edit", "all": "1", "query": "nonsense=1"}, 400, "没有名为“nonsense”"),
        ({"action": "edit", "all": "1", "query": "q=%00"}, 400, "不能识别的字符"),
        ({"action": "edit", "row": "{pk}", "field": "id_number"}, 400, "这个字段不能批量修改"),
        ({"action": "edit", "row": "{pk}", "field": "owner__path"}, 400, "这个字段不能批量修改"),
    ],
)
def test_hostile_input_gets_a_sentence(world, staff, read, sent, status, sentence):
    row = person("甲", world.ours)

    page = staff.post(BULK, {name: value.format(pk=row.pk) for name, value in sent.items()})

    assert page.status_code == status
    assert sentence in read(page)
    assert "回到列表" in read(page)


def test_ten_thousand_keys_are_too_many(world, staff, read):
    person("甲", world.ours)
    keys = ",".join(map(str, range(1, 10_001)))

    page = staff.post(BULK, {"action": "edit", "rows": keys})

    assert page.status_code == 409
    assert "一次最多处理 5,000 条，所选有 10,000 条" in read(page)
    flooded = staff.post(BULK, {"action": "edit", "row": [str(n) for n in range(10_001)]})
    assert flooded.status_code == 400
    assert re.search("[\u4e00-\u9fff]", flooded.content.decode())


def test_nothing_ticked_goes_back_with_a_word(world, staff, read):
    page = staff.post(BULK, {"action": "delete", "query": "sex=2"}, follow=True)

    assert page.redirect_chain == [("/talents/person/?sex=2", 302)]
    assert "请先勾选要处理的记录。" in read(page)


def test_the_address_alone_leads_to_the_list(world, staff):
    assert staff.get(BULK).url == "/talents/person/"


def test_somebody_elses_selection_opens_nothing(world, staff, read):
    preview = ask(staff, [person("甲", world.ours)], "post", "科长")
    sent = hidden(preview) | {"stage": "do"}

    answer = world.client("head").post(BULK, sent)

    assert answer.status_code == 400
    assert "这个页面已过期或不完整" in read(answer)
    assert values("post") == {"甲": "科员"}


def test_a_selection_of_another_list_opens_nothing(world, staff):
    TrainingClassFactory(owner=world.ours)
    sent = hidden(ask(staff, [person("甲", world.ours)], "post", "科长"))

    answer = staff.post(CLASSES.url("bulk"), sent | {"field": "place", "stage": "do"})

    assert answer.status_code == 400


def test_a_rule_that_only_the_deed_finds_undoes_all(world, staff, read, monkeypatch):
    rows = [person("甲", world.ours), person("乙", world.ours)]
    preview = ask(staff, rows, "post", "科长")

    def refuse(self, rows, *, by):
        raise DomainError("今年的记录已封存。")

    monkeypatch.setattr(type(PEOPLE), "after_save", refuse)
    answer = staff.post(BULK, hidden(preview) | {"stage": "do"})

    assert answer.status_code == 409
    assert "今年的记录已封存。" in read(answer)
    assert values("post") == {"甲": "科员", "乙": "科员"}


def test_rows_of_the_same_number_but_others_are_asked_again(world, staff, read):
    gone = person("甲", world.ours)
    preview = ask(staff, [], "post", "科长", all="1", query="", count="1")
    PEOPLE.delete(gone, by=Actor.system())
    person("乙", world.ours)

    answer = confirm(staff, preview)

    assert "符合条件的仍是 1 条，但与预览时不是同一些。" in read(answer)
    assert values("post") == {"乙": "科员"}


@pytest.mark.parametrize("said", ["name", "key"])
def test_clerk_gives_nobody_to_a_unit_of_others(world, clerk, read, said):
    row = person("甲", world.ours)
    unit = world.theirs.name if said == "name" else str(world.theirs.pk)

    answer = ask(clerk, [row], "unit", unit)

    assert "不在您权限范围内的请联系人才办" in read(answer)
    row.refresh_from_db()
    assert row.unit == world.ours
