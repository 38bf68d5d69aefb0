"""People of the demo district, their memberships, educations and titles."""

import datetime
from dataclasses import dataclass, field
from random import Random
from typing import Any

from apps.organizations.models import Unit
from apps.setup.demo import names
from apps.talents.models import Education, Person, Pool, PoolMembership, Title

COUNT = 1200
TEAM_SIZES = {
    "party": 262, "management": 148, "technical": 410, "skilled": 150, "rural": 168, "social": 62,
}  # fmt: skip
TITLES = {
    "Q": ("主任医师", "副主任医师", "主治医师", "医师"),
    "P": ("正高级教师", "高级教师", "一级教师", "二级教师"),
    "M": ("正高级农艺师", "高级农艺师", "农艺师", "助理农艺师"),
    "": ("正高级工程师", "高级工程师", "工程师", "助理工程师"),
}
LEVELS = ("411", "412", "420", "434")
MAJORS = {
    "Q": ("临床医学", "中医学", "护理学", "药学"),
    "P": ("教育学", "汉语言文学", "数学与应用数学", "英语"),
    "M": ("农学", "林学", "植物保护"),
    "A": ("农学", "园艺", "畜牧兽医"),
    "C": ("机械设计制造及其自动化", "材料科学与工程", "食品科学与工程", "电气工程"),
    "S": ("法学", "公共管理", "经济学", "汉语言文学"),
    "": ("会计学", "计算机科学与技术", "土木工程", "工商管理"),
}
SCHOOLS = (
    "省师范大学",
    "省农业大学",
    "理工大学",
    "医科大学",
    "财经大学",
    "民族大学",
    "省委党校",
    "市职业技术学院",
)
FIELDS = ("特色农业", "机械制造", "新材料", "计算机技术", "医疗卫生", "教育教学", "文化旅游")
EDUCATION = {
    "party": (("14", 12), ("21", 66), ("31", 20), ("41", 2)),
    "management": (("14", 6), ("21", 48), ("31", 34), ("61", 12)),
    "technical": (("11", 2), ("14", 13), ("21", 58), ("31", 22), ("41", 5)),
    "skilled": (("21", 10), ("31", 40), ("41", 35), ("61", 15)),
    "rural": (("31", 8), ("41", 22), ("61", 40), ("71", 30)),
    "social": (("14", 3), ("21", 45), ("31", 42), ("41", 10)),
}
DEGREE = {"11": "2", "14": "3", "21": "4"}


@dataclass
class People:
    """Rows to be saved, in the order in which they must be saved."""

    people: list[Person] = field(default_factory=list)
    memberships: list[PoolMembership] = field(default_factory=list)
    educations: list[Education] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)


def make(random: Random, units: dict[str, list[Unit]], pools: dict[str, Pool]) -> People:
    """``units``: the units whose people belong to each team, by the team's pool."""
    made = People()
    teams = [team for team, size in TEAM_SIZES.items() for _ in range(size)]
    for order, team in enumerate(teams):
        person = _person(random, order, team, random.choice(units[team]))
        made.people.append(person)
        _join(random, made, person, team, pools)
        _educate(random, made, person)
        if team == "technical" and random.random() < 0.72:
            _title(random, made, person)
    for person, name in zip(made.people[300:], names.RARE, strict=False):
        person.name = name
    return made


def _person(random: Random, order: int, team: str, unit: Unit) -> Person:
    man = random.random() < (0.45 if team in ("technical", "social") else 0.64)
    year = random.choices(range(1963, 1999), weights=[2] * 8 + [3] * 20 + [2] * 8)[0]
    born = datetime.date(year, random.randint(1, 12), random.randint(1, 28))
    codes, weights = zip(*EDUCATION[team], strict=True)
    education = random.choices(codes, weights)[0]
    started = datetime.date(year + random.choice((20, 21, 22, 23)), random.choice((7, 8, 9)), 1)
    entered = _day_in(
        random, random.choices((2018, 2019, 2020, 2021, 2022), (20, 25, 35, 8, 12))[0]
    )
    person = Person(
        name=names.person_name(random, man),
        id_number=names.identity_number(born, order, man),
        sex="1" if man else "2",
        birth_date=born,
        ethnic=random.choices(("01", "06", "07", "15"), (84, 7, 5, 4))[0],
        political_status=random.choices(
            ("01", "05", "13"), (92, 3, 5) if team == "party" else (38, 6, 56)
        )[0],
        work_started_on=started,
        education=education,
        degree=DEGREE.get(education, "") if education != "21" or random.random() < 0.7 else "",
        school=random.choice(SCHOOLS),
        major=random.choice(MAJORS.get(unit.industry, MAJORS[""])),
        unit=unit,
        owner=unit,
        mobile=names.mobile(order + 1),
        entered_on=entered,
    )
    if random.random() < 0.03 and entered.year < 2021:
        person.left_on = _day_in(random, random.choice((2021, 2022)))
        person.leave_reason = random.choice(("调出本区", "辞职", "退休"))
    _place(random, person, team)
    return person


def _place(random: Random, person: Person, team: str) -> None:
    """Post, rank and skill by team."""
    if team == "party":
        person.rank = random.choices(("141", "142", ""), (16, 24, 60))[0]
        person.grade = random.choice(("Z07", "Z08", "Z10", "Z11"))
        person.post = {"141": "主要负责人", "142": "副职领导"}.get(person.rank, "科员")
    elif team == "management":
        person.post = random.choice(("总经理", "副总经理", "生产部部长", "市场部部长"))
    elif team == "skilled":
        person.skill_level = random.choices(("1", "2", "3"), (12, 30, 58))[0]
    elif team == "rural":
        person.speciality = random.choice(
            ("茶叶种植加工", "食用菌栽培", "畜禽养殖", "果树嫁接", "农机维修")
        )


def _join(random: Random, made: People, person: Person, team: str, pools: dict[str, Pool]) -> None:
    """Open memberships: the main team, sometimes a second one, and the special pools."""

    def add(code: str, joined: datetime.date, **more: Any) -> None:
        row = PoolMembership(
            person=person, pool=pools[code], joined_on=joined, owner=person.owner, **more
        )
        row.left_on, row.leave_reason = person.left_on, person.leave_reason
        if row.left_on is None or row.left_on >= joined:
            made.memberships.append(row)

    add(team, person.entered_on, is_main_team=True)
    senior = person.education in ("11", "14", "21")
    if team in ("management", "party") and senior and random.random() < 0.12:
        add("technical", person.entered_on)
    if team == "technical" and senior and random.random() < 0.28:
        add("expert", _after(random, person.entered_on), field=random.choice(FIELDS), level="4")
    if team == "party" and born_in(person) >= 1987 and random.random() < 0.75:
        add("young-cadres", _after(random, person.entered_on))
    if team == "technical" and born_in(person) < 1967 and random.random() < 0.6:
        add("veteran", _after(random, person.entered_on))
    if team == "management" and random.random() < 0.18:
        add("away", _after(random, person.entered_on))


def _educate(random: Random, made: People, person: Person) -> None:
    years = {"11": 29, "14": 26, "21": 23, "31": 22, "41": 19, "61": 18, "71": 15}
    done = min(born_in(person) + years[person.education], 2021)
    made.educations.append(
        Education(
            person=person,
            owner=person.owner,
            education=person.education,
            degree=person.degree,
            school=person.school,
            major=person.major,
            obtained_on=datetime.date(done, 7, 1),
        )
    )


def _title(random: Random, made: People, person: Person) -> None:
    """One title, its level by age; some were obtained in the two years of the demo."""
    age = 2022 - born_in(person)
    weights = (5, 24, 46, 25) if age > 42 else (0, 8, 46, 46) if age > 32 else (0, 0, 22, 78)
    index = random.choices(range(4), weights)[0]
    year = random.choices((2021, 2022, 2012 + index), (12, 16, 72))[0]
    person.title = TITLES.get(person.unit.industry, TITLES[""])[index]
    person.title_level = LEVELS[index]
    made.titles.append(
        Title(
            person=person,
            owner=person.owner,
            name=person.title,
            level=person.title_level,
            obtained_on=datetime.date(year, random.randint(3, 12), 1),
        )
    )


def born_in(person: Person) -> int:
    """Year of birth; made-up people all have one."""
    return person.birth_date.year if person.birth_date else 0


def _day_in(random: Random, year: int) -> datetime.date:
    return datetime.date(year, random.randint(1, 12), random.randint(1, 28))


def _after(random: Random, day: datetime.date) -> datetime.date:
    """A day in 2021 or 2022, or the day itself when that is later."""
    return max(day, _day_in(random, random.choice((2020, 2021, 2022))))
