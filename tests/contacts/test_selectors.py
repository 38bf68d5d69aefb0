"""Visits due and requests open: counts on a day, the same as the lists they link to."""

import datetime
import re

import pytest

from apps.contacts.selectors import due_by_leader, open_requests
from apps.records.scope import Scope
from tests.factories import (
    ContactLinkFactory,
    LeaderFactory,
    ServiceRequestFactory,
    UnitFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
ON = DAY(2022, 11, 20)


def listed(client, url):
    page = re.sub(r"<[^>]+>", "", client.get(url).content.decode())
    return int(re.search(r"共 ([\d,]+) 条", page)[1])


def visited(leader, *days, **more):
    link = ContactLinkFactory(leader=leader, **more)
    for day in days:
        VisitFactory(link=link, visited_on=day, owner=link.owner)
    return link


@pytest.fixture
def leaders(world):
    """One leader with links of every kind, one who has done everything."""
    busy, late = LeaderFactory(name="苏远帆", order=2), LeaderFactory(name="何宏辉", order=1)
    visited(busy, DAY(2022, 10, 1))
    visited(late, DAY(2022, 5, 24))  # 180 days ago
    visited(late, DAY(2022, 5, 23))
    visited(late, DAY(2022, 9, 30))  # 51 days ago, but not in this quarter
    visited(late, DAY(2022, 10, 1))
    visited(late, starts_on=DAY(2022, 11, 1))  # new: nobody has been there this quarter
    visited(late, ends_on=DAY(2022, 6, 30))
    visited(late, DAY(2022, 12, 1), starts_on=DAY(2022, 12, 1))
    ContactLinkFactory(department=UnitFactory())
    return late, busy


def test_links_are_due_after_a_quarter_and_overdue_after_180_days(leaders):
    rows = due_by_leader(Scope.everything(), ON)

    assert [(row.name, row.links, row.due, row.overdue) for row in rows] == [
        ("何宏辉", 5, 3, 1), ("苏远帆", 1, 0, 0),
    ]  # fmt: skip


def test_each_count_is_the_number_of_rows_in_its_list(leaders, staff):
    for row in due_by_leader(Scope.everything(), ON):
        assert listed(staff, row.links_url) == row.links
        assert listed(staff, row.due_url) == row.due
        assert listed(staff, row.overdue_url) == row.overdue


def test_a_scope_counts_its_own_links(leaders, world):
    link = visited(leaders[0], owner=world.ours)

    rows = due_by_leader(Scope((world.ours.path,)), ON)

    assert [(row.name, row.links, row.overdue) for row in rows] == [(link.leader.name, 1, 1)]


def test_due_by_leader_takes_one_query(leaders, django_assert_num_queries):
    with django_assert_num_queries(1):
        due_by_leader(Scope.everything(), ON)


def test_requests_are_open_until_closed_and_late_after_their_day(world, staff):
    for received, due, closed in (
        (DAY(2022, 11, 1), DAY(2022, 11, 19), None),
        (DAY(2022, 11, 1), DAY(2022, 11, 20), None),
        (DAY(2022, 11, 1), None, None),
        (DAY(2022, 11, 1), DAY(2022, 11, 2), DAY(2022, 11, 20)),
        (DAY(2022, 11, 1), DAY(2022, 11, 2), DAY(2022, 11, 21)),
        (DAY(2022, 11, 21), DAY(2022, 11, 22), None),
    ):
        ServiceRequestFactory(received_on=received, due_on=due, closed_on=closed)

    found = open_requests(Scope.everything(), ON)

    assert (found.open, found.late) == (4, 2)
    assert listed(staff, found.open_url) == 4
    assert listed(staff, found.late_url) == 2


def test_open_requests_takes_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        open_requests(Scope.everything(), ON)
