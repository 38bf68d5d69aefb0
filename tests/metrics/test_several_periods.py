"""Several periods at once: the figures of each, in little more than the queries of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.periods import Period
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate, evaluate_periods
from apps.records.scope import Scope
from tests.metrics.made_up import build

YEAR = Period.year(2022)
PERIODS = [YEAR, YEAR.previous(), Period.half(2021, 2)]


@pytest.mark.django_db
def test_each_period_has_the_figures_it_has_alone():
    build(3)
    metrics, scope = list(Metric.objects.all()), Scope.everything()

    together = evaluate_periods(metrics, PERIODS, scope)

    assert len(metrics) > 100
    for period, figures in zip(PERIODS, together, strict=True):
        alone = evaluate(metrics, period, scope)
        assert {k: (f.value, f.missing, f.note) for k, f in figures.items()} == {
            k: (f.value, f.missing, f.note) for k, f in alone.items()
        }
    assert together[0]["talents-by-education"].groups
    assert not together[1]["talents-by-education"].groups


@pytest.mark.django_db
def test_a_second_period_costs_no_query_per_record_type():
    build(3)
    counted = [
        m for m in Metric.objects.all() if m.aggregate in ("count", "sum") and not m.group_by
    ]
    scope = Scope.everything()
    evaluate(counted, YEAR, scope)  # code tables are loaded once

    with CaptureQueriesContext(
        connection,
    ) as one:
        evaluate(counted, YEAR, scope)
    with CaptureQueriesContext(connection) as two:
        evaluate_periods(counted, [YEAR, YEAR.previous()], scope)

    assert len(two) == len(one)


@pytest.mark.django_db
def test_one_statement_for_many_record_types_gives_the_same_figures():
    build(5)
    metrics = [m for m in Metric.objects.all() if m.aggregate in ("count", "sum", "avg", "share")]
    scope = Scope.everything()
    periods = [YEAR, YEAR.previous()]
    with CaptureQueriesContext(connection) as one_by_one:
        apart = evaluate_periods(metrics, periods, scope, groups=False)

    with CaptureQueriesContext(connection) as asked:
        at_once = evaluate_periods(metrics, periods, scope, groups=False, in_one=True)

    assert [{k: f.value for k, f in figures.items()} for figures in at_once] == [
        {k: f.value for k, f in figures.items()} for figures in apart
    ]
    assert sum("UNION ALL" in query["sql"] for query in asked) == 1
    assert len(asked) * 2 < len(one_by_one)
