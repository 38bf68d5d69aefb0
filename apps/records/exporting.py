"""Records as a workbook, written row by row, in flat memory and with a fixed number of queries.

``fields`` is what the list shows, or everything in the order of the import, so that a workbook
that is imported again changes nothing. Protected values leave as masks.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.db import models
from django.utils import timezone

from apps.core.fields import EncryptedField
from apps.records import columns as column_of
from apps.records import registry
from apps.records.actors import Actor
from apps.records.cells import excel_reader
from apps.records.columns import Column
from apps.records.history import log_change
from apps.records.importing.fields import is_in_excel, parts_of
from apps.records.listing import Listing
from apps.records.models import ChangeLog, Record
from apps.records.registry import RecordType

CHUNK = 2000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = {"date": 12, "month": 10, "number": 10, "money": 14, "long": 36, "reference": 24}
LARGEST = 1_048_575  # rows of a sheet below its heading
Read = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the workbook."""

    label: str
    kind: str
    read: Read


@dataclass(frozen=True, slots=True)
class Exported:
    """The finished file, how many rows it holds and its number in the log."""

    file: IO[bytes]
    count: int
    number: str


def shown_fields(record_type: RecordType, columns: Sequence[Column]) -> list[Field]:
    """The columns of the list."""
    return [Field(c.label, c.kind, excel_reader(record_type, c)) for c in columns]


def all_fields(record_type: RecordType) -> list[Field]:
    """All fields as the importer reads them; a reference comes with what tells it apart."""
    names = [*record_type.all_fields, "remarks"]
    names += ["owner"] if issubclass(record_type.model, Record) else []
    found, taken = [], {record_type.column(name).label for name in names}
    for name in dict.fromkeys(names):
        field = record_type.field(name)
        if not is_in_excel(field):
            continue
        parts = _parts(field)
        column = record_type.column(name)
        if not parts:
            found.append(Field(column.label, column.kind, excel_reader(record_type, column)))
        for extra in [*_joined(name, parts), *_beside(record_type, name)]:
            if extra.label not in taken:
                taken.add(extra.label)
                found.append(extra)
    return found


def _beside(record_type: RecordType, name: str) -> list[Field]:
    """Further columns by which the importer finds the record that a column points to."""
    field = record_type.field(name)
    target = getattr(field, "related_model", None)
    if name == "owner" or target is None or target._meta.label not in _labels():
        return []
    other, found = registry.of(target), []
    for part in other.lookup:
        inner = target._meta.get_field(part)
        if part in ("name", "title"):
            continue  # that is what the column itself holds
        if isinstance(inner, EncryptedField) or (inner.unique and len(other.lookup) > 1):
            column = column_of.of_field(target, part)
            found.append(Field(column.label, column.kind, _through(name, column)))
    return found


def _parts(field: Any) -> list[models.Field]:
    """The references by which the record that a field points to is found."""
    target = field.related_model
    if target is None or target._meta.label not in _labels():
        return []
    return [target._meta.get_field(name) for name in parts_of(registry.of(target))]


def _joined(name: str, parts: Sequence[models.Field]) -> list[Field]:
    """Columns in place of a record without a name: the records it joins."""
    found = []
    for part in parts:
        column = column_of.of_field(part.model, part.name)
        found.append(Field(column.label, column.kind, _through(name, column)))
        for extra in _beside(registry.of(part.model), part.name):
            found.append(Field(extra.label, extra.kind, _inside(name, extra.read)))
    return found


def _inside(name: str, read: Read) -> Read:
    return lambda row: "" if getattr(row, name) is None else read(getattr(row, name))


def _labels() -> set[str]:
    return {record_type.label for record_type in registry.types()}


def _through(name: str, column: Column) -> Read:
    def read(row: Any) -> Any:
        other = getattr(row, name)
        return "" if other is None else column.text(other)

    return read


def export(listing: Listing, *, everything: bool, by: Actor, purpose: str = "") -> Exported:
    """Write the rows of a listing to a temporary file and put it down in the log."""
    record_type = listing.record_type
    if everything:
        fields, names = all_fields(record_type), [*record_type.all_fields, "remarks", "owner"]
    else:
        fields = shown_fields(record_type, listing.columns)
        names = [column.name for column in listing.columns]
    rows = listing.rows(names)
    if everything:
        rows = rows.defer(None).defer(*_unneeded(record_type, names))
    number = f"{timezone.localtime():%Y%m%d%H%M%S}-{by.request_id[:4] or '0000'}"
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- handed on; it goes away when it is closed
    foot = f"{by.name} {timezone.localtime():%Y-%m-%d %H:%M} 导出 编号 {number}"
    count = write(file, record_type.name, fields, rows.iterator(chunk_size=CHUNK), foot=foot)
    file.seek(0)
    changes = {
        "filter": ["", listing.describe()[:500]],
        "count": ["", str(count)],
        "columns": ["", "全部字段" if everything else "、".join(f.label for f in fields)],
        "number": ["", number],
    }
    log_change(
        ChangeLog.Action.EXPORT, by=by, record_type=record_type.label,
        object_text=f"{record_type.name} {count} 条", changes=changes, reason=purpose,
    )  # fmt: skip
    return Exported(file, count, number)


def _unneeded(record_type: RecordType, names: Sequence[str]) -> list[str]:
    kept = {*names, "pk", "id"}
    fields = record_type.model._meta.concrete_fields
    return [f.name for f in fields if f.name not in kept and isinstance(f, models.TextField)]


def write(
    file: IO[bytes], title: str, fields: Sequence[Field], rows: Any, *, foot: str = ""
) -> int:
    """Write a sheet with a heading row; returns the number of rows. Nothing in it is a formula."""
    options = {
        "constant_memory": True, "in_memory": False, "strings_to_formulas": False,
        "strings_to_urls": False, "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    count = 0
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title[:31])
        heading = book.add_format({"bold": True, "bg_color": "#F5F6F7", "bottom": 1})
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "text": book.add_format({"num_format": "@"}),
            "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        }
        for index, field in enumerate(fields):
            width = WIDTHS.get(field.kind, 14)
            sheet.set_column(index, index, max(width, 2 * len(field.label) + 2))
            sheet.write_string(0, index, field.label, heading)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.set_footer(f"&L{foot.replace('&', '')}&R第 &P 页，共 &N 页")
        put = _putter(sheet, formats)
        reads = [field.read for field in fields]
        for count, row in enumerate(rows, start=1):
            if count > LARGEST:
                count -= 1
                break
            for index, read in enumerate(reads):
                put(count, index, read(row))
        if count:
            sheet.autofilter(0, 0, count, len(fields) - 1)
        book.set_properties({"title": title, "comments": foot})
    return count


def _putter(sheet: Any, formats: dict[str, Any]) -> Callable[[int, int, Any], None]:
    """Writes one cell by the type of its value; a text that begins like a formula stays a text."""
    text, quoted, money, day = (formats[k] for k in ("text", "quoted", "money", "date"))
    write_string, write_number = sheet.write_string, sheet.write_number

    def put(row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            write_string(row, column, value, quoted if value.startswith(FORMULA_SIGNS) else text)
        elif isinstance(value, bool):
            write_string(row, column, "是" if value else "否", text)
        elif isinstance(value, Decimal):
            write_number(row, column, value, money)
        elif isinstance(value, int | float):
            write_number(row, column, value)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(row, column, value, day)
        else:
            write_string(row, column, str(value), text)

    return put
