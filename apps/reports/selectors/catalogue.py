"""Figures that a report may cite: those asked for are evaluated together, once a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.numbers import to_decimal
from apps.core.periods import Period
from apps.metrics.compiling import compile_metric
from apps.metrics.errors import BrokenMetric
from apps.metrics.figures import Figure, Value
from apps.metrics.models import Metric
from apps.metrics.selectors import by_label, evaluate, rows_of
from apps.records.scope import Scope
from apps.reports.outline import forms
from apps.reports.outline.forms import LISTED, Reading, Written
from apps.reports.outline.language import Citation

LIST = "列表"


@dataclass(slots=True)
class Catalogue:
    """Metrics by the names a text uses, with their figures of a period and of the year before."""

    period: Period
    scope: Scope
    metrics: dict[str, Metric] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    previous: dict[str, Figure] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, citations: Iterable[Citation], period: Period, scope: Scope) -> Catalogue:
        """Everything that some citations need: two evaluations, and a query a list."""
        asked = list(citations)
        metrics = by_label({citation.label for citation in asked})
        compared = {c.label for c in asked if c.forms and c.forms[0] in ("同比", "上年")}
        unique = {metric.key: metric for metric in metrics.values()}
        before = {m.key: m for label, m in metrics.items() if label in compared}
        found = cls(
            period,
            scope,
            metrics,
            evaluate(unique.values(), period, scope),
            evaluate(before.values(), period.previous(), scope) if before else {},
        )
        for label in {c.label for c in asked if LIST in c.forms}:
            if label in metrics:
                found.names[label] = names_of(metrics[label], period, scope)
        return found

    def write(self, citation: Citation) -> Written:
        """A citation in words; the label must be known."""
        return forms.write(self.reading(citation.label), citation.forms)

    def reading(self, label: str) -> Reading:
        key = self.metrics[label].key
        now, before = self.figures[key], self.previous.get(key)
        groups = tuple((g.label, to_decimal(g.value or 0), g.url) for g in now.groups)
        return Reading(
            kind="ratio" if now.is_ratio else "money" if now.unit_of_measure == "元" else "number",
            unit=now.unit_of_measure,
            value=_decimal(now.value),
            previous=_decimal(before.value) if before else None,
            given_growth=now.given_growth,
            groups=groups or None,
            names=self.names.get(label),
        )

    def figure(self, label: str) -> Figure:
        return self.figures[self.metrics[label].key]


def names_of(metric: Metric, period: Period, scope: Scope) -> tuple[str, ...]:
    """Names of the first records behind a metric, the earliest first."""
    try:
        rows = rows_of(compile_metric(metric, period, scope), scope)
    except BrokenMetric:
        return ()
    return tuple(str(row) for row in rows.reverse()[:LISTED])


def _decimal(value: Value) -> Decimal | None:
    return None if value is None else to_decimal(value)
