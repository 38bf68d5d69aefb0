"""Training classes of the demo district with their audiences and participants."""

import datetime
from dataclasses import dataclass, field
from random import Random

from apps.organizations.models import Unit
from apps.setup.demo.people import People
from apps.talents.models import Person
from apps.training.models import ClassAudience, Enrolment, TrainingClass

Kind, State = TrainingClass.Kind, TrainingClass.State
# team or audience, subject, kind, level, topic, place; one line is held in each year
PROGRAMME = (
    ("cadre", "科级干部政治能力提升", Kind.SPECIAL, "4", "01", "区委党校"),
    ("cadre", "科级干部履职能力", Kind.SPECIAL, "4", "13", "区委党校"),
    ("party", "优秀年轻干部理论进修", Kind.MAIN, "4", "01", "区委党校"),
    ("party", "中青年干部", Kind.ASSIGNED, "3", "01", "市委党校"),
    ("party", "乡村振兴专题", Kind.ASSIGNED, "2", "04", "省委党校"),
    ("party", "公共治理专题", Kind.AWAY, "4", "13", "理工大学"),
    ("party", "先进地区考察学习", Kind.VISIT, "4", "04", "邻市先进区"),
    ("village", "村干部综合能力", Kind.ROTATION, "4", "04", "区委党校"),
    ("village", "村党组织书记示范", Kind.ASSIGNED, "3", "04", "市委党校"),
    ("management", "企业家创新发展", Kind.AWAY, "4", "09", "财经大学"),
    ("management", "优秀企业经营管理人才", Kind.ASSIGNED, "3", "09", "理工大学"),
    ("management", "金融与资本运作讲座", Kind.LECTURE, "4", "08", "区工业和信息化局"),
    ("technical", "骨干教师教学能力", Kind.SPECIAL, "4", "10", "区实验小学"),
    ("technical", "基层医师临床技能", Kind.ROTATION, "4", "11", "区第一人民医院"),
    ("technical", "专业技术人员外出进修", Kind.STUDY, "4", "02", "医科大学"),
    ("technical", "科技创新专题", Kind.SPECIAL, "3", "03", "省农业大学"),
    ("technical", "优秀专家研修", Kind.AWAY, "4", "03", "省委党校"),
    ("skilled", "数控加工技能提升", Kind.SPECIAL, "4", "14", "区职业技术学校"),
    ("skilled", "焊接技能大赛集训", Kind.SPECIAL, "4", "14", "云岭机械制造有限公司"),
    ("rural", "茶叶种植加工技术", Kind.SPECIAL, "4", "07", "茶岭镇云雾村"),
    ("rural", "食用菌栽培技术", Kind.LECTURE, "4", "07", "松溪镇桃源村"),
    ("rural", "生态养殖技术", Kind.SPECIAL, "4", "06", "石门镇石鼓村"),
    ("rural", "农村电商实务", Kind.SPECIAL, "4", "05", "区职业技术学校"),
    ("grassroots", "基层实用技术讲座", Kind.LECTURE, "4", "07", "各镇街"),
    ("migrant", "家政服务技能", Kind.SPECIAL, "4", "14", "区职业技术学校"),
    ("migrant", "电工操作技能", Kind.SPECIAL, "4", "14", "区职业技术学校"),
    ("social", "社会工作实务", Kind.SPECIAL, "4", "13", "区委党校"),
)
AUDIENCE = {
    "party": "1", "management": "2", "technical": "3", "skilled": "4", "rural": "5", "social": "6",
    "village": "11", "cadre": "14", "grassroots": "12", "migrant": "13",
}  # fmt: skip
ORGANISERS = {"4": "区委组织部", "3": "市委组织部", "2": "省委组织部"}


@dataclass
class Training:
    classes: list[TrainingClass] = field(default_factory=list)
    audiences: list[ClassAudience] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)


def make(random: Random, owner: Unit, people: People) -> Training:
    """The programme in 2021 and, longer, in 2022; a few classes of 2022 stayed plans."""
    made = Training()
    teams = {row.person.pk: row.pool.code for row in people.memberships if row.is_main_team}
    by_team: dict[str, list[Person]] = {}
    for person in people.people:
        by_team.setdefault(teams.get(person.pk, ""), []).append(person)
    by_team["cadre"] = [person for person in by_team["party"] if person.rank]
    for year in (2021, 2022):
        lines = list(PROGRAMME) + (random.sample(PROGRAMME, 8) if year == 2022 else [])
        for number, line in enumerate(lines, start=1):
            planned = year == 2022 and number > len(lines) - 4
            _class(random, made, owner, by_team, year, number, line, planned)
    return made


def _class(
    random: Random,
    made: Training,
    owner: Unit,
    by_team: dict[str, list[Person]],
    year: int,
    number: int,
    line: tuple[str, str, str, str, str, str],
    planned: bool,
) -> None:
    group, subject, kind, level, topic, place = line
    starts = datetime.date(year, random.randint(3, 12), random.randint(1, 24))
    count = 0 if planned else random.randint(18, 66)
    row = TrainingClass(
        code=f"PX{year}{number:03}", name=f"{year}年{subject}培训班（第{number}期）", owner=owner,
        level=level, organiser=ORGANISERS[level], kind=kind, topic=topic, place=place,
        trade=subject[:2] if group == "migrant" else "",
        starts_on=starts, ends_on=starts + datetime.timedelta(days=random.randint(0, 6)),
        status=State.PLANNED if planned else State.HELD,
        in_plan=number <= len(PROGRAMME) or planned,
        head_count=count, cost=count * random.choice((180, 260, 420, 650)),
    )  # fmt: skip
    made.classes.append(row)
    if planned:
        return
    made.audiences.append(
        ClassAudience(training_class=row, owner=owner, category=AUDIENCE[group], person_times=count)
    )
    pool = [p for p in by_team.get(group, by_team["rural"]) if p.entered_on <= starts]
    for person in random.sample(pool, min(int(count * 0.8), len(pool))):
        made.enrolments.append(
            Enrolment(
                training_class=row,
                person=person,
                owner=owner,
                category=AUDIENCE[group],
                result=random.choices(("passed", "excellent"), (9, 1))[0],
                certificate="职业技能等级证书" if group == "migrant" else "",
                is_employed=group == "migrant" and random.random() < 0.6,
            )
        )
