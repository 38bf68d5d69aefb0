"""A small district made of chance: rows of other units, unreviewed, ended, overlapping."""

from __future__ import annotations

from apps.governance.models import Measure, PlanItem, Policy, Problem
from apps.metrics.models import Metric
from apps.organizations.models import District, Indicator, Unit
from apps.talents.models import Person, Pool, PoolMembership, Title
from apps.training.models import ClassAudience, Enrolment, TrainingClass
from tests.metrics import made_up_awards, made_up_contacts, made_up_funds, made_up_titles
from tests.metrics.chance import STATES, Chance, owned

# each with ``build(chance, units, people)``
AREAS = (made_up_awards, made_up_contacts, made_up_titles, made_up_funds)

POOLS = (
    "party", "management", "technical", "skilled", "rural", "social",
    "expert", "young-cadres", "away", "veteran",
)  # fmt: skip


def build(seed: int, people: int = 60) -> dict:
    """Rows straight into the tables: what evaluation must cope with, not what forms let in."""
    chance = Chance(seed)
    units = _units(chance)
    pools = [
        Pool.objects.get_or_create(
            code=code,
            defaults={"name": code, "kind": "team" if order < 6 else "special", "order": order},
        )[0]
        for order, code in enumerate(POOLS)
    ]  # fmt: skip
    persons = _people(chance, units, people)
    _memberships(chance, persons, pools)
    _titles(chance, persons)
    _training(chance, units, persons)
    _governance(chance, units)
    _indicators(chance, units)
    for area in AREAS:
        area.build(chance, units, persons)
    return {"units": units, "people": persons}


def _units(chance: Chance) -> list:
    towns = [
        District.objects.create(code=f"9{seed}", name=f"甲{seed}镇") for seed in range(100, 103)
    ]
    root = Unit(name="甲区", type="11")
    root.path = f"{root.node}/"
    root.save()
    units = [root]
    for number in range(7):
        parent = chance.one(*units[:3])
        unit = Unit(
            name=f"甲单位{number}",
            parent=parent,
            industry=chance.one("", "A", "P", "Q"),
            affiliation=chance.one("", "city", "district"),
            district=chance.one(None, *towns),
            staff_count=chance.one(None, 0, 20, 30),
        )
        unit.path = f"{parent.path}{unit.node}/"
        unit.save()
        units.append(unit)
    return units


def _people(chance: Chance, units: list, count: int) -> list:
    found = []
    for number in range(count):
        unit, start = chance.one(*units), chance.day(2018)
        person = Person(
            name=f"甲{number}",
            sex=chance.one("1", "2"),
            unit=unit,
            education=chance.one("", "11", "14", "21", "23", "31"),
            degree=chance.one("", "1", "2", "3", "4"),
            title_level=chance.one("", "411", "412", "420", "434"),
            rank=chance.one("", "141", "142", "131"),
            entered_on=start,
            left_on=chance.end(start),
            **owned(chance, units),
        )
        found.append(person)
    Person.objects.bulk_create(found)
    return found


def _memberships(chance: Chance, people: list, pools: list) -> None:
    rows = []
    for person in people:
        for pool in chance.random.sample(pools, chance.random.randint(0, 4)):
            start = chance.day(2019)
            rows.append(
                PoolMembership(
                    person=person, pool=pool, joined_on=start, left_on=chance.end(start),
                    field=chance.one("", "机械", "农业"), owner=person.owner,
                    state=chance.one(*STATES),
                )
            )  # fmt: skip
            if rows[-1].left_on and chance.random.random() < 0.4:  # joined again: to-many
                again = rows[-1].left_on
                rows.append(
                    PoolMembership(
                        person=person, pool=pool, joined_on=again, owner=person.owner,
                        field=chance.one("", "机械"), state=chance.one(*STATES),
                    )
                )  # fmt: skip
    PoolMembership.objects.bulk_create(rows)


def _titles(chance: Chance, people: list) -> None:
    Title.objects.bulk_create(
        Title(
            person=person, name=f"职称{number}", level=chance.one("411", "412", "420", "434"),
            route=chance.one("review", "town25"), obtained_on=chance.day().replace(day=1),
            owner=person.owner, state=chance.one(*STATES),
        )
        for person in people
        for number in range(chance.random.randint(0, 2))
    )  # fmt: skip


def _training(chance: Chance, units: list, people: list) -> None:
    kinds = [value for value, _ in TrainingClass.Kind.choices]
    for number in range(40):
        day = chance.day()
        held = TrainingClass.objects.create(
            code=f"T{number}", name=f"班{number}", level=chance.one("2", "3", "4"),
            kind=chance.one(*kinds), topic=chance.one("", "01", "02"), trade=chance.one("", "焊工"),
            starts_on=day, ends_on=day, status=chance.one("planned", "held", "held", "cancelled"),
            in_plan=chance.one(True, False), head_count=chance.random.randint(0, 90),
            cost=chance.random.randint(0, 99999) / 100, **owned(chance, units),
        )  # fmt: skip
        for category in chance.random.sample(["1", "3", "11", "12", "13", "14"], 3):
            ClassAudience.objects.create(
                training_class=held, category=category, person_times=chance.random.randint(0, 50),
                owner=held.owner, state=chance.one(*STATES),
            )  # fmt: skip
        for person in chance.random.sample(people, 6):
            Enrolment.objects.create(
                training_class=held, person=person, category=chance.one("", "1", "3", "11", "13"),
                rank_then=chance.one("", "141", "131"), is_employed=chance.one(True, False),
                owner=person.owner, state=chance.one(*STATES),
            )  # fmt: skip


def _governance(chance: Chance, units: list) -> None:
    for number in range(25):
        status = chance.one("draft", "trial", "in_force", "abolished")
        Policy.objects.create(
            title=f"办法{number}", kind=chance.one("plan", "system", "method"), status=status,
            issued_on=None if status == "draft" else chance.day(), **owned(chance, units),
        )  # fmt: skip
        year = chance.one(2021, 2022, 2023)
        Measure.objects.create(
            year=year, section=chance.one("mechanism", "team"), title=f"举措{number}", text="略",
            **owned(chance, units),
        )  # fmt: skip
        Problem.objects.create(
            year=year, theme="1", title=f"问题{number}", text="略", **owned(chance, units)
        )
        PlanItem.objects.create(
            year=year, theme=chance.one("1", "2"), title=f"打算{number}", text="略",
            progress=chance.one("done", "under_way", "dropped"), **owned(chance, units),
        )  # fmt: skip


def _indicators(chance: Chance, units: list) -> None:
    names = {"人均地区生产总值": "元"}  # must not be taken for 地区生产总值
    for metric in Metric.objects.filter(record_type="organizations.Indicator"):
        names.setdefault(metric.filter["full_name"][0], metric.unit_of_measure)
    seen = set()
    for _ in range(200):
        name = chance.one(*names)
        row = Indicator(
            name=name, unit_of_measure=names[name], year=chance.one(2021, 2022),
            value=chance.one(10, 35), month=chance.one(None, 6, 9), rank=chance.one(None, 3),
            rank_of=5, is_estimate=chance.one(True, False), annual_plan=chance.one(None, 40),
            **owned(chance, units),
        )  # fmt: skip
        key = (row.name, row.year, row.month, row.is_estimate, row.owner_id)
        if key not in seen:
            seen.add(key)
            row.save()
