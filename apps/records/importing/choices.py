"""What the user may choose on the preview page: record types, fields of a column, settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from apps.core.dates import DateError, parse_date
from apps.core.errors import DomainError
from apps.records import registry
from apps.records.importing.fields import target_field
from apps.records.importing.match import UNDECIDED, all_headings
from apps.records.importing.words import meanings_of
from apps.records.registry import RecordType
from apps.records.scope import Scope


def field_options(record_type: RecordType) -> list[tuple[str, str]]:
    """(path, label) of everything a column may be mapped to."""
    known = all_headings(record_type).values()
    paths = dict.fromkeys(path for path, how in known if how != "check")
    found = []
    for path in paths:
        target = target_field(record_type, path)
        if target is None:
            continue
        first = record_type.field(path.split(".")[0])
        label = str(target.verbose_name)
        if "." in path and isinstance(first, models.ForeignKey):
            label = f"{first.verbose_name}的{label}"
        found.append((path, label))
    return found


def column_label(record_type: RecordType, path: str) -> str:
    """What a column may be mapped to, in words; empty for what is gone."""
    return dict(field_options(record_type)).get(path, "")


def word_options(record_type: RecordType, path: str) -> list[tuple[str, str]]:
    """(stored value, label) of what an unknown word of a column may mean."""
    return list(meanings_of(target_field(record_type, path)).items())


def setting_options(record_type: RecordType, scope: Scope) -> list[tuple[str, str, list[Any]]]:
    """(name, label, records) of what a whole sheet may say, such as its pool."""
    return [
        (name, registry.get(label).name, list(registry.get(label).queryset(scope)))
        for name, label in record_type.sheet_lookups.items()
    ]


def read_choices(
    sheets: Sequence[Mapping[str, Any]], data: Mapping[str, str], types: Sequence[RecordType]
) -> dict[str, Any]:
    """The mapping by sheet name that a form means; DomainError for what was not offered."""
    by_label = {t.label: t for t in types}
    chosen: dict[str, Any] = {}
    for place, sheet in enumerate(sheets):
        label = data.get(f"type-{place}", sheet["type"])
        if label and label not in by_label:
            raise DomainError(f"工作表“{sheet['name']}”的记录类型不在可选范围内，请重新选择。")
        wanted: dict[str, Any] = {"type": label}
        if label and label == sheet["type"]:
            wanted["columns"] = _columns(place, sheet, data, by_label[label])
            wanted["words"] = _words(place, sheet, data, by_label[label])
            wanted["settings"] = _settings(place, sheet, data, by_label[label])
        chosen[sheet["name"]] = wanted
    return chosen


def _columns(
    place: int, sheet: Mapping[str, Any], data: Mapping[str, str], record_type: RecordType
) -> dict[str, str]:
    offered = {path for path, _ in field_options(record_type)}
    found: dict[str, str] = {}
    for number, column in enumerate(sheet["columns"]):
        said = data.get(f"column-{place}-{number}")
        if said is None or (said == UNDECIDED and column.get("source") != "memory"):
            continue  # not asked, or left undecided
        if said and said != UNDECIDED and said not in offered and said != column["path"]:
            raise DomainError(f"“{column['heading']}”列对应的字段不在可选范围内，请重新选择。")
        if not said or said != column["path"]:
            found[column["heading"]] = said
    return found


def _words(
    place: int, sheet: Mapping[str, Any], data: Mapping[str, str], record_type: RecordType
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for number, word in enumerate(sheet.get("words", ())):
        said = data.get(f"word-{place}-{number}")
        if said is None or said == word["meaning"]:
            continue
        column = sheet["columns"][word["column"]]
        if said and said not in dict(word_options(record_type, column["path"])):
            raise DomainError(f"“{word['word']}”对应的内容不在可选范围内，请重新选择。")
        found.setdefault(column["heading"], {})[word["word"]] = said
    return found


def _settings(
    place: int, sheet: Mapping[str, Any], data: Mapping[str, str], record_type: RecordType
) -> dict[str, str]:
    found = {}
    for name in ("as_of", *record_type.sheet_lookups):
        said = data.get(f"setting-{place}-{name}")
        if said is None or said == sheet["settings"].get(name, ""):
            continue
        if name == "as_of" and said:
            try:
                parse_date(said)
            except DateError as error:
                raise DomainError(f"工作表“{sheet['name']}”的截至日期{error.message}。") from None
        found[name] = said
    return found
