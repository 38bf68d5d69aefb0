"""Links, visits and requests made of chance: ended, never visited, closed late or not at all."""

from __future__ import annotations

from datetime import timedelta

from apps.contacts.models import ContactLink, Leader, ServiceRequest, Visit
from tests.metrics.chance import STATES, Chance, owned


def build(chance: Chance, units: list, people: list) -> None:
    for unit in units:
        unit.type = chance.one("11", "21", "32", "32")
        unit.save()
    leaders = [Leader.objects.create(name=f"甲领导{number}", order=number) for number in range(5)]
    taken: set = set()
    for _ in range(70):
        _visits(chance, _link(chance, units, leaders, people, taken))
    ServiceRequest.objects.bulk_create(_request(chance, units, people) for _ in range(120))


def _link(chance: Chance, units: list, leaders: list, people: list, taken: set) -> ContactLink:
    """A link; of a pair that has an open one, another that has ended."""
    start = chance.day(2020, 2022)
    here = {"leader": chance.one(*leaders)} if chance.one(1, 1, 0) else {"department": units[1]}
    there = {"person": chance.one(*people)} if chance.one(1, 1, 0) else {"unit": chance.one(*units)}
    ended = chance.one(None, None, start + timedelta(days=chance.random.randint(0, 700)))
    pair = (*here.items(), *there.items())
    if ended is None and pair in taken:
        ended = start + timedelta(days=900)
    taken.add(pair)
    return ContactLink.objects.create(
        starts_on=start, ends_on=ended, **here, **there, **owned(chance, units)
    )


def _visits(chance: Chance, link: ContactLink) -> None:
    days = {chance.day(2020, 2023) for _ in range(chance.random.randint(0, 9))}
    Visit.objects.bulk_create(
        Visit(
            link=link, visited_on=day, form=chance.one("1", "2", "3", "4"),
            opinions=chance.random.randint(0, 4), difficulties=chance.random.randint(1, 3),
            solved=chance.one(0, 1), owner=link.owner, state=chance.one(*STATES),
        )
        for day in sorted(days)
    )  # fmt: skip


def _request(chance: Chance, units: list, people: list) -> ServiceRequest:
    received = chance.day(2020, 2022)
    took = chance.one(None, 0, 3, 40, chance.random.randint(0, 500))
    closed = None if took is None else received + timedelta(days=took)
    due = chance.one(None, received + timedelta(days=chance.random.randint(0, 60)))
    words = ("", "satisfied", "fair", "dissatisfied")
    who = {"person": chance.one(*people)} if chance.one(1, 0) else {"unit": chance.one(*units)}
    return ServiceRequest(
        topic=chance.one("01", "02", "03", "99"), channel=chance.one("1", "2", "3", "4"),
        received_on=received, closed_on=closed, days=took, due_on=due,
        satisfaction=chance.one(*words) if closed else "", **who, **owned(chance, units),
    )  # fmt: skip
