"""Which record type a sheet holds, which field each column; the user may overrule both."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from django.db import models

from apps.core.dates import DateError, parse_date
from apps.core.fields import EncryptedField, mask
from apps.core.text import bare_heading, heading_key, squeeze
from apps.records import registry
from apps.records.extras.definitions import is_key
from apps.records.importing.fields import (
    AnyField,
    field_of,
    is_in_excel,
    label_of,
    target_field,
)
from apps.records.importing.headers import Heading
from apps.records.importing.reader import Sheet, Workbook
from apps.records.importing.words import Words, meanings_of, usable
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.scope import Scope

NUMBERING = frozenset(map(heading_key, ("序号", "No", "No.", "错误说明", "原行号")))
SHEETS_WITHOUT_DATA = frozenset(("填表说明", "选项", "错误说明"))
_WEIGHTS = {"field": 1.0, "lookup": 0.8, "check": 0.1}
_LEAST_SCORE = 1.5
UNDECIDED = "?"  # chosen for a column: what is remembered does not hold


class Recalled(Protocol):
    """What is remembered of one record type."""

    columns: dict[str, str]  # heading → path
    words: dict[str, dict[str, str]]  # heading → word → stored value


@dataclass(slots=True)
class ColumnMatch:
    """A column and what it is: `field`, `lookup` (finds another record), `check` (says more about
    it, not stored), `number` (numbering), `ignored` (by the user), `unknown`. `source` says who
    decided: empty (its heading), `chosen` (the user, on the page) or `memory`."""

    column: int
    heading: str
    path: str = ""
    how: str = "unknown"
    unit: int = 1
    source: str = ""


@dataclass(eq=False, slots=True)
class SheetMatch:
    """A sheet with its record type and columns. `settings` hold what the whole sheet says, `words`
    what words of a column mean that its field does not know."""

    sheet: Sheet
    record_type: RecordType | None = None
    columns: list[ColumnMatch] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    by_path: dict[str, ColumnMatch] = field(default_factory=dict)
    words: dict[int, Words] = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """Headings of columns that are not imported and that nobody has decided to ignore."""
        return [c.heading for c in self.columns if c.how == "unknown"]

    def column_of(self, path: str) -> ColumnMatch | None:
        if path in self.by_path:
            return self.by_path[path]
        return next((c for p, c in self.by_path.items() if p.split(".")[0] == path), None)

    def label_of(self, path: str) -> str:
        target = target_field(self.record_type, path) if self.record_type and path else None
        return str(target.verbose_name) if target is not None else ""

    def shown(self, path: str, value: Any) -> str:
        """A cell as it stands in a message: protected values masked, dates and numbers plain."""
        text = cell_text(value)
        column = self.column_of(path)
        target = column and self.record_type and target_field(self.record_type, column.path)
        if text and isinstance(target, EncryptedField):
            return mask(squeeze(text), target.kind)
        return text


def cell_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return str(value.date())
    return str(value).strip()


@cache
def headings_of(record_type: RecordType) -> dict[str, tuple[str, str]]:
    """Heading key → (path, how), the type's own fields before those of the records it points to."""
    found: dict[str, tuple[str, str]] = {}
    own = [*record_type.fields, "remarks"]
    own += ["owner"] if issubclass(record_type.model, Record) else []
    for name in own:
        if not is_in_excel(field_of(record_type.model, name)):
            continue
        label = label_of(record_type.model, name)
        for key in (heading_key(label), bare_heading(heading_key(label))):
            found.setdefault(key, (name, "field"))
    for label, path in record_type.aliases.items():
        found.setdefault(heading_key(label), (path, _how(record_type, path)))
    for how in ("lookup", "check"):
        for name in record_type.fields:
            target = record_type.model._meta.get_field(name)
            if not isinstance(target, models.ForeignKey):
                continue
            for label, path in _of_target(target, how):
                found.setdefault(heading_key(label), (f"{name}.{path}", how))
    return found


def _how(record_type: RecordType, path: str) -> str:
    """What a column of a path does: one about another record finds it or says more about it."""
    name, _, rest = path.partition(".")
    reference = record_type.model._meta.get_field(name)
    if not rest or not isinstance(reference, models.ForeignKey):
        return "field"
    return "lookup" if rest in registry.of(reference.related_model).lookup else "check"


def all_headings(record_type: RecordType) -> dict[str, tuple[str, str]]:
    """The headings of the declaration, and of what the office added."""
    added = record_type.extras
    keys = {name: heading_key(added.label(name)) for name in added.names}
    bare = {bare_heading(key): (name, "field") for name, key in keys.items()}
    exact = {key: (name, "field") for name, key in keys.items()}
    return {**bare, **exact, **headings_of(record_type)}


def _of_target(reference: models.ForeignKey, how: str) -> list[tuple[str, str]]:
    """Headings that a column pointing to another record also answers to, with the field there.

    A record that is found by the records it joins answers to the headings of those as well.
    """
    model = reference.related_model
    if model._meta.label not in {t.label for t in registry.types()}:
        return []
    target = registry.of(model)
    names = [n for n in target.fields if (n in target.lookup) == (how == "lookup")]
    found = [(label_of(model, n), n) for n in names]
    found += [
        (label, path)
        for label, path in target.aliases.items()
        if path in names or ("." in path and _how(target, path) == how)
    ]
    for name in target.lookup:
        joined = model._meta.get_field(name)
        if isinstance(joined, models.ForeignKey):
            found += [(label, f"{name}.{path}") for label, path in _of_target(joined, how)]
    return found


def known_headings(types: Iterable[RecordType] | None = None) -> frozenset[str]:
    """Keys of all headings of some record types, by which the reader finds the heading row."""
    chosen = registry.types() if types is None else types
    return frozenset(key for t in chosen for key in all_headings(t)) | NUMBERING


def match(
    workbook: Workbook,
    types: Sequence[RecordType] | None = None,
    *,
    scope: Scope,
    mapping: Mapping[str, Any] | None = None,
    memory: Mapping[str, Recalled] | None = None,
) -> list[SheetMatch]:
    """Match every sheet. `mapping` overrules by sheet name: `type`, `columns` {heading: path},
    `words` {heading: {word: value}}, `settings` {name: key}; an empty type or path leaves the sheet
    or column out. `memory`, by record type, settles what is unknown."""
    chosen = registry.types() if types is None else types
    matches = []
    for sheet in workbook.sheets:
        if sheet.name in SHEETS_WITHOUT_DATA:
            continue
        wanted = (mapping or {}).get(sheet.name, {})
        matches.append(_match_sheet(sheet, chosen, wanted, memory or {}))
    names: dict[str, list[tuple[str, Any]]] = {}
    for found in matches:
        _find_settings(found, scope, (mapping or {}).get(found.sheet.name, {}), names)
    return matches


def _match_sheet(
    sheet: Sheet,
    types: Sequence[RecordType],
    wanted: Mapping[str, Any],
    memory: Mapping[str, Recalled],
) -> SheetMatch:
    if wanted.get("type") == "" or not sheet.headings:
        return SheetMatch(sheet)
    if wanted.get("type"):
        types = [t for t in types if t.label == wanted["type"]]
    scored = [(_score(sheet, t), place, t) for place, t in enumerate(types)]
    best = max(scored, key=lambda item: (item[0], -item[1]), default=None)
    if best is None or (best[0] < _LEAST_SCORE and not wanted.get("type")):
        return SheetMatch(sheet)
    recalled = memory.get(best[2].label)
    columns = _columns(
        sheet, best[2], wanted.get("columns", {}), recalled.columns if recalled else {}
    )
    found = SheetMatch(sheet, best[2], columns)
    found.by_path = {c.path: c for c in found.columns if c.path and c.how != "check"}
    for column in columns:
        target = target_field(best[2], column.path) if column.path else None
        if meanings_of(target):
            chosen = wanted.get("words", {}).get(column.heading, {})
            kept = recalled.words.get(heading_key(column.heading), {}) if recalled else {}
            found.words[column.column] = Words(usable(target, chosen), usable(target, kept))
    return found


def _columns(
    sheet: Sheet,
    record_type: RecordType,
    wanted: Mapping[str, str],
    memory: Mapping[str, str],
) -> list[ColumnMatch]:
    known, columns = all_headings(record_type), []
    taken: set[str] = set()
    for heading in sheet.headings:
        column = ColumnMatch(heading.column, heading.text)
        if heading.label in wanted or heading.text in wanted:
            path = wanted.get(heading.label, wanted.get(heading.text, ""))
            column.source = "chosen"
            if path != UNDECIDED:
                column.path, column.how = path, "field" if path else "ignored"
        elif hit := next((known[key] for key in heading.keys if key in known), None):
            if hit[0] not in taken:
                column.path, column.how = hit
        elif heading.key in NUMBERING:
            column.how = "number"
        elif heading.key in memory and _may_be(record_type, memory[heading.key], taken):
            column.path, column.source = memory[heading.key], "memory"
            column.how = "field" if column.path else "ignored"
        if column.path:
            taken.add(column.path)
            column.unit = _unit(sheet, heading, target_field(record_type, column.path))
        columns.append(column)
    return columns


def _may_be(record_type: RecordType, path: str, taken: set[str]) -> bool:
    """Whether what is remembered of a column still stands: there is the field, and it is free."""
    return not path or (path not in taken and target_field(record_type, path) is not None)


def _unit(sheet: Sheet, heading: Heading, target: AnyField | None) -> int:
    """10,000 where the sheet counts money in 万元 and the field in yuan."""
    if not isinstance(target, models.DecimalField) or "万元" in str(target.verbose_name):
        return 1
    if is_key(target.name) and "元" not in str(target.verbose_name):
        return 1  # a number that is no money
    named = next((unit for unit in ("亿元", "万元", "元") if unit in heading.text), "")
    named = named or str(sheet.facts.get("money_unit", ""))
    return {"亿元": 100_000_000, "万元": 10_000}.get(named, 1)


def required_fields(record_type: RecordType) -> list[str]:
    """Fields that a new record cannot do without."""
    names = [name for name in record_type.fields if name not in record_type.filled]
    fields = (field_of(record_type.model, name) for name in names)
    return [f.name for f in fields if not f.blank and not f.null and not f.has_default()]


def _score(sheet: Sheet, record_type: RecordType) -> float:
    columns = _columns(sheet, record_type, {}, {})
    score = sum(_WEIGHTS.get(column.how, 0.0) for column in columns)
    if score:
        present = {column.path.split(".")[0] for column in columns if column.how != "check"}
        score -= 0.5 * len(set(required_fields(record_type)) - present)
        score += record_type.name in sheet.name or record_type.name in sheet.title
    return score


def _find_settings(
    found: SheetMatch,
    scope: Scope,
    wanted: Mapping[str, Any],
    names: dict[str, list[tuple[str, Any]]],
) -> None:
    """What the sheet's name or title says, such as the pool of a roster; the user's word first."""
    if found.record_type is None:
        return
    chosen = wanted.get("settings", {})
    found.settings["as_of"] = found.sheet.facts.get("as_of")
    if chosen.get("as_of"):
        with contextlib.suppress(DateError):
            found.settings["as_of"] = parse_date(chosen["as_of"])[0]
    for name, label in found.record_type.sheet_lookups.items():
        if label not in names:
            rows = registry.get(label).queryset(scope)
            names[label] = sorted(((str(r), r) for r in rows), key=lambda item: -len(item[0]))
        options = names[label]
        if name in chosen:
            found.settings[name] = next(
                (r for _, r in options if str(r.pk) == str(chosen[name])), None
            )
            continue
        said = (squeeze(found.sheet.name), squeeze(found.sheet.title))
        found.settings[name] = next((r for t in said for text, r in options if text in t), None)
