"""What units report: when it stands in for a count, how it adds up, what it costs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.periods import Period
from apps.metrics.figures import Provenance
from apps.metrics.models import Metric, ReportedFigure
from apps.metrics.selectors import evaluate
from tests.factories import (
    MetricFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TrainingClassFactory,
    UnitFactory,
)
from tests.metrics.reporting import ALL, YEAR, ask, told, within

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
