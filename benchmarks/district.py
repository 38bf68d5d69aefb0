"""A made-up district of any size, the same each time, saved by the record types."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from functools import cached_property
from itertools import count
from random import Random
from typing import Any

from django.conf import settings

from apps.governance.models import Measure, PlanItem, Problem
from apps.organizations.models import District, Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.setup.demo import names
from apps.talents.models import Education, Person, Pool, PoolMembership, Title
from apps.training.models import ClassAudience, Enrolment, TrainingClass

SEED = 520398
TOWNS = 12
UNITS = 60
PORTION = 5_000
FIRST_BIRTH = datetime.date(1963, 1, 1)
BIRTHS = 13_000  # days; people of one day are told apart by the order part of their number
EDUCATIONS = {"14": "3", "21": "4", "31": "", "41": "", "61": ""}
LEVELS = {"411": "正高级工程师", "412": "高级工程师", "420": "工程师", "434": "助理工程师"}
MAJORS = ("农学", "会计学", "临床医学", "土木工程", "计算机科学与技术", "汉语言文学")
PLACES = ("云岭区城东街道", "云岭区松溪镇", "云岭区茶岭镇", "云岭区望江乡")


def save(rows: Sequence[Any]) -> None:
    if rows:
        registry.of(type(rows[0])).save_many(rows, by=Actor.system("性能测量"))


class DistrictMaker:
    """Makes people one after another; each has memberships, an education, perhaps a title, and
    takes part in two classes.
    """

    def __init__(self, root: Unit) -> None:
        self.random = Random(SEED)
        self.root = root
        self.numbers = count()

    @cached_property
    def units(self) -> list[Unit]:
        towns = [District(code=f"520398{n:03}", name=f"第{n}镇") for n in range(1, TOWNS + 1)]
        save(towns)
        units = [
            Unit(
                name=f"第{n}单位", type="21", parent=self.root, industry="P",
                affiliation="district", district=towns[n % TOWNS], node=f"{n:08x}",
            )
            for n in range(1, UNITS + 1)
        ]  # fmt: skip
        save(units)
        return units

    @cached_property
    def pools(self) -> list[Pool]:
        return list(Pool.objects.filter(kind=Pool.Kind.TEAM))

    @cached_property
    def experts(self) -> Pool:
        return Pool.objects.get(code="expert")

    def write_the_year(self) -> None:
        """Measures, problems and plans, so that the annual report has its usual length."""
        path = settings.BASE_DIR / "fixtures" / "demo" / "governance.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        names = ("year", "section", "order", "title", "text", "units")
        for model, lines, second in (
            (Measure, told["measures"], "section"),
            (Problem, told["problems"], "theme"),
            (PlanItem, told["plans"], "theme"),
        ):
            names = ("year", second, "order", "title", "text")
            values = [dict(zip(names, line, strict=False)) for line in lines]
            save([model(owner=self.root, **row) for row in values])

    def add(self, people: int) -> None:
        """Save some more people with all that belongs to them."""
        for start in range(0, people, PORTION):
            self._portion(min(PORTION, people - start))

    def _portion(self, size: int) -> None:
        people = [self.person() for _ in range(size)]
        save(people)
        save([row for person in people for row in self._memberships(person)])
        save([self._education(person) for person in people])
        save([self._title(person) for person in people if person.title_level])
        self._classes(people)

    def person(self) -> Person:
        """Somebody with about 25 columns filled."""
        number, random = next(self.numbers), self.random
        man = number % 2 == 0
        born = FIRST_BIRTH + datetime.timedelta(days=number % BIRTHS)
        education = random.choices(list(EDUCATIONS), (8, 46, 28, 10, 8))[0]
        level = random.choices(["", *LEVELS], (64, 2, 8, 16, 10))[0]
        unit = random.choice(self.units)
        return Person(
            name=names.person_name(random, man),
            id_number=names.identity_number(born, number // BIRTHS, man),
            sex="1" if man else "2", birth_date=born, ethnic=random.choice(("01", "01", "06")),
            native_place=random.choice(PLACES), political_status=random.choice(("01", "05", "13")),
            work_started_on=datetime.date(born.year + 22, 7, 1), education=education,
            degree=EDUCATIONS[education], school="省师范大学", major=random.choice(MAJORS),
            title=LEVELS.get(level, ""), title_level=level, unit=unit, owner=unit, post="科员",
            rank=random.choice(("", "", "141", "142")), mobile=names.mobile(number),
            speciality="农业技术推广", entered_on=datetime.date(2018 + number % 5, 3, 1),
        )  # fmt: skip

    def _memberships(self, person: Person) -> list[PoolMembership]:
        chosen = [self.random.choice(self.pools)]
        if self.random.random() < 0.1:
            chosen.append(self.experts)
        return [
            PoolMembership(
                person=person, pool=pool, owner=person.owner, joined_on=person.entered_on,
                is_main_team=pool is chosen[0],
            )
            for pool in chosen
        ]  # fmt: skip

    def _education(self, person: Person) -> Education:
        return Education(
            person=person, owner=person.owner, education=person.education, degree=person.degree,
            school=person.school, major=person.major,
            obtained_on=datetime.date(person.birth_date.year + 22, 7, 1),
        )  # fmt: skip

    def _title(self, person: Person) -> Title:
        year = self.random.choice((2019, 2020, 2021, 2022))
        return Title(
            person=person, owner=person.owner, name=person.title, level=person.title_level,
            obtained_on=datetime.date(year, 12, 1),
        )  # fmt: skip

    def _classes(self, people: list[Person]) -> None:
        """Classes of fifty in 2021 and 2022; everybody attends one in each year."""
        classes, audiences, enrolments = [], [], []
        for start in range(0, len(people), 50):
            for year in (2021, 2022):
                group = people[start : start + 50]
                held = self._class(year, group)
                classes.append(held)
                audiences.append(
                    ClassAudience(
                        training_class=held, owner=held.owner, category="1", person_times=len(group)
                    )
                )
                enrolments += [
                    Enrolment(training_class=held, person=p, owner=held.owner, result="passed",
                              category="1")
                    for p in group
                ]  # fmt: skip
        for rows in (classes, audiences, enrolments):
            save(rows)

    def _class(self, year: int, group: list[Person]) -> TrainingClass:
        number = next(self.numbers)
        starts = datetime.date(year, 1 + number % 12, 1 + number % 28)
        return TrainingClass(
            code=f"PX{year}{number:06}", name=f"{year}年业务能力提升班（第{number}期）",
            owner=self.root, level=str(2 + number % 3), kind="special", topic="02",
            starts_on=starts, ends_on=starts, head_count=len(group), cost=300 * len(group),
        )  # fmt: skip
