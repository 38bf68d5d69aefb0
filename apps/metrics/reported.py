"""Figures that units report of a metric: how they add up, and when they stand in for a count.

A unit's figure is about everything below it, so that of two of them, one above the other, the
upper one speaks. What can be added up is the sum of these; anything else (an average, a share)
needs the figure of the unit that is the whole scope. They stand in where not one record answers
to the metric, and are never added to what was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from apps.core.periods import Period
from apps.metrics.figures import Group, Value
from apps.metrics.models import Metric, ReportedFigure
from apps.records import registry
from apps.records.scope import Scope

Kind = Metric.Aggregate
SUMMABLE = {Kind.COUNT, Kind.DISTINCT, Kind.SUM, Kind.REPORTED}
Rows = Sequence[ReportedFigure]


@dataclass(frozen=True, slots=True)
class Reported:
    """What the reports of a metric come to. Without a value they cannot speak for the scope."""

    rows: Rows
    value: Value
    is_ratio: bool

    @property
    def note(self) -> str:
        """Who reported, as a figure says it of itself."""
        who = (
            f"{len(self.rows)} 个单位上报合计" if len(self.rows) > 1 else f"{self.rows[0].unit}上报"
        )
        sampled = any(row.basis == ReportedFigure.Basis.SAMPLE for row in self.rows)
        return f"{who}，含抽样推算" if sampled else who

    @property
    def left_out(self) -> str:
        """What a counted figure says of reports beside it."""
        return f"另有 {len(self.rows)} 个单位的上报数，未计入"

    @property
    def useless(self) -> str:
        """Why there is no value."""
        return (
            f"有 {len(self.rows)} 个单位上报，但这个指标不能相加，"
            "请由统计范围的最上级单位上报一个总数"
        )


def by_period(
    metrics: Iterable[Metric], periods: Iterable[Period], scope: Scope
) -> dict[str, dict[int, Reported]]:
    """The reviewed reports of exactly these periods, by period and the keys of their metrics;
    one query.
    """
    known = {metric.pk: metric for metric in metrics if metric.pk is not None}
    found: dict[str, dict[int, list[ReportedFigure]]] = {period.key: {} for period in periods}
    if known:
        reports: Any = registry.of(ReportedFigure).queryset(scope)
        rows = reports.counted().filter(period__in=found, metric__in=known).order_by("pk")
        for row in rows.select_related("unit"):
            found[row.period].setdefault(row.metric_id, []).append(row)
    return {
        key: {pk: together(known[pk], several, scope) for pk, several in by_metric.items()}
        for key, by_metric in found.items()
    }


def together(metric: Metric, rows: Iterable[ReportedFigure], scope: Scope) -> Reported:
    """What some reports of one metric and period come to."""
    chosen = topmost(rows)
    is_ratio = metric.unit_of_measure == "%"
    if not is_ratio and metric.aggregate in SUMMABLE:
        return Reported(chosen, plain(sum(row.value for row in chosen)), is_ratio)
    whole = [row for row in chosen if _is_whole(row, scope)]
    if not whole:
        return Reported(chosen, None, is_ratio)
    return Reported(whole, whole[0].value / 100 if is_ratio else plain(whole[0].value), is_ratio)


def topmost(rows: Iterable[ReportedFigure]) -> list[ReportedFigure]:
    """The reports that no other one includes: those of the units higher up."""
    chosen: list[ReportedFigure] = []
    for row in sorted(rows, key=lambda row: (len(row.unit.path), row.pk)):
        if not any(row.unit.path.startswith(other.unit.path) for other in chosen):
            chosen.append(row)
    return chosen


def _is_whole(row: ReportedFigure, scope: Scope) -> bool:
    """Whether a unit with all that is below it is the scope."""
    if scope.is_everything:
        return row.unit.path.count("/") == 1
    return scope.paths == (row.unit.path,)


def nothing(metric: Metric, period: Period) -> str:
    """What is missing where nobody has reported."""
    return f"没有已审核的{period.label}{metric.label}上报数据，请单位上报或审核。"


def plain(value: Decimal | int) -> Value:
    """Whole numbers as such."""
    number = Decimal(value)
    return int(number) if number == number.to_integral_value() else number


def groups(metric: Metric, found: Reported, period: Period, scope: Scope) -> tuple[Group, ...]:
    """The reports unit by unit, the largest first; of a metric that is only reported."""
    if not (metric.is_reported and metric.group_by):
        return ()
    made = []
    for row in sorted(found.rows, key=lambda row: (-row.value, row.pk)):
        name, value = row.unit.name, row.value / 100 if found.is_ratio else plain(row.value)
        url = list_url(metric, period, scope, group=name)
        made.append(Group(name, name, value, metric.unit_of_measure, url, found.is_ratio))
    return tuple(made)


def list_url(metric: Metric, period: Period, scope: Scope, **more: str) -> str:
    """The list of the reports behind a figure."""
    params = {"metric": metric.key, "period": period.key, "scope": scope.key, **more}
    return f"{reverse('metrics-reportedfigure-list')}?{urlencode(params)}"
