"""Evaluation: figures for any number of metrics at a cost that does not grow with their number."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as member
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    Q,
    QuerySet,
    Value,
    When,
)
from django.urls import NoReverseMatch, reverse

from apps.core.periods import Period
from apps.metrics import derived, formulas, grouping, measures, reported
from apps.metrics.compiling import (
    Compiled,
    Formula,
    Kind,
    Piece,
    Pieces,
    by_name,
    compile_formula,
    compile_metric,
    together,
)
from apps.metrics.errors import BrokenMetric
from apps.metrics.figures import Figure, Group, Growth, Provenance
from apps.metrics.measures import Answer
from apps.metrics.models import Metric
from apps.metrics.notes import note_of
from apps.metrics.reported import Reported
from apps.records.registry import RecordType
from apps.records.scope import Scope

_ALL = 10**9  # rows; more than there can be
_ORDER = [Provenance.COUNTED, Provenance.REPORTED, Provenance.ENTERED]


def evaluate(
    metrics: Iterable[Metric], period: Period, scope: Scope, *, groups: bool = True
) -> dict[str, Figure]:
    """Figures by key: one query per record type and period rule, one per grouping, and one for
    what units reported.

    A broken metric gives a figure without value that says what is wrong. ``groups`` leaves the
    groups of grouped metrics out where nobody looks at them.
    """
    asked = list(metrics)
    run = _Run(period, scope, groups)
    run.prepare(asked)
    run.count()
    run.ask_units()
    return {metric.key: run.figure(metric) for metric in asked}


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


def list_url(metric: Metric, period: Period, scope: Scope, **more: str) -> str:
    """The list of the records that were counted; of a formula, the page of the metric."""
    params = {"period": period.key, "scope": scope.key, **more}
    if metric.is_formula:
        return metric_url(metric, period, scope)
    try:
        app, _, model = metric.record_type.lower().partition(".")
        return f"{reverse(f'{app}-{model}-list')}?{urlencode({'metric': metric.key, **params})}"
    except NoReverseMatch:
        return ""


def metric_url(metric: Metric, period: Period, scope: Scope) -> str:
    """The page of a metric."""
    params = urlencode({"period": period.key, "scope": scope.key})
    return f"{reverse('metrics-detail', args=[metric.key])}?{params}"


@dataclass(slots=True)
class _Run:
    """One evaluation: what was compiled and what the database answered, by metric key."""

    period: Period
    scope: Scope
    with_groups: bool = True
    compiled: dict[str, Compiled] = member(default_factory=dict)
    formulas: dict[str, Formula] = member(default_factory=dict)
    broken: dict[str, str] = member(default_factory=dict)
    answers: dict[str, Answer] = member(default_factory=dict)
    groups: dict[str, tuple[Group, ...]] = member(default_factory=dict)
    figures: dict[str, Figure] = member(default_factory=dict)
    busy: set[str] = member(default_factory=set)
    seen: dict[str, Pieces] = member(default_factory=dict)
    reports: dict[int, Reported] = member(default_factory=dict)
    asked: dict[str, Metric] = member(default_factory=dict)

    # -- compiling -------------------------------------------------------------------------------

    def prepare(self, asked: list[Metric]) -> None:
        known = by_name(asked)
        wanted = {name for m in asked if m.is_formula for name in _operands(m)}
        if wanted - known.keys():
            known = by_name([*Metric.objects.all(), *asked])
        for metric in asked:
            self.compile(metric, known)

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

    # -- asking the database ---------------------------------------------------------------------

    def count(self) -> None:
        together: dict[tuple[str, str], list[Compiled]] = {}
        for compiled in self.compiled.values():
            if compiled.metric.is_reported:
                continue
            rule = "latest" if compiled.metric.aggregate == Kind.LATEST else compiled.rule
            together.setdefault((compiled.record_type.label, rule), []).append(compiled)
        for (_, rule), several in together.items():
            if rule == "latest":
                self.look_up(several)
            else:
                self.aggregate(several)
        families: dict[tuple[str, ...], list[Compiled]] = {}
        for key, compiled in self.compiled.items():
            answer = self.answers.get(key, Answer())
            known = answer.value is not None or compiled.metric.is_share
            asked = self.with_groups or compiled.is_spread
            if compiled.grouping is not None and known and asked:
                families.setdefault(grouping.family(compiled), []).append(compiled)
        for several in families.values():
            self.split(several)

    def rows(self, record_type: RecordType, condition: Q) -> QuerySet:
        return record_type.queryset(self.scope).counted().filter(condition)

    def aggregate(self, several: list[Compiled]) -> None:
        """One query for all metrics of a record type and period rule."""
        first = several[0]
        flags = _Flags()
        is_heavy = any(piece.is_heavy for c in several for piece in (*c.whole, *c.part))
        window = Piece("window", first.window.rows, is_heavy and bool(first.window.rows))
        asked: dict[str, Any] = {"known": Count("pk")}
        for number, compiled in enumerate(several):
            condition = flags.q((window, *compiled.whole))
            asked |= compiled.expressions(condition, flags.q(compiled.part), f"m{number}_")
        rows = flags.annotate(self.rows(first.record_type, first.window.known))
        raw = rows.aggregate(**asked)
        for number, compiled in enumerate(several):
            prefix = f"m{number}_"
            own = {k[len(prefix) :]: v for k, v in raw.items() if k.startswith(prefix)}
            answer = measures.answer(compiled, own, is_known=bool(raw["known"]))
            self.answers[compiled.metric.key] = answer

    def look_up(self, several: list[Compiled]) -> None:
        """One query for all latest values: rows of any of them, each marked with whose it is."""
        first = several[0]
        marks, either = {}, Q()
        for number, compiled in enumerate(several):
            marks[f"m{number}"] = Case(
                When(compiled.rows, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
            either |= together(compiled.whole)
        rows = list(
            self.rows(first.record_type, first.window.known & either)
            .annotate(**marks)
            .select_related("owner")
            .order_by()
        )
        for number, compiled in enumerate(several):
            own = [row for row in rows if getattr(row, f"m{number}")]
            self.answers[compiled.metric.key] = measures.latest(own, compiled)

    def split(self, several: list[Compiled]) -> None:
        """One query for the groups of a family of metrics."""
        first = several[0]
        rows = self.rows(first.record_type, first.window.known & first.rows)
        found = grouping.rows(rows, several)
        for compiled in several:
            metric = compiled.metric
            if compiled.is_spread:
                counts = [row.raw["value"] for row in found[metric.key]]
                self.answers[metric.key] = measures.spread(compiled, counts)
            self.groups[metric.key] = tuple(
                Group(
                    row.key,
                    row.label,
                    answer.value,
                    metric.unit_of_measure,
                    list_url(metric, self.period, self.scope, group=row.key),
                    answer.is_ratio,
                )
                for row in found[metric.key]
                if (answer := measures.answer(compiled, row.raw, is_known=True)).value is not None
            )

    def ask_units(self) -> None:
        """One query for what units reported of all these metrics."""
        self.reports = reported.by_metric(self.asked.values(), self.period, self.scope)

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
        if found.value is None:
            return replace(figure, missing=found.useless) if figure.is_missing else figure
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


@dataclass(slots=True)
class _Flags:
    """Conditions with a subquery, each a column that is worked out once a row for all metrics."""

    columns: dict[str, tuple[str, Q]] = member(default_factory=dict)

    def q(self, pieces: Pieces) -> Q:
        condition = Q()
        for piece in pieces:
            if piece.is_heavy:
                new = f"flag{len(self.columns)}"
                name, _ = self.columns.setdefault(piece.key, (new, piece.q))
                condition &= Q(**{name: True})
            else:
                condition &= piece.q
        return condition

    def annotate(self, rows: QuerySet) -> QuerySet:
        """The rows with their flags. The limit keeps databases from working flags out anew."""
        if not self.columns:
            return rows
        flags = {n: ExpressionWrapper(q, BooleanField()) for n, q in self.columns.values()}
        flagged: QuerySet = rows.order_by().annotate(**flags)
        return flagged[:_ALL]


def _operands(metric: Metric) -> set[str]:
    try:
        return formulas.names(formulas.parse(metric.formula))
    except BrokenMetric:
        return set()


def today() -> datetime.date:
    return datetime.date.today()  # noqa: DTZ011 -- the office's calendar day
