"""Careers, roles, titles, recognitions and reports made of chance, and party life of units."""

from __future__ import annotations

from apps.metrics.models import Metric, ReportedFigure
from apps.talents.models import Career, ExpertTitle, PublicRole, Recognition
from tests.metrics.chance import STATES, Chance, owned

KINDS = ("office", "institution", "company", "rural")


def build(chance: Chance, units: list, people: list) -> None:
    for unit in units:
        unit.ownership = chance.one("private", "private", "public", "")
        unit.party_eligible, unit.has_party = chance.one(True, False), chance.one(True, False)
        unit.party_member_count = chance.one(None, 0, 20, 31)
        if unit.party_member_count is not None:
            unit.active_party_member_count = chance.one(None, unit.party_member_count)
        unit.save()
    _careers(chance, people)
    _roles(chance, people)
    _titles(chance, people)
    _reports(chance, units)


def _of(chance: Chance, person, **fields) -> dict:
    return {"person": person, "owner": person.owner, "state": chance.one(*STATES), **fields}


def _careers(chance: Chance, people: list) -> None:
    rows = []
    for person in people:
        for number in range(chance.random.randint(0, 3)):
            start = chance.day().replace(day=1)
            rows.append(
                Career(
                    unit_name=f"甲{number}", post=f"甲{number}", kind=chance.one(*KINDS),
                    origin=chance.one("", *KINDS), starts_on=start, ends_on=chance.end(start),
                    **_of(chance, person),
                )
            )  # fmt: skip
    Career.objects.bulk_create(rows)


def _roles(chance: Chance, people: list) -> None:
    rows = []
    for person in people:
        for role in chance.random.sample(["1", "2", "3"], chance.one(0, 0, 1, 2)):
            elected = chance.one(None, chance.day())
            recommended = chance.day() if elected is None else chance.one(None, elected)
            rows.append(
                PublicRole(
                    role=role, level=chance.one("2", "3", "4", "4"), elected_on=elected,
                    recommended_on=recommended, ends_on=elected and chance.end(elected),
                    **_of(chance, person),
                )
            )  # fmt: skip
    PublicRole.objects.bulk_create(rows)


def _titles(chance: Chance, people: list) -> None:
    titles, recognitions = [], []
    for person in people:
        start = chance.day()
        left = chance.end(start)
        titles += [
            ExpertTitle(
                kind=kind, level=chance.one("3", "4"), round=chance.one("", "第一批", "第二批"),
                field=chance.one("", "机械"), obtained_on=start, left_on=left,
                managed_until=chance.one(None, max(start, chance.day(2022, 2022))),
                exit_reason="1" if left else "", **_of(chance, person),
            )
            for kind in chance.random.sample(["02", "04", "05", "06", "07", "09"], chance.one(0, 2))
        ]  # fmt: skip
        recognitions += [
            Recognition(
                catalogue=catalogue, tier=chance.one("", "A", "D", "11"), starts_on=start,
                ends_on=left, **_of(chance, person),
            )
            for catalogue in chance.random.sample(["1", "3", "5", "6"], chance.one(0, 1, 2))
        ]  # fmt: skip
    ExpertTitle.objects.bulk_create(titles)
    Recognition.objects.bulk_create(recognitions)


def _reports(chance: Chance, units: list) -> None:
    """Of counted, entered and worked out metrics alike; units above and below one another."""
    for metric in Metric.objects.all():
        for unit in chance.random.sample(units, chance.one(0, 1, 2, 4)):
            for part in chance.random.sample(["year", "H1", "Q1"], 2):
                ReportedFigure.objects.create(
                    metric=metric, unit=unit, year=chance.one(2021, 2022, 2022), part=part,
                    value=chance.random.randint(1, 99_999) / 100,
                    basis=chance.one("full", "sample"), **owned(chance, [unit]),
                )  # fmt: skip
