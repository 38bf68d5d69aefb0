"""From the cells of matched sheets to rows with values and faults."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from apps.core.text import clean_text
from apps.records import registry
from apps.records.importing.cells import (
    EXCEL_ERRORS,
    CellError,
    Convert,
    MonthOnly,
    converter,
    is_empty,
    plain,
)
from apps.records.importing.fields import target_field
from apps.records.importing.match import ColumnMatch, SheetMatch, required_fields
from apps.records.importing.references import Finder
from apps.records.importing.rows import ImportRow, Masked, Reference
from apps.records.registry import RecordType


def read_rows(match: SheetMatch, find: Callable[[type[models.Model]], Finder]) -> list[ImportRow]:
    """The rows of a sheet: cells converted, references found, the record type's hook applied."""
    assert match.record_type is not None  # noqa: S101 -- callers pass matched sheets
    record_type = match.record_type
    rows = [ImportRow(match, row.number, row.cells) for row in match.sheet.rows]
    for column in match.columns:
        if column.path and column.how != "check":
            _read_column(match, column, rows)
    for column in match.columns:
        if column.how == "check":
            _read_more(record_type, column, rows)
    for row in rows:
        record_type.refer(row)
    for name in _reference_names(match, rows):
        target: Any = target_field(record_type, name)
        _find_references(name, find(target.related_model), rows)
    required = [n for n in required_fields(record_type) if match.column_of(n)]
    for row in rows:
        record_type.read_row(row)
        for name in row.months:
            row.fault(name, "missing_day", "缺少日，请补全为如 2022-03-05")
        faulty = {path.split(".")[0] for path in row.faults}
        for name in required:
            if name not in row.values and name not in faulty:
                row.fault(name, f"missing_{name}", "不能为空")
    return rows


def _reference_names(match: SheetMatch, rows: Sequence[ImportRow]) -> list[str]:
    """Paths that point to other records: of columns, and those that the record type named."""
    record_type = match.record_type
    found = dict.fromkeys(path.split(".")[0] for path in match.by_path)
    fields = {f.name: f for f in record_type.model._meta.fields} if record_type else {}
    own = [name for name in found if isinstance(fields.get(name), models.ForeignKey)]
    return list(dict.fromkeys([*own, *(path for row in rows for path in row.said_in)]))


def _read_column(match: SheetMatch, column: ColumnMatch, rows: Sequence[ImportRow]) -> None:
    record_type = match.record_type
    target = target_field(record_type, column.path) if record_type else None
    if target is None or record_type is None:
        return
    place, path = column.column, column.path
    name, _, part = path.partition(".")
    if isinstance(record_type.field(name), models.ForeignKey):
        _read_reference(rows, place, name, part, converter(target, record_type) if part else None)
        return
    reader = converter(target, record_type, column.unit)
    known, words = reader.known, match.words.get(place)
    convert: Convert = words.reading(reader) if words else reader
    for row in rows:
        cell = row.cells[place] if place < len(row.cells) else ""
        if cell == "":
            continue
        if type(cell) is str and cell in known:
            row.values[path] = known[cell]
            continue
        if is_empty(cell):
            continue
        try:
            row.values[path] = convert(cell)
        except MonthOnly as only:
            row.values[path] = only.month
            row.months |= {path}
        except CellError as error:
            row.fault(path, error.kind, error.reason)
            row.options[path] = error.options


def _read_reference(
    rows: Sequence[ImportRow], place: int, name: str, part: str, convert: Convert | None
) -> None:
    """Collect what a row says about a record elsewhere; a wrong number is a fault of its cell."""
    for row in rows:
        cell = row.cells[place] if place < len(row.cells) else ""
        if is_empty(cell):
            continue
        reference = row.values.setdefault(name, Reference())
        try:
            if convert is None and cell in EXCEL_ERRORS:
                raise CellError("error_cell", "是公式的错误值，请改为正确的内容")
            value = convert(cell) if convert else clean_text(plain(cell))
        except (CellError, MonthOnly) as error:
            path = f"{name}.{part}" if part else name
            row.fault(path, getattr(error, "kind", "unreadable"), str(error))
        else:
            keep = value if isinstance(value, Masked) else plain(value)
            reference.texts[part] = keep


def _read_more(record_type: RecordType, column: ColumnMatch, rows: Sequence[ImportRow]) -> None:
    """What a row says about a record elsewhere, for the case that it has to be made."""
    name, _, part = column.path.partition(".")
    reference: Any = record_type.model._meta.get_field(name)
    target = target_field(record_type, column.path)
    if target is None or target.remote_field or "." in part:
        return
    if not registry.of(reference.related_model).create_missing:
        return
    convert = converter(target, record_type)
    for row in rows:
        cell = row.cells[column.column] if column.column < len(row.cells) else ""
        said = row.values.get(name)
        if isinstance(said, Reference) and not is_empty(cell):
            with contextlib.suppress(CellError, MonthOnly):  # of a known record it is not asked
                said.said[part] = convert(cell)


def _find_references(name: str, finder: Finder, rows: Sequence[ImportRow]) -> None:
    asked = [row for row in rows if isinstance(row.values.get(name), Reference)]
    if finder.looks_at_days:
        for row in asked:
            row.values[name].day = row.day
    keys = [row.values[name].key for row in asked]
    distinct = {
        key: row.values[name]
        for row, key in zip(asked, keys, strict=True)
        if not _has_fault(row, name)
    }
    for row, key in zip(asked, keys, strict=True):
        for part, value in row.values[name].said.items():
            distinct.get(key, row.values[name]).said.setdefault(part, value)
    finder.load(distinct.values())
    results: dict[Any, Any] = {}
    for key, reference in distinct.items():
        try:
            results[key] = finder.find(reference)
        except CellError as error:
            results[key] = error
    for row, key in zip(asked, keys, strict=True):
        reference = row.values.pop(name)
        if _has_fault(row, name):
            continue
        result = results[key]
        if isinstance(result, CellError):
            blamed = _blamed(row, name, reference, result.part)
            row.fault(blamed, result.kind, result.reason)
        else:
            row.values[name] = result


def _has_fault(row: ImportRow, name: str) -> bool:
    return any(path == name or path.startswith(f"{name}.") for path in row.faults)


def _blamed(row: ImportRow, name: str, reference: Reference, about: str = "") -> str:
    """The column to point at: the one that a person reads first, ``about`` one of several records
    where that is known.
    """
    if name in row.said_in:
        return name
    for part in ("", *reference.texts):
        path = f"{name}.{part}" if part else name
        is_said = part in reference.texts and path in row.match.by_path
        if is_said and about in ("", part.partition(".")[0]):
            return path
    return name
