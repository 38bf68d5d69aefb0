"""Schemes, awards and honours of the demo district, with who received them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from random import Random

from apps.awards.models import Award, AwardRecipient, AwardScheme
from apps.organizations.models import Unit
from apps.setup.demo.district import YEARS, Demo
from apps.setup.demo.people import born_in
from apps.talents.models import Person

To, Counted = Award.RecipientKind, Award.Appraisal
# name, kind, status, effect on the appraisal, cycle
SCHEMES = (
    ("科技进步奖", "prize", "in_place", "priority", "每年"),
    ("技术发明奖", "prize", "in_place", "priority", "每年"),
    ("科技突出贡献奖", "prize", "in_place", "priority", "每年"),
    ("招商引资奖", "prize", "in_place", "priority", "每年"),
    ("纳税贡献奖", "prize", "in_place", "none", "每年"),
    ("优秀企业家", "selection", "in_place", "none", "每年"),
    ("优秀青年创新创业人才", "selection", "in_place", "on_record", "每年"),
    ("科普社区", "honour", "in_place", "none", "每年"),
    ("人才工作先进单位", "honour", "in_place", "none", "每年"),
    ("科普工作先进单位", "honour", "in_place", "none", "不定期"),
    ("科技创新先进区", "honour", "in_place", "none", "每两年"),
    ("人才工作先进区", "honour", "in_place", "none", "每年"),
    ("全国科普示范区", "honour", "in_place", "none", "每五年"),
    ("省级人才发展示范区", "honour", "in_place", "none", "每三年"),
    ("人才工作创新奖", "prize", "intended", "priority", "每两年"),
    ("乡土人才贡献奖", "prize", "intended", "on_record", "每年"),
    ("外来投资突出贡献奖", "prize", "stopped", "none", "每年"),
)
# scheme, team of the people, how many in each year, what each may get, does it go to projects?
PEOPLE = (
    ("科技进步奖", "technical", (6, 8), (10000, 30000, 50000), True),
    ("技术发明奖", "technical", (2, 3), (20000, 50000), True),
    ("科技突出贡献奖", "technical", (2, 2), (100000,), False),
    ("招商引资奖", "party", (7, 9), (5000, 10000, 20000), False),
    ("优秀企业家", "management", (5, 6), (20000,), False),
    ("优秀青年创新创业人才", "skilled", (4, 6), (10000,), False),
)
RANKS = {10000: "三等奖", 20000: "二等奖", 30000: "二等奖", 50000: "一等奖"}
FIRMS = (("招商引资奖", 3, (50000, 100000)), ("纳税贡献奖", 4, (100000, 200000, 300000)))
# industry of the winner's unit → field and projects; the last for all others
PROJECTS = {
    "Q": ("医疗卫生", (
        "基层慢病随访管理平台", "中医适宜技术推广", "妇幼保健信息互通", "县域胸痛急救流程优化",
        "围术期康复护理模式", "药事服务下沉机制", "院内感染预警方法", "老年跌倒风险筛查",
    )),
    "P": ("教育教学", (
        "初中物理实验教具", "山区小学复式教学模式", "劳动教育课程资源", "心理健康筛查工具",
        "数学分层作业设计", "职业技能实训平台", "乡土美术课程", "信息技术项目化教学",
    )),
    "": ("技术创新", (
        "云雾茶低温萎凋工艺", "高山食用菌周年栽培技术", "精密模具快速换型装置",
        "智能灌溉控制系统", "林下中药材种植模式", "冷链食品保鲜包装", "山地果园轨道运输机",
        "新型生物有机肥", "机械臂焊缝跟踪方法", "薄壁铸件成型工艺", "竹材加工剩余物利用",
        "茶园病虫害绿色防控", "小型农机远程运维系统", "生猪粪污资源化利用", "电商仓配一体化系统",
        "建筑垃圾再生骨料应用",
    )),
}  # fmt: skip
COMMUNITIES = (
    "城东街道东门社区", "城东街道南苑社区", "城东街道书院社区", "河滨街道望江社区",
    "河滨街道码头社区", "河滨街道柳堤社区", "松溪镇集镇社区", "茶岭镇茶场社区",
    "石门镇石桥社区", "望江乡渡口社区", "城东街道文昌社区", "河滨街道新民社区",
)  # fmt: skip
BODIES = {"1": "国家有关部委", "2": "省委、省政府", "3": "市委、市政府", "4": "区委、区政府"}
# year, scheme, level, what the member units received
UNITS = (
    (2021, "人才工作先进单位", "3", "区人力资源和社会保障局"),
    (2021, "科普工作先进单位", "3", "区科学技术局"),
    (2022, "人才工作先进单位", "3", "区农业农村局"),
    (2022, "人才工作先进单位", "3", "区教育局"),
    (2022, "科普工作先进单位", "2", "区科学技术局"),
)
# year, scheme, level, conferred on (None: still worked for)
HONOURS = (
    (2021, "科技创新先进区", "2", "2021-11-18"),
    (2022, "人才工作先进区", "2", "2022-03-09"),
    (2022, "科技创新先进区", "1", "2022-12-06"),
    (2021, "省级人才发展示范区", "2", "2021-09-15"),
    (2022, "全国科普示范区", "1", None),
)


def load(demo: Demo) -> None:
    """Two years of awards; units become recipients by their names, people are named here."""
    rows = [
        AwardScheme(name=name, kind=kind, status=status, effect=effect, cycle=cycle)
        for name, kind, status, effect, cycle in SCHEMES
    ]
    demo.save(rows)
    made = _Awards(demo, {row.name: row for row in rows})
    for year in YEARS:
        made.people(year)
        made.firms(year)
        made.communities(year)
    made.honours()
    demo.save(made.awards)
    demo.save(made.recipients)


class _Awards:
    def __init__(self, demo: Demo, schemes: dict[str, AwardScheme]) -> None:
        self.demo, self.schemes = demo, schemes
        self.random: Random = demo.random("awards")
        self.projects = {
            key: self.random.sample(names, len(names)) for key, (_, names) in PROJECTS.items()
        }
        self.places = self.random.sample(COMMUNITIES, len(COMMUNITIES))
        self.awards: list[Award] = []
        self.recipients: list[AwardRecipient] = []
        self.by_team: dict[str, list[Person]] = {}
        for row in demo.people.memberships:
            if row.is_main_team:
                self.by_team.setdefault(row.pool.code, []).append(row.person)

    def add(
        self, year: int, scheme: str, level: str, recipient: str, kind: str, **more: object
    ) -> Award:
        more.setdefault("conferred_on", self.day(year))
        award = Award(
            scheme=self.schemes[scheme], year=year, level=level, recipient=recipient,
            recipient_kind=kind, owner=self.demo.owner, conferring_body=BODIES[level], **more,
        )  # fmt: skip
        self.awards.append(award)
        return award

    def day(self, year: int) -> datetime.date:
        return datetime.date(year, self.random.randint(2, 12), self.random.randint(1, 28))

    def people(self, year: int) -> None:
        for scheme, team, counts, amounts, has_project in PEOPLE:
            young = scheme.startswith("优秀青年")
            known = self.present(team, year, born_from=year - 40 if young else 0)
            for person in self.random.sample(known, counts[year - YEARS[0]]):
                amount = self.random.choice(amounts)
                more = self.project(person, amount) if has_project else {}
                award = self.add(
                    year, scheme, "4", person.name, To.PERSON, amount_yuan=Decimal(amount),
                    appraisal=appraisal_of(self.schemes[scheme], person), **more,
                )  # fmt: skip
                self.name(award, [person, *self.helpers(known, person, has_project)])

    def project(self, person: Person, amount: int) -> dict[str, str]:
        """A project that people of such a unit may have, each project once."""
        key = person.unit.industry if self.projects.get(person.unit.industry) else ""
        field, _ = PROJECTS[key]
        return {"project": self.projects[key].pop(), "field": field, "rank": RANKS[amount]}

    def present(self, team: str, year: int, *, born_from: int) -> list[Person]:
        """People of a team who are there the whole year."""
        return [
            person for person in self.by_team[team]
            if person.entered_on.year < year and person.left_on is None
            and born_in(person) >= born_from
        ]  # fmt: skip

    def helpers(self, known: Sequence[Person], first: Person, has_project: bool) -> list[Person]:
        """Those who share the award of a project."""
        others = [person for person in known if person.unit_id == first.unit_id and person != first]
        count = min(self.random.randint(0, 2), len(others)) if has_project else 0
        return self.random.sample(others, count)

    def name(self, award: Award, people: Sequence[Person]) -> None:
        self.recipients += [
            AwardRecipient(award=award, person=person, order=place, owner=award.owner)
            for place, person in enumerate(people, start=1)
        ]

    def firms(self, year: int) -> None:
        units: list[Unit] = [u for u in self.demo.teams["management"] if u.type in ("31", "32")]
        for scheme, count, amounts in FIRMS:
            for unit in self.random.sample(units, count):
                amount = Decimal(self.random.choice(amounts))
                self.add(year, scheme, "4", unit.name, To.UNIT, amount_yuan=amount)

    def communities(self, year: int) -> None:
        for level, count in (("4", 4), ("2", 2)):
            for _ in range(count):
                self.add(year, "科普社区", level, self.places.pop(), To.COMMUNITY)

    def honours(self) -> None:
        for year, scheme, level, unit in UNITS:
            self.add(year, scheme, level, unit, To.UNIT)
        for year, scheme, level, day in HONOURS:
            state = Award.State.CONFERRED if day else Award.State.CREATING
            conferred_on = datetime.date.fromisoformat(day) if day else None
            self.add(
                year, scheme, level, "云岭区", To.DISTRICT, status=state, conferred_on=conferred_on
            )


def appraisal_of(scheme: AwardScheme, person: Person) -> str:
    """A cadre with a rank gets the element of priority, others are put on record."""
    if scheme.effect == AwardScheme.Effect.NONE:
        return Counted.NONE
    return Counted.PRIORITY if person.rank else Counted.ON_RECORD
