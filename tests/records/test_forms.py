"""Entering and editing: what is read, what is filled, what is refused, in words."""

import datetime

from apps.records import registry
from apps.records.models import ChangeLog
from apps.talents.models import Education, Person, PoolMembership
from apps.training.models import TrainingClass
from tests.factories import EducationFactory, PersonFactory, PoolFactory, TrainingClassFactory
from tests.factories.numbers import id_number

BORN = datetime.date(1961, 2, 3)  # no number of the factories
NUMBER = id_number(5, BORN)

PEOPLE = registry.get("talents.Person")
CLASSES = registry.get("training.TrainingClass")
EDUCATIONS = registry.get("talents.Education")
MEMBERSHIPS = registry.get("talents.PoolMembership")


def new_person(world, **more):
    sent = {"name": "单雄信", "id_type": "resident", "belonging": "local", "unit": world.ours.name}
    return {**sent, "id_number": id_number(333, BORN), "entered_on": "2021.3.5", **more}


def test_form_shows_sections_marks_and_hints(staff, read):
    page = read(staff.get(PEOPLE.url("new")))

    for text in (
        "新增人才",
        "基本信息",
        "工作情况",
        "身份证号",
        "保存并继续新增",
        "填报单位",
        "取消",
    ):
        assert text in page
    assert "档案认定与身份证不一致时填写" in page


def test_office_spellings_are_stored_as_dates(staff, world):
    sent = new_person(world, work_started_on="1992年7月", joined_party_on="199305")

    response = staff.post(PEOPLE.url("new"), sent)

    person = Person.objects.get()
    assert response.url == PEOPLE.url("detail", person.pk)
    assert person.entered_on == datetime.date(2021, 3, 5)
    assert person.work_started_on == datetime.date(1992, 7, 1)
    assert person.joined_party_on == datetime.date(1993, 5, 1)


def test_sex_and_birth_follow_from_the_number_without_script(staff, world):
    staff.post(PEOPLE.url("new"), new_person(world, id_number=id_number(333, BORN)))

    person = Person.objects.get()
    assert person.get_sex_display() == "男"
    assert f"{person.birth_date:%Y%m%d}" == id_number(333, BORN)[6:14]
    assert person.owner == world.ours


def test_amounts_and_counts_are_read_with_thousands(staff, world):
    sent = {
        "code": "P1", "name": "青年干部班", "level": "4", "kind": "main", "starts_on": "2022-03-01",
        "ends_on": "2022/3/5", "status": "held", "head_count": "1,605 人", "cost": "1.2万",
    }  # fmt: skip

    response = staff.post(CLASSES.url("new"), sent)

    held = TrainingClass.objects.get()
    assert response.url == CLASSES.url("detail", held.pk)
    assert (held.head_count, held.cost, held.owner) == (1605, 12000, world.root)


def test_faults_stand_on_top_with_links_and_beside_the_field(staff, read):
    response = staff.post(PEOPLE.url("new"), {"name": "", "work_started_on": "2009.13"})

    assert response.status_code == 200
    page = read(response)
    assert "没有保存，有" in page
    assert "请填写姓名。" in page
    assert "请选择工作单位。" in page
    assert "月份应在 01–12 之间" in page
    assert b'href="#id_work_started_on"' in response.content
    assert b'id="id_work_started_on_error"' in response.content
    assert not Person.objects.exists()


def test_rules_of_the_record_are_said_in_chinese(staff, read):
    sent = {"code": "P1", "name": "班", "level": "4", "kind": "main", "status": "held"}
    response = staff.post(
        CLASSES.url("new"), {**sent, "starts_on": "2022-05-02", "ends_on": "2022-05-01"}
    )

    assert "结束日期不得早于开始日期。" in read(response)
    assert not TrainingClass.objects.exists()


def test_a_reference_is_found_by_name_and_by_number(staff, world):
    person = PersonFactory(name="单雄信", unit=world.ours, id_number=NUMBER)
    sent = {"education": "14", "mode": "full_time", "obtained_on": "2010.07"}

    staff.post(EDUCATIONS.url("new"), {**sent, "person": "单雄信"})
    staff.post(EDUCATIONS.url("new"), {**sent, "education": "21", "person": NUMBER})

    assert list(Education.objects.values_list("person", flat=True)) == [person.pk, person.pk]


def test_a_name_of_two_people_offers_both(staff, world, read):
    first = PersonFactory(name="王芳", unit=world.ours, post="护士长")
    second = PersonFactory(name="王芳", unit=world.theirs, post="教师")
    sent = {"person": "王芳", "education": "14", "mode": "full_time", "obtained_on": "2010.07"}

    response = staff.post(EDUCATIONS.url("new"), sent)

    page = read(response)
    assert "“王芳”对应多条人才，请在下面选定一条。" in page
    assert "护士长" in page
    assert "教师" in page
    assert f'value="{first.pk}"'.encode() in response.content
    chosen = {**sent, "person.known": "王芳", "person.key": second.pk}
    staff.post(EDUCATIONS.url("new"), chosen)
    assert Education.objects.get().person == second


def test_a_person_of_another_unit_cannot_be_referred_to(clerk, world, read):
    theirs = PersonFactory(name="单雄信", unit=world.theirs)
    sent = {"person": "单雄信", "person.key": theirs.pk, "person.known": "单雄信"}

    response = clerk.post(
        EDUCATIONS.url("new"),
        {**sent, "education": "14", "mode": "full_time", "obtained_on": "2010.07"},
    )

    assert "没有找到人才“单雄信”" in read(response)
    assert not Education.objects.exists()


def test_an_unknown_name_offers_what_is_alike(staff, world, read):
    PersonFactory(name="欧阳修明", unit=world.ours)

    response = staff.post(EDUCATIONS.url("new"), {"person": "欧阳"})

    page = read(response)
    assert "没有名为“欧阳”的人才，请在下面选定一条或改正名称。" in page
    assert "欧阳修明" in page


def test_a_record_entered_from_a_person_leads_back(staff, world, fields_of):
    person = PersonFactory(unit=world.ours)
    PoolFactory(name="教育人才库")
    page = staff.get(MEMBERSHIPS.url("new"), {"person": person.pk})
    sent = fields_of(page)
    assert sent["person"] == person.name

    sent |= {"pool": "教育人才库", "joined_on": "2022-01-01", "parent": page.context["parent"]}
    response = staff.post(MEMBERSHIPS.url("new"), sent)

    tab = "?tab=talents-poolmembership-person"
    assert response.url == PEOPLE.url("detail", person.pk) + tab
    assert PoolMembership.objects.get().owner == person.owner
    again = staff.post(
        MEMBERSHIPS.url("new"),
        {**sent, "pool": PoolFactory(name="专家库").name, "another": "1"},
    )
    assert again.url == f"{MEMBERSHIPS.url('new')}?person={person.pk}"


def test_owner_is_asked_for_only_where_there_is_a_choice(world, staff, clerk, fields_of):
    assert "owner" in staff.get(PEOPLE.url("new")).context["form"].fields
    assert "owner" not in clerk.get(PEOPLE.url("new")).context["form"].fields
    parent = world.client("clerk", world.root)
    assert "owner" in parent.get(PEOPLE.url("new")).context["form"].fields


def test_a_clerk_enters_drafts_of_the_own_unit(clerk, world, read):
    response = clerk.post(PEOPLE.url("new"), new_person(world), follow=True)

    person = Person.objects.get()
    assert (person.owner, person.get_state_display()) == (world.ours, "草稿")
    assert "现为草稿，报送并审核后计入统计" in read(response)


def test_a_clerk_cannot_enter_for_another_unit(clerk, world, read):
    response = clerk.post(
        PEOPLE.url("new"), new_person(world, unit=world.theirs.name, owner=world.theirs.name)
    )

    assert f"没有找到单位“{world.theirs.name}”" in read(response)
    assert not Person.objects.exists()


def test_an_untouched_mask_keeps_the_number(staff, world, fields_of):
    person = PersonFactory(unit=world.ours, mobile="13812341234")
    page = staff.get(PEOPLE.url("edit", person.pk))
    sent = fields_of(page)
    assert sent["mobile"] == "138****1234"
    assert b"13812341234" not in page.content

    staff.post(PEOPLE.url("edit", person.pk), {**sent, "post": "副院长"})
    person = Person.objects.get()
    assert (person.mobile.reveal(), person.post) == ("13812341234", "副院长")

    sent = fields_of(staff.get(PEOPLE.url("edit", person.pk)))
    staff.post(PEOPLE.url("edit", person.pk), {**sent, "mobile": "13900001111"})
    assert Person.objects.get().mobile.reveal() == "13900001111"
    line = ChangeLog.objects.filter(action="update").first()
    assert line.changes == {"mobile": ["138****1234", "139****1111"]}


def test_half_a_mask_is_refused(staff, world, fields_of, read):
    person = PersonFactory(unit=world.ours, mobile="13812341234")
    sent = fields_of(staff.get(PEOPLE.url("edit", person.pk)))

    response = staff.post(PEOPLE.url("edit", person.pk), {**sent, "mobile": "138****9999"})

    assert "请填写完整号码" in read(response)
    assert Person.objects.get().mobile.reveal() == "13812341234"


def test_the_leader_may_not_open_a_form(leader, world):
    person = PersonFactory(unit=world.ours)

    assert leader.get(PEOPLE.url("new")).status_code == 403
    assert leader.get(PEOPLE.url("edit", person.pk)).status_code == 403
    assert leader.post(PEOPLE.url("check"), {"name": "王明"}).status_code == 403


def test_a_record_of_another_unit_is_not_there(clerk, world, read):
    person = PersonFactory(unit=world.theirs)

    response = clerk.get(PEOPLE.url("edit", person.pk))

    assert response.status_code == 404
    assert "不在您的权限范围内" in read(response)
    assert clerk.post(PEOPLE.url("edit", person.pk), {"name": "改名"}).status_code == 404


# -- while typing ----------------------------------------------------------------------------------


def test_check_says_what_follows_from_the_number(staff, world):
    sent = {"id_number": id_number(333, BORN), "id_type": "resident", "checked": "id_number"}

    answer = staff.post(PEOPLE.url("check"), sent)

    born = id_number(333, BORN)[6:14]
    found = answer.json()
    assert found["values"]["sex"] == "1"
    assert found["values"]["birth_date"] == f"{born[:4]}-{born[4:6]}-{born[6:]}"
    assert [fact["label"] for fact in found["facts"]] == ["年龄", "到龄年月"]
    assert (found["errors"], found["twins"]) == ([], [])
    assert answer["Cache-Control"] == "no-store"
    assert staff.get(PEOPLE.url("check"), sent).status_code == 405


def test_check_says_what_is_wrong_with_the_number(staff):
    wrong = id_number(333, BORN)[:17] + ("0" if id_number(333, BORN)[17] != "0" else "1")

    answer = staff.post(PEOPLE.url("check"), {"id_number": wrong, "checked": "id_number"})

    assert "校验位不符" in answer.json()["errors"][0]


def test_check_links_a_twin_within_the_scope(staff, world):
    person = PersonFactory(name="王明", unit=world.ours, id_number=NUMBER)

    found = staff.post(PEOPLE.url("check"), {"id_number": NUMBER, "checked": "id_number"}).json()

    assert found["twins"] == [
        {
            "text": f"已有身份证号相同的人才“王明”（{'，'.join(PEOPLE.detail_facts(person))}）",
            "url": PEOPLE.url("detail", person.pk),
        }
    ]


def test_check_only_says_that_a_twin_outside_the_scope_exists(clerk, world):
    PersonFactory(name="王明", unit=world.theirs, id_number=NUMBER)

    found = clerk.post(
        PEOPLE.url("check"),
        {"id_number": NUMBER, "name": "王明", "checked": "id_number"},
    ).json()

    assert found["twins"] == [{"text": "身份证号相同的人才已存在，请联系人才办。", "url": ""}]


def test_check_hints_at_the_same_name(staff, world):
    TrainingClassFactory(code="P1", name="青年干部班", owner=world.root)

    found = staff.post(CLASSES.url("check"), {"name": "青年干部班", "checked": "name"}).json()
    keyed = staff.post(CLASSES.url("check"), {"code": "P1", "checked": "code"}).json()

    assert [twin["text"].split("（")[0] for twin in found["twins"]] == [
        "已有同名培训班“青年干部班”"
    ]
    assert keyed["twins"][0]["text"].startswith("已有班次编号相同的培训班“青年干部班”")
    assert keyed["twins"][0]["url"]


def test_check_of_an_edited_record_is_not_its_own_twin(staff, world):
    person = PersonFactory(name="王明", unit=world.ours, id_number=NUMBER)
    sent = {"id_number": str(person.id_number), "name": "王明", "pk": person.pk}

    found = staff.post(PEOPLE.url("check"), {**sent, "checked": "name"}).json()

    assert found["twins"] == []
    other = PersonFactory(unit=world.theirs)
    lost = world.client("clerk", world.ours).post(
        PEOPLE.url("check"), {"name": "王明", "pk": other.pk}
    )
    assert lost.status_code == 404


def test_a_second_person_of_one_number_is_refused(staff, world, read):
    PersonFactory(name="王明", unit=world.ours, id_number=NUMBER)

    response = staff.post(PEOPLE.url("new"), new_person(world, id_number=NUMBER))

    page = read(response)
    assert "身份证号相同的人才已存在，请联系人才办核对。" in page
    assert "已有身份证号相同的人才“王明”" in page
    assert Person.objects.count() == 1


def test_editing_may_point_to_a_record_outside_the_scope(clerk, world, fields_of):
    """What staff have entered stays when the clerk edits something else."""
    person = PersonFactory(unit=world.theirs, owner=world.ours)
    sent = fields_of(clerk.get(PEOPLE.url("edit", person.pk)))
    assert sent["unit"] == world.theirs.name

    clerk.post(PEOPLE.url("edit", person.pk), {**sent, "post": "教师"})

    person = Person.objects.get(pk=person.pk)
    assert (person.post, person.unit) == ("教师", world.theirs)


def test_an_edited_education_of_an_approved_record_waits_again(clerk, world, fields_of):
    education = EducationFactory(person=PersonFactory(unit=world.ours))
    sent = fields_of(clerk.get(EDUCATIONS.url("edit", education.pk)))

    clerk.post(EDUCATIONS.url("edit", education.pk), {**sent, "school": "清河大学"})

    education.refresh_from_db()
    assert (education.school, education.get_state_display()) == ("清河大学", "草稿")
