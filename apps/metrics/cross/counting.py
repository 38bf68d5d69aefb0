"""Counting a cross table: one query for each pairing of a row part with the column parts.

Parts that split the records (values of a field) are grouped by the database; named items, which may
overlap, are conditional aggregates. Where all parts split and the measure adds up, the totals are
added up too, so that a plain table is one GROUP BY.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from apps.core.periods import Period
from apps.metrics import measures
from apps.metrics.compiling import ADDITIVE, Compiled, Kind, compile_metric
from apps.metrics.cross.axes import Items, Steps, Values, compile_axis
from apps.metrics.cross.definition import Definition, Part
from apps.metrics.errors import BrokenMetric
from apps.metrics.figures import Value
from apps.records.registry import RecordType
from apps.records.scope import Scope

ROWS_AT_MOST, COLUMNS_AT_MOST = 400, 80
TOTAL = ""  # the place of the sum over a whole side
Split = Values | Steps
Place = tuple[int, str]  # number of the part, key within it; (-1, "") is the total
ALL: Place = (-1, TOTAL)


@dataclass
class Run:
    """One counting: what the database answered, by row and column."""

    period: Period
    scope: Scope
    compiled: Compiled
    rows: QuerySet
    row_axes: list[Items | Split]
    column_axes: list[Items | Split]
    raw: dict[tuple[Place, Place], dict[str, Any]] = field(default_factory=dict)
    places: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: Definition, period: Period, scope: Scope) -> Run:
        compiled = compile_metric(definition.metric(), period, scope)
        rows = compiled.record_type.queryset(scope).counted()

        def axes(parts: Sequence[Part], side: str) -> list[Items | Split]:
            return [
                compile_axis(definition, part, f"{side}{n}", period, scope)
                for n, part in enumerate(parts)
            ]

        return cls(
            period,
            scope,
            compiled,
            rows.filter(compiled.window.known & compiled.rows).order_by(),
            axes(definition.rows, "row"),
            axes(definition.columns, "column"),
        )

    @property
    def adds_up(self) -> bool:
        """Whether totals are the sums of what they stand over."""
        axes = [*self.row_axes, *self.column_axes]
        additive = self.compiled.metric.aggregate in ADDITIVE - {Kind.DISTINCT}
        return additive and bool(self.row_axes) and all(axis.is_partition for axis in axes)

    # -- asking ----------------------------------------------------------------------------------

    def count(self) -> None:
        for number, axis in [(-1, None), *enumerate(self.row_axes)]:
            if axis is None and self.adds_up:
                continue
            self._against_items(number, axis)
            for other, column in enumerate(self.column_axes):
                if isinstance(column, Items):
                    continue
                if isinstance(axis, Items) or axis is None:
                    self._split(other, column, number, axis)
                else:
                    self._both(number, axis, other, column)
        if self.adds_up:
            self._add_up()
        for side, axes in (("row", self.row_axes), ("column", self.column_axes)):
            for number, axis in enumerate(axes):
                if isinstance(axis, Items):
                    self.places[side, number] = axis.places()

    def _named(self, axes: Iterable[tuple[int, Any]]) -> list[tuple[Place, Q | None]]:
        """The total and every named item of some parts."""
        found: list[tuple[Place, Q | None]] = [(ALL, None)]
        for number, axis in axes:
            if isinstance(axis, Items):
                found += [((number, key), q) for key, q in axis.conditions.items()]
        return found

    def _against_items(self, number: int, axis: Items | Split | None) -> None:
        """One row part against the total and all named columns."""
        columns = self._named(enumerate(self.column_axes))
        if self.adds_up and self.column_axes:
            return
        if axis is None or isinstance(axis, Items):
            rows = self._named([(number, axis)] if axis else [])
            rows = rows[1:] if axis else rows
            asked, meant = self._expressions(
                [((r, c), _both_of(p, q)) for r, p in rows for c, q in columns]
            )
            self._keep(self.rows.aggregate(**asked), meant)
            return
        asked, meant = self._expressions([((None, c), q) for c, q in columns])
        for answer in self._grouped("row", number, [axis], asked):
            place = (number, axis.key(answer))
            self._keep(answer, {n: (place, c) for n, (_, c) in meant.items()})

    def _split(self, number: int, axis: Split, other: int, items: Items | None) -> None:
        """One column part that splits, against the total or all named rows of a part."""
        rows = self._named([(other, items)])[1:] if items else [(ALL, None)]
        asked, meant = self._expressions([((r, None), q) for r, q in rows])
        for answer in self._grouped("column", number, [axis], asked):
            place = (number, axis.key(answer))
            self._keep(answer, {n: (r, place) for n, (r, _) in meant.items()})

    def _both(self, number: int, axis: Split, other: int, column: Split) -> None:
        asked, meant = self._expressions([((None, None), None)])
        answers = self._grouped("row", number, [axis, column], asked)
        self._remember("column", other, column, answers)
        for answer in answers:
            pair = ((number, axis.key(answer)), (other, column.key(answer)))
            self._keep(answer, dict.fromkeys(meant, pair))

    def _expressions(self, wanted: list[tuple[Any, Q | None]]) -> tuple[dict[str, Any], Any]:
        asked: dict[str, Any] = {}
        meant = {}
        for n, (pair, condition) in enumerate(wanted):
            asked |= self.compiled.expressions(condition, prefix=f"m{n}_")
            meant[f"m{n}_"] = pair
        return asked, meant

    def _grouped(
        self, side: str, number: int, axes: Sequence[Split], asked: dict[str, Any]
    ) -> list[Any]:
        """The rows grouped by some parts; the places of the first are remembered."""
        columns = dict.fromkeys(name for axis in axes for name in axis.columns)
        made: dict[str, Any] = {}
        for axis in axes:
            made |= axis.annotations()
        grouped = self.rows.annotate(**made).values(*columns).annotate(**asked).order_by()
        most = ROWS_AT_MOST * COLUMNS_AT_MOST
        answers = list(grouped[: most + 1])
        if len(answers) > most:
            raise too_large(self.compiled.record_type)
        self._remember(side, number, axes[0], answers)
        return answers

    def _remember(self, side: str, number: int, axis: Split, answers: list[Any]) -> None:
        told = self.places.setdefault((side, number), {})
        if missing := axis.places(answers):
            self.places[side, number] = missing if set(told) <= set(missing) else told | missing

    def _keep(self, answer: Mapping[str, Any], meant: Mapping[str, Any]) -> None:
        for prefix, pair in meant.items():
            raw = {n[len(prefix) :]: v for n, v in answer.items() if n.startswith(prefix)}
            _add(self.raw.setdefault(pair, {}), raw)

    def _add_up(self) -> None:
        pairs = list(self.raw.items())
        for (row, column), raw in pairs:
            if column[0] in (-1, 0):
                if column != ALL:
                    _add(self.raw.setdefault((row, ALL), {}), raw)
                if row[0] == 0:
                    _add(self.raw.setdefault((ALL, ALL), {}), raw)
            if row[0] == 0 and column != ALL:
                _add(self.raw.setdefault((ALL, column), {}), raw)

    # -- answers ---------------------------------------------------------------------------------

    def value(self, row: Place, column: Place) -> Value:
        raw = self.raw.get((row, column)) or {"value": 0, "rows": 0, "filled": 0}
        return measures.answer(self.compiled, raw, is_known=True).value

    def records(self, row: Place, column: Place) -> bool:
        """Whether there are records behind a cell."""
        raw = self.raw.get((row, column), {})
        return bool(raw.get("rows", raw.get("value")))


def _both_of(one: Q | None, other: Q | None) -> Q | None:
    return other if one is None else one if other is None else one & other


def _add(total: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        known = total.get(name)
        total[name] = value if known is None else known if value is None else known + value


def too_large(record_type: RecordType) -> BrokenMetric:
    return BrokenMetric(
        f"这张表太大：最多 {ROWS_AT_MOST} 行、{COLUMNS_AT_MOST} 列，"
        f"请给{record_type.name}加上筛选条件，或换一个分组字段。"
    )


def cell_condition(
    definition: Definition, period: Period, scope: Scope, row: str, column: str
) -> tuple[Compiled, Q, list[str]]:
    """The measure, the records of one cell, and its row and column in words."""
    compiled = compile_metric(definition.metric(), period, scope)
    condition, words = compiled.window.known & compiled.rows, []
    for side, place, parts in (
        ("row", row, definition.rows),
        ("column", column, definition.columns),
    ):
        if not place:
            continue
        number, _, key = place.partition(".")
        if not number.isdigit() or len(number) > 2 or int(number) >= len(parts):
            raise BrokenMetric("交叉表没有这一行或这一列，请从表中重新进入。")
        axis = compile_axis(definition, parts[int(number)], side, period, scope)
        condition &= axis.condition(key)
        words.append(axis.label(key, scope))
    return compiled, condition, words
