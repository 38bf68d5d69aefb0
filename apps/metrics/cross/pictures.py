"""The chart of a cross table, and the table as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import xlsxwriter

from apps.core import numbers
from apps.metrics.charts import Chart, Kind, Series
from apps.metrics.cross.tabulating import TEN_THOUSAND, Band, Cell, Line, Table
from apps.metrics.models import CrossTable

COLOURS = 7


def chart_of(table: Table, title: str, kind: str, *, key: str, excel_url: str = "") -> Chart | None:
    """Lines of the first row part against the columns of the first column part, seven at most."""
    if kind == CrossTable.Chart.NONE or not table.rows:
        return None
    kinds: dict[str, Kind] = {
        "columns": "columns", "stacked": "stacked", "bars": "bars", "lines": "lines",
    }  # fmt: skip
    heading, lines = table.rows[0]
    names = [head.label for head in table.columns[0].heads] if table.columns else []
    places = list(range(1, 1 + len(names))) if 0 < len(names) <= COLOURS else [0]
    if len(places) == 1:
        names = ["合计"]
    series = [
        _series(table, name, [line.cells[p] for line in lines])
        for name, p in zip(names, places, strict=False)
    ]
    return Chart(
        key, title, kinds[kind], [line.label for line in lines], series, table.unit_of_measure,
        excel_url, head=heading or "类别",
    )  # fmt: skip


def _series(table: Table, name: str, cells: Sequence[Cell]) -> Series:
    size = TEN_THOUSAND if table.unit_of_measure == "万元" else Decimal(1)
    points = [replace(c, value=None if c.value is None else c.value / size) for c in cells]
    return Series(name, points, [cell.text for cell in cells])


def workbook(table: Table, title: str, facts: Sequence[str]) -> bytes:
    """The table with its head, unit, period and notes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title[:31].translate(str.maketrans("[]:*?/\\", "（）：＊？－－")))
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
        "head": book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        ),
        "label": book.add_format({"border": 1}),
        "number": book.add_format({"border": 1, "align": "right"}),
        "plain": book.add_format({}),
    }
    last = max(table.width, 1)
    sheet.merge_range(0, 0, 0, last, title, styles["title"])
    sheet.write_string(1, 0, "　".join(facts), styles["plain"])
    _heads(sheet, table.columns, styles["head"])
    row = 4
    for heading, lines in table.rows:
        if heading:
            sheet.merge_range(row, 0, row, last, heading, styles["label"])
            row += 1
        for line in lines:
            row = _line(sheet, row, line, styles)
    row = _line(sheet, row, table.total, styles)
    for note in table.notes:
        sheet.write_string(row, 0, f"注：{note}", styles["plain"])
        row += 1
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, last, 11)
    sheet.freeze_panes(4, 1)
    book.close()
    return stream.getvalue()


def _heads(sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[Band], style: object) -> None:
    sheet.merge_range(2, 0, 3, 0, "项目", style)
    sheet.merge_range(2, 1, 3, 1, "合计", style)
    place = 2
    for band in columns:
        width = len(band.heads)
        if width > 1:
            sheet.merge_range(2, place, 2, place + width - 1, band.heading, style)
        elif width:
            sheet.write_string(2, place, band.heading, style)
        for offset, head in enumerate(band.heads):
            sheet.write_string(3, place + offset, head.label, style)
        place += width


def _line(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, line: Line, styles: dict[str, object]
) -> int:
    sheet.write_string(row, 0, line.label, styles["label"])
    for place, cell in enumerate(line.cells, start=1):
        text = cell.text.replace(",", "")
        if text.endswith("%") or not text:
            sheet.write_string(row, place, text, styles["number"])
        else:
            sheet.write_number(row, place, float(numbers.to_decimal(text)), styles["number"])
    return row + 1
