"""What an import would do, row by row and record by record. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from apps.records import registry
from apps.records.actors import Actor
from apps.records.importing.entries import Candidate, Entry, merge, refuse_repeats
from apps.records.importing.fields import parts_of
from apps.records.importing.joint import JointFinder
from apps.records.importing.match import SheetMatch
from apps.records.importing.reading import read_rows
from apps.records.importing.references import Finder
from apps.records.importing.rows import Derived, Fault, ImportRow
from apps.records.importing.storing import compare, find_stored, validate
from apps.records.registry import RecordType
from apps.records.scope import Scope


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that repeats an accepted one exactly, and is left out."""

    sheet: str
    row: int
    of_sheet: str
    of_row: int


@dataclass(slots=True)
class Plan:
    """The outcome by record type, in the order in which the records must be saved."""

    matches: list[SheetMatch]
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    ignored_rows: dict[str, int] = field(default_factory=dict)
    accepted_rows: int = 0

    @property
    def unmatched_sheets(self) -> list[str]:
        return [m.sheet.name for m in self.matches if m.record_type is None]

    @property
    def unknown_columns(self) -> list[tuple[str, str]]:
        return [(m.sheet.name, heading) for m in self.matches for heading in m.unknown]

    @property
    def faulty_rows(self) -> int:
        return len({(fault.sheet, fault.row) for fault in self.faults})

    @property
    def proposals(self) -> list[Entry]:
        """Records that columns point to, that do not exist and may be created once confirmed."""
        return [e for entries in self.entries.values() for e in entries if e.is_proposal]

    def counts(self) -> dict[str, dict[str, int]]:
        """Record type label → status → how many records."""
        found: dict[str, dict[str, int]] = {}
        for label, entries in self.entries.items():
            for entry in entries:
                by_status = found.setdefault(label, {})
                by_status[entry.status] = by_status.get(entry.status, 0) + 1
        return found

    @property
    def writes(self) -> int:
        return sum(e.status != "unchanged" for es in self.entries.values() for e in es)


def plan(
    matches: Sequence[SheetMatch],
    *,
    by: Actor,
    scope: Scope | None = None,
    create: Collection[str] | None = None,
) -> Plan:
    """Plan an import. `create` names the missing records that may be created ("label:name");
    without it all that their type lets be created are proposed."""
    return _Planner(list(matches), by, scope or by.scope, create).run()


class _Planner:
    def __init__(
        self, matches: list[SheetMatch], by: Actor, scope: Scope, create: Collection[str] | None
    ) -> None:
        self.result = Plan(matches)
        self.by, self.scope, self.create = by, scope, create
        self.finders: dict[str, Finder] = {}
        self.derived: dict[str, list[tuple[Derived, ImportRow]]] = {}
        self.rows: list[ImportRow] = []
        self.left_out: set[int] = set()

    def run(self) -> Plan:
        for record_type in in_saving_order(registry.types()):
            rows = [
                row
                for match in self.result.matches
                if match.record_type is record_type
                for row in read_rows(match, self.finder)
            ]
            self.rows += rows
            self._propose(rows)
            self._plan_type(record_type, rows)
        self._summarise()
        return self.result

    def finder(self, model: type[models.Model]) -> Finder:
        label = model._meta.label
        if label not in self.finders:
            target = registry.of(model)
            self.finders[label] = (
                JointFinder(target, self.scope, self.finder)
                if parts_of(target)
                else Finder(target, self.scope)
            )
        return self.finders[label]

    def _propose(self, rows: list[ImportRow]) -> None:
        """Missing records that may be created: checked like any other, refused if not confirmed."""
        for label, finder in list(self.finders.items()):
            fresh = [r for r in finder.proposals.values() if not getattr(r, "_planned", False)]
            if not fresh:
                continue
            users = _users(rows, fresh)
            entries = []
            for record in fresh:
                record._planned = True
                blamed, members = users.get(id(record), ("", []))
                entry = Entry(record, "new", members, is_proposal=True, blamed=blamed)
                entries.append(entry)
                if self.create is not None and f"{label}:{record}" not in self.create:
                    entry.refuse("unknown_reference", "没有这条记录，也没有勾选新建，请核对")
            validate(finder.target, [e for e in entries if not e.refused], self.by)
            accepted = [entry for entry in entries if not entry.refused]
            self.result.entries.setdefault(label, []).extend(accepted)

    def _plan_type(self, record_type: RecordType, rows: list[ImportRow]) -> None:
        good = self._without_duplicates(record_type, [row for row in rows if not row.faults])
        entries = self._entries(record_type, good)
        if not entries:
            return
        for entry in entries:
            compare(record_type, entry)
        refuse_repeats(record_type, entries)
        validate(record_type, [e for e in entries if e.status != "unchanged"], self.by)
        self._accept(record_type, entries, good)

    def _entries(self, record_type: RecordType, good: list[ImportRow]) -> list[Entry]:
        """What the rows, and others of which such a record is derived, say of each record."""
        key = tuple(record_type.import_key)
        candidates = [Candidate(_own_values(row), row, key, row.defaults) for row in good]
        for derived, row in self.derived.pop(record_type.label, []):
            if row.faults or id(row) in self.left_out:
                continue
            values = {
                n: v.record if isinstance(v, ImportRow) else v for n, v in derived.values.items()
            }
            candidates.append(
                Candidate(values, row, derived.key or key, derived.defaults, derived.among, False)
            )
        find_stored(record_type, candidates, self.scope)
        return merge(record_type, candidates)

    def _accept(self, record_type: RecordType, entries: list[Entry], good: list[ImportRow]) -> None:
        accepted = [entry for entry in entries if not entry.refused]
        self.result.entries.setdefault(record_type.label, []).extend(accepted)
        self.finder(record_type.model).add_planned(entry.record for entry in accepted)
        for entry in accepted:
            for row in entry.rows:
                row.record = row.record or (entry.record if entry.is_main else None)
        for row in good:
            if row.faults or row.record is None:
                continue
            for derived in record_type.derived_rows(row):
                self.derived.setdefault(derived.label, []).append((derived, row))
        for entry in accepted:  # the values stand in the record by now
            entry.values = {}
            for row in entry.rows:
                row.values = {}

    def _without_duplicates(
        self, record_type: RecordType, rows: list[ImportRow]
    ) -> list[ImportRow]:
        first: dict[Any, ImportRow] = {}
        in_order: dict[tuple[str, ...], tuple[str, ...]] = {}
        settings = {id(m): _identities(m.settings, sorted(m.settings)) for m in self.result.matches}
        kept = []
        for row in rows:
            names = tuple(row.values)
            if names not in in_order:
                in_order[names] = tuple(sorted(names))
            names = in_order[names]
            said = (names, _identities(row.values, names), settings[id(row.match)])
            earlier = first.setdefault(said, row)
            if earlier is row:
                kept.append(row)
                continue
            self.left_out.add(id(row))
            sheet, of_sheet = row.match.sheet.name, earlier.match.sheet.name
            self.result.duplicates.append(Duplicate(sheet, row.number, of_sheet, earlier.number))
        return kept

    def _summarise(self) -> None:
        result = self.result
        for label, entries in result.entries.items():  # nothing is made that no row needs
            needed = [e for e in entries if not e.is_proposal or any(not r.faults for r in e.rows)]
            result.entries[label] = needed
        order = {m.sheet.name: place for place, m in enumerate(result.matches)}
        faults = [fault for row in self.rows for fault in row.faults.values()]
        result.faults = sorted(faults, key=lambda f: (order[f.sheet], f.row, f.place))
        result.duplicates.sort(key=lambda d: (order[d.sheet], d.row))
        for found in result.matches:
            for kind, numbers in found.sheet.ignored.items():
                result.ignored_rows[kind] = result.ignored_rows.get(kind, 0) + len(numbers)
        faulty = sum(bool(row.faults) for row in self.rows)
        result.accepted_rows = len(self.rows) - faulty - len(result.duplicates)


def _own_values(row: ImportRow) -> dict[str, Any]:
    """What the row says of its own record, without the columns of derived ones."""
    if not any("." in name for name in row.values):
        return row.values
    return {name: value for name, value in row.values.items() if "." not in name}


def _identities(values: Mapping[str, Any], names: Iterable[str]) -> tuple[Any, ...]:
    """Values to compare: a record by its key, or as itself while it has none."""
    return tuple(
        (value.pk or id(value)) if isinstance(value := values[name], models.Model) else value
        for name in names
    )


def _users(
    rows: Iterable[ImportRow], records: Iterable[Any]
) -> dict[int, tuple[str, list[ImportRow]]]:
    """The rows that point to each of some records, and the field they do it by."""
    wanted = {id(record) for record in records}
    found: dict[int, tuple[str, list[ImportRow]]] = {}
    for row in rows:
        for name, value in row.values.items():
            if id(value) in wanted:
                found.setdefault(id(value), (name, []))[1].append(row)
    return found


def in_saving_order(types: Iterable[RecordType]) -> list[RecordType]:
    """Record types so that each comes after those that its rows point to."""
    by_model = {t.model: t for t in types}
    ordered: list[RecordType] = []
    seen: set[type[models.Model]] = set()

    def visit(model: type[models.Model]) -> None:
        if model in seen or model not in by_model:
            return
        seen.add(model)
        for column in model._meta.fields:
            if column.related_model is not None:
                visit(column.related_model)
        ordered.append(by_model[model])

    for model in by_model:
        visit(model)
    return ordered
