"""Careers, public roles, expert titles, recognitions and what units report, of the demo district.

All people, units elsewhere and figures are fictional.
"""

import datetime
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from apps.metrics.models import Metric, ReportedFigure
from apps.organizations.models import Unit
from apps.setup.demo.district import YEARS, Demo
from apps.talents.models import (
    Career,
    ExpertTitle,
    OrganisationKind,
    Person,
    PublicRole,
    Recognition,
)

Kind, Basis = OrganisationKind, ReportedFigure.Basis
ELSEWHERE = {
    Kind.OFFICE: ("青浦县水利局", "青浦县财政局", "东岭区住房和城乡建设局"),
    Kind.INSTITUTION: ("东岭区第三中学", "青浦县人民医院", "东岭区农业科学研究所"),
    Kind.COMPANY: ("东岭建材有限公司", "青浦茶业有限公司", "东岭信息技术有限公司"),
}
POSTS = {Kind.OFFICE: "科员", Kind.INSTITUTION: "专业技术人员", Kind.COMPANY: "部门经理"}
TEAM_OF = {Kind.OFFICE: "party", Kind.INSTITUTION: "technical", Kind.COMPANY: "management"}
FLOWS = {  # people who moved from one kind of workplace to another, in each of the years
    (Kind.OFFICE, Kind.INSTITUTION): (1, 2), (Kind.OFFICE, Kind.COMPANY): (1, 1),
    (Kind.INSTITUTION, Kind.OFFICE): (3, 5), (Kind.INSTITUTION, Kind.COMPANY): (2, 3),
    (Kind.COMPANY, Kind.OFFICE): (0, 1), (Kind.COMPANY, Kind.INSTITUTION): (3, 4),
}  # fmt: skip

# title, level, round, obtained on, managed until, allowance, how many, industries of the unit
TITLES = (
    ("04", "4", "第三批", "2019-05-20", "2022-05-19", "每月300元，按季发放", 24, ""),
    ("04", "4", "第四批", "2022-06-30", "2025-06-29", "每月400元，按季发放", 30, ""),
    ("04", "3", "第六批", "2022-09-08", "2025-09-07", "每月800元，按季发放", 4, ""),
    ("05", "4", "第一批", "2020-09-10", "2023-09-09", "每月500元，按季发放", 10, ""),
    ("05", "4", "第二批", "2022-09-10", "2025-09-09", "每月500元，按季发放", 14, ""),
    ("02", "3", "2021年度", "2021-11-05", "2024-11-04", "", 3, ""),
    ("02", "3", "2022年度", "2022-11-08", "2025-11-07", "", 4, ""),
    ("06", "4", "首届", "2021-09-08", "", "", 6, "P"),
    ("06", "4", "第二届", "2022-09-08", "", "", 8, "P"),
    ("07", "4", "首届", "2021-08-17", "", "", 5, "Q"),
    ("07", "4", "第二届", "2022-08-17", "", "", 6, "Q"),
    ("08", "4", "首届", "2022-04-28", "", "", 7, "C"),
    ("09", "4", "首届", "2022-05-19", "", "", 3, "S"),
)  # fmt: skip
FIELDS = {"P": "教育教学", "Q": "医疗卫生", "C": "机械制造", "M": "特色农业", "I": "计算机技术"}
LEARNED = ("11", "14", "21")
EXITS = ("1", "1", "2", "3", "4")  # of the third round, when its term was over

# catalogue, tiers, day, how many a year, team
RECOGNISED = (
    ("1", "ABCDE", (7, 15), {2021: 18, 2022: 26}, "technical"),
    ("2", "BCD", (7, 15), {2021: 2, 2022: 3}, "technical"),
    ("3", "CDE", (9, 20), {2021: 8, 2022: 12}, "management"),
    ("4", "EF", (9, 20), {2021: 10, 2022: 14}, "management"),
    ("5", ("11", "12", "13"), (11, 10), {2021: 22, 2022: 18}, "rural"),
    ("6", ("11", "12", "13"), (12, 5), {2021: 25, 2022: 34}, "rural"),
)  # fmt: skip

SPENDING = {  # 万元, by year
    "区委组织部": (186, 213.5), "区人力资源和社会保障局": (142.8, 155), "区教育局": (96.4, 108.2),
    "区卫生健康局": (88, 121.6), "区农业农村局": (64.5, 70.3), "区工业和信息化局": (52, 61.7),
    "区科学技术局": (73.2, 80), "区文化和旅游局": (28.6, 31.4), "松溪镇人民政府": (12, 15.5),
    "茶岭镇人民政府": (10.8, 13.2), "云岭机械制造有限公司": (120, 138),
    "山泉食品股份有限公司": (45, 52.6),
}  # fmt: skip
SURVEY = {  # people, by year: the yearly survey, larger than the register
    "talents": (18230, 19110), "party": (1986, 2014), "management": (2740, 2905),
    "technical": (7320, 7645), "skilled": (3480, 3720), "rural": (3150, 3310), "social": (265, 312),
}  # fmt: skip
SAMPLED = {"talents", "management", "skilled"}
STANDING_IN = {"titles-town25": (9, 12)}  # nobody registers these one by one


def load(demo: Demo) -> None:
    """Fill the area; everybody is somebody of the register."""
    crowd = _Crowd(demo)
    for rows in (_careers(crowd), _roles(crowd), _titles(crowd), _recognitions(crowd)):
        demo.save(rows)
    demo.save(_reported(demo))


class _Crowd:
    """People of the register by team, and chance of this area's own."""

    def __init__(self, demo: Demo) -> None:
        self.random: Random = demo.random("titles")
        main = {row.person.pk: row.pool.code for row in demo.people.memberships if row.is_main_team}
        self.by_team: dict[str, list[Person]] = {}
        for person in demo.people.people:
            if person.left_on is None:
                self.by_team.setdefault(main[person.pk], []).append(person)

    def some(self, people: Iterable[Person], count: int, on: datetime.date) -> list[Person]:
        """A few who are on the books on a day."""
        known = [person for person in people if person.entered_on <= on]
        return self.random.sample(known, min(count, len(known)))


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _careers(crowd: _Crowd) -> list[Career]:
    """One post each for a good many; two for those who moved between kinds of workplaces."""
    rows: list[Career] = []
    moved: set[Any] = set()
    for (source, target), counts in FLOWS.items():
        for year, count in zip(YEARS, counts, strict=True):
            new = [p for p in crowd.by_team[TEAM_OF[target]] if p.entered_on.year == year]
            new = [p for p in new if p.pk not in moved and Kind.of_unit_type(p.unit.type) == target]
            for person in crowd.random.sample(new, min(count, len(new))):
                rows += _move(crowd.random, person, source, target)
                moved.add(person.pk)
    for kind, team in TEAM_OF.items():
        stayed = [p for p in crowd.by_team[team] if p.pk not in moved and p.work_started_on]
        for person in crowd.random.sample(stayed, 60):
            rows.append(_post(person, person.work_started_on, post=person.post or POSTS[kind]))
    return rows


def _move(
    random: Random, person: Person, source: OrganisationKind, target: OrganisationKind
) -> list[Career]:
    month = person.entered_on.replace(day=1)
    started = person.work_started_on or datetime.date(2005, 7, 1)
    before = Career(
        person=person, owner=person.owner, unit_name=random.choice(ELSEWHERE[source]), kind=source,
        post=POSTS[source], starts_on=started, ends_on=max(month, started),
    )  # fmt: skip
    return [before, _post(person, max(month, started), post=person.post or POSTS[target])]


def _post(person: Person, since: Any, *, post: str) -> Career:
    return Career(person=person, owner=person.owner, unit=person.unit, post=post, starts_on=since)


def _roles(crowd: _Crowd) -> list[PublicRole]:
    """The term of the district's bodies changed at the end of 2021; a few were chosen later."""
    rows: list[PublicRole] = []
    used: set[tuple[Any, str, str]] = set()

    def add(team: str, role: str, level: str, term: str, count: int, **days: str) -> None:
        on = _day(days.get("elected_on", "")) or datetime.date(2022, 12, 31)
        for person in crowd.some(crowd.by_team[team], count, on):
            if (person.pk, role, level) in used:
                continue
            used.add((person.pk, role, level))
            dates = {name: _day(day) for name, day in days.items()}
            rows.append(
                PublicRole(
                    person=person, owner=person.owner, role=role, level=level, term=term, **dates
                )
            )

    past = {"elected_on": "2016-12-18", "ends_on": "2021-12-22"}
    now = {"recommended_on": "2021-10-20", "elected_on": "2021-12-22"}
    later = {"recommended_on": "2022-01-12", "elected_on": "2022-02-25"}
    for team, count in (("technical", 9), ("management", 7), ("rural", 4), ("party", 3)):
        add(team, "1", "4", "第十七届", count // 2, **past)
        add(team, "1", "4", "第十八届", count, **now)
        add(team, "2", "4", "第十届", count, **now)
    add("technical", "2", "4", "第十届", 3, **later)
    add("rural", "1", "4", "第十八届", 2, **later)
    add("technical", "2", "3", "第六届", 2, recommended_on="2021-12-01", elected_on="2022-01-08")
    add("management", "1", "3", "第六届", 2, recommended_on="2021-12-01", elected_on="2022-01-08")
    add("technical", "3", "2", "第十三次", 1, recommended_on="2022-03-10", elected_on="2022-04-26")
    add("management", "2", "4", "第十届", 3, recommended_on="2022-11-20")
    return rows


def _titles(crowd: _Crowd) -> list[ExpertTitle]:
    rows: list[ExpertTitle] = []
    holders: dict[tuple[str, str], set[Any]] = {}
    pool = [*crowd.by_team["technical"], *crowd.by_team["management"], *crowd.by_team["skilled"]]
    learned = [person for person in pool if person.education in LEARNED]
    for kind, level, name, day, until, allowance, count, industry in TITLES:
        on = datetime.date.fromisoformat(day)
        held = holders.setdefault((kind, level), set())
        whole = {"": learned, "C": pool, "S": crowd.by_team["party"]}.get(industry, learned)
        fit = [
            person
            for person in whole
            if person.pk not in held and (not industry or person.unit.industry == industry)
        ]
        people = crowd.some(fit, count, on)
        held |= {person.pk for person in people}
        for place, person in enumerate(people):
            row = ExpertTitle(
                person=person, owner=person.owner, kind=kind, level=level, round=name,
                field=FIELDS.get(person.unit.industry, "文化旅游"), obtained_on=on,
                managed_until=_day(until), allowance=allowance,
            )  # fmt: skip
            if name == "第三批" and place < len(EXITS):
                row.left_on, row.exit_reason = datetime.date(2022, 5, 20), EXITS[place]
            rows.append(row)
    return rows


def _recognitions(crowd: _Crowd) -> list[Recognition]:
    rows: list[Recognition] = []
    for catalogue, tiers, (month, day), counts, team in RECOGNISED:
        known: set[Any] = set()
        for year in YEARS:
            on = datetime.date(year, month, day)
            free = [person for person in crowd.by_team[team] if person.pk not in known]
            people = crowd.some(free, counts[year], on)
            known |= {person.pk for person in people}
            for place, person in enumerate(people, start=1):
                rows.append(
                    Recognition(
                        person=person, owner=person.owner, catalogue=catalogue,
                        tier=crowd.random.choice(tiers),
                        number=f"云才认{year}{catalogue}{place:03}",
                        issuer="区农业农村局" if team == "rural" else "区人才工作领导小组",
                        starts_on=on, ends_on=on.replace(year=year + 5),
                    )
                )  # fmt: skip
    return rows


def _reported(demo: Demo) -> list[ReportedFigure]:
    """What units report for each year: spending by unit, the survey and one count by a bureau."""
    units = {unit.name: unit for unit in Unit.objects.all()}
    metrics = {metric.key: metric for metric in Metric.objects.all()}
    rows: list[ReportedFigure] = []

    def add(key: str, unit: Unit, values: Sequence[float], source: str, **more: Any) -> None:
        for year, value in zip(YEARS, values, strict=True):
            rows.append(
                ReportedFigure(
                    metric=metrics[key], unit=unit, owner=unit, year=year, value=str(value),
                    source=source.format(year=year), as_of=datetime.date(year, 12, 31), **more,
                )
            )  # fmt: skip

    for name, values in SPENDING.items():
        add("talent-spending", units[name], values, "{year}年部门决算")
    for key, values in SURVEY.items():
        basis = Basis.SAMPLE if key in SAMPLED else Basis.FULL
        add(f"survey-{key}", demo.owner, values, "{year}年度人才资源统计年报", basis=basis)
    for key, values in STANDING_IN.items():
        add(key, units["区人力资源和社会保障局"], values, "{year}年职称聘任备案表")
    return rows
