"""Cells of a list or a workbook: one reading function per column, made once for many rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from apps.core import codes
from apps.core.fields import CodeField
from apps.records.columns import Column
from apps.records.models import Record
from apps.records.registry import RecordType

LONG = 18  # longer texts carry a title, because the cell may cut them
LONG_KINDS = ("text", "long", "reference", "choice")
MARKS = {Record.State.DRAFT: "due", Record.State.SUBMITTED: "open", Record.State.RETURNED: "late"}
Read = Callable[[Any], Any]


def text_reader(record_type: RecordType, column: Column) -> Read:
    """Row to the text on screen."""
    labels = _labels(record_type, column)
    if labels is not None:
        return _label_reader(column.name, labels)
    return column.text


def excel_reader(record_type: RecordType, column: Column) -> Read:
    """Row to the value of a cell: numbers and days as such, everything else as text."""
    if column.kind in ("number", "money", "date"):
        return column.excel
    return text_reader(record_type, column)


def _labels(record_type: RecordType, column: Column) -> dict[str, str] | None:
    """The labels of a code or choice column, looked up once instead of once a row."""
    try:
        field = record_type.model._meta.get_field(column.name)
    except FieldDoesNotExist:
        return None
    if isinstance(field, CodeField):
        return codes.labels(field.table)
    if isinstance(field, models.Field) and field.choices:
        return {str(value): str(label) for value, label in field.flatchoices}
    return None


def _label_reader(name: str, labels: dict[str, str]) -> Read:
    def read(row: Any) -> str:
        value = getattr(row, name)
        if value in (None, ""):
            return ""
        return labels.get(value) or f"未知代码（{value}）"

    return read


class Row:
    """One row of a list; ``cells`` are (class, text, title, label) of all but the first column."""

    __slots__ = ("cells", "key", "mark", "name", "url")

    def __init__(
        self,
        key: int,
        url: str,
        name: str,
        cells: list[tuple[str, str, str, str]],
        mark: tuple[str, str] | None,
    ) -> None:
        self.key, self.url, self.name, self.cells, self.mark = key, url, name, cells, mark


def rows_of(
    record_type: RecordType, columns: list[Column], rows: Any, keys: set[str], *, link: bool
) -> list[Row]:
    """Rows of a page. ``keys`` are the columns that stand on the cards of a narrow screen."""
    first, *others = [(text_reader(record_type, c), c) for c in columns]
    base = record_type.url("list")
    reads = [
        (read, _css(c, keys), c.kind in LONG_KINDS, c.label if said(c, keys) else "")
        for read, c in others
    ]
    marks = issubclass(record_type.model, Record) and not any(c.name == "state" for c in columns)
    found = []
    for row in rows:
        cells = []
        for read, css, may_be_long, label in reads:
            text = read(row)
            cells.append((css, text, text if may_be_long and len(text) > LONG else "", label))
        mark = None
        if marks and row.state in MARKS:
            mark = (MARKS[row.state], str(row.get_state_display()))
        name = first[0](row) or str(row)
        found.append(Row(row.pk, f"{base}{row.pk}/" if link else "", name, cells, mark))
    return found


def said(column: Column, keys: set[str]) -> bool:
    """Whether a card says the column's label, because its value alone says nothing."""
    return column.name in keys and column.kind in ("number", "money", "date", "month", "bool")


def _css(column: Column, keys: set[str]) -> str:
    words = ["n"] if column.is_right else []
    words += ["k"] if column.name in keys else []
    return " ".join(words)
