"""Planned records against stored ones: found, compared, validated, set-wise and unwritten."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q

from apps.core import crypto
from apps.core.errors import DomainError
from apps.core.fields import EncryptedField
from apps.records import saving
from apps.records.actors import Actor
from apps.records.extras import values as added
from apps.records.extras.definitions import is_key
from apps.records.importing.entries import (
    CONTRADICTS,
    Candidate,
    Entry,
    names_another,
    number_of,
    same,
)
from apps.records.importing.fields import AnyField, field_of
from apps.records.importing.references import BATCH, digest_column
from apps.records.importing.rows import Masked
from apps.records.registry import RecordType
from apps.records.scope import Scope

_MISSING = {"null", "blank", "required"}


def find_stored(record_type: RecordType, candidates: Sequence[Candidate], scope: Scope) -> None:
    """Give each candidate its identity and the stored record of it, a query a batch and key."""
    groups: dict[tuple[Any, ...], list[tuple[Candidate, tuple[Any, ...]]]] = {}
    for candidate in candidates:
        masked = [n for n in candidate.key if isinstance(candidate.values.get(n), Masked)]
        key = _names_beside(record_type) if masked else candidate.key
        identity = _identity(record_type.model, key, candidate.values)
        if identity is None and not masked and candidate.is_main and record_type.weak_key:
            key = tuple(record_type.weak_key)
            identity = _identity(record_type.model, key, candidate.values)
        if identity is None and not masked:  # an empty text is a part like any other
            key = candidate.key
            identity = _identity(record_type.model, key, candidate.values, with_empty=True)
        if identity is None:
            if masked:
                _refuse_mask(candidate, masked)
            continue
        candidate.identity = (key, identity) if not masked else None
        group = groups.setdefault((key, str(candidate.among), tuple(masked)), [])
        group.append((candidate, identity))
    for (key, _, masked), members in groups.items():
        _find_by(record_type, key, masked, members, scope)


def _names_beside(record_type: RecordType) -> tuple[str, ...]:
    """What finds a record whose protected number came back masked."""
    fields = record_type.model._meta.get_field
    return tuple(n for n in record_type.lookup if not isinstance(fields(n), EncryptedField))[:1]


def _identity(
    model: type[models.Model],
    key: tuple[str, ...],
    values: dict[str, Any],
    *,
    with_empty: bool = False,
) -> tuple[Any, ...] | None:
    """The values of a key, defaults where the row says nothing; None when one is missing that its
    column cannot do without. ``with_empty`` takes texts that may be empty as they are.
    """
    parts: list[Any] = []
    for name in key:
        target = field_of(model, name)
        value = values.get(name)
        if value in (None, "") and target.has_default():
            value = target.get_default()
        if value in (None, "") and not target.null:
            if not (with_empty and target.blank and isinstance(target, models.CharField)):
                return None
            value = ""
        if isinstance(value, models.Model):
            parts.append(value.pk if value.pk is not None else ("new", id(value)))
        elif isinstance(target, EncryptedField):
            parts.append(crypto.digest(value) if isinstance(value, str) else None)
        else:
            parts.append(value)
    return tuple(parts) if any(part not in (None, "") for part in parts) else None


def _find_by(
    record_type: RecordType,
    key: tuple[str, ...],
    masked: tuple[str, ...],
    members: list[tuple[Candidate, tuple[Any, ...]]],
    scope: Scope,
) -> None:
    model = record_type.model
    columns = [_column(model, name) for name in key]
    asked = [identity for _, identity in members if not _has_unsaved(identity)]
    among = members[0][0].among
    names = [*record_type.fields, "owner"]
    rows = record_type.queryset(scope).select_related(*record_type.references(model, names))
    found: dict[Any, list[Any]] = {}
    firsts = list(dict.fromkeys(ident[0] for ident in asked))
    for start in range(0, len(firsts), BATCH):
        batch = firsts[start : start + BATCH]
        part = Q(**{f"{columns[0]}__in": batch})
        if None in batch:  # IN never finds what is empty
            part |= Q(**{f"{columns[0]}__isnull": True})
        part &= among
        for stored in rows.filter(part).order_by("pk"):
            found.setdefault(tuple(getattr(stored, c) for c in columns), []).append(stored)
    for candidate, identity in members:
        hits = found.get(identity, [])
        for name in masked:
            mask = candidate.values[name].mask
            hits = [row for row in hits if str(getattr(row, name)) == mask]
        if len(hits) == 1:
            candidate.stored = hits[0]
            _check_holder(record_type, candidate)
        elif masked and candidate.is_main:
            _refuse_mask(candidate, list(masked))
        elif hits:
            candidate.row.fault(
                key[0],
                "ambiguous_record",
                f"系统中有 {len(hits)} 条{record_type.name}相符，请先核对合并",
            )
        if masked:
            candidate.values = {n: v for n, v in candidate.values.items() if n not in masked}


def _refuse_mask(candidate: Candidate, masked: list[str]) -> None:
    candidate.row.fault(
        masked[0], "masked_number", "号码带星号，无法确定是哪一条记录，请填写完整号码"
    )


def _check_holder(record_type: RecordType, candidate: Candidate) -> None:
    """The number of a stored person under another name: one of the two is wrong."""
    held = getattr(candidate.stored, record_type.holder) if record_type.holder else None
    if candidate.is_main and names_another(record_type, candidate, held):
        number = number_of(record_type, candidate)
        candidate.row.fault(
            record_type.holder,
            CONTRADICTS,
            f"而系统中{number} 的{record_type.name}是“{held}”，"
            "请核对后在系统中先修改姓名，或更正表中号码",
        )


def _has_unsaved(identity: tuple[Any, ...]) -> bool:
    return any(isinstance(part, tuple) for part in identity)


def _column(model: type[models.Model], name: str) -> str:
    target: Any = model._meta.get_field(name)
    if isinstance(target, EncryptedField):
        return digest_column(model, name)
    return target.attname


def compare(record_type: RecordType, entry: Entry) -> None:
    """Make the new record, or put what differs into the stored one and note old and new."""
    model = record_type.model
    if entry.record is None:
        entry.record = _made(model, {**entry.defaults, **entry.values})
        return
    entry.status = "unchanged"
    for name, value in entry.values.items():
        if isinstance(value, Masked) or _is_stored(entry.record, name, value):
            continue
        column = record_type.column(name)
        old = column.text(entry.record)
        entry.before[name] = _plain_value(entry.record, name)
        if is_key(name):
            added.put(entry.record, name, value)
        else:
            setattr(entry.record, name, value)
        entry.changes[name] = (old, column.text(entry.record))
        entry.status = "changed"


def _made(model: type[models.Model], values: dict[str, Any]) -> Any:
    """A new record. Django makes one faster of all its columns in their order than of names."""
    places, defaults = _blank(model)
    columns = [default() if callable(default) else default for default in defaults]
    further = []
    for name, value in values.items():
        if isinstance(value, Masked):
            continue
        if name in places:
            columns[places[name]] = value
        else:
            further.append((name, value))
    record = model(*columns)
    for name, value in further:
        if is_key(name):
            added.put(record, name, value)
        else:
            setattr(record, name, value)
    return record


@cache
def _blank(model: type[models.Model]) -> tuple[dict[str, int], list[Any]]:
    """The place of each plain column, and the defaults of all columns in their order."""
    fields = model._meta.concrete_fields
    places = {f.name: place for place, f in enumerate(fields) if not f.remote_field}
    return places, [_default(f) for f in fields]


def _default(field: AnyField) -> Any:
    """The value that a new record begins with, or what makes it anew for each."""
    if field.generated:
        return models.DEFERRED
    is_made = field.has_default() and callable(field.default)
    return field.default if is_made else field.get_default()


def _is_stored(record: Any, name: str, value: Any) -> bool:
    if is_key(name):
        return bool(added.read(record, name) == value)
    target = record._meta.get_field(name)
    if isinstance(target, EncryptedField):
        column = digest_column(type(record), name)
        held = getattr(record, name)
        if column:
            return bool(getattr(record, column) == crypto.digest(value))
        return bool(held) and held.reveal() == value
    if isinstance(target, models.ForeignKey) and isinstance(value, models.Model):
        return value.pk is not None and getattr(record, target.attname) == value.pk
    return same(getattr(record, name), value)


def _plain_value(record: Any, name: str) -> Any:
    """The stored form of a value, so that an undo can put it back."""
    if is_key(name):
        return added.raw(record, name)
    target = record._meta.get_field(name)
    return target.get_prep_value(getattr(record, target.attname))


def validate(record_type: RecordType, entries: Sequence[Entry], by: Actor) -> None:
    """The rules of saving, for all entries at once; what breaks one is a fault of its rows."""
    entries = [entry for entry in entries if not entry.refused]
    ready = []
    for entry in entries:
        try:
            saving.prepare(record_type, entry.record, by=by)
        except DomainError as error:
            entry.refuse("rule_broken", error.message)
        else:
            ready.append(entry)
    errors = saving.check_many(record_type, [entry.record for entry in ready])
    for index, found in errors.items():
        _refuse(record_type, ready[index], found)
    _check_scope(record_type, [entry for entry in ready if not entry.refused], by)


def _check_scope(record_type: RecordType, entries: Sequence[Entry], by: Actor) -> None:
    if by.scope.is_everything:
        return
    for entry in entries:
        try:
            record_type.check_scope(entry.record, by)
        except DomainError as error:
            entry.refuse("outside_scope", error.message)


def _refuse(record_type: RecordType, entry: Entry, error: ValidationError) -> None:
    general = error.error_dict.get(NON_FIELD_ERRORS, ())
    if entry.is_proposal and any(one.code == "unique" for one in general):
        # not found among what the writer may see, and there all the same
        entry.refuse(
            "outside_scope",
            f"没有找到{record_type.name}“{entry.record}”，请核对名称；"
            "不在您权限范围内的请联系人才办",
        )
        return
    for name, errors in error.error_dict.items():
        path = "" if name == NON_FIELD_ERRORS else name
        for one in errors:
            empty = path and not is_key(path) and getattr(entry.record, path, None) in (None, "")
            kind = f"missing_{path}" if one.code in _MISSING or empty else "rule_broken"
            entry.refuse(kind, "".join(one.messages), path)
