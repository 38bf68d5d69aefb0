"""Rows of one record brought together; an empty cell never clears what another row gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from apps.core.fields import EncryptedField, mask
from apps.core.text import clean_name
from apps.records.importing.fields import field_of, label_of
from apps.records.importing.rows import ImportRow
from apps.records.registry import RecordType

CONTRADICTS = "name_contradicts_id"
ANY = Q()  # never changed: one for all candidates


@dataclass(eq=False, slots=True)
class Candidate:
    """What one row (or a derived record of it) says, and how to find the stored record. The
    values are those of the row itself: they are replaced, never changed.
    """

    values: dict[str, Any]
    row: ImportRow
    key: tuple[str, ...]
    defaults: dict[str, Any] = field(default_factory=dict)
    among: Q = ANY
    is_main: bool = True
    stored: Any = None
    identity: Any = None  # the value of the key; None where it is not complete


@dataclass(eq=False, slots=True)
class Entry:
    """One record to be: `status` new, changed or unchanged; `changes` {field: (old, new)}."""

    record: Any
    status: str
    rows: list[ImportRow]
    values: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    is_proposal: bool = False
    is_main: bool = True
    refused: bool = False
    blamed: str = ""  # of a proposal: the column that points to it

    def refuse(self, kind: str, reason: str, path: str = "") -> None:
        """The record cannot be: all its rows are faulty."""
        self.refused = True
        for row in self.rows:
            row.fault(self.blamed or path, kind, reason)


def merge(record_type: RecordType, candidates: list[Candidate]) -> list[Entry]:
    """One entry a record. Rows that contradict an earlier one of the same record are faulty."""
    entries: dict[Any, Entry] = {}
    for candidate in candidates:
        if candidate.row.faults:
            continue
        identity = candidate.identity
        if candidate.stored is not None:
            identity = ("stored", candidate.stored.pk)
        known = entries.get(identity) if identity is not None else None
        if known is None:
            entry = Entry(
                candidate.stored, "new", [candidate.row], candidate.values,
                candidate.defaults, is_main=candidate.is_main,
            )  # fmt: skip
            entries[identity if identity is not None else id(candidate)] = entry
        elif record_type.repeat_fault and not _is_same(known, candidate):
            _refuse_repeat(record_type.repeat_fault, known, candidate)
        elif not candidate.is_main or _agrees(record_type, known, candidate):
            known.values = {**candidate.values, **known.values}
            known.rows.append(candidate.row)
            known.is_main = known.is_main or candidate.is_main
    return list(entries.values())


def _is_same(known: Entry, candidate: Candidate) -> bool:
    """Whether a row says exactly what an earlier one of its key said."""
    names = known.values.keys() | candidate.values.keys()
    return all(same(known.values.get(n, ""), candidate.values.get(n, "")) for n in names)


def _refuse_repeat(fault: tuple[str, str, str], known: Entry, candidate: Candidate) -> None:
    column, kind, rule = fault
    other = known.rows[0]
    place = f"“{other.match.sheet.name}”第 {other.number} 行"
    candidate.row.fault(column, kind, f"与{place}重复：{rule}，请删除其中一行或更正")


def refuse_repeats(record_type: RecordType, entries: list[Entry]) -> None:
    """Of a type that is never merged, a row that says otherwise than the stored record of its key
    is no change of it, but a repetition. What was empty may be filled.
    """
    if record_type.repeat_fault is None:
        return
    column, kind, rule = record_type.repeat_fault
    for entry in entries:
        if not any(old for old, _ in entry.changes.values()):
            continue
        labels = "、".join(record_type.column(name).label for name in entry.changes)
        entry.refuse(
            kind,
            f"系统中已有“{entry.record}”，{labels}不同：{rule}，需要更正的请在系统中修改那一条",
            column,
        )


def _agrees(record_type: RecordType, known: Entry, candidate: Candidate) -> bool:
    other = known.rows[0]
    place = f"“{other.match.sheet.name}”第 {other.number} 行"
    if names_another(record_type, candidate, known.values.get(record_type.holder)):
        number, held = number_of(record_type, candidate), known.values[record_type.holder]
        candidate.row.fault(
            record_type.holder,
            CONTRADICTS,
            f"而{place}同为{number} 的是“{held}”，请核对姓名和号码，改正其中一行",
        )
        return False
    for name, value in candidate.values.items():
        if name in known.values and not same(known.values[name], value):
            candidate.row.fault(
                name,
                "conflicting_rows",
                f"与{place}是同一{record_type.name}，但该栏不同，请改为一致",
            )
    return not candidate.row.faults


def names_another(record_type: RecordType, candidate: Candidate, held: Any) -> bool:
    """Whether a row with the number of a known holder names somebody else."""
    said = candidate.values.get(record_type.holder)
    return bool(said and held) and clean_name(str(said)) != clean_name(str(held))


def number_of(record_type: RecordType, candidate: Candidate) -> str:
    """The number of a row as it may be shown: `身份证号 520398********3330`."""
    name = record_type.import_key[0]
    target, value = field_of(record_type.model, name), candidate.values.get(name)
    shown = str(value or "")
    if isinstance(target, EncryptedField):
        shown = mask(shown, target.kind)
    return f"{label_of(record_type.model, name)} {shown}".rstrip()


def same(one: Any, other: Any) -> bool:
    """Whether two values are one; records are compared by key, or as objects while unsaved."""
    if isinstance(one, models.Model) and isinstance(other, models.Model):
        return one is other or (one.pk is not None and one.pk == other.pk)
    return bool(one == other)
