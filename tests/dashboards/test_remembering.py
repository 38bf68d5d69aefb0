"""Dashboards are told from memory until something is saved."""

import datetime
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.records import history, registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.talents.models import Person
from tests.dashboards.test_home import page, words
from tests.factories import PersonFactory, PoolFactory, PoolMembershipFactory

BY = Actor.system("测试")


@pytest.fixture
def team(world):
    return PoolFactory(code="technical", name="专业技术人才", kind="team")


@pytest.fixture
def join(world, team):
    """Somebody joins the team, as the office would record it."""

    def somebody(unit):
        memberships = registry.get("talents.PoolMembership")
        person = PersonFactory(unit=unit, owner=unit)
        memberships.save(PoolMembershipFactory.build(person=person, pool=team, owner=unit), by=BY)
        return person

    return somebody


def test_what_is_saved_is_seen_at_once(world, join):
    client = world.client("staff")
    join(world.ours)
    assert "人才总量 1 人" in words(page(client))

    join(world.theirs)

    assert "人才总量 2 人" in words(page(client))


def test_second_visit_counts_nothing(world, join, django_assert_max_num_queries):
    client = world.client("staff")
    join(world.ours)
    first = page(client)

    with django_assert_max_num_queries(5):
        again = client.get("/").content.decode()
    client.get(reverse("dashboards-board"))
    with django_assert_max_num_queries(6):
        client.get(reverse("dashboards-board"))

    assert words(again) == words(first)


def test_it_says_when_it_was_counted(world, join, monkeypatch):
    client = world.client("staff")
    join(world.ours)
    then = datetime.datetime(2026, 3, 2, 1, 30, tzinfo=datetime.UTC)
    clock = SimpleNamespace(now=lambda: then, localdate=timezone.localdate)
    with monkeypatch.context() as patched:
        patched.setattr("apps.dashboards.remembering.timezone", clock)
        page(client)

    assert "统计时间：2026年3月2日 09:30" in words(page(client))


def test_each_scope_has_figures_of_its_own(world, join):
    join(world.ours)
    join(world.theirs)
    assert "人才总量 2 人" in words(page(world.client("staff")))

    text = words(page(world.client("clerk", world.ours)))

    assert "人才总量 1 人" in text
    assert "统计范围：区第一人民医院" in text


def test_looking_changes_no_mark_and_saving_does(world, join):
    join(world.ours)
    before = history.mark()
    for action in ("login", "export", "reveal", "logout"):
        history.log_change(action, by=BY)
    assert history.mark() == before

    person = Person.objects.get()
    person.name = "王改名"
    registry.of(Person).save(person, by=BY)

    assert history.mark() != before


def test_line_that_comes_to_stay_late_changes_the_mark(world):
    """Of two transactions the one whose line has the lower number may end last."""
    history.log_change("update", by=BY)
    last = ChangeLog.objects.latest("pk").pk
    ChangeLog.objects.create(pk=last + 2, action="update", user_name="测试")
    before = history.mark()

    ChangeLog.objects.create(pk=last + 1, action="update", user_name="测试")

    assert history.mark() != before
