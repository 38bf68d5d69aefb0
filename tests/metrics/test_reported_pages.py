"""Reports of units on pages: the list behind a figure, its mark, and who may report."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError

from apps.metrics.figures import Provenance
from apps.metrics.models import Metric, ReportedFigure
from apps.records import registry
from apps.records.actors import Actor
from tests.factories import TrainingClassFactory, UnitFactory
from tests.metrics.reporting import ask, told
from tests.metrics.test_pages import words
from tests.records.importing.workbooks import book, committed, faults, planned

pytestmark = pytest.mark.django_db

LIST = "/metrics/reportedfigure/"


@pytest.fixture
def visits():
    """A metric that is counted from records: 外出参观学习批次."""
    return Metric.objects.get(key="visits")


@pytest.fixture
def spending():
    """A metric that is only reported: 人才经费投入."""
    return Metric.objects.get(key="talent-spending")


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
