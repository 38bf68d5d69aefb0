"""Reads a workbook of any layout that offices use: title lines, grouped headings, totals, notes."""

import datetime as dt
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine as calamine

from apps.core.text import clean_text, heading_key, squeeze
from apps.records.importing import headers
from apps.records.importing.errorcells import error_cells
from apps.records.importing.errors import ImportRefused
from apps.records.importing.guard import SAVE_AS, Limits, check_file, too_long, too_wide
from apps.records.importing.headers import Heading, Range, Table, read_facts

Cell = str | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta

_TOTALS = ("合计", "小计", "总计", "累计", "共计", "本页小计", "本页合计")
_NOTES = (
    "注:", "备注:", "说明:", "注1", "填表说明", "填报说明", "填表人", "制表人", "填报人", "审核人",
    "复核人", "经办人", "单位负责人", "负责人签字", "联系人:", "联系电话:", "填表日期", "填报日期",
    "制表日期", "单位(盖章)", "(盖章)",
)  # fmt: skip
_FIRST_SIGNS = frozenset(text[0] for text in _TOTALS + _NOTES) | {"（", " ", "\u3000", "\n"}


@dataclass(slots=True)
class Row:
    """One row of data with its number in the file, as Excel shows it."""

    number: int
    cells: list[Any]


@dataclass(slots=True)
class Sheet:
    """One sheet: the lines above the heading, the headings, the rows, what was left out."""

    name: str
    title: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    header_row: int = 0
    headings: list[Heading] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    ignored: dict[str, list[int]] = field(default_factory=dict)
    above: list[list[Any]] = field(default_factory=list)  # all lines up to the heading, as read
    merged: list[Range] = field(default_factory=list)  # the merged cells among them


@dataclass(slots=True)
class Workbook:
    """The sheets that hold something, hidden ones included, and the names of those that don't."""

    sheets: list[Sheet]
    empty_sheets: list[str] = field(default_factory=list)
    name: str = ""

    @property
    def ignored_rows(self) -> dict[str, int]:
        """How many rows of each kind (blank, total, note, …) were left out."""
        counts: dict[str, int] = {}
        for sheet in self.sheets:
            for kind, numbers in sheet.ignored.items():
                counts[kind] = counts.get(kind, 0) + len(numbers)
        return counts


def read(
    source: bytes | BinaryIO | Path,
    *,
    known: Collection[str] = (),
    limits: Limits | None = None,
    name: str = "",
) -> Workbook:
    """Read a workbook; ImportRefused says why it cannot be. `known` are keys of known headings."""
    limits = limits or Limits()
    data = _bytes_of(source, limits)
    errors = error_cells(data) if check_file(data, limits) == "xlsx" else {}
    sheets, empty = [], []
    for table in _tables(data, limits):
        for row, column, error in errors.get(table.name, ()):
            if row < len(table.rows) and column < len(table.rows[row]):
                table.rows[row][column] = error
        sheet = _read_sheet(table, frozenset(known)) if table.rows else None
        if sheet is None:
            empty.append(table.name)
        else:
            sheets.append(sheet)
    if not any(sheet.rows for sheet in sheets):
        raise ImportRefused(
            "工作簿里没有数据行。请确认数据已保存在工作表中，表头下一行起为数据，再重新上传。"
        )
    return Workbook(sheets, empty, name)


def _bytes_of(source: bytes | BinaryIO | Path, limits: Limits) -> bytes:
    """No more than the limit and one byte is taken into memory."""
    most = limits.megabytes * 1024 * 1024 + 1
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return stream.read(most)
    source.seek(0)
    return source.read(most)


def _tables(data: bytes, limits: Limits) -> Iterator[Table]:
    try:
        book = calamine.load_workbook(BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.width > limits.columns:
                raise too_wide(f"工作表“{meta.name}”", limits)
            if sheet.height > limits.rows + 1_000:
                raise too_long(f"工作表“{meta.name}”", limits)
            rows = _rows_of(sheet)
            merged = [cells for cells in sheet.merged_cell_ranges or () if _begins_in(rows, cells)]
            yield Table(meta.name, rows, merged)
    except calamine.PasswordError:
        raise ImportRefused("工作簿设有打开密码，系统无法读取。请取消密码后重新上传。") from None
    except (calamine.CalamineError, OSError, ValueError, UnicodeError):
        raise ImportRefused(f"文件已损坏，无法打开。{SAVE_AS}。") from None
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":  # a panic of the library
            raise
        raise ImportRefused(f"文件已损坏，无法打开。{SAVE_AS}。") from None


def _begins_in(rows: list[list[Any]], cells: Range) -> bool:
    top, left = cells[0]
    return top < len(rows) and left < len(rows[top])


def _rows_of(sheet: calamine.CalamineSheet) -> list[list[Any]]:
    """All cells from A1 on. They are taken row by row, and a text that stands in many of them, such
    as a unit or an education, is kept once: a large workbook fits into little memory.
    """
    left = [""] * (sheet.start[1] if sheet.start else 0)
    texts: dict[str, str] = {}
    rows = []
    for cells in sheet.iter_rows():
        for place, cell in enumerate(cells):
            if type(cell) is str:
                cells[place] = texts.setdefault(cell, cell)
            elif type(cell) is float and not math.isfinite(cell):
                cells[place] = "#NUM!"  # too large for Excel itself (1e999)
        rows.append(left + cells if left else cells)
    return rows


def _read_sheet(table: Table, known: frozenset[str]) -> Sheet | None:
    while table.rows and _is_blank(table.rows[-1]):
        table.rows.pop()
    if not table.rows:
        return None
    sheet = Sheet(table.name)
    head = headers.find(table, known)
    above = table.rows[: head.top] if head else table.rows[:3]
    sheet.title, sheet.facts = read_facts(above)
    if head is None:
        return sheet
    sheet.header_row, sheet.headings = head.row + 1, head.headings
    sheet.above = table.rows[: head.row + 1]
    sheet.merged = [cells for cells in table.merged if cells[1][0] <= head.row]
    table.fill_down(head.row + 1)
    keys = [(h.column, h.key) for h in head.headings]
    for index in range(head.row + 1, len(table.rows)):
        cells = table.rows[index]
        kind = classify(cells)
        if not kind and isinstance(cells[0], str | float):
            kind = _repeats_head(cells, keys) or _is_numbering(cells, index - head.row)
        if kind:
            sheet.ignored.setdefault(kind, []).append(index + 1)
        else:
            sheet.rows.append(Row(index + 1, cells))
    return sheet


def _is_blank(cells: list[Any]) -> bool:
    return all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def classify(cells: list[Any]) -> str:
    """`blank`, `total` or `note` for a row that holds no record; empty for one that does."""
    for place, cell in enumerate(cells):
        if cell == "":
            continue
        if not isinstance(cell, str) or (place > 2 and cell.strip()):
            return ""
        if cell[0] not in _FIRST_SIGNS:
            return ""
        text = squeeze(cell).translate(_NOTE_SIGNS)
        if not text:
            continue
        if text.rstrip(":") in _TOTALS:
            return "total"
        few = sum(other != "" for other in cells) <= 6
        return "note" if place == 0 and few and text.startswith(_NOTES) else ""
    return "blank" if _is_blank(cells) else ""


_NOTE_SIGNS = str.maketrans("：（）", ":()")


def _repeats_head(cells: list[Any], keys: list[tuple[int, str]]) -> str:
    """A heading printed again on each page."""
    for column, key in keys:
        cell = cells[column]
        if not isinstance(cell, str) or heading_key(cell) != key:
            return ""
    return "head"


def _is_numbering(cells: list[Any], below: int) -> str:
    """The line of column numbers that some forms have right below the heading."""
    if below != 1:
        return ""
    filled = [clean_text(str(cell)).removesuffix(".0") for cell in cells if cell != ""]
    numbers = [int(text) for text in filled if text.isdecimal()]
    others = [text for text in filled if not text.isdecimal()]
    if len(numbers) < 3 or not set(others) <= set("甲乙丙丁"):
        return ""
    return "numbering" if numbers == list(range(numbers[0], numbers[0] + len(numbers))) else ""
