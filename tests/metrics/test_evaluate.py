"""Each aggregate and period rule on a few rows that can be counted by hand."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core.periods import Period
from apps.metrics.figures import Provenance
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate, evaluate_all, growth
from apps.records.models import Record
from apps.records.scope import Scope
from tests.factories import (
    ContactLinkFactory,
    DistrictFactory,
    IndicatorFactory,
    LeaderFactory,
    PersonFactory,
    PlanItemFactory,
    PoolFactory,
    PoolMembershipFactory,
    TrainingClassFactory,
    UnitFactory,
    root_unit,
)

pytestmark = pytest.mark.django_db

YEAR = Period.year(2022)
ALL = Scope.everything()


def metric(key="asked", **fields) -> Metric:
    given = {"label": key, "definition": "口径", "record_type": "training.TrainingClass"}
    return Metric(key=key, **{**given, **fields})


def ask(period=YEAR, scope=ALL, **fields):
    return evaluate([metric(**fields)], period, scope)["asked"]


def held(day, people=10, **fields):
    return TrainingClassFactory(starts_on=day, ends_on=day, head_count=people, **fields)


def indicator(name="地区生产总值", **fields):
    return IndicatorFactory(name=name, **fields)


def latest(name="地区生产总值", unit="亿元", period=YEAR, **fields):
    return ask(
        period, record_type="organizations.Indicator", aggregate="latest",
        filter={"full_name": [name]}, unit_of_measure=unit, **fields,
    )  # fmt: skip


def test_spread_compares_how_many_records_each_group_has():
    few, many, none = LeaderFactory(name="苏远帆"), LeaderFactory(name="何宏辉"), LeaderFactory()
    for leader, count in ((few, 1), (many, 4)):
        for _ in range(count):
            ContactLinkFactory(leader=leader)
    ContactLinkFactory(leader=none, ends_on=date(2021, 12, 31))
    ContactLinkFactory(department=UnitFactory())

    def per_leader(aggregate, scope=ALL, **more):
        return ask(
            scope=scope, record_type="contacts.ContactLink", aggregate=aggregate,
            group_by="leader", **more,
        )  # fmt: skip

    assert per_leader("min").value == 1
    assert per_leader("max").value == 4
    assert per_leader("avg").value == Decimal("2.5")
    groups = {group.label: group.value for group in per_leader("avg").groups}
    assert groups == {"苏远帆": 1, "何宏辉": 4}
    nobody = per_leader("min", filter={"target": ["unit"]})
    assert nobody.missing == "没有符合条件的结对联系记录。"
    assert per_leader("max", Scope.nothing()).value is None


def member(person=None, code="party", kind="team", **fields):
    from apps.talents.models import Pool  # noqa: PLC0415 -- app ready

    pool = Pool.objects.filter(code=code).first() or PoolFactory(code=code, name=code, kind=kind)
    return PoolMembershipFactory(person=person or PersonFactory(), pool=pool, **fields)


def test_count_takes_the_rows_of_the_period():
    held(date(2022, 1, 1))
    held(date(2022, 12, 31))
    held(date(2021, 12, 31))
    held(date(2023, 1, 1))

    assert ask(aggregate="count").value == 2
    assert ask(Period.half(2022, 1), aggregate="count").value == 1


def test_only_reviewed_rows_count():
    held(date(2022, 3, 1))
    waiting = held(date(2022, 3, 2))
    type(waiting).objects.filter(pk=waiting.pk).update(state=Record.State.SUBMITTED)

    assert ask(aggregate="count").value == 1


def test_scope_counts_its_subtree_only():
    hospital = UnitFactory(name="区医院", parent=root_unit())
    ward = UnitFactory(name="门诊部", parent=hospital)
    for unit in (hospital, ward, UnitFactory(name="中学", parent=root_unit())):
        held(date(2022, 3, 1), owner=unit)

    assert ask(scope=Scope((hospital.path,), "区医院"), aggregate="count").value == 2
    assert ask(scope=Scope((ward.path,), "门诊部"), aggregate="count").value == 1
    assert ask(scope=Scope.nothing(), aggregate="count").value is None


def test_sum_avg_min_max_of_a_field():
    for people in (10, 20, 33):
        held(date(2022, 3, 1), people)

    values = {
        kind: ask(aggregate=kind, field="head_count") for kind in ("sum", "avg", "min", "max")
    }

    assert [values[k].value for k in ("sum", "avg", "min", "max")] == [63, 21, 10, 33]


def test_money_is_summed_exactly():
    for cost in ("0.10", "0.20", "1000000.05"):
        held(date(2022, 3, 1), cost=Decimal(cost))

    figure = ask(aggregate="sum", field="cost", unit_of_measure="元")

    assert figure.value == Decimal("1000000.35")
    assert figure.text() == "100万元"


def test_distinct_counts_each_thing_once_and_an_empty_text_never():
    for trade in ("焊工", "焊工", "电工", ""):
        held(date(2022, 3, 1), trade=trade)

    assert ask(aggregate="distinct", field="trade").value == 2


def test_share_keeps_both_sides():
    for level in ("3", "4", "4"):
        held(date(2022, 3, 1), level=level)
    held(date(2022, 3, 1), level="3", status="planned")

    figure = ask(aggregate="share", filter={"level": ["3"]}, denominator={"status": ["held"]})

    assert (figure.part, figure.whole, figure.text()) == (1, 3, "33.3%")


def test_completion_is_held_of_planned():
    for status in ("held", "held", "held", "cancelled"):
        held(date(2022, 3, 1), status=status, in_plan=True)
    held(date(2022, 3, 1), in_plan=False)

    figure = ask(
        aggregate="completion", filter={"status": ["held"]}, denominator={"in_plan": ["1"]}
    )

    assert figure.text() == "75.0%"


def test_share_without_denominator_is_missing():
    held(date(2022, 3, 1), level="4")

    figure = ask(aggregate="share", denominator={"level": ["1"]}, filter={"kind": ["visit"]})

    assert figure.value is None
    assert figure.missing == "分母为 0：没有符合分母条件的培训班记录。"


def test_zero_is_not_missing():
    held(date(2022, 3, 1), kind="special")

    assert ask(aggregate="count", filter={"kind": ["visit"]}).value == 0
    empty = ask(Period.year(2019), aggregate="count", filter={"kind": ["visit"]})
    assert empty.value is None
    assert empty.missing == "2019年没有已审核的培训班记录，请先登记或审核。"
    empty = ask(Period.year(2019), record_type="talents.PoolMembership", aggregate="count")
    assert empty.missing == "2019年没有已审核的入库记录，请先登记或审核。"


def test_sum_of_a_column_nobody_filled_is_missing():
    UnitFactory(parent=root_unit())

    figure = ask(record_type="organizations.Unit", aggregate="sum", field="staff_count")

    assert figure.value is None
    assert "都没有填在职人数" in figure.missing


def test_groups_of_a_code_table_show_the_empty_ones_and_add_up():
    for topic in ("02", "02", "05", ""):
        held(date(2022, 3, 1), topic=topic)

    figure = ask(aggregate="count", group_by="topic")

    found = {group.label: group.value for group in figure.groups}
    assert (found["业务"], found["电商"], found["理论"], found["未填"]) == (2, 1, 0, 1)
    assert figure.value == sum(found.values()) == 4


def test_groups_of_a_reference_follow_its_own_order():
    second, first = DistrictFactory(code="520398202"), DistrictFactory(code="520398201")
    for town in (second, second, first, None):
        PersonFactory(unit=UnitFactory(parent=root_unit(), district=town))

    figure = ask(record_type="talents.Person", aggregate="count", group_by="unit__district")

    assert [(g.key, g.label, g.value) for g in figure.groups] == [
        ("520398201", str(first), 1), ("520398202", str(second), 2), ("", "未填", 1),
    ]  # fmt: skip


def test_groups_that_share_a_query_are_those_asked_alone():
    for industry, town in (("P", None), ("P", DistrictFactory()), ("Q", None)):
        unit = UnitFactory(parent=root_unit(), industry=industry, district=town)
        PersonFactory(unit=unit)
    wanted = ("unit__industry", "unit__district", "unit__affiliation")
    several = [
        metric(f"m{path}", record_type="talents.Person", aggregate="count", group_by=path)
        for path in wanted
    ]

    figures = evaluate(several, YEAR, ALL)

    for one in several:
        assert figures[one.key].groups == evaluate([one], YEAR, ALL)[one.key].groups


def test_person_in_two_teams_is_counted_once():
    person = PersonFactory()
    member(person, "party")
    member(person, "technical")

    figures = evaluate_all(YEAR, ALL)

    assert figures["talents-total"].value == 1
    assert figures["teams-sum"].value == 2
    assert figures["teams-overlap"].value == 1


def test_stock_is_taken_on_the_last_day():
    member(joined_on=date(2022, 12, 31))
    member(joined_on=date(2023, 1, 1))
    member(joined_on=date(2021, 1, 1), left_on=date(2022, 12, 31))
    member(joined_on=date(2021, 1, 1), left_on=date(2023, 1, 1))

    count = {"record_type": "talents.PoolMembership", "aggregate": "count"}

    assert ask(**count).value == 2
    assert ask(**count, period_rule="start").value == 1
    assert ask(**count, period_rule="end").value == 1
    assert ask(Period.year(2021), **count).value + 1 - 1 == ask(**count).value


def test_plans_are_those_of_the_year_after():
    PlanItemFactory(year=2023)
    PlanItemFactory(year=2022)
    PlanItemFactory(year=2022)

    plan = {"record_type": "governance.PlanItem", "aggregate": "count"}

    assert ask(**plan, period_rule="next").value == 1
    assert ask(**plan).value == 2
    assert ask(**plan, period_rule="all").value == 3


def test_latest_prefers_the_whole_year_and_the_known_value():
    indicator(value=90, month=9)
    indicator(value=101, is_estimate=True)
    assert latest().value == 101

    indicator(value=100)
    assert (latest().value, latest().provenance) == (100, Provenance.ENTERED)
    assert latest(period=Period.months(2022, 1, 9)).value == 90
    assert latest(period=Period.half(2022, 1)).missing.startswith("没有登记2022年上半年的")


def test_latest_takes_the_whole_name_only():
    indicator("人均地区生产总值", value=5)

    assert latest().value is None


def test_latest_comes_in_the_unit_of_the_metric():
    indicator("从业人员数", value=Decimal("15.43"), unit_of_measure="万人")
    indicator("人才贡献率", value=Decimal("35.6"), unit_of_measure="%")
    indicator("科技投入", value=3, unit_of_measure="项")

    assert latest("从业人员数", "人").value == 154_300
    assert latest("人才贡献率", "%").text() == "35.6%"
    assert "不能换算" in latest("科技投入", "万元").missing


def test_formula_over_metrics_and_their_groups():
    town = DistrictFactory()
    unit = UnitFactory(parent=root_unit(), district=town, staff_count=4)
    UnitFactory(parent=root_unit(), district=DistrictFactory(), staff_count=0)
    PersonFactory(unit=unit)
    people = metric("people", record_type="talents.Person", group_by="unit__district")
    staff = metric(
        "staff-of-units", record_type="organizations.Unit", aggregate="sum", field="staff_count",
        group_by="district",
    )  # fmt: skip
    density = metric(
        "density-here", record_type="", aggregate="formula", unit_of_measure="%",
        formula="{people} / {staff-of-units}", group_by="district",
    )  # fmt: skip

    figure = evaluate([density, people, staff], YEAR, ALL)["density-here"]

    assert figure.text() == "25.0%"
    assert [(g.label, g.text()) for g in figure.groups] == [(str(town), "25.0%")]


def test_formula_with_a_missing_part_is_missing():
    figure = evaluate(Metric.objects.filter(key="density"), YEAR, ALL)["density"]

    assert figure.value is None
    assert figure.missing == "缺少从业人员数、人才总量，无法计算。"


def test_columns_of_now_are_said_over_a_past_day():
    member()

    figures = evaluate_all(YEAR, ALL)

    assert figures["doctors"].note == "学位按现状统计"
    assert figures["talents-total"].note == ""
    assert figures["unit-staff-by-town"].note == "单位按现状统计"


def test_growth_words():
    for year, people in ((2021, 40), (2022, 50)):
        held(date(year, 3, 1), people)
    one = [metric(aggregate="sum", field="head_count")]

    def words(year):
        figures = evaluate(one, Period.year(year), ALL)
        return growth(figures, evaluate(one, Period.year(year - 1), ALL))["asked"]

    assert (words(2022).text(), words(2022).direction) == ("同比增长25.0%", "up")
    assert (words(2021).text(), words(2021).direction) == ("上年无数据", "")
    assert words(2023).text() == "本年无数据"


def test_growth_of_a_share_is_in_points():
    for year, kinds in ((2021, ("visit", "special")), (2022, ("visit", "visit", "special"))):
        for kind in kinds:
            held(date(year, 3, 1), kind=kind)
    share = [metric(aggregate="share", filter={"kind": ["visit"]})]

    grown = growth(evaluate(share, YEAR, ALL), evaluate(share, YEAR.previous(), ALL))["asked"]

    assert grown.text() == "同比提高16.7个百分点"


def test_published_growth_beats_the_computed_one():
    indicator(value=341, growth=Decimal("4.5"))
    indicator(value=300, year=2021)
    one = list(Metric.objects.filter(key="gdp"))

    grown = growth(evaluate(one, YEAR, ALL), evaluate(one, YEAR.previous(), ALL))["gdp"]

    assert grown.text() == "同比增长4.5%"


def test_growth_of_a_rank_is_in_places():
    for year, rank in ((2021, 7), (2022, 5)):
        indicator("人才综合发展指数", year=year, rank=rank, rank_of=9, unit_of_measure="分")
    one = list(Metric.objects.filter(key="talent-index-rank"))

    grown = growth(evaluate(one, YEAR, ALL), evaluate(one, YEAR.previous(), ALL))

    assert grown["talent-index-rank"].text() == "较上年前进2位"
    assert grown["talent-index-rank"].direction == "up"
