"""The faulty rows back as a workbook of the same layout, wrong cells marked and commented."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from apps.records.importing.match import SheetMatch
from apps.records.importing.plan import Plan
from apps.records.importing.rows import Fault

# A text that begins like a formula stays a text, also when somebody edits the cell.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_TELL = "错误说明"
_FROM = "原行号"
_NO_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31


def write_faulty(plan: Plan) -> bytes:
    """A workbook with the faulty rows only; corrected, it can be uploaded as it is."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {**OPTIONS, "in_memory": True}) as book:
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "text": book.add_format({"num_format": "@"}),
            "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
            "head": book.add_format({"bold": True, "border": 1, "align": "center"}),
            "wrong": book.add_format(
                {"bg_color": "#FBE3E4", "border_color": "#C8161D", "border": 1}
            ),
        }
        wrong_date = {"bg_color": "#FBE3E4", "border": 1, "num_format": "yyyy-mm-dd"}
        formats["wrong_date"] = book.add_format(wrong_date)
        names: set[str] = set()
        for match in plan.matches:
            faults = [f for f in plan.faults if f.sheet == match.sheet.name]
            if faults:
                sheet = book.add_worksheet(_sheet_name(match.sheet.name, names))
                _write_sheet(sheet, match, faults, formats)
    return stream.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """The name as Excel allows it: other programs are not so strict."""
    plain = _NO_SHEET_SIGNS.sub("_", name)[:_LONGEST_NAME].strip("'") or "工作表"
    chosen, number = plain, 1
    while chosen.lower() in taken:
        number += 1
        chosen = f"{plain[: _LONGEST_NAME - 4]}({number})"
    taken.add(chosen.lower())
    return chosen


def _write_sheet(
    sheet: Worksheet, match: SheetMatch, faults: list[Fault], formats: dict[str, Format]
) -> None:
    source = match.sheet
    for line, cells in enumerate(source.above):
        for column, cell in enumerate(cells):
            _write(
                sheet, line, column, cell, formats, "head" if line + 1 == source.header_row else ""
            )
    for (top, left), (bottom, right) in source.merged:
        text = source.above[top][left]
        with suppress(OverlappingRange):  # a damaged file: the cells stay as they are
            sheet.merge_range(top, left, bottom, right, str(text), formats["head"])
    last = max((h.column for h in source.headings), default=0) + 1
    sheet.write_string(source.header_row - 1, last, _TELL, formats["head"])
    sheet.write_string(source.header_row - 1, last + 1, _FROM, formats["head"])
    sheet.set_column(0, last - 1, 14)
    sheet.set_column(last, last, 60)
    sheet.freeze_panes(source.header_row, 0)
    by_row: dict[int, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    cells_of = {row.number: row.cells for row in source.rows}
    for line, (number, found) in enumerate(sorted(by_row.items()), start=source.header_row):
        wrong = {fault.place: fault for fault in found if fault.place >= 0}
        for column, cell in enumerate(cells_of[number]):
            _write(sheet, line, column, cell, formats, "wrong" if column in wrong else "")
            if column in wrong:
                sheet.write_comment(line, column, wrong[column].message, {"x_scale": 2})
        sheet.write_string(line, last, " ".join(fault.message for fault in found))
        sheet.write_number(line, last + 1, number)


def _write(
    sheet: Worksheet, line: int, column: int, cell: Any, formats: dict[str, Format], style: str
) -> None:
    chosen = formats.get(style)
    if isinstance(cell, bool):
        sheet.write_boolean(line, column, cell, chosen)
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell, chosen)
    elif isinstance(cell, dt.datetime | dt.date):
        wanted = formats["wrong_date"] if style == "wrong" else formats["date"]
        sheet.write_datetime(line, column, cell, wanted)
    elif isinstance(cell, dt.time | dt.timedelta):
        sheet.write_string(line, column, str(cell), chosen)
    elif cell != "" or style == "wrong":
        plain = formats["quoted" if str(cell).startswith(FORMULA_SIGNS) else "text"]
        sheet.write_string(line, column, str(cell), chosen or plain)
