import datetime

import pytest
from django.core.exceptions import ValidationError

from apps.contacts.models import ContactLink, Visit
from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.errors import RowErrors
from tests.factories import (
    ContactLinkFactory,
    LeaderFactory,
    PersonFactory,
    ServiceRequestFactory,
    UnitFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date


def test_link_has_exactly_one_side_here_and_one_there():
    leader, person, unit = LeaderFactory(), PersonFactory(), UnitFactory()

    for sides in ({"leader": leader, "department": unit}, {"leader": None, "department": None}):
        with pytest.raises(ValidationError, match="联系领导和联系部门须填一个，且只填一个"):
            ContactLinkFactory(person=person, **sides)
    for sides in ({"person": person, "unit": unit}, {"person": None, "unit": None}):
        with pytest.raises(ValidationError, match="联系专家和结对单位须填一个，且只填一个"):
            ContactLinkFactory(leader=leader, **sides)


@pytest.mark.parametrize("one", ["leader", "department"])
@pytest.mark.parametrize("other", ["person", "unit"])
def test_a_pair_has_one_open_link(one, other):
    pair = {"department": UnitFactory() if one == "department" else None}
    first = ContactLinkFactory(**pair, unit=UnitFactory() if other == "unit" else None)
    pair = {name: getattr(first, name) for name in ("leader", "department", "person", "unit")}

    with pytest.raises(ValidationError, match="双方已有未结束的结对联系"):
        ContactLinkFactory(**pair, starts_on=DAY(2022, 1, 1))
    first.ends_on = DAY(2021, 12, 31)
    registry.of(ContactLink).save(first, by=Actor.system())

    again = ContactLinkFactory(**pair, starts_on=DAY(2022, 1, 1))
    assert str(again) == str(first)


def test_link_cannot_end_before_it_starts():
    with pytest.raises(ValidationError, match="终止日期不得早于起始日期"):
        ContactLinkFactory(ends_on=DAY(2020, 12, 31))


def test_visit_solves_what_it_raises_and_what_was_raised_before():
    with pytest.raises(ValidationError, match="解决困难不能多于反映困难"):
        VisitFactory(difficulties=1, solved=2)
    with pytest.raises(ValidationError, match="不能多于解决困难的件数"):
        VisitFactory(difficulties=1, solved=1, solved_earlier=2)

    visit = VisitFactory(difficulties=1, solved=3, solved_earlier=2)

    assert Visit.objects.get(pk=visit.pk).solved == 3


def test_many_visits_are_checked_by_the_same_rules():
    link = ContactLinkFactory()
    rows = [
        Visit(link=link, visited_on=DAY(2022, 3, day), form="1", difficulties=1, solved=day)
        for day in (1, 2)
    ]

    with pytest.raises(RowErrors) as caught:
        registry.of(Visit).save_many(rows, by=Actor.system())

    assert list(caught.value.errors) == [1]
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "ends_on", "words"),
    [
        (DAY(2020, 12, 31), None, "2021-01-01 起"),
        (DAY(2022, 1, 1), DAY(2021, 12, 31), "2021-01-01 至 2021-12-31"),
    ],
)
def test_visit_lies_within_its_link(day, ends_on, words):
    link = ContactLinkFactory(ends_on=ends_on)

    with pytest.raises(ValidationError, match=f"走访日期不在结对期间（{words}）内"):
        VisitFactory(link=link, visited_on=day)


def test_visit_of_one_form_is_noted_once_a_day():
    visit = VisitFactory()

    with pytest.raises(ValidationError, match="同一天同一方式的走访已登记"):
        VisitFactory(link=visit.link, visited_on=visit.visited_on)
    VisitFactory(link=visit.link, visited_on=visit.visited_on, form="2")


def test_request_is_of_a_person_or_a_unit():
    with pytest.raises(ValidationError, match="诉求人和诉求单位须填一个，且只填一个"):
        ServiceRequestFactory(person=PersonFactory(), unit=UnitFactory())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"closed_on": DAY(2021, 12, 31)}, "办结日期不得早于受理日期"),
        ({"due_on": DAY(2021, 12, 31)}, "办理期限不得早于受理日期"),
        ({"satisfaction": "satisfied"}, "办结后才能填写满意度"),
    ],
)
def test_request_keeps_its_order(values, words):
    with pytest.raises(ValidationError, match=words):
        ServiceRequestFactory(received_on=DAY(2022, 1, 1), **values)


def test_request_knows_how_many_days_it_took():
    request = ServiceRequestFactory(received_on=DAY(2022, 3, 1), closed_on=DAY(2022, 3, 11))

    assert request.days == 10
    request.closed_on = None
    registry.of(type(request)).save(request, by=Actor.system())
    assert request.days is None


def test_records_belong_to_the_unit_of_their_expert():
    person = PersonFactory()
    link = ContactLink(leader=LeaderFactory(), person=person, starts_on=DAY(2022, 1, 1))
    registry.of(ContactLink).save(link, by=Actor.system())
    visit = Visit(link=link, visited_on=DAY(2022, 3, 1), form="1")
    registry.of(Visit).save(visit, by=Actor.system())

    assert link.owner == visit.owner == person.owner

    there = UnitFactory()
    person.owner = there
    registry.of(type(person)).save(person, by=Actor.system())
    link.refresh_from_db()
    visit.refresh_from_db()
    assert link.owner == visit.owner == there


def test_link_is_found_by_the_names_of_both_sides(world, staff):
    person = PersonFactory(name="彭静生", unit=world.ours, owner=world.ours)
    link = ContactLinkFactory(leader=LeaderFactory(name="苏远帆"), person=person, owner=world.ours)
    VisitFactory(link=link, owner=world.ours)
    ContactLinkFactory()

    for words in ("苏远帆 彭静生", "suyuanfan", "pjs"):
        page = staff.get("/contacts/contactlink/", {"q": words}).content.decode()
        assert "苏远帆" in page
        assert "周一" not in page
        assert "彭静生" in staff.get("/contacts/visit/", {"q": words}).content.decode()
    found = staff.get("/contacts/contactlink/autocomplete/", {"q": "彭静生 苏"}).json()
    assert [(hit["text"], hit["hint"]) for hit in found["results"]] == [
        ("苏远帆 · 彭静生", "2021-01-01 起")
    ]


def test_deleting_a_leader_with_links_is_refused():
    link = ContactLinkFactory()

    with pytest.raises(DomainError, match="还有 1 条结对联系用到它"):
        registry.of(type(link.leader)).delete(link.leader, by=Actor.system())


def test_visit_without_a_link_is_told_so(world, clerk):
    page = clerk.post("/contacts/visit/new/", {"visited_on": "2022-03-01", "form": "1"})

    assert "请选择结对联系。" in page.content.decode()
