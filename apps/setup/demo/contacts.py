"""Leaders, whom they keep in touch with, visits and requests of the demo district."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

from apps.accounts.models import User
from apps.contacts.models import ContactLink, Leader, ServiceRequest, Visit
from apps.organizations.models import Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.setup.demo import names
from apps.setup.demo.district import YEARS, Demo
from apps.talents.models import Person

POSTS = (
    "区委书记", "区委副书记、区长", "区人大常委会主任", "区政协主席", "区委副书记",
    "区委常委、组织部部长", "区委常委、常务副区长", "区委常委、宣传部部长",
    "副区长（分管教育）", "副区长（分管工业）", "副区长（分管农业）", "区政协副主席",
)  # fmt: skip
USER_OF = "区委常委、组织部部长"  # the demo account 分管领导 is this one's
EXPERTS = (2, 2, 2, 2, 2, 5, 4, 3, 4, 3, 3, 2)  # of each leader
DEPARTMENTS = ("区科学技术局", "区工业和信息化局", "区农业农村局", "区人力资源和社会保障局")
FIRST, LAST = datetime.date(YEARS[0], 1, 1), datetime.date(YEARS[1], 12, 31)
WORDS = {
    "1": ("实地走访，了解项目进展", "看望专家，听取意见", "了解科研条件和团队情况"),
    "2": ("座谈听取人才工作意见", "交流产业技术需求", "讨论人才培养和引进"),
    "3": ("春节慰问", "节日慰问", "教师节慰问", "病中慰问"),
    "4": ("电话了解近况", "电话回访诉求办理情况"),
}
# topic, what is asked, how it ends, who handles it
REQUESTS = (
    ("01", "配偶随迁，希望协调就业岗位", "已推荐到区职业技术学校就业", "区人力资源和社会保障局"),
    ("02", "子女转学到城区小学", "已协调到区实验小学就读", "区教育局"),
    ("02", "子女入读幼儿园", "已安排学位", "区教育局"),
    ("03", "申请人才公寓", "已安排周转住房", "区人力资源和社会保障局"),
    ("04", "希望参加专家健康体检", "已列入年度体检名单", "区卫生健康局"),
    ("06", "科技计划项目申报指导", "已上门辅导并完成申报", "区科学技术局"),
    ("07", "人才补贴发放时间咨询", "补贴已发放", "区财政局"),
    ("08", "副高职称评审材料审核", "材料已审核上报", "区人力资源和社会保障局"),
    ("09", "购置实验设备经费不足", "已纳入平台建设资金支持", "区科学技术局"),
    ("11", "柔性引才政策咨询", "已书面答复", "区人力资源和社会保障局"),
)
OF_FIRMS = (
    ("10", "新建车间用工不足", "已组织专场招聘", "区人力资源和社会保障局"),
    ("06", "高新技术企业申报指导", "已完成申报", "区科学技术局"),
    ("07", "引才奖补资金申请", "奖补资金已兑现", "区财政局"),
    ("10", "扩建用地手续办理", "手续已办结", "区工业和信息化局"),
)


def load(demo: Demo) -> None:
    random = demo.random("contacts")
    units = {unit.name: unit for unit in Unit.objects.all()}
    leaders = [
        Leader(name=names.person_name(random, number % 3 != 1), post=post, order=number * 10)
        for number, post in enumerate(POSTS, start=1)
    ]
    demo.save(leaders)
    experts = _experts(demo, random)
    firms = [unit for unit in units.values() if unit.type == "32"]
    links = _links(demo, random, leaders, experts, firms, units)
    demo.save(links)
    demo.save([visit for link in links for visit in _visits(random, link)])
    asking: list[tuple[Any, Any]] = [(link.person, None) for link in links if link.person]
    asking += [(None, link.unit) for link in links if link.unit]
    demo.save([_request(demo, random, units, *random.choice(asking)) for _ in range(150)])


def _experts(demo: Demo, random: Random) -> list[Person]:
    """People with a senior title or a post in a firm, who stayed."""
    found = [
        person
        for person in demo.people.people
        if not person.left_on
        and person.entered_on < FIRST
        and (person.title_level in ("411", "412") or person.post in ("总经理", "副总经理"))
    ]
    return random.sample(found, sum(EXPERTS) - 4)  # a few are kept in touch with by two leaders


def _links(
    demo: Demo,
    random: Random,
    leaders: list[Leader],
    experts: list[Person],
    firms: list[Unit],
    units: dict[str, Unit],
) -> list[ContactLink]:
    """Experts for each leader, firms for some departments; a few links have ended."""
    links, pool = [], [*experts, *experts[:4]]
    for leader, count in zip(leaders, EXPERTS, strict=True):
        for person in [pool.pop(0) for _ in range(count)]:
            starts = FIRST if random.random() < 0.8 else datetime.date(YEARS[1], 1, 1)
            links.append(
                ContactLink(leader=leader, person=person, starts_on=starts, owner=person.owner)
            )
    for number, firm in enumerate(random.sample(firms, min(len(firms), 8))):
        department = units[DEPARTMENTS[number % len(DEPARTMENTS)]]
        links.append(
            ContactLink(department=department, unit=firm, starts_on=FIRST, owner=demo.owner)
        )
    for link in random.sample(links[:20], 2):
        link.ends_on = max(link.starts_on, datetime.date(YEARS[0], 12, 31))
    return links


def _visits(random: Random, link: ContactLink) -> list[Visit]:
    """About one a quarter; some links are neglected for a while."""
    made, open_before = [], 0
    careful = random.random() < 0.6
    for year in YEARS:
        for first in (1, 4, 7, 10):
            day = datetime.date(year, first + random.randint(0, 2), random.randint(1, 28))
            lasts = link.starts_on <= day and (link.ends_on is None or day <= link.ends_on)
            if not lasts or random.random() > (0.9 if careful else 0.35):
                continue
            visit = _visit(random, link, day, open_before)
            open_before += visit.difficulties - visit.solved
            made.append(visit)
    return made


def _visit(random: Random, link: ContactLink, day: datetime.date, open_before: int) -> Visit:
    form = random.choices(("1", "2", "3", "4"), (5, 3, 2, 2))[0]
    difficulties = random.choices((0, 1, 2), (4, 4, 2))[0]
    here = random.randint(0, difficulties)
    earlier = 1 if open_before and random.random() < 0.5 else 0
    return Visit(
        link=link, owner=link.owner, visited_on=day, form=form, summary=random.choice(WORDS[form]),
        opinions=random.choices((0, 1, 2, 3), (2, 4, 3, 1))[0], difficulties=difficulties,
        solved=here + earlier, solved_earlier=earlier,
    )  # fmt: skip


def _request(
    demo: Demo, random: Random, units: dict[str, Unit], person: Person | None, firm: Unit | None
) -> ServiceRequest:
    """Most are closed in time; of those of the last weeks some are open, a few of them late."""
    topic, content, result, handler = random.choice(OF_FIRMS if firm else REQUESTS)
    received = FIRST + datetime.timedelta(days=random.randint(0, (LAST - FIRST).days - 6))
    done = received + datetime.timedelta(days=random.randint(1, 38))
    is_left = received.year == YEARS[1] and random.random() < 0.12
    closed = None if done > LAST or is_left else done
    rated = random.choices(("satisfied", "fair", "dissatisfied", ""), (68, 19, 6, 7))[0]
    return ServiceRequest(
        person=person, unit=firm, owner=person.owner if person else demo.owner, topic=topic,
        content=content, channel=random.choices(("1", "2", "3", "4"), (4, 2, 3, 3))[0],
        received_on=received, due_on=received + datetime.timedelta(days=30),
        handler=units[handler], closed_on=closed, result=result if closed else "",
        satisfaction=rated if closed else "",
    )  # fmt: skip


def give_account(username: str) -> None:
    """Make a demo account the one of a leader, so that it has experts of its own."""
    user = User.objects.filter(username=username).first()
    leader = Leader.objects.filter(post=USER_OF, user=None).first()
    if user is not None and leader is not None:
        leader.user = user
        registry.of(Leader).save(leader, by=Actor.system("装载演示数据"))
