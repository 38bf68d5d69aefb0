"""Charts of figures: drawn by the browser, always with the table that they picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import xlsxwriter

Kind = Literal["bars", "columns", "stacked", "lines"]


class Point(Protocol):
    """A figure, a group or a cell of a table."""

    @property
    def value(self) -> Any: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: a point for each category, None where there is none."""

    name: str
    points: Sequence[Point | None]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: lying ``bars``, standing ``columns``, ``stacked`` ones, or ``lines`` over time.

    ``key`` is its id on the page; ``excel_url`` gives the same table as a workbook.
    """

    key: str
    title: str
    kind: Kind
    categories: Sequence[str]
    series: Sequence[Series]
    unit_of_measure: str = ""
    excel_url: str = ""
    note: str = ""
    head: str = "类别"
    is_table_open: bool = field(default=False)

    @property
    def is_empty(self) -> bool:
        return not any(p is not None and p.value for s in self.series for p in s.points)

    @property
    def data(self) -> dict[str, Any]:
        """What the browser draws from."""
        return {
            "kind": self.kind,
            "unit": self.unit_of_measure,
            "categories": list(self.categories),
            "series": [
                {
                    "name": series.name,
                    "values": [_number(point) for point in series.points],
                    "texts": list(series.texts),
                    "urls": [point.url if point else "" for point in series.points],
                }
                for series in self.series
            ],
        }

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The table: category, then (text, address) of each series."""
        return [
            (
                category,
                [
                    (series.texts[place], point.url if (point := series.points[place]) else "")
                    for series in self.series
                ],
            )
            for place, category in enumerate(self.categories)
        ]


def _number(point: Point | None) -> float | None:
    if point is None or point.value is None:
        return None
    return float(point.value)


def workbook(chart: Chart, facts: Sequence[str]) -> bytes:
    """The table of a chart as a workbook."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet(chart.title[:31])
    head = book.add_format({"bold": True, "border": 1, "align": "center"})
    label, number = book.add_format({"border": 1}), book.add_format({"border": 1, "align": "right"})
    sheet.write_string(0, 0, chart.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, "　".join(facts))
    for place, name in enumerate([chart.head, *(series.name for series in chart.series)]):
        sheet.write_string(2, place, name, head)
    for row, category in enumerate(chart.categories):
        sheet.write_string(row + 3, 0, category, label)
        for place, series in enumerate(chart.series, start=1):
            value = _number(series.points[row])
            if value is None:
                sheet.write_string(row + 3, place, "", number)
            else:
                sheet.write_number(row + 3, place, value, number)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(chart.series), 14)
    book.close()
    return stream.getvalue()
