"""Many rows deleted at once: said in numbers, all or none, and what hangs on them goes along."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import DomainError
from apps.organizations.models import Unit
from apps.records import deleting, registry
from apps.records.actors import Actor
from apps.records.models import Attachment, ChangeLog
from apps.records.scope import Scope
from apps.talents.models import Person, Pool, PoolMembership, Title
from tests.factories import (
    EnrolmentFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TitleFactory,
    UnitFactory,
)
from tests.records.test_bulk import hidden

PEOPLE = registry.get("talents.Person")
POOLS = registry.get("talents.Pool")
BY = Actor.system()


@pytest.fixture
def head(world):
    return world.client("head")


def ask(client, record_type, rows, **more):
    return client.post(
        record_type.url("bulk"), {"action": "delete", "row": [row.pk for row in rows]} | more
    )


def confirm(client, record_type, page, **more):
    sent = hidden(page) | {"stage": "do"} | more
    return client.post(record_type.url("bulk"), sent, follow=True)


def attach(row, count=1):
    for number in range(count):
        Attachment.objects.create(
            record_type=row._meta.label, object_id=row.pk, name=f"{number}.pdf",
            file=ContentFile(b"x", name=f"{number}.pdf"), content_type="application/pdf", size=1,
            digest="0" * 64,
        )  # fmt: skip


def test_the_question_counts_what_goes_along(world, head, read):
    people = [PersonFactory(name=name, unit=world.ours) for name in "甲乙丙"]
    PoolMembershipFactory.create_batch(2, person=people[0])
    EnrolmentFactory(person=people[1])
    attach(people[0], 2)
    attach(PoolMembership.objects.first())

    page = ask(head, PEOPLE, people)
    done = confirm(head, PEOPLE, page)

    sentence = "3 条人才及其 2 条入库记录、1 条学员、附件 3 个。"
    assert f"将删除 {sentence}" in read(page)
    assert "删除 3 条" in read(page)
    assert f"已删除 {sentence}" in read(done)
    assert not Person.objects.exists()
    assert not Attachment.objects.exists()
    lines = ChangeLog.objects.filter(action="delete")
    assert lines.count() == 6
    assert len({line.request_id for line in lines}) == 1
    assert {line.object_text for line in lines.filter(record_type="talents.Person")} == set(
        "甲乙丙"
    )


def test_files_go_when_the_deletion_stays(world, django_capture_on_commit_callbacks):
    person = PersonFactory(unit=world.ours)
    attach(person)
    file = Attachment.objects.get().file

    with django_capture_on_commit_callbacks(execute=True):
        PEOPLE.delete_many([person], by=BY)

    assert not file.storage.exists(file.name)


def test_one_that_others_need_keeps_all_of_them(world, head, read):
    used, free = PoolFactory(name="专家库"), PoolFactory(name="乡贤库")
    PoolMembershipFactory(pool=used, person=PersonFactory(unit=world.ours))

    page = ask(head, POOLS, [used, free])

    text = read(page)
    assert "所选 2 条中有 1 条不能删除，没有删除任何一条。" in text
    assert (
        "只删除其余的： 将删除 1 条人才库。" in text or "只删除其余的：将删除 1 条人才库。" in text
    )
    assert "专家库 还有 1 条入库记录用到它，请先删除或改掉它们。" in text
    refused = hidden(page) | {"stage": "do"}
    del refused["only"]
    assert "没有删除任何一条" in read(head.post(POOLS.url("bulk"), refused))
    assert Pool.objects.filter(pk__in=[used.pk, free.pk]).count() == 2

    done = confirm(head, POOLS, page)

    assert "已删除 1 条人才库。" in read(done)
    assert list(Pool.objects.filter(pk__in=[used.pk, free.pk])) == [used]


def test_what_has_changed_since_is_asked_again(world, head, read):
    person = PersonFactory(name="甲", unit=world.ours)
    page = ask(head, PEOPLE, [person])
    PoolMembershipFactory(person=person)

    again = confirm(head, PEOPLE, page)

    assert "没有作任何改动：预览之后关联的记录有变化。" in read(again)
    assert "将删除 1 条人才及其 1 条入库记录。" in read(again)
    assert Person.objects.exists()
    assert "已删除 1 条人才" in read(confirm(head, PEOPLE, again))


def test_a_row_changed_meanwhile_is_named(world, head, read):
    person = PersonFactory(name="甲", unit=world.ours)
    page = ask(head, PEOPLE, [person])
    person.post = "主任"
    PEOPLE.save(person, by=BY)

    assert "预览之后有人修改了“甲”" in read(confirm(head, PEOPLE, page))
    assert Person.objects.exists()


def test_a_row_deleted_meanwhile_is_counted(world, head, read):
    people = [PersonFactory(unit=world.ours) for _ in range(2)]
    page = ask(head, PEOPLE, people)
    PEOPLE.delete(people[0], by=BY)

    again = confirm(head, PEOPLE, page)

    assert "所选记录中有 1 条已被删除，或不再属于您的权限范围。" in read(again)
    assert Person.objects.count() == 1


def test_who_may_not_delete_deletes_nothing(world, staff, clerk, read):
    row, pool = PersonFactory(unit=world.ours), PoolFactory()

    for client, record_type, rows in (
        (clerk, PEOPLE, [row]), (world.client("leader"), PEOPLE, [row]), (staff, POOLS, [pool]),
    ):  # fmt: skip
        response = ask(client, record_type, rows)
        assert response.status_code == 403
        assert "没有权限" in read(response)
    assert Person.objects.exists()


def test_rows_of_another_unit_are_never_deleted(world):
    head = world.client("head", world.ours)
    mine, theirs = PersonFactory(unit=world.ours), PersonFactory(unit=world.theirs)

    confirm(head, PEOPLE, ask(head, PEOPLE, [mine, theirs]))

    assert list(Person.objects.all()) == [theirs]


def test_a_row_that_takes_records_of_others_along_stays(world, read):
    head = world.client("head", world.ours)
    person = PersonFactory(name="甲", unit=world.ours)
    PoolMembershipFactory(person=person, owner=world.theirs)

    text = read(ask(head, PEOPLE, [person]))

    assert "其他单位填报的记录也用到它，请联系人才办处理。" in text
    assert "所选 1 条都不能删除，原因如下。" in text


def test_all_rows_or_none(world):
    used, free = PoolFactory(name="专家库"), PoolFactory(name="乡贤库")
    PoolMembershipFactory(pool=used)

    with pytest.raises(DomainError, match="“专家库”不能删除：还有 1 条入库记录用到它"):
        POOLS.delete_many([free, used], by=BY)

    assert Pool.objects.filter(name="乡贤库").exists()


def test_what_hangs_on_two_rows_is_counted_once_in_all(world):
    person = PersonFactory(unit=world.ours)
    membership = PoolMembershipFactory(person=person)

    plan = deleting.plan_deletes([person], Scope.everything())

    assert plan.gone == [membership]
    assert plan.each[0].with_it == {"入库记录": 1}


def test_units_below_a_chosen_unit_forbid_it(world):
    above = UnitFactory(name="卫健局", parent=world.root)
    below = UnitFactory(name="门诊部", parent=above)

    plan = deleting.plan_deletes([above, below], Scope.everything())

    assert [one.row for one in plan.refused] == [above]
    assert plan.deletable == [below]
    registry.of(Unit).delete_many([below], by=BY)
    assert "将删除 1 条单位" in deleting.plan_deletes([above], Scope.everything()).sentence


def test_types_are_told_what_is_gone(world, monkeypatch):
    person = PersonFactory(unit=world.ours)
    title = TitleFactory(person=person)
    told = []

    def hear(self, rows, *, by):
        told.append((self.label, list(rows)))

    monkeypatch.setattr(registry.RecordType, "after_delete", hear)
    monkeypatch.setattr(type(registry.of(Title)), "after_delete", hear)
    PEOPLE.delete_many([person], by=BY)

    assert told == [("talents.Person", [person]), ("talents.Title", [title])]


def test_queries_do_not_grow_with_the_rows(world):
    def cost(count):
        people = [PersonFactory(unit=world.ours) for _ in range(count)]
        for person in people:
            PoolMembershipFactory(person=person)
            TitleFactory(person=person)
        with CaptureQueriesContext(connection) as queries:
            PEOPLE.delete_many(people, by=BY)
        return len(queries)

    assert cost(1) == cost(3) == cost(12)
    assert not Person.objects.exists()


def test_names_and_numbers_stand_on_the_page(world, head, read):
    people = [PersonFactory(name=f"李{number:03}", unit=world.ours) for number in range(60)]

    page = ask(head, PEOPLE, people)

    body = page.content.decode()
    assert len(set(re.findall(r"<li>\s*(李\d+)\s*</li>", body))) == 50
    assert "另有 10 条，这里不一一列出。" in read(page)
