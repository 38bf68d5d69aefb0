"""Evaluation: figures for any number of metrics at a cost that does not grow with their number."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as member
from typing import Any

from django.db.models import (
    QuerySet,
)

from apps.core.periods import Period
from apps.metrics import derived, formulas, grouping, reported
from apps.metrics.addresses import list_url
from apps.metrics.asking import Run, count
from apps.metrics.compiling import (
    Compiled,
    Formula,
    Kind,
    Pieces,
    by_name,
    compile_formula,
    compile_metric,
)
from apps.metrics.errors import BrokenMetric
from apps.metrics.figures import Figure, Growth, Provenance
from apps.metrics.measures import Answer
from apps.metrics.models import Metric
from apps.metrics.notes import note_of
from apps.metrics.reported import Reported
from apps.records.scope import Scope

_ORDER = [Provenance.COUNTED, Provenance.REPORTED, Provenance.ENTERED]


def evaluate(
    metrics: Iterable[Metric], period: Period, scope: Scope, *, groups: bool = True
) -> dict[str, Figure]:
    """Figures by key: one query per record type and period rule, one per grouping, and one for
    what units reported.

    A broken metric gives a figure without value that says what is wrong. ``groups`` leaves the
    groups of grouped metrics out where nobody looks at them.
    """
    return evaluate_periods(metrics, [period], scope, groups=groups)[0]


def evaluate_periods(
    metrics: Iterable[Metric],
    periods: Sequence[Period],
    scope: Scope,
    *,
    groups: bool = True,
    in_one: bool = False,
) -> list[dict[str, Figure]]:
    """Figures of several periods, such as a year and the one before, in the queries of one.

    Groups are counted for the first period only; a grouping takes a query of its own. ``in_one``
    puts what is counted of many record types into one statement.
    """
    asked = list(metrics)
    runs = [_Run(period, scope, groups and not n) for n, period in enumerate(periods)]
    known = _known(asked)
    for run in runs:
        for metric in asked:
            run.compile(metric, known)
    count(runs, in_one=in_one)
    told = reported.by_period(runs[0].asked.values() if runs else (), periods, scope)
    for run in runs:
        run.reports = told[run.period.key]
    return [{metric.key: run.figure(metric) for metric in asked} for run in runs]


def evaluate_all(period: Period, scope: Scope) -> dict[str, Figure]:
    """The whole catalogue."""
    return evaluate(Metric.objects.all(), period, scope)


def by_label(labels: Iterable[str]) -> dict[str, Metric]:
    """Metrics that a text cites, by the names it uses: label, former label or key."""
    known = by_name(list(Metric.objects.all()))
    return {label: known[label] for label in labels if label in known}


def growth(figures: Mapping[str, Figure], previous: Mapping[str, Figure]) -> dict[str, Growth]:
    """Each figure against the one of the year before; 上年无数据 where there is none."""
    return {key: Growth(figure, previous.get(key)) for key, figure in figures.items()}


def rows_of(compiled: Compiled, scope: Scope, group: str | None = None) -> QuerySet:
    """The records behind a figure, or behind one of its groups."""
    rows = compiled.record_type.queryset(scope).counted()
    rows = rows.filter(compiled.window.known & compiled.rows)
    return rows if group is None else rows.filter(grouping.condition(compiled, group))


@dataclass(slots=True)
class _Run(Run):
    """The evaluation of one period, up to the figures."""

    formulas: dict[str, Formula] = member(default_factory=dict)
    broken: dict[str, str] = member(default_factory=dict)
    figures: dict[str, Figure] = member(default_factory=dict)
    busy: set[str] = member(default_factory=set)
    seen: dict[str, Pieces] = member(default_factory=dict)
    reports: dict[int, Reported] = member(default_factory=dict)
    asked: dict[str, Metric] = member(default_factory=dict)

    # -- compiling -------------------------------------------------------------------------------

    def compile(self, metric: Metric, known: Mapping[str, Metric]) -> None:
        key = metric.key
        if key in self.asked:
            return
        self.asked[key] = metric
        try:
            if metric.is_formula:
                self.formulas[key] = compile_formula(metric, known)
                for operand in self.formulas[key].operands.values():
                    self.compile(operand, known)
            else:
                self.compiled[key] = compile_metric(metric, self.period, self.scope, self.seen)
        except BrokenMetric as error:
            self.broken[key] = error.message

    # -- figures ---------------------------------------------------------------------------------

    def figure(self, metric: Metric) -> Figure:
        key = metric.key
        if key not in self.figures:
            if key in self.formulas and key not in self.broken:
                figure = self.work_out(metric)
            else:
                figure = self.counted(metric)
            self.figures[key] = self.or_reported(metric, figure)
        return self.figures[key]

    def or_reported(self, metric: Metric, figure: Figure) -> Figure:
        """What units reported where no record answers to the metric; never added to a count."""
        found = self.reports.get(metric.pk)
        if found is None or figure.is_broken:
            return figure
        answer = self.answers.get(metric.key)
        if figure.value is not None and not (answer and answer.is_empty):
            return replace(figure, note="；".join(filter(None, (figure.note, found.left_out))))
        if found.value is None and metric.is_reported:
            return replace(figure, missing=f"{found.useless}。")
        if found.value is None:
            return replace(figure, note="；".join(filter(None, (figure.note, found.useless))))
        return self.make(
            metric,
            Answer(found.value, is_ratio=found.is_ratio),
            provenance=Provenance.REPORTED,
            note=found.note,
            url=reported.list_url(metric, self.period, self.scope),
            groups=reported.groups(metric, found, self.period, self.scope)
            if self.with_groups
            else (),
            is_stand_in=not metric.is_reported,
        )

    def counted(self, metric: Metric) -> Figure:
        key = metric.key
        if key in self.broken:
            return self.make(
                metric, Answer(missing=f"指标定义有误：{self.broken[key]}"), is_broken=True
            )
        kind = metric.aggregate
        if metric.is_reported:
            nothing = Answer(missing=reported.nothing(metric, self.period))
            return self.make(metric, nothing, provenance=Provenance.REPORTED)
        provenance = Provenance.ENTERED if kind == Kind.LATEST else Provenance.COUNTED
        return self.make(
            metric,
            self.answers[key],
            provenance=provenance,
            groups=self.groups.get(key, ()),
            note=note_of(self.compiled[key], today=today()),
        )

    def make(self, metric: Metric, answer: Answer, **more: Any) -> Figure:
        """A figure of this run; ``more`` is what is not in the metric nor in the answer."""
        has_sides = metric.is_share and answer.whole is not None
        return Figure(
            key=metric.key,
            label=metric.label,
            value=answer.value,
            unit_of_measure=answer.unit_of_measure or metric.unit_of_measure,
            period=self.period,
            scope=self.scope,
            version=metric.version,
            theme=metric.theme,
            missing=answer.missing,
            is_ratio=answer.is_ratio,
            part=answer.part,
            whole=answer.whole,
            part_url=list_url(metric, self.period, self.scope, part="1") if has_sides else "",
            given_growth=answer.given_growth,
            **{
                "provenance": Provenance.COUNTED,
                "url": list_url(metric, self.period, self.scope),
                **more,
            },
        )

    def work_out(self, metric: Metric) -> Figure:
        """A formula's figure, and its groups where its operands have groups in common."""
        key, formula = metric.key, self.formulas[metric.key]
        if key in self.busy:
            self.broken[key] = "公式绕了一圈又引用自己，请改正。"
            return self.counted(metric)
        self.busy.add(key)
        figures = {name: self.figure(m) for name, m in formula.operands.items()}
        self.busy.discard(key)
        if key in self.broken:
            return self.counted(metric)
        bad = next((f for f in figures.values() if f.is_broken), None)
        if bad is not None:
            self.broken[key] = f"公式引用的指标“{bad.label}”定义有误。"
            return self.counted(metric)
        provenance = max((f.provenance for f in figures.values()), key=_ORDER.index)
        notes = "；".join(dict.fromkeys(f.note for f in figures.values() if f.note))
        return self.make(
            metric,
            derived.answer(metric, formula, figures),
            provenance=provenance,
            groups=derived.groups(metric, formula, figures),
            note=notes,
            is_stand_in=any(f.is_stand_in for f in figures.values()),
        )


def _known(asked: list[Metric]) -> dict[str, Metric]:
    """Metrics by their names: those asked for, and all others where a formula needs them."""
    known = by_name(asked)
    wanted = {name for m in asked if m.is_formula for name in _operands(m)}
    return by_name([*Metric.objects.all(), *asked]) if wanted - known.keys() else known


def _operands(metric: Metric) -> set[str]:
    try:
        return formulas.names(formulas.parse(metric.formula))
    except BrokenMetric:
        return set()


def today() -> datetime.date:
    return datetime.date.today()  # noqa: DTZ011 -- the office's calendar day
