"""The one write path: derive, clean, constraints, optimistic lock, history. Forms, importer,
API and admin end here.
"""

from __future__ import annotations

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone

from apps.core import stamps
from apps.core.conditions import broken, holds
from apps.core.errors import DomainError
from apps.core.fields import CounterField, DerivedField, derive
from apps.core.inserting import insert
from apps.records import history
from apps.records.actors import Actor
from apps.records.errors import RowErrors, StaleRecord
from apps.records.extras import values as added
from apps.records.models import ChangeLog, Record, Tracked

if TYPE_CHECKING:
    from apps.records.registry import RecordType

Action = ChangeLog.Action
WAITING = "records.waiting"  # the stamp that is renewed when it changes what waits for review
BATCH = 500
_STAMPS = frozenset(("created_at", "updated_at"))
_PLAIN = {str, int, bool, datetime.date, Decimal, type(None)}  # worth remembering as passed
Messages = dict[str, list[Any]]


def prepare(record_type: RecordType, row: Tracked, *, by: Actor) -> None:
    """Fill what follows from the row and its writer, before it is validated."""
    if isinstance(row, Record) and row.owner_id is None:
        row.owner = record_type.default_owner(row, by)
    record_type.prepare(row)
    derive(row)
    now = timezone.now()
    row.updated_by, row.updated_at = by.user, now
    if row.pk is None:
        row.created_by, row.created_at = by.user, now
        row.batch = by.batch
        if isinstance(row, Record) and not record_type.counts_at_once(row, by):
            row.state = Record.State.DRAFT
    else:
        _reopen(record_type, row, by)


def _reopen(record_type: RecordType, row: Tracked, by: Actor) -> None:
    """A clerk's change reopens a reviewed record."""
    if not isinstance(row, Record) or row.state != Record.State.APPROVED:
        return
    if not record_type.counts_at_once(row, by):
        row.state = Record.State.DRAFT


def note_waiting(rows: Iterable[Any]) -> None:
    """Tell the counts of what waits for review (``waiting``) that rows of theirs were written."""
    versions = (one for row in rows for one in (row, getattr(row, "before", None)))
    if any(isinstance(one, Record) and one.state != Record.State.APPROVED for one in versions):
        stamps.renew(WAITING)


def touch(record_type: RecordType, row: Tracked, *, by: Actor) -> Tracked:
    """Count a row as changed though its fields are not, as by a file: the version, who did it, and
    the review. The row stays locked until the transaction ends, which the caller opens.
    """
    model = type(row)
    old = model._base_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if old is None:
        raise StaleRecord(f"“{row}”已被他人删除，无法保存。", {})
    now = copy.copy(old)
    _reopen(record_type, now, by)
    now.version += 1
    now.updated_by, now.updated_at, now.before = by.user, timezone.now(), old
    now.save(force_update=True)
    if changes := history.differences(old, now):
        history.log_change(Action.UPDATE, by=by, record=now, changes=changes)
        record_type.after_save([now], by=by)
    note_waiting([now])
    return now


def save(record_type: RecordType, row: Tracked, *, by: Actor) -> Tracked:
    """Validate and save one row. ValidationError, or StaleRecord when it was changed since it
    was read.
    """
    prepare(record_type, row, by=by)
    full_clean(row)
    if found := record_type.faults_of([row]):
        raise found[0]
    record_type.check_scope(row, by)
    model = type(row)
    with _in_words(model), transaction.atomic():
        old = None
        if row.pk is None:
            row.save(force_insert=True)
        else:
            taken = model._base_manager.filter(pk=row.pk, version=row.version)
            old = model._base_manager.filter(pk=row.pk).first()
            if not taken.update(version=F("version") + 1):
                raise _stale(old, row)
            row.version += 1
            row.save(force_update=True)
        row.before = old
        changes = history.differences(old, row)
        action = Action.UPDATE if old is not None else Action.CREATE
        if changes or old is None:
            history.log_change(action, by=by, record=row, changes=changes)
        record_type.after_save([row], by=by)
        note_waiting([row])
    return row


@contextmanager
def _in_words(model: type[models.Model]) -> Iterator[None]:
    """A condition that only the database found broken, because somebody else was writing, in its
    own words.
    """
    try:
        yield
    except IntegrityError as error:
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint) and constraint.name in str(error):
                sentence = str(constraint.get_violation_error_message())
                raise DomainError(sentence) from None
        raise


def _stale(stored: models.Model | None, row: models.Model) -> StaleRecord:
    if stored is None:
        return StaleRecord(f"“{row}”已被他人删除，无法保存。", {})
    changes = history.differences(row, stored)
    other = getattr(stored, "updated_by", None) or "他人"
    return StaleRecord(
        f"“{row}”在您打开之后已被{other}修改，没有保存。请核对后再次保存。",
        changes,
    )


def full_clean(row: Tracked, exclude: Iterable[str] = ()) -> None:
    """``Model.full_clean``, and the rules of what the office added."""
    messages: dict[str, list[Any]] = {}
    try:
        row.full_clean(exclude=set(exclude))
    except ValidationError as error:
        _collect(messages, error)
    _check_added(row, added.checker(row._meta.label), messages)
    if messages:
        raise ValidationError(messages)


def _check_added(row: Tracked, check: added.Check, messages: dict[str, list[Any]]) -> None:
    for name, errors in check(row).items() if row.extra else ():
        messages.setdefault(name, []).extend(errors)


def check_many(record_type: RecordType, rows: Sequence[Tracked]) -> dict[int, ValidationError]:
    """Errors of prepared rows by index; a fixed number of queries per 500 rows. References are
    taken as resolved.
    """
    found: defaultdict[int, Messages] = defaultdict(dict)
    for field in record_type.model._meta.fields:
        if not (field.remote_field or _is_ours(field)):
            _clean_column(field, rows, found)
    references = _required_references(record_type.model)
    check = added.checker(record_type.label)
    for index, row in enumerate(rows):
        messages: Messages = {}
        try:
            row.clean()
        except ValidationError as error:
            _collect(messages, error)
        _check_references(row, references, messages)
        for fault in broken(row):
            messages.setdefault(NON_FIELD_ERRORS, []).append(fault)
        _check_added(row, check, messages)
        for name, errors in messages.items():
            found[index].setdefault(name, []).extend(errors)
    for constraint in unique_constraints(record_type.model):
        _check_unique(record_type.model, constraint, rows, found)
    sound = [index for index in range(len(rows)) if not found.get(index)]
    for place, fault in record_type.faults_of([rows[index] for index in sound]).items():
        _collect(found[sound[place]], fault)
    return {index: ValidationError(found[index]) for index in sorted(found) if found[index]}


def _is_ours(field: Any) -> bool:
    """Whether ``prepare`` has just worked out the column: nothing to clean."""
    return isinstance(field, DerivedField) or field.name in _STAMPS


def _clean_column(
    field: models.Field, rows: Sequence[models.Model], found: dict[int, Messages]
) -> None:
    """As ``Model.clean_fields``; a value that the field has passed before is not asked again."""
    name = field.attname
    passed: set[Any] = {None, ""} if field.blank else set()
    for index, row in enumerate(rows):
        raw = getattr(row, name)
        is_plain = type(raw) in _PLAIN
        if is_plain and raw in passed:
            continue
        try:
            value = field.clean(raw, row)
        except ValidationError as error:
            found[index].setdefault(field.name, []).extend(error.error_list)
            continue
        setattr(row, name, value)
        if is_plain and value == raw and type(value) is type(raw):
            passed.add(raw)


def _collect(messages: dict[str, list[Any]], error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        messages.setdefault(NON_FIELD_ERRORS, []).extend(error.error_list)
        return
    for name, errors in error.error_dict.items():
        messages.setdefault(name, []).extend(errors)


def _required_references(model: type[models.Model]) -> list[Any]:
    return [
        field
        for field in model._meta.fields
        if field.remote_field and not field.null and (field.editable or field.name == "owner")
    ]


def _check_references(row: models.Model, references: Sequence[Any], messages: Messages) -> None:
    for reference in references:
        if getattr(row, reference.attname) is not None:
            continue
        if row._state.fields_cache.get(reference.name) is not None:
            continue  # a new row of the same import, saved before this one
        messages.setdefault(reference.name, []).append(
            ValidationError(f"{reference.verbose_name}不能为空。")
        )


def unique_constraints(model: type[models.Model]) -> list[UniqueConstraint]:
    """Unique constraints, unique columns included."""
    columns = [
        UniqueConstraint(fields=[f.name], name=f"{f.name}_unique")
        for f in model._meta.fields
        if f.unique and not f.primary_key
    ]
    declared = [c for c in model._meta.constraints if isinstance(c, UniqueConstraint)]
    return columns + declared


def _check_unique(
    model: type[models.Model],
    constraint: UniqueConstraint,
    rows: Sequence[models.Model],
    found: dict[int, dict[str, list[Any]]],
) -> None:
    names = [_field(model, name).attname for name in constraint.fields]
    keyed: dict[tuple[Any, ...], int] = {}
    for index, row in enumerate(rows):
        key = tuple(getattr(row, name) for name in names)
        if None in key or (constraint.condition and not holds(constraint.condition, row)):
            continue
        if key in keyed:
            _twice(model, constraint, found[index])
        keyed.setdefault(key, index)
    keys = list(keyed)
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        stored = model._base_manager.filter(
            constraint.condition or Q(), **{f"{names[0]}__in": {key[0] for key in part}}
        ).values_list("pk", *names)
        for pk, *values in stored:
            place = keyed.get(tuple(values))
            if place is not None and rows[place].pk != pk:
                _twice(model, constraint, found[place])


def _field(model: type[models.Model], name: str) -> Any:
    """A column of the model itself, never a relation that comes from elsewhere."""
    return model._meta.get_field(name)


def _twice(
    model: type[models.Model], constraint: UniqueConstraint, messages: dict[str, list[Any]]
) -> None:
    labels = "、".join(str(_field(model, name).verbose_name) for name in constraint.fields)
    default = f"{labels}相同的{model._meta.verbose_name}已存在。"
    text = constraint.violation_error_message
    chosen = default if text == constraint.default_violation_error_message else text
    messages.setdefault(NON_FIELD_ERRORS, []).append(ValidationError(str(chosen), code="unique"))


def save_many(
    record_type: RecordType, rows: Sequence[Tracked], *, by: Actor, checked: bool = False
) -> None:
    """Save new and changed rows with the rules of ``save``, set-wise: all of them or none.

    Raises RowErrors or StaleRecord.

    ``checked`` skips the validation of rows that ``check_many`` has just passed.
    """
    for row in rows:
        prepare(record_type, row, by=by)
    if not checked and (errors := check_many(record_type, rows)):
        raise RowErrors(errors)
    record_type.check_scope_many(rows, by)
    model = record_type.model
    fresh = [row for row in rows if row.pk is None]
    for row in fresh:
        row.before = None
    known = [row for row in rows if row.pk is not None]
    with _in_words(model), transaction.atomic():
        labels: dict[Any, str] = {}
        for start in range(0, len(fresh), BATCH):
            part = fresh[start : start + BATCH]
            insert(part)
            history.log_changes(_creation(row, by, labels) for row in part)
        for start in range(0, len(known), BATCH):
            history.log_changes(_update_many(record_type, known[start : start + BATCH], by=by))
        record_type.after_save(list(rows), by=by)
        note_waiting(rows)


def _creation(row: Tracked, by: Actor, labels: dict[Any, str]) -> ChangeLog:
    changes = history.differences(None, row, labels=labels)
    return history.entry(Action.CREATE, by=by, record=row, changes=changes)


def _update_many(record_type: RecordType, rows: Sequence[Tracked], *, by: Actor) -> list[ChangeLog]:
    """Rewrite known rows as upserts on the key: one statement a batch."""
    model = record_type.model
    stored_rows = model._base_manager.select_for_update(of=("self",)).select_related(
        *record_type.references(model)
    )
    stored = {old.pk: old for old in stored_rows.filter(pk__in=[r.pk for r in rows])}
    lines = []
    for row in rows:
        old = stored.get(row.pk)
        if old is None or old.version != row.version:
            raise _stale(old, row)
        row.before = old
        changes = history.differences(old, row)
        row.version += 1
        lines.append(history.entry(Action.UPDATE, by=by, record=row, changes=changes))
    names = [
        f.name
        for f in model._meta.concrete_fields
        if not f.primary_key and not isinstance(f, CounterField)
    ]
    model._base_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],  # type: ignore[misc]
        update_fields=names,
    )
    return lines
