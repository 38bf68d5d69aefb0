"""The catalogue with the figures of a year, and the page of one metric."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from apps.core.periods import Period
from apps.metrics import formulas, pictures, selectors, wording
from apps.metrics.compiling import by_name
from apps.metrics.figures import Figure, Growth, Provenance
from apps.metrics.models import Metric, ReportedFigure
from apps.metrics.views.base import MetricView
from apps.records import registry
from apps.records.registry import RecordType

YEARS = 5


class ListView(MetricView):
    """Every metric with its value, last year's and the change, by theme."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        word = request.GET.get("q", "").strip()
        metrics = list(Metric.objects.all())
        if word:
            metrics = [m for m in metrics if word in m.label or word in m.definition]
        period, scope = self.period, self.scope
        figures, before = selectors.evaluate_periods(
            metrics, [period, period.previous()], scope, groups=False
        )
        rows = [(m, Growth(figures[m.key], before[m.key])) for m in metrics]
        return self.render(
            "metrics/list.html",
            themes=[(theme, list(group)) for theme, group in groupby(rows, _theme)],
            count=len(rows),
            period=period,
            scope=scope,
            word=word,
        )


def _theme(row: tuple[Metric, Growth]) -> str:
    return row[0].theme or "其他"


class DetailView(MetricView):
    """One metric: value, change, five years, groups, and how it is counted."""

    def get(self, request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        metric, period, scope = self.metric(key), self.period, self.scope
        every = by_name(list(Metric.objects.all()))
        figure = selectors.evaluate([metric], period, scope)[metric.key]
        previous = selectors.evaluate([metric], period.previous(), scope, groups=False)
        years = _years(metric, period, scope)
        return self.render(
            "metrics/detail.html",
            metric=metric,
            change=Growth(figure, previous[metric.key]),
            figure=figure,
            period=period,
            scope=scope,
            years=years,
            pillars=pictures.pillars([(g.current.period.label, g.current) for g in years]),
            bars=[bar for bar in pictures.bars(figure.groups) if bar.group.value],
            empty_groups=[group for group in figure.groups if not group.value],
            group_label=wording.group_label(metric),
            facts=wording.facts(metric, every, scope),
            operands=_operands(metric, period, scope, every),
            history_url=registry.of(Metric).url("history", metric.pk),
            reports_url=figure.url if figure.url.startswith(_reports().url("list")) else "",
            report_url=self.report_url(metric, figure),
        )

    def report_url(self, metric: Metric, figure: Figure) -> str:
        """The form by which a unit reports the figure, where one is of use."""
        is_counted = figure.provenance == Provenance.COUNTED and not figure.is_missing
        may = self.request.user.has_perm(_reports().permission("add"))
        if figure.is_broken or is_counted or not may:
            return ""
        query = urlencode({"metric": metric.pk, "year": figure.period.end.year})
        return f"{_reports().url('new')}?{query}"


def _reports() -> RecordType:
    return registry.of(ReportedFigure)


def _years(metric: Metric, period: Period, scope: Any) -> list[Growth]:
    """The last five years up to the period's, each against the one before."""
    last = period.end.year
    periods = [Period.year(year) for year in range(last - YEARS, last + 1)]
    found = selectors.evaluate_periods([metric], periods, scope, groups=False)
    return [Growth(now[metric.key], before[metric.key]) for before, now in pairwise(found)]


def _operands(metric: Metric, period: Period, scope: Any, every: dict[str, Metric]) -> list[Any]:
    """The figures a formula stands on."""
    if not metric.is_formula:
        return []
    try:
        wanted = formulas.names(formulas.parse(metric.formula))
    except formulas.BrokenMetric:
        return []
    metrics = [every[name] for name in sorted(wanted) if name in every]
    figures = selectors.evaluate(metrics, period, scope, groups=False)
    return [figures[m.key] for m in sorted(metrics, key=lambda m: m.order)]
