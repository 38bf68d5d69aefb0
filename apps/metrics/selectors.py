"""Evaluation: figures for any number of metrics at a cost that does not grow with their number."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from decimal import Decimal
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
from apps.metrics import formulas, grouping, measures
from apps.metrics.compiling import (
    ADDITIVE,
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
from apps.records.registry import RecordType
from apps.records.scope import Scope

_ALL = 10**9  # rows; more than there can be
_ORDER = [Provenance.COUNTED, Provenance.REPORTED, Provenance.ENTERED]


def evaluate(
    metrics: Iterable[Metric], period: Period, scope: Scope, *, groups: bool = True
) -> dict[str, Figure]:
    """Figures by key: one query per record type and period rule, and one per grouping.

    A broken metric gives a figure without value that says what is wrong. ``groups`` leaves the
    groups of grouped metrics out where nobody looks at them.
    """
    asked = list(metrics)
    run = _Run(period, scope, groups)
    run.prepare(asked)
    run.count()
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
        if key in self.compiled or key in self.formulas or key in self.broken:
            return
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
            rule = "latest" if compiled.metric.aggregate == Kind.LATEST else compiled.rule
            together.setdefault((compiled.record_type.label, rule), []).append(compiled)
        for (_, rule), several in together.items():
            if rule == "latest":
                self.look_up(several)
            else:
                self.aggregate(several)
        families: dict[tuple[str, ...], list[Compiled]] = {}
        for key, compiled in self.compiled.items():
            known = self.answers[key].value is not None or compiled.metric.is_share
            if compiled.grouping is not None and known and self.with_groups:
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

    # -- figures ---------------------------------------------------------------------------------

    def figure(self, metric: Metric) -> Figure:
        key = metric.key
        if key not in self.figures:
            if key in self.formulas and key not in self.broken:
                figure = self.work_out(metric)
            else:
                figure = self.counted(metric)
            self.figures[key] = figure
        return self.figures[key]

    def counted(self, metric: Metric) -> Figure:
        key = metric.key
        if key in self.broken:
            return self.make(
                metric, Answer(missing=f"指标定义有误：{self.broken[key]}"), is_broken=True
            )
        kind = metric.aggregate
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
        is_share = metric.is_share and not more.get("is_broken")
        return Figure(
            key=metric.key,
            label=metric.label,
            value=answer.value,
            unit_of_measure=answer.unit_of_measure or metric.unit_of_measure,
            period=self.period,
            scope=self.scope,
            url=list_url(metric, self.period, self.scope),
            version=metric.version,
            theme=metric.theme,
            missing=answer.missing,
            is_ratio=answer.is_ratio,
            part=answer.part,
            whole=answer.whole,
            part_url=list_url(metric, self.period, self.scope, part="1") if is_share else "",
            given_growth=answer.given_growth,
            **{"provenance": Provenance.COUNTED, **more},
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
            _formula_answer(metric, formula, figures),
            provenance=provenance,
            groups=_formula_groups(metric, formula, figures),
            note=notes,
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


def _formula_answer(metric: Metric, formula: Formula, figures: Mapping[str, Figure]) -> Answer:
    is_ratio = metric.unit_of_measure == "%"
    absent = [figure.label for figure in figures.values() if figure.value is None]
    if absent:
        return Answer(missing=f"缺少{'、'.join(absent)}，无法计算。", is_ratio=is_ratio)
    values = {name: Decimal(figure.value or 0) for name, figure in figures.items()}
    try:
        return Answer(formulas.work_out(formula.tree, values), is_ratio=is_ratio)
    except formulas.ZeroDivisor:
        return Answer(missing="公式的除数为 0，无法计算。", is_ratio=is_ratio)


def _formula_groups(
    metric: Metric, formula: Formula, figures: Mapping[str, Figure]
) -> tuple[Group, ...]:
    """Group by group; operands without groups count as they are, a count without it as 0."""
    operands = formula.operands
    if not metric.group_by or any(figure.value is None for figure in figures.values()):
        return ()
    grouped = {n: {g.key: g for g in figures[n].groups} for n, m in operands.items() if m.group_by}
    single = {n: Decimal(f.value or 0) for n, f in figures.items() if n not in grouped}
    labels = {key: group for groups in grouped.values() for key, group in groups.items()}
    found: list[Group] = []
    for key, group in labels.items() if grouped else ():
        values = dict(single)
        for name, groups in grouped.items():
            if key in groups:
                values[name] = Decimal(groups[key].value or 0)
            elif operands[name].aggregate in ADDITIVE:
                values[name] = Decimal(0)
        try:
            value = formulas.work_out(formula.tree, values)
        except (formulas.ZeroDivisor, KeyError):
            continue
        unit = metric.unit_of_measure
        found.append(Group(key, group.label, value, unit, "", unit == "%"))
    return tuple(found)


def today() -> datetime.date:
    return datetime.date.today()  # noqa: DTZ011 -- the office's calendar day
