"""A counted cross table as it is shown: labels, links to the records of each cell, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from apps.core import numbers
from apps.core.periods import Period
from apps.metrics.compiling import ADDITIVE, Kind
from apps.metrics.cross.axes import Items
from apps.metrics.cross.counting import (
    ALL,
    COLUMNS_AT_MOST,
    ROWS_AT_MOST,
    Place,
    Run,
    Split,
    too_large,
)
from apps.metrics.cross.definition import Definition
from apps.metrics.figures import Value
from apps.records.scope import Scope

TEN_THOUSAND = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the list of its records; empty where nothing can be said."""

    value: Value
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column or row: its part's heading and its own label."""

    place: Place
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """Columns or rows that stand under one heading."""

    heading: str
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A counted table: a total column first, then the columns of each part; likewise the rows."""

    columns: tuple[Band, ...]
    total: Line
    rows: tuple[tuple[str, tuple[Line, ...]], ...]
    unit_of_measure: str
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return 1 + sum(len(band.heads) for band in self.columns)

    @property
    def span(self) -> int:
        """Cells of a line with its label."""
        return self.width + 1

    @property
    def has_headings(self) -> bool:
        return any(band.heading for band in self.columns)


SHARES = {"row": "占本行合计", "column": "占本列合计", "total": "占总计"}


def as_shares(table: Table, of: str) -> Table:
    """The same table in percent of its rows, its columns or the whole; links stay."""

    def line(one: Line) -> Line:
        cells = []
        for place, cell in enumerate(one.cells):
            whole = {
                "row": one.cells[0],
                "column": table.total.cells[place],
                "total": table.total.cells[0],
            }[of].value
            ratio = numbers.share(cell.value or 0, whole or 0)
            cells.append(replace(cell, text="" if ratio is None else numbers.percent(ratio)))
        return Line(one.label, tuple(cells))

    rows = tuple((heading, tuple(map(line, lines))) for heading, lines in table.rows)
    return replace(table, total=line(table.total), rows=rows, unit_of_measure="%")


def tabulate(
    definition: Definition,
    period: Period,
    scope: Scope,
    *,
    unit_of_measure: str = "",
    address: Mapping[str, str] | None = None,
) -> Table:
    """Count a table. ``address`` is what names the table in the links of its cells.

    BrokenMetric where the definition no longer fits or the table would be too large to read.
    """
    run = Run.of(definition, period, scope)
    run.count()
    return _Writer(run, unit_of_measure, dict(address or {})).table()


class _Writer:
    """Turns what was counted into a table with labels, links and notes."""

    def __init__(self, run: Run, unit: str, address: dict[str, str]) -> None:
        self.run, self.address = run, address
        self.in_wan = unit == "元"
        self.unit = "万元" if self.in_wan else unit
        self.params = {**address, "period": run.period.key, "scope": run.scope.key}

    def table(self) -> Table:
        columns = [self._band("column", n, axis) for n, axis in enumerate(self.run.column_axes)]
        rows = [self._band("row", n, axis) for n, axis in enumerate(self.run.row_axes)]
        if (
            sum(len(b.heads) for b in columns) > COLUMNS_AT_MOST
            or sum(len(b.heads) for b in rows) > ROWS_AT_MOST
        ):
            raise too_large(self.run.compiled.record_type)
        heads = [ALL, *(head.place for band in columns for head in band.heads)]
        return Table(
            columns=tuple(columns),
            total=self._line(Head(ALL, "合计"), heads),
            rows=tuple((b.heading, tuple(self._line(h, heads) for h in b.heads)) for b in rows),
            unit_of_measure=self.unit,
            notes=tuple(self._notes(rows, columns)),
        )

    def _band(self, side: str, number: int, axis: Items | Split) -> Band:
        places = self.run.places.get((side, number), {})
        heads = tuple(Head((number, key), label) for key, label in places.items())
        return Band(axis.part.heading, heads)

    def _line(self, head: Head, columns: Sequence[Place]) -> Line:
        return Line(head.label, tuple(self._cell(head.place, place) for place in columns))

    def _cell(self, row: Place, column: Place) -> Cell:
        value = self.run.value(row, column)
        if not self.run.records(row, column):
            return Cell(value if value == 0 else None, "0" if value == 0 else "", "")
        return Cell(value, self._text(value), self._url(row, column))

    def _text(self, value: Value) -> str:
        if value is None:
            return ""
        if self.in_wan:
            return f"{numbers.round_half_up(Decimal(value) / TEN_THOUSAND, 2):,.2f}"
        if isinstance(value, Decimal) and self.run.compiled.metric.aggregate == Kind.AVG:
            value = numbers.round_half_up(value, 1)
        return numbers.quantity(value, "", style="screen")

    def _url(self, row: Place, column: Place) -> str:
        if not self.address:
            return ""
        params = dict(self.params)
        for side, (number, key) in (("row", row), ("column", column)):
            if number >= 0:
                params[side] = f"{number}.{key}"
        return f"{self.run.compiled.record_type.url('list')}?{urlencode(params)}"

    def _notes(self, rows: Sequence[Band], columns: Sequence[Band]) -> Iterable[str]:
        """Where the places of a part don't add up to its total, by how much and why."""
        if self.run.compiled.metric.aggregate not in ADDITIVE:
            return
        run = self.run
        whole = Decimal(run.value(ALL, ALL) or 0)
        sides = (("各行", rows, run.row_axes), ("各列", columns, run.column_axes))
        for side, bands, axes in sides:
            for band, axis in zip(bands, axes, strict=True):
                if axis.part.of_which:
                    continue
                places = [head.place for head in band.heads]
                values = [
                    run.value(p, ALL) if side == "各行" else run.value(ALL, p) for p in places
                ]
                more = sum((Decimal(value or 0) for value in values), Decimal(0)) - whole
                yield from self._difference(band, side, more)

    def _difference(self, band: Band, side: str, more: Decimal) -> Iterable[str]:
        name = f"“{band.heading}”{side}" if band.heading else side
        size = f"{self._text(abs(more))} {self.unit}".strip()
        if more > 0:
            yield f"{name}之间有交叉，相加比合计多 {size}；合计每条只计一次。"
        elif more < 0:
            yield f"{name}相加比合计少 {size}：这些记录不在所列各项之中。"
