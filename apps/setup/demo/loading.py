"""Load the demo district through the record types, as an office's own data would come."""

import csv
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.core.errors import DomainError
from apps.governance.models import Measure, PlanItem, Policy, Problem
from apps.organizations.models import District, Indicator, Unit
from apps.records.actors import Actor
from apps.setup.demo import awards, contacts, district, funds, people, titles, training
from apps.setup.demo.district import SEED, Demo
from apps.talents.models import Person, Pool

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
TOWNS = (
    ("520398001", "城东街道"), ("520398002", "河滨街道"), ("520398101", "松溪镇"),
    ("520398102", "茶岭镇"), ("520398103", "石门镇"), ("520398201", "望江乡"),
)  # fmt: skip
# areas that stand beside one another, each with its ``load(demo)``
AREAS: tuple[ModuleType, ...] = (awards, titles, contacts, funds)
CLERKS = ("区第一人民医院", "云岭中学")  # units that get an account of their own


@transaction.atomic
def load(root: Unit) -> dict[str, int]:
    """Fill an empty district; DomainError when there are people already. Returns rows by record
    type.
    """
    if Person.objects.exists():
        raise DomainError("库里已有人才数据，演示数据只能装入空库。")
    random, by = Random(SEED), Actor.system("装载演示数据")  # noqa: S311 -- made-up data
    counts: dict[str, int] = {}

    def save(rows: Sequence[Any]) -> None:
        district.save(rows, by=by, counts=counts)

    units = _units(random, root, save)
    owner = Unit.objects.get(name="区委组织部")
    pools = {pool.code: pool for pool in Pool.objects.all()}
    made = people.make(random, units, pools)
    for rows in (made.people, made.memberships, made.educations, made.titles):
        save(rows)
    held = training.make(random, owner, made)
    for lines in (held.classes, held.audiences, held.enrolments):
        save(lines)
    _governance(owner, save)
    demo = Demo(by, owner, units, made, counts)
    for area in AREAS:
        area.load(demo)
    return counts


def _units(random: Random, root: Unit, save: Any) -> dict[str, list[Unit]]:
    """Towns and units; the units by the teams that work in them."""
    save([District(code=code, name=name, level="town") for code, name in TOWNS])
    towns = {town.name: town for town in District.objects.all()}
    with (FOLDER / "units.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    units = [
        Unit(
            name=line["name"], short_name=line["short_name"], type=line["type"], parent=root,
            affiliation=line["affiliation"], industry=line["industry"],
            ownership="private" if line["affiliation"] == "private" else "public",
            district=towns.get(line["town"]), is_member=line["member"] == "1",
            staff_count=int(line["staff"]) if line["staff"] else None,
            party_eligible=line["type"] == "32",
            has_party=line["type"] == "32" and random.random() < 0.8,
            **_party(line),
            node=f"{random.randrange(16**8):08x}",
        )
        for line in lines
    ]  # fmt: skip
    save(units)
    teams: dict[str, list[Unit]] = {}
    for unit, line in zip(units, lines, strict=True):
        for team in line["teams"].split("|"):
            teams.setdefault(team, []).append(unit)
    return teams


def _party(line: dict[str, str]) -> dict[str, int]:
    """Party members of a private firm, and how many of them lead a regular life in the party."""
    if line["affiliation"] != "private" or not line["staff"]:
        return {}
    members = int(line["staff"]) // 9
    return {"party_member_count": members, "active_party_member_count": members * 91 // 100}


def _governance(owner: Unit, save: Any) -> None:
    data = json.loads((FOLDER / "governance.json").read_text(encoding="utf-8"))
    units = {unit.name: unit for unit in Unit.objects.all()}
    save(
        [
            Policy(
                title=title, number=number, kind=kind, issued_on=_day(day), status=status,
                topic=topic, issuer="区委组织部", level="4", owner=owner,
            )
            for title, number, kind, day, status, topic in data["policies"]
        ]
    )  # fmt: skip
    save(
        [
            Measure(
                year=year, section=section, order=order, title=title, text=text, units=who,
                owner=owner,
            )
            for year, section, order, title, text, who in data["measures"]
        ]
    )  # fmt: skip
    save(
        [
            Problem(year=year, theme=theme, order=order, title=title, text=text, owner=owner)
            for year, theme, order, title, text in data["problems"]
        ]
    )
    save(
        [
            PlanItem(
                year=year, theme=theme, order=order, title=title, text=text, owner=owner,
                lead_unit=units[who], due_on=_day(due),
                progress="done" if year == 2022 else "not_started",
            )
            for year, theme, order, title, text, who, due in data["plans"]
        ]
    )  # fmt: skip
    save([row for line in data["indicators"] for row in _indicator(owner, *line)])


def _indicator(
    owner: Unit,
    name: str,
    measure: str,
    values: dict[str, float],
    source: str,
    ranks: list[list[int]] | None,
    plans: dict[str, float] | None = None,
) -> list[Indicator]:
    places = {year: (rank, total) for year, rank, total in ranks or []}
    rows = []
    for key, value in values.items():
        rank, total = places.get(int(key), (None, None))
        rows.append(
            Indicator(
                name=name,
                year=int(key),
                value=str(value),
                unit_of_measure=measure,
                source=source,
                rank=rank,
                rank_of=total,
                annual_plan=(plans or {}).get(key),
                owner=owner,
            )
        )
    return rows


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
