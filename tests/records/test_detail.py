"""The page of a record: its facts, what points to it, and the numbers behind their masks."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.records import registry
from apps.records.models import ChangeLog
from apps.talents.models import Person
from tests.factories import (
    FACTORIES,
    EducationFactory,
    EnrolmentFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TitleFactory,
    TrainingClassFactory,
)
from tests.factories.numbers import id_number

BORN = datetime.date(1961, 2, 3)  # no number of the factories

PEOPLE = registry.get("talents.Person")
LIMIT = 12  # SQL statements of a person's page, session, user and grants included


@pytest.fixture
def person(world):
    return PersonFactory(
        name="单雄信", unit=world.ours, id_number=id_number(333, BORN), mobile="13812341234",
        post="骨科主任", education="14",
    )  # fmt: skip


def test_page_shows_name_state_facts_and_sections(staff, person, read):
    page = read(staff.get(PEOPLE.url("detail", person.pk)))

    assert f"单雄信 已审核 男 {person.age}岁 区第一人民医院 骨科主任" in page
    for heading in ("基本信息", "学历学位", "专业技术与技能", "工作情况"):
        assert heading in page
    assert "学历 硕士研究生" in page
    assert "填报单位： 区第一人民医院" in page
    assert "未填：认定出生年月、与证件不符的理由、民族、籍贯" in page
    assert "None" not in page


def test_protected_values_stand_as_masks(staff, person):
    content = staff.get(PEOPLE.url("detail", person.pk)).content.decode()

    assert "138****1234" in content
    assert "13812341234" not in content
    assert id_number(333, BORN) not in content


def test_a_reference_leads_to_its_own_page(staff, person, world):
    content = staff.get(PEOPLE.url("detail", person.pk)).content.decode()

    unit = registry.get("organizations.Unit")
    assert f'<a href="{unit.url("detail", world.ours.pk)}">区第一人民医院</a>' in content


def test_related_lists_have_counts_and_the_first_is_open(staff, person, read):
    PoolMembershipFactory(person=person, pool=PoolFactory(name="教育人才库"))
    EducationFactory.create_batch(1, person=person)
    TitleFactory(person=person)

    page = read(staff.get(PEOPLE.url("detail", person.pk)))

    for label in ("入库记录 1", "学历学位 1", "职称 1", "学员 0"):
        assert label in page
    assert "教育人才库" in page
    assert "新增入库记录" in page


def test_another_tab_comes_as_a_fragment_with_linked_rows(staff, person):
    title = TitleFactory(person=person, name="主任医师")
    address = f"{PEOPLE.url('detail', person.pk)}?tab=talents-title-person"

    response = staff.get(address, headers={"hx-request": "true"})

    content = response.content.decode()
    assert "<html" not in content
    link = f'href="{registry.get("talents.Title").url("detail", title.pk)}"'
    assert "主任医师" in content.partition(link)[2]
    assert f"{registry.get('talents.Title').url('new')}?person={person.pk}" in content
    assert "主任医师" in staff.get(address).content.decode()


def test_related_rows_of_another_unit_are_neither_shown_nor_counted(clerk, world, read):
    held = TrainingClassFactory(owner=world.ours)
    classes = registry.get("training.TrainingClass")
    EnrolmentFactory(training_class=held, person=PersonFactory(name="王我方", unit=world.ours))
    other = EnrolmentFactory(
        training_class=held, person=PersonFactory(name="李他方", unit=world.theirs)
    )
    type(other)._base_manager.filter(pk=other.pk).update(owner=world.theirs)

    address = f"{classes.url('detail', held.pk)}?tab=training-enrolment-training_class"
    page = read(clerk.get(address))

    assert "学员 1" in page
    assert "王我方" in page
    assert "李他方" not in page


def test_page_costs_the_same_for_one_and_for_thirty_rows(staff, person):
    address = PEOPLE.url("detail", person.pk)
    PoolMembershipFactory(person=person)
    staff.get(address)  # code tables into the cache
    with CaptureQueriesContext(
        connection,
    ) as one:
        staff.get(address)
    PoolMembershipFactory.create_batch(29, person=person)
    EnrolmentFactory.create_batch(30, person=person)
    with CaptureQueriesContext(connection) as thirty:
        staff.get(address)

    assert len(thirty) == len(one)
    assert len(one) <= LIMIT, [query["sql"][:80] for query in one.captured_queries]


def test_a_long_list_links_to_the_rest(staff, person, read):
    PoolMembershipFactory.create_batch(21, person=person)

    response = staff.get(PEOPLE.url("detail", person.pk))

    assert "查看全部 21 条" in read(response)
    listed = registry.get("talents.PoolMembership").url("list")
    assert f'href="{listed}?person={person.pk}"' in response.content.decode()


def test_a_record_of_another_unit_is_not_there(clerk, world, read):
    theirs = PersonFactory(name="绝密石榴", unit=world.theirs)

    response = clerk.get(PEOPLE.url("detail", theirs.pk))

    assert response.status_code == 404
    assert "记录可能已删除、不在您的权限范围内" in read(response)
    assert "绝密石榴" not in read(response)


def test_buttons_follow_the_permissions(staff, leader, person):
    def buttons(client):
        content = client.get(PEOPLE.url("detail", person.pk)).content.decode()
        return {a for a in ("edit", "delete", "history") if PEOPLE.url(a, person.pk) in content}

    assert buttons(staff) == {"edit", "delete", "history"}
    assert buttons(leader) == {"history"}


def test_every_type_has_a_page(staff, world):
    for record_type in (registry.get(label) for label in FACTORIES):
        row = world.make(record_type, world.ours)
        response = staff.get(record_type.url("detail", row.pk))
        assert response.status_code == 200, record_type.label
        assert "None" not in response.content.decode(), record_type.label


# -- plain text ------------------------------------------------------------------------------------


def test_reveal_asks_for_a_reason_once_and_logs_each_time(staff, person, read):
    address = PEOPLE.url("reveal", person.pk)

    asked = staff.post(address, {"field": "mobile"}, headers={"hx-request": "true"})
    assert "查看理由" in read(asked)
    assert "13812341234" not in asked.content.decode()
    assert not ChangeLog.objects.filter(action="reveal").exists()

    shown = staff.post(
        address, {"field": "mobile", "reason": "核对考核名单"}, headers={"hx-request": "true"}
    )
    assert read(shown) == "13812341234"
    assert shown["Cache-Control"] == "no-store"
    again = staff.post(address, {"field": "id_number"}, headers={"hx-request": "true"})
    assert read(again) == id_number(333, BORN)

    lines = ChangeLog.objects.filter(action="reveal", object_id=person.pk).order_by("pk")
    assert [line.reason for line in lines] == ["核对考核名单", "核对考核名单"]
    assert [list(line.changes) for line in lines] == [["mobile"], ["id_number"]]
    assert "13812341234" not in str([line.changes for line in lines])


def test_reveal_works_without_script(staff, person, read):
    address = PEOPLE.url("reveal", person.pk)

    assert "查看理由" in read(staff.post(address, {"field": "mobile"}))
    page = read(staff.post(address, {"field": "mobile", "reason": "核对"}))

    assert "手机号码 13812341234" in page
    assert id_number(333, BORN) not in page


def test_reveal_is_refused(clerk, leader, staff, person, world):
    address = PEOPLE.url("reveal", person.pk)
    sent = {"field": "mobile", "reason": "看看"}

    assert clerk.post(address, sent).status_code == 403
    assert leader.post(address, sent).status_code == 403
    assert staff.get(address).status_code == 405
    assert staff.post(address, {**sent, "field": "name"}).status_code == 404
    assert staff.post(address, {**sent, "field": "no_such"}).status_code == 404
    assert not ChangeLog.objects.filter(action="reveal").exists()


def test_a_reader_without_the_right_sees_no_button(clerk, person, read):
    page = read(clerk.get(PEOPLE.url("detail", person.pk)))

    assert "138****1234" in page
    assert "138****1234 查看" not in page


def test_an_empty_number_has_nothing_to_reveal(staff, world):
    person = PersonFactory(unit=world.ours, mobile="")

    staff.post(PEOPLE.url("reveal", person.pk), {"field": "mobile", "reason": "核对"})

    assert not ChangeLog.objects.filter(action="reveal").exists()
    assert Person.objects.get().mobile == ""
