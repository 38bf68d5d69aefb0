"""What units report: when it stands in for a count, how it adds up, who reports, what is shown."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.periods import Period
from apps.metrics.figures import Provenance
from apps.metrics.models import Metric, ReportedFigure
from apps.metrics.selectors import evaluate
from apps.records import registry
from apps.records.actors import Actor
from apps.records.scope import Scope
from tests.factories import (
    MetricFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    ReportedFigureFactory,
    TrainingClassFactory,
    UnitFactory,
)
from tests.metrics.test_pages import words
from tests.records.importing.workbooks import book, committed, faults, planned

pytestmark = pytest.mark.django_db

YEAR, ALL = Period.year(2022), Scope.everything()
LIST = "/metrics/reportedfigure/"


@pytest.fixture
def visits():
    """A metric that is counted from records: 外出参观学习批次."""
    return Metric.objects.get(key="visits")


@pytest.fixture
def spending():
    """A metric that is only reported: 人才经费投入."""
    return Metric.objects.get(key="talent-spending")


def told(metric, unit, value, year=2022, **more):
    return ReportedFigureFactory(metric=metric, owner=unit, year=year, value=value, **more)


def ask(metric, scope=ALL, period=YEAR):
    return evaluate([metric], period, scope)[metric.key]


def within(unit):
    return Scope((unit.path,), str(unit))


# -- when reports stand in -------------------------------------------------------------------------


def test_reports_stand_in_where_there_are_no_records(world, visits):
    told(visits, world.ours, 3)
    told(visits, world.theirs, 2)

    figure = ask(visits)

    assert (figure.value, figure.provenance) == (5, Provenance.REPORTED)
    assert figure.is_stand_in
    assert figure.note == "2 个单位上报合计"
    assert ask(visits, within(world.ours)).value == 3


def test_reports_stand_in_where_no_record_answers_to_the_metric(world, visits):
    TrainingClassFactory(starts_on=date(2022, 3, 1), kind="special")
    assert ask(visits).value == 0

    told(visits, world.ours, 3)

    assert (ask(visits).value, ask(visits).provenance) == (3, Provenance.REPORTED)


def test_what_is_counted_stands_and_names_the_reports_beside_it(world, visits):
    TrainingClassFactory(starts_on=date(2022, 3, 1), kind="visit")
    told(visits, world.ours, 3)

    figure = ask(visits)

    assert (figure.value, figure.provenance) == (1, Provenance.COUNTED)
    assert figure.note == "另有 1 个单位的上报数，未计入"
    assert "metric=visits" in figure.url
    assert LIST not in figure.url


def test_a_sum_of_nought_over_records_is_counted(world):
    metric = Metric.objects.get(key="trainees")
    TrainingClassFactory(starts_on=date(2022, 3, 1), head_count=0)
    told(metric, world.ours, 40)

    assert (ask(metric).value, ask(metric).provenance) == (0, Provenance.COUNTED)


def test_only_reviewed_reports_of_exactly_the_period_count(world, visits):
    told(visits, world.ours, 3, part="H1")
    told(visits, world.ours, 9, year=2021)
    draft = told(visits, world.theirs, 7)
    ReportedFigure.objects.filter(pk=draft.pk).update(state="submitted")

    assert ask(visits).value is None
    assert ask(visits, period=Period.half(2022, 1)).value == 3
    assert ask(visits, period=Period.last_years(2, 2022)).value is None


def test_broken_metric_has_no_report_either(world, visits):
    told(visits, world.ours, 3)
    Metric.objects.filter(key="visits").update(filter={"gone": ["1"]})

    assert ask(Metric.objects.get(key="visits")).value is None


# -- how they add up -------------------------------------------------------------------------------


def test_a_unit_speaks_for_those_below_it(world, visits):
    below = UnitFactory(name="护理部", parent=world.ours)
    told(visits, below, 2)
    told(visits, world.ours, 5)
    told(visits, world.theirs, 1)
    assert ask(visits).value == 6
    assert ask(visits, within(below)).value == 2

    told(visits, world.root, 8)

    assert ask(visits).value == 8
    assert ask(visits).note == f"{world.root}上报"


def test_what_cannot_be_added_needs_the_unit_that_is_the_whole_scope(world):
    share = Metric.objects.get(key="bachelors-up-share")
    told(share, world.ours, "42.4")

    assert ask(share).value is None
    assert ask(share).note.endswith(
        "有 1 个单位上报，但这个指标不能相加，请由统计范围的最上级单位上报一个总数"
    )
    assert ask(share, within(world.ours)).text() == "42.4%"

    told(share, world.root, "35.6")

    assert ask(share).text() == "35.6%"


def test_sampled_figures_say_so(world, spending):
    told(spending, world.ours, "12.5")
    told(spending, world.theirs, 10, basis="sample")

    assert ask(spending).text() == "22.5万元"
    assert ask(spending).note == "2 个单位上报合计，含抽样推算"


def test_reported_metric_has_its_units_as_groups_the_largest_first(world, spending):
    told(spending, world.ours, "12.5")
    told(spending, world.theirs, 20)

    figure = ask(spending)

    assert not figure.is_stand_in
    assert [(g.label, g.text()) for g in figure.groups] == [
        ("云岭中学", "20万元"),
        ("区第一人民医院", "12.5万元"),
    ]


def test_reported_metric_without_reports_is_missing(world, spending):
    figure = ask(spending)

    assert figure.value is None
    assert figure.provenance == Provenance.REPORTED
    assert figure.missing == "没有已审核的2022年人才经费投入上报数据，请单位上报或审核。"


# -- formulas --------------------------------------------------------------------------------------


def formula(text):
    return MetricFactory(aggregate="formula", record_type="", formula=text)


def test_formula_over_reports_is_reported(world, visits):
    told(visits, world.ours, 3)
    told(Metric.objects.get(key="lectures"), world.ours, 4)

    figure = ask(formula("{visits} + {lectures}"))

    assert (figure.value, figure.provenance) == (7, Provenance.REPORTED)


def test_formula_never_mixes_a_stand_in_with_a_count(world):
    person = PersonFactory(unit=world.ours)
    PoolMembershipFactory(person=person, pool=PoolFactory(code="party"))
    told(Metric.objects.get(key="team-rural"), world.ours, 2000)
    both = formula("{team-party} + {team-rural}")

    figure = ask(both)

    assert figure.value is None
    assert figure.missing == ("农村实用人才数是上报数，其余是统计数，来源不同，不能一起计算。")
    told(both, world.root, 2001)
    assert (ask(both).value, ask(both).is_stand_in) == (2001, True)


def test_formula_may_relate_what_is_only_reported_to_a_count(world, spending):
    PersonFactory(unit=world.ours)
    people = MetricFactory(record_type="talents.Person")
    told(spending, world.ours, 12)

    figure = ask(formula(f"{{talent-spending}} / {{{people.key}}}"))

    assert (figure.value, figure.provenance) == (12, Provenance.REPORTED)


# -- cost ------------------------------------------------------------------------------------------


def test_reports_cost_one_query_for_any_number_of_metrics(world, visits, spending):
    for metric in (visits, spending):
        for unit in (world.ours, world.theirs):
            told(metric, unit, 3)
    metrics = list(Metric.objects.filter(key__in=["visits", "lectures", "talent-spending"]))
    evaluate(metrics, YEAR, ALL)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        evaluate(metrics, YEAR, ALL)

    assert len(queries) == 2  # the classes, and the reports


# -- the list behind a figure ----------------------------------------------------------------------


def test_figure_leads_to_the_reports_headed_by_it(world, staff, visits):
    below = UnitFactory(name="护理部", parent=world.ours)
    for unit, value in ((below, 2), (world.ours, 5), (world.theirs, 1200)):
        told(visits, unit, value)
    figure = ask(visits)
    assert urlsplit(figure.url).path == LIST
    assert parse_qs(urlsplit(figure.url).query)["metric"] == ["visits"]

    page = words(staff.get(figure.url))

    assert "外出参观学习批次 · 2022年 · 全区 1,205 批次" in page
    assert "上级单位已上报的，下级单位的不再相加" in page
    assert "共 2 条" in page
    assert "护理部" not in page


def test_list_of_one_unit_is_headed_by_its_report(world, staff, spending):
    told(spending, world.ours, "12.5")
    told(spending, world.theirs, 20)
    group = next(g for g in ask(spending).groups if g.label == "云岭中学")

    page = words(staff.get(group.url))

    assert "人才经费投入 · 2022年 · 全区 · 云岭中学 20 万元" in page
    assert "共 1 条" in page


def test_clerk_sees_no_report_of_another_unit(world, clerk, spending):
    told(spending, world.ours, "12.5")
    told(spending, world.theirs, 20)

    page = words(clerk.get("/metrics/talent-spending/?period=2022"))

    assert "12.5 万元" in page
    assert "云岭中学" not in page
    assert "20 万元" not in page


def test_formula_reported_as_a_whole_leads_to_its_report(world, staff):
    metric = Metric.objects.get(key="density")
    told(metric, world.root, "32.4")

    page = words(staff.get(ask(metric).url))

    assert f"人才密度 · 2022年 · {ask(metric).scope.label} 32.4%" in page


# -- pages -----------------------------------------------------------------------------------------


def test_page_of_a_metric_says_where_its_figures_come_from(world, staff, visits):
    told(visits, world.ours, 3)
    TrainingClassFactory(starts_on=date(2021, 3, 1), kind="visit")

    response = staff.get("/metrics/visits/?period=2022")
    page = words(response)

    assert "来源：上报" in page
    assert "1 个单位" not in page
    assert "区第一人民医院上报" in page
    assert "2021年 1 批次 来源：统计" in page
    assert "查看上报数据" in page
    assert "外出参观学习批次 3 批次 1 批次 同比增长 200.0% 上报" in words(
        staff.get("/metrics/?period=2022")
    )


def test_reported_metric_tells_how_it_adds_up(staff):
    page = words(staff.get("/metrics/talent-spending/?period=2022"))

    assert "统计方式 各单位上报数相加，上级单位已上报的，下级单位的不再相加" in page
    assert "没有已审核的2022年人才经费投入上报数据" in page


def test_first_page_and_board_mark_reported_figures(world, staff):
    told(Metric.objects.get(key="trainees"), world.ours, 320)

    staff.post("/year/", {"year": "2022", "next": "/"})

    assert "培训人次 320 人次 来源：上报" in words(staff.get("/"))
    assert "320 人次 上报" in words(staff.get("/"))
    assert "320 人次 上报" in words(staff.get("/board/"))


def test_metric_that_units_report_is_defined_in_the_browser(world, staff):
    data = {
        "label": "技能大师工作室数", "definition": "区级以上技能大师工作室。",
        "unit_of_measure": "个", "theme": "单位上报",
    }  # fmt: skip
    assert "新增上报指标" in words(staff.get("/metrics/new/?reported"))

    staff.post("/metrics/new/?reported", data)

    metric = Metric.objects.get(label="技能大师工作室数")
    assert (metric.aggregate, metric.record_type) == ("reported", "metrics.ReportedFigure")
    told(metric, world.ours, 4)
    assert ask(metric).text() == "4个"
    changed = {**data, "definition": "新口径。", "version": metric.version}
    staff.post(f"/metrics/{metric.key}/edit/", changed)
    metric.refresh_from_db()
    assert (metric.definition, metric.aggregate) == ("新口径。", "reported")


def test_list_of_reports_saved_as_a_metric_counts_these_reports(world, staff, spending):
    told(spending, world.ours, 3)
    told(Metric.objects.get(key="visits"), world.ours, 3)
    query = "from=metrics.ReportedFigure&metric=talent-spending&period=2022"
    assert "筛选条件 指标：人才经费投入" in words(staff.get(f"/metrics/new/?{query}"))
    data = {
        "label": "已上报经费单位数", "definition": "已上报的单位。", "unit_of_measure": "个",
        "theme": "", "aggregate": "distinct", "field": "unit", "group_by": "",
        "period_rule": "type",
    }  # fmt: skip

    staff.post(f"/metrics/new/?{query}", data)

    figure = ask(Metric.objects.get(label="已上报经费单位数"))
    assert (figure.value, figure.provenance) == (1, Provenance.COUNTED)
    assert "已上报经费单位数 · 2022年 · 全区 1 个" in words(staff.get(figure.url))


def test_list_behind_a_figure_opens_as_a_cross_table(world, staff, visits, spending):
    TrainingClassFactory(starts_on=date(2022, 3, 1), kind="visit")
    told(spending, world.ours, 3)

    for record_type, metric, said in (
        ("training.TrainingClass", "visits", "类型：参观见学"),
        ("metrics.ReportedFigure", "talent-spending", "指标：人才经费投入"),
    ):
        query = f"from={record_type}&metric={metric}&period=2022&scope=all"
        assert said in words(staff.get(f"/metrics/cross/new/?{query}"))


# -- reporting -------------------------------------------------------------------------------------


def test_clerk_reports_for_the_own_unit_and_staff_review_it(world, clerk, staff, spending):
    form = words(clerk.get(f"{LIST}new/?metric={spending.pk}&year=2022"))
    assert "人才经费投入" in clerk.get(f"{LIST}new/?metric={spending.pk}").content.decode()
    assert "填报单位" not in form

    clerk.post(
        f"{LIST}new/",
        {
            "metric": "人才经费投入", "unit": "", "year": "2022", "part": "year",
            "value": "12.5", "basis": "full",
        },
    )  # fmt: skip

    row = ReportedFigure.objects.get()
    assert (row.unit, row.owner, row.state) == (world.ours, world.ours, "draft")
    assert ask(spending).value is None
    ReportedFigure.objects.update(state="submitted")
    page = registry.get("metrics.ReportedFigure").url("review", row.pk)
    staff.post(page, {"move": "approve", "version": row.version})
    assert ask(spending).text() == "12.5万元"


def test_clerk_cannot_report_for_another_unit(world, clerk, spending):
    response = clerk.post(
        f"{LIST}new/",
        {
            "metric": "人才经费投入", "unit": "云岭中学", "year": "2022", "part": "year",
            "value": "12.5", "basis": "full",
        },
    )  # fmt: skip

    assert "没有找到单位“云岭中学”" in words(response)
    assert not ReportedFigure.objects.exists()


def test_report_belongs_to_the_unit_it_is_about(world, spending):
    row = told(spending, world.ours, 3)
    row.unit = world.theirs

    registry.of(ReportedFigure).save(row, by=Actor.system())

    assert ReportedFigure.objects.get().owner == world.theirs


def test_same_figure_is_reported_once(world, spending):
    told(spending, world.ours, 3)
    told(spending, world.ours, 3, part="H1")

    with pytest.raises(ValidationError, match="请在原来的记录上修改"):
        told(spending, world.ours, 4)


def test_key_of_the_period_follows_year_and_part(world, spending):
    assert told(spending, world.ours, 3).period == "2022"
    assert told(spending, world.ours, 3, part="Q3").period == "2022Q3"
    assert str(told(spending, world.ours, 3, part="H2")) == (
        "区第一人民医院 · 2022年下半年人才经费投入"
    )


@pytest.mark.parametrize("year", [1989, 2101])
def test_impossible_year_is_refused(world, spending, year):
    with pytest.raises(ValidationError, match="年度应在 1990—2100 之间"):
        told(spending, world.ours, 3, year=year)


def test_list_shows_people_without_places_after_the_point(world, staff):
    told(Metric.objects.get(key="survey-talents"), world.ours, 19110, basis="sample")

    page = words(staff.get(LIST))

    assert "年报人才资源总量 区第一人民医院 2022 全年 19,110 人 抽样推算 年度统计报表" in page


def test_workbook_of_reports_is_read_with_the_usual_headings(world):
    heads = ("指标名称", "单位名称", "年份", "数据", "数据口径", "来源")

    committed(
        book(
            上报数据=[
                heads,
                ("人才经费投入", "区第一人民医院", "2022年", "12.5", "全数调查", "部门决算"),
                ("人才经费投入", "云岭中学", 2022, 20, "抽样", ""),
            ]
        )
    )

    rows = ReportedFigure.objects.order_by("pk")
    assert [(r.unit, r.owner, r.period, float(r.value), r.basis) for r in rows] == [
        (world.ours, world.ours, "2022", 12.5, "full"),
        (world.theirs, world.theirs, "2022", 20, "sample"),
    ]


def test_unknown_metric_of_a_workbook_is_named(world):
    plan = planned(
        book(
            上报数据=[
                ("指标", "单位", "年度", "数值"),
                ("没有的指标", "云岭中学", 2022, 20),
            ]
        )
    )

    assert faults(plan) == [(2, "指标", "unknown_reference")]
