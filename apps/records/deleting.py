"""Deleting: what hangs on records, said in numbers first; then the deed, set-wise and logged.

One record and five thousand take the same way; the number of queries follows the relations between
the models and the batches of rows, not the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models import CASCADE, DO_NOTHING, SET_NULL
from django.db.models.deletion import get_candidate_relations_to_delete

from apps.core.errors import DomainError
from apps.records import history
from apps.records.actors import Actor
from apps.records.errors import StaleRecord
from apps.records.models import Attachment, ChangeLog, Record, Tracked
from apps.records.saving import note_waiting
from apps.records.scope import Scope

if TYPE_CHECKING:
    from apps.records.registry import RecordType

BATCH = 500
Key = tuple[type[models.Model], Any]


@dataclass(slots=True)
class Deletion:
    """What deleting a row would do: rows of other types that go with it, rows that forbid it."""

    row: models.Model
    with_it: dict[str, int] = field(default_factory=dict)
    forbidden_by: dict[str, int] = field(default_factory=dict)
    takes_others: bool = False  # rows would go that belong to units outside the scope
    file_count: int = 0
    refusal: str = ""  # why the record type itself forbids it
    note: str = ""  # what the record type says will happen besides

    @property
    def is_refused(self) -> bool:
        return bool(self.forbidden_by or self.refusal) or self.takes_others

    @property
    def reason(self) -> str:
        """Why the row stays; empty where it may go."""
        if self.takes_others:
            return "其他单位填报的记录也用到它，请联系人才办处理。"
        if self.forbidden_by:
            return f"还有{in_numbers(self.forbidden_by)}用到它，请先删除或改掉它们。"
        return self.refusal

    @property
    def sentence(self) -> str:
        if self.is_refused:
            return f"“{self.row}”不能删除：{self.reason}"
        tail = in_numbers(self.with_it, self.file_count)
        name = self.row._meta.verbose_name
        return f"将删除{name}“{self.row}”{f'及其{tail}' if tail else ''}。{self.note}"


@dataclass(slots=True)
class Deletions:
    """What deleting some rows of one type would do, row by row and in all."""

    each: list[Deletion]
    dependents: list[tuple[models.Model, set[Any]]]  # with the keys of the rows they hang on

    @property
    def refused(self) -> list[Deletion]:
        return [one for one in self.each if one.is_refused]

    @property
    def deletable(self) -> list[models.Model]:
        return [one.row for one in self.each if not one.is_refused]

    @property
    def gone(self) -> list[models.Model]:
        """The rows of other types that go along with the deletable ones."""
        chosen = {(type(row), row.pk) for row in self.deletable}
        keys = {pk for _, pk in chosen}
        return [
            row
            for row, roots in self.dependents
            if roots & keys and (type(row), row.pk) not in chosen
        ]

    @property
    def sentence(self) -> str:
        """What happens to the deletable rows, in numbers."""
        rows = self.deletable
        if not rows:
            return "所选记录都不能删除。"
        files = sum(one.file_count for one in self.each if not one.is_refused)
        tail = in_numbers(_count(self.gone), files)
        name = rows[0]._meta.verbose_name
        return f"将删除 {len(rows):,} 条{name}{f'及其{tail}' if tail else ''}。"


def in_numbers(counts: dict[str, int], file_count: int = 0) -> str:
    """`` 3 条入库记录、附件 5 个``; empty for nothing at all."""
    parts = [f"{count:,} 条{name}" for name, count in counts.items()]
    if not parts:
        return f"附件 {file_count:,} 个" if file_count else ""
    return " " + "、".join([*parts, *([f"附件 {file_count:,} 个"] if file_count else [])])


def plan_delete(row: models.Model, scope: Scope) -> Deletion:
    """What hangs on one row, as far as it may go with it."""
    return plan_deletes([row], scope).each[0]


def plan_deletes(rows: Sequence[models.Model], scope: Scope) -> Deletions:
    """What hangs on rows of one type."""
    walk = _Walk(rows, scope)
    walk.follow({(type(row), row.pk): {row.pk} for row in rows})
    weigh = _type_of(rows[0]).weigh_delete if rows else None
    for one in walk.found.values():
        if weigh:
            weigh(one, scope)
        if one.is_refused:
            one.with_it = {}
    dependents = list(walk.dependents.values())
    files = _file_counts([*rows, *(row for row, _ in dependents)])
    for row in rows:
        walk.found[row.pk].file_count += files.get((type(row), row.pk), 0)
    for other, roots in dependents:
        for root in roots:
            walk.found[root].file_count += files.get((type(other), other.pk), 0)
    return Deletions(list(walk.found.values()), dependents)


class _Walk:
    """Follows the relations from rows to everything that points to them, a model at a time."""

    def __init__(self, rows: Sequence[models.Model], scope: Scope) -> None:
        self.scope = scope
        self.found = {row.pk: Deletion(row) for row in rows}
        self.dependents: dict[Key, tuple[models.Model, set[Any]]] = {}
        self.blockers: dict[Key, set[Any]] = {}
        self.seen: dict[Key, set[Any]] = {}

    def follow(self, roots: dict[Key, set[Any]]) -> None:
        """``roots`` says of each row on which of the first rows it hangs."""
        fresh: dict[type[models.Model], dict[Any, set[Any]]] = {}
        for (model, pk), keys in roots.items():
            new = keys - self.seen.setdefault((model, pk), set())
            if new:
                self.seen[model, pk] |= new
                fresh.setdefault(model, {})[pk] = new
        for model, by_key in fresh.items():
            for relation in get_candidate_relations_to_delete(model._meta):
                self.look(relation, by_key)

    def look(self, relation: Any, by_key: dict[Any, set[Any]]) -> None:
        pointer = relation.field
        rule = pointer.remote_field.on_delete
        if rule in (SET_NULL, DO_NOTHING):
            return
        below: dict[Key, set[Any]] = {}
        for other in _pointing(relation.related_model, pointer, list(by_key)):
            keys = by_key[getattr(other, pointer.attname)]
            key = (type(other), other.pk)
            if rule is CASCADE:
                below[key] = set(keys)
                self.take(other, keys)
            else:
                self.forbid(other, keys)
        self.follow(below)

    def forbid(self, other: models.Model, keys: set[Any]) -> None:
        known = self.blockers.setdefault((type(other), other.pk), set())
        name = str(other._meta.verbose_name)
        for key in keys - known:
            counts = self.found[key].forbidden_by
            counts[name] = counts.get(name, 0) + 1
        known |= keys

    def take(self, other: models.Model, keys: set[Any]) -> None:
        if other._meta.auto_created:
            return  # the table between two models goes without a word
        known = self.dependents.setdefault((type(other), other.pk), (other, set()))[1]
        name = str(other._meta.verbose_name)
        is_others = isinstance(other, Record) and not self.scope.covers(other.owner.path)
        for key in keys - known:
            one = self.found[key]
            one.takes_others = one.takes_others or is_others
            one.with_it[name] = one.with_it.get(name, 0) + 1
        known |= keys


def _pointing(model: type[models.Model], pointer: Any, keys: list[Any]) -> Iterator[models.Model]:
    """Rows that point to some others, with all that it takes to name them."""
    along = [f.name for f in model._meta.fields if f.is_relation and f.editable]
    rows = model._base_manager.select_related(*along) if along else model._base_manager.all()
    for start in range(0, len(keys), BATCH):
        yield from rows.filter(**{f"{pointer.attname}__in": keys[start : start + BATCH]})


def _count(rows: Iterable[models.Model]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        name = str(row._meta.verbose_name)
        counts[name] = counts.get(name, 0) + 1
    return counts


def _files(rows: Iterable[models.Model]) -> Iterator[models.QuerySet[Attachment]]:
    """The attachments of rows, a batch at a time."""
    keys: dict[str, list[Any]] = {}
    for row in rows:
        if isinstance(row, Tracked):
            keys.setdefault(row._meta.label, []).append(row.pk)
    for label, found in keys.items():
        for start in range(0, len(found), BATCH):
            part = found[start : start + BATCH]
            yield Attachment.objects.filter(record_type=label, object_id__in=part)


def _file_counts(rows: Sequence[models.Model]) -> dict[Key, int]:
    classes = {row._meta.label: type(row) for row in rows}
    counts: dict[Key, int] = {}
    for files in _files(rows):
        for label, pk in files.order_by().values_list("record_type", "object_id"):
            counts[classes[label], pk] = counts.get((classes[label], pk), 0) + 1
    return counts


def delete(record_type: RecordType, row: Tracked, *, by: Actor) -> Deletion:
    """Delete a row and what hangs on it, each logged; DomainError when something forbids it."""
    return delete_many(record_type, [row], by=by).each[0]


def delete_many(record_type: RecordType, rows: Sequence[Tracked], *, by: Actor) -> Deletions:
    """Delete rows and what hangs on them, all or none; DomainError names what forbids it."""
    record_type.check_scope_many(rows, by)
    with transaction.atomic():
        rows = _held(record_type, rows)
        plan = plan_deletes(rows, by.scope)
        if plan.refused:
            raise DomainError("".join(one.sentence for one in plan.refused[:5]))
        gone = plan.gone
        keys = [row.pk for row in rows]
        history.log_changes(_line(row, by) for row in chain(gone, rows))
        for start in range(0, len(keys), BATCH):
            record_type.model._base_manager.filter(pk__in=keys[start : start + BATCH]).delete()
        _drop_files([*rows, *gone])  # after the rows: nobody can attach to them any more
        _tell([*gone, *rows], by)
        note_waiting([*gone, *rows])
    return plan


def _held(record_type: RecordType, rows: Sequence[Tracked]) -> list[Tracked]:
    """The rows as they are stored now, kept from others until the end: of two who delete a row one
    does, and what depends on it is told once and of its last values.
    """
    model = record_type.model
    stored = model._base_manager.select_for_update(of=("self",)).select_related(
        *record_type.references(model)
    )
    keys = sorted(row.pk for row in rows)
    held: dict[Any, Tracked] = {}
    for start in range(0, len(keys), BATCH):
        part = stored.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        held |= {row.pk: row for row in part}
    for row in rows:
        if row.pk not in held:
            raise StaleRecord(f"“{row}”已被他人删除，没有再次删除。", {})
    return [held[row.pk] for row in rows]


def _line(row: models.Model, by: Actor) -> ChangeLog:
    changes = {name: [new, ""] for name, (_, new) in history.differences(None, row).items()}
    return history.entry(ChangeLog.Action.DELETE, by=by, record=row, changes=changes)


def _drop_files(rows: Sequence[models.Model]) -> None:
    """The files go when the deletion has come to stay."""
    for files in _files(rows):
        stored = [(file.file.storage, str(file.file.name)) for file in files]
        if stored:
            files.delete()
            transaction.on_commit(partial(_remove, stored))


def _remove(stored: list[tuple[Storage, str]]) -> None:
    for storage, name in stored:
        storage.delete(name)


def _type_of(row: models.Model) -> RecordType:
    from apps.records import registry  # noqa: PLC0415 -- app ready

    return registry.of(type(row))


def _tell(rows: Sequence[models.Model], by: Actor) -> None:
    """Let each record type put right what depended on its rows."""
    from apps.records import registry  # noqa: PLC0415 -- app ready

    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for record_type in registry.types():
        if record_type.model in by_model:
            record_type.after_delete(by_model[record_type.model], by=by)
