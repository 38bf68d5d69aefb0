"""Deleting: said in numbers first, refused with a sentence where something needs the record."""

from apps.records import registry
from apps.records.models import ChangeLog
from apps.talents.models import Person, PoolMembership
from tests.factories import PersonFactory, PoolMembershipFactory

PEOPLE = registry.get("talents.Person")
UNITS = registry.get("organizations.Unit")


def test_the_question_says_what_goes_with_it(staff, world, read):
    person = PersonFactory(name="王明", unit=world.ours)
    PoolMembershipFactory.create_batch(3, person=person)

    page = read(staff.get(PEOPLE.url("delete", person.pk)))

    assert "将删除人才“王明”及其 3 条入库记录。" in page
    assert Person.objects.filter(pk=person.pk).exists()


def test_post_deletes_and_logs(staff, world, read):
    person = PersonFactory(name="王明", unit=world.ours)
    PoolMembershipFactory.create_batch(2, person=person)

    response = staff.post(PEOPLE.url("delete", person.pk), follow=True)

    assert response.redirect_chain == [(PEOPLE.url("list"), 302)]
    assert "已删除人才“王明”及其 2 条入库记录。" in read(response)
    assert not Person.objects.exists()
    assert not PoolMembership.objects.exists()
    assert ChangeLog.objects.filter(action="delete").count() == 3


def test_a_record_that_others_need_stays(world, read):
    PersonFactory(unit=world.ours)
    head = world.client("head")

    asked = head.get(UNITS.url("delete", world.ours.pk))
    refused = head.post(UNITS.url("delete", world.ours.pk))

    for response in (asked, refused):
        page = read(response)
        assert "“区第一人民医院”不能删除：还有 1 条人才用到它，请先删除或改掉它们。" in page
        assert "将删除" not in page
    assert UNITS.model.objects.filter(pk=world.ours.pk).exists()


def test_who_may_not(clerk, leader, world):
    person = PersonFactory(unit=world.ours)

    for client in (clerk, leader):
        assert client.get(PEOPLE.url("delete", person.pk)).status_code == 403
        assert client.post(PEOPLE.url("delete", person.pk)).status_code == 403
    assert Person.objects.exists()


def test_outside_the_scope_is_not_there(world, read):
    person = PersonFactory(unit=world.theirs)
    unit_head = world.client("head", world.ours)

    assert unit_head.get(PEOPLE.url("delete", person.pk)).status_code == 404
    response = unit_head.post(PEOPLE.url("delete", person.pk))

    assert response.status_code == 404
    assert "不在您的权限范围内" in read(response)
    assert Person.objects.exists()
