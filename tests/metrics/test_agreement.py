"""The fast evaluator agrees with the naive one, and a figure with its list, over chance data."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory

from apps.core.periods import Period
from apps.metrics.compiling import compile_metric
from apps.metrics.lenses import head_text, metric_lens
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate, rows_of
from apps.records import registry
from apps.records.scope import Scope
from tests.metrics.made_up import build
from tests.metrics.naive import Naive, same

PERIODS = [Period.year(2022), Period.half(2022, 1), Period.last_years(2, 2022)]


def scopes(made):
    """Everything, a subtree, one unit without any below it."""
    units = made["units"]
    parents = {unit.parent_id for unit in units}
    subtree = next(u for u in units[1:] if u.pk in parents)
    leaf = next(u for u in units[1:] if u.pk not in parents)
    return [
        Scope.everything(),
        Scope((subtree.path,), str(subtree)),
        Scope((leaf.path,), str(leaf)),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_figures_agree_with_the_naive_evaluator(seed):
    made = build(seed)
    metrics = list(Metric.objects.all())

    wrong = []
    for scope in scopes(made):
        for period in PERIODS:
            figures, naive = evaluate(metrics, period, scope), Naive(period, scope, metrics)
            for metric in metrics:
                fast, slow = figures[metric.key].value, naive.value(metric)
                if not same(fast, slow):
                    wrong.append((metric.key, period.key, scope.label, fast, slow))

    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [4])
def test_groups_agree_with_the_naive_evaluator(seed):
    made = build(seed)
    grouped = [
        m for m in Metric.objects.all() if m.group_by and not m.is_formula and not m.is_share
    ]

    for scope in scopes(made):
        figures = evaluate(grouped, PERIODS[0], scope)
        naive = Naive(PERIODS[0], scope, grouped)
        for metric in grouped:
            fast = {group.key: group.value for group in figures[metric.key].groups if group.value}
            slow = naive.groups(metric)
            assert fast.keys() == slow.keys(), (metric.key, scope.label)
            for key, value in fast.items():
                assert same(value, slow[key]), (metric.key, scope.label, key)


@pytest.mark.django_db
def test_chance_data_makes_most_metrics_non_empty():
    made = build(1)

    figures = evaluate(Metric.objects.all(), PERIODS[0], scopes(made)[0])

    empty = [key for key, figure in figures.items() if not figure.value]
    assert len(empty) < len(figures) / 5, empty


def addressed(url, user):
    """The record type that an address leads to, and its request."""
    request = RequestFactory().get(url)
    request.user = user
    app, model = urlsplit(url).path.strip("/").split("/")
    record_type = next(t for t in registry.types() if t.label.lower() == f"{app}.{model}")
    return record_type, request


class Reader:
    """Somebody with a scope."""

    def __init__(self, scope):
        self.scope = scope


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 1, 2])
def test_figure_is_the_head_of_the_list_it_links_to(place):
    made = build(6)
    scope = scopes(made)[place]
    metrics = [m for m in Metric.objects.all() if not m.is_formula]
    figures = evaluate(metrics, PERIODS[0], scope)

    for metric in metrics:
        figure = figures[metric.key]
        record_type, request = addressed(figure.url, Reader(scope))
        lens = metric_lens(request, record_type, metric.key)
        rows = record_type.queryset(scope).filter(lens.condition).counted()

        expected = figure.missing if figure.is_missing else figure.text("screen")
        assert lens.value(rows) == expected, metric.key
        for group in figure.groups:
            record_type, request = addressed(group.url, Reader(scope))
            lens = metric_lens(request, record_type, metric.key)
            rows = record_type.queryset(scope).filter(lens.condition).counted()
            assert lens.value(rows) == group.text("screen"), (metric.key, group.key)


@pytest.mark.django_db
def test_numerator_and_denominator_are_linked():
    made = build(7)
    scope = scopes(made)[0]
    shares = [m for m in Metric.objects.all() if m.is_share]
    figures = evaluate(shares, PERIODS[0], scope)

    for metric in shares:
        figure = figures[metric.key]
        if figure.is_stand_in:  # a report has no sides
            assert figure.part_url == ""
            continue
        compiled = compile_metric(metric, PERIODS[0], scope)
        assert rows_of(compiled, scope).count() == figure.whole
        record_type, request = addressed(figure.part_url, Reader(scope))
        lens = metric_lens(request, record_type, metric.key)
        rows = record_type.queryset(scope).filter(lens.condition).counted()
        assert rows.count() == figure.part
        assert parse_qs(urlsplit(figure.part_url).query)["part"] == ["1"]
        assert head_text(compiled, rows, scope, part=True) == f"{figure.part:,} 条"
