"""A small district whose figures can be counted by hand, and the report of its year 2022."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest

from apps.core.periods import Period
from apps.records.actors import Actor
from apps.reports.models import Outline, Report
from apps.reports.services.drafting import draft, new_report, save_settings
from apps.reports.services.outlines import load_outlines
from tests.factories import (
    ClassAudienceFactory,
    IndicatorFactory,
    MeasureFactory,
    PersonFactory,
    PlanItemFactory,
    PolicyFactory,
    PoolFactory,
    PoolMembershipFactory,
    ProblemFactory,
    TrainingClassFactory,
    UnitFactory,
    root_unit,
)

BY = Actor.system("测试")
DAY = datetime.date


@dataclass
class District:
    """The units of the example."""

    root: Any
    hospital: Any
    school: Any


def member(pool: Any, unit: Any, joined: DAY, **facts: Any) -> None:
    person = PersonFactory(unit=unit, owner=unit, entered_on=joined, **facts)
    PoolMembershipFactory(person=person, pool=pool, joined_on=joined, owner=unit)


def training(unit: Any, day: DAY, heads: int, **facts: Any) -> None:
    held = TrainingClassFactory(owner=unit, starts_on=day, ends_on=day, head_count=heads, **facts)
    ClassAudienceFactory(training_class=held, category="3", person_times=heads, owner=unit)


@pytest.fixture
def outlines(db):
    load_outlines(by=BY)


@pytest.fixture
def district(db):
    """Talents: 2 in 2021, 5 in 2022. Trained: 50 in 2021, 40 and 60 in 2022."""
    root = root_unit()
    made = District(
        root,
        UnitFactory(name="区第一人民医院", parent=root),
        UnitFactory(name="云岭中学", parent=root),
    )
    party = PoolFactory(code="party", name="党政人才", kind="team", category="1", order=1)
    technical = PoolFactory(
        code="technical", name="专业技术人才", kind="team", category="3", order=3
    )
    member(party, made.root, DAY(2021, 1, 1))
    member(technical, made.hospital, DAY(2021, 3, 1), education="11", degree="2")
    for day in (DAY(2022, 2, 1), DAY(2022, 5, 1)):
        member(technical, made.hospital, day)
    member(technical, made.school, DAY(2022, 8, 1), education="31")
    training(made.root, DAY(2021, 6, 1), 50)
    training(made.root, DAY(2022, 6, 1), 60, cost=30000)
    training(made.hospital, DAY(2022, 9, 1), 40, cost=10000)
    PolicyFactory(title="云岭区引才办法", issued_on=DAY(2022, 3, 5))
    PolicyFactory(title="云岭区育才方案", issued_on=DAY(2022, 7, 5))
    MeasureFactory(
        title="完善工作机制", text="定期召开例会，全年办班{{ 已办培训期数 }}期。", order=1
    )
    MeasureFactory(title="压实工作责任", text="把任务分解到部门", order=2)
    ProblemFactory(title="高层次人才偏少", text="领军人才不足。", order=1)
    PlanItemFactory(title="健全考核机制", text="实行清单管理。")
    IndicatorFactory(name="地区生产总值", year=2021, value=200)
    IndicatorFactory(name="地区生产总值", year=2022, value=220)
    IndicatorFactory(name="一般公共预算收入", year=2022, value=20)
    return made


def report_by(key: str = "standard", *, unit: Any = None, **switches: bool) -> Report:
    """A drafted report of 2022 by an outline."""
    made = new_report(period=Period.year(2022), by=BY, unit=unit, outline=key)
    made.switches |= switches
    return draft(save_settings(made, by=BY), by=BY)


def outline(body: str, key: str = "small") -> Outline:
    """An outline of a test's own."""
    head = (
        f"标识：{key}\n名称：{key}\n标题：{{{{ 地区 }}}}{{{{ 年度 }}}}年总结\n开关：写建议=否\n\n"
    )
    return Outline.objects.create(key=key, name=key, source=head + body)


@pytest.fixture
def report(district, outlines):
    return report_by()
