"""The number of what waits: in the top bar and on the first page, counted once and in one query."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import stamps
from apps.records import registry, saving, waiting
from apps.records.actors import Actor
from apps.records.models import Record
from apps.records.scope import Scope
from apps.talents.models import Person
from tests.factories import PersonFactory, PoolMembershipFactory, TrainingClassFactory
from tests.records.files import PDF
from tests.records.test_attachments import upload
from tests.records.test_waiting import QUEUE, key

PEOPLE = registry.get("talents.Person")
PEOPLE_LIST = "/talents/person/"


def badge(client, address="/search/"):
    page = client.get(address).content.decode()
    found = re.search(r'title="待办事项">.*?</a>', page, re.DOTALL)
    number = re.search(r'class="count"\s*>(\d+)<', found[0]) if found else None
    return int(number[1]) if number else (0 if found else None)


def test_the_top_bar_counts_what_there_is_to_do(world, staff, clerk, leader, by, hand_in):
    person = hand_in(PersonFactory, unit=world.ours)
    PersonFactory(unit=world.ours, by=by)

    assert (badge(staff), badge(clerk), badge(leader)) == (1, 1, None)
    assert '/review/mine/"' in clerk.get("/search/").content.decode()
    staff.post(QUEUE, {"move": "return", "row": [key(person)], "reason": "缺学历"})
    assert (badge(staff), badge(clerk)) == (0, 2)


def test_the_number_follows_every_way_of_changing_it(world, staff, clerk, by, fields_of):
    draft = PersonFactory(unit=world.ours, by=by)
    assert badge(clerk) == 1
    PoolMembershipFactory(person=draft, owner=world.ours, by=by)
    assert badge(clerk) == 2
    approved = PersonFactory(unit=world.ours)
    assert badge(clerk) == 2
    sent = fields_of(clerk.get(PEOPLE.url("edit", approved.pk)))
    clerk.post(PEOPLE.url("edit", approved.pk), {**sent, "post": "教师"})
    assert badge(clerk) == 3
    other = PersonFactory(unit=world.ours)
    upload(clerk, other, "证书.pdf", PDF)
    assert badge(clerk) == 4
    PEOPLE.delete(Person.objects.get(pk=approved.pk), by=Actor.system())
    assert badge(clerk) == 3


def test_all_types_are_counted_in_one_query(world, django_assert_num_queries):
    owned = [t for t in registry.types() if issubclass(t.model, Record)]
    for record_type in owned:
        row = world.make(record_type, world.ours)
        record_type.model._base_manager.filter(pk=row.pk).update(state="draft", owner=world.ours)

    with django_assert_num_queries(1) as queries:
        found = waiting.count(owned, Scope((world.ours.path,)), waiting.SUBMIT)

    assert queries.captured_queries[0]["sql"].count("UNION ALL") == len(owned) - 1
    assert found.due == len(owned)
    assert {t.label for t, _ in found.by_type()} == {t.label for t in owned}


def test_nothing_is_counted_twice_while_nothing_changes(world, staff, by, hand_in):
    hand_in(PersonFactory, unit=world.ours)
    badge(staff)

    with CaptureQueriesContext(connection) as queries:
        assert badge(staff) == 1

    assert not [q for q in queries.captured_queries if "UNION ALL" in q["sql"]]


@pytest.mark.parametrize(
    ("address", "limit"), [(PEOPLE_LIST, 8), (PEOPLE_LIST + "{}/", 12), ("/", 12)]
)
def test_pages_keep_their_queries_when_the_number_is_counted_anew(
    world, staff, hand_in, address, limit
):
    person = PersonFactory(unit=world.ours)
    hand_in(PersonFactory, unit=world.ours)
    address = address.format(person.pk)
    staff.get(address)

    stamps.renew(saving.WAITING)
    with CaptureQueriesContext(connection) as queries:
        staff.get(address)

    assert len([q for q in queries.captured_queries if "UNION ALL" in q["sql"]]) >= 1
    assert len(queries) <= limit, [q["sql"][:90] for q in queries.captured_queries]


def test_queue_costs_a_fixed_number_and_one_for_each_type(world, staff, hand_in):
    hand_in(PersonFactory, unit=world.ours)
    staff.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        staff.get(QUEUE)
    for _ in range(10):
        hand_in(PersonFactory, unit=world.ours)
    staff.get(QUEUE)
    with CaptureQueriesContext(connection) as eleven:
        staff.get(QUEUE)
    hand_in(TrainingClassFactory, owner=world.ours)
    staff.get(QUEUE)
    with CaptureQueriesContext(connection) as two_types:
        staff.get(QUEUE)

    assert len(one) == len(eleven) == len(two_types) - 1
    assert len(one) <= 8


def test_first_page_says_what_there_is_to_do(world, staff, clerk, by, hand_in, read):
    assert "待审核" not in read(staff.get("/")).partition("统计范围")[2]
    hand_in(PersonFactory, unit=world.ours)
    hand_in(TrainingClassFactory, owner=world.ours)
    PersonFactory(unit=world.ours, by=by)

    assert "2 条填报记录等待审核：人才 1、培训班 1" in read(staff.get("/"))
    assert "有 1 条草稿还没有报送" in read(clerk.get("/"))
