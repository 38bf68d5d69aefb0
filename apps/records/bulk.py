"""Many records at once: what an action would do to each of them, then the deed, all or none.

The list page and the review queue plan first, show the plan, and carry it out once confirmed::

    rows = bulk.read(record_type.queryset(scope).filter(…), record_type)
    plan = bulk.plan_edit(record_type, rows, name="education", value="14", by=actor)
    plan = bulk.plan_review(record_type, rows, "approve", by=actor)
    bulk.carry_out(plan, by=actor)      # DomainError, and nothing is saved, when it cannot be

A plan takes a fixed number of queries per 500 rows. Rows must come from ``RecordType.queryset``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from apps.core.errors import DomainError
from apps.records import review, saving
from apps.records.actors import Actor
from apps.records.errors import RowErrors
from apps.records.extras import values
from apps.records.extras.definitions import TAGS, is_key
from apps.records.extras.values import TAG_WORDS
from apps.records.models import Record, Tracked
from apps.records.registry import RecordType

LIMIT = 5_000
BATCH = 500
RACE = "确认期间有人保存了相同的记录，没有作任何改动。请重新预览后再确认。"


@dataclass(frozen=True, slots=True)
class Change:
    """A row with the one value that changes, as texts."""

    row: Any
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that stays as it is, and why."""

    row: Any
    reason: str


@dataclass(slots=True)
class Plan:
    """What an action would do. ``reopened`` rows count no more until they are reviewed again."""

    record_type: RecordType
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Any] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    reopened: int = 0
    move: str = ""  # of review.MOVES; empty for an edit

    @property
    def rows(self) -> list[Any]:
        """The rows that would be written."""
        return [change.row for change in self.changed]


def check_size(count: int) -> None:
    """DomainError for more rows than one go takes."""
    if count > LIMIT:
        raise DomainError(
            f"一次最多处理 {LIMIT:,} 条，所选有 {count:,} 条。请加上筛选条件，分几次办理。"
        )


def read(rows: models.QuerySet, record_type: RecordType) -> list[Any]:
    """Rows whole, with all they point to; DomainError for too many."""
    references = record_type.references(record_type.model)
    found = list(rows.select_related(*references)[: LIMIT + 1])
    if len(found) > LIMIT:
        check_size(rows.count())
    return found


# -- one field ---------------------------------------------------------------------------------


def put(row: Any, name: str, value: Any) -> None:
    """Write the cleaned value of a form field into a row."""
    if is_key(column_name(name)):
        values.put(row, name, value)
    else:
        row._meta.get_field(name).save_form_data(row, value)


def column_name(name: str) -> str:
    """The column that a field of the form changes; tags are put on and taken off one by one."""
    return TAGS if name in TAG_WORDS else name


def plan_edit(
    record_type: RecordType, rows: Sequence[Any], *, name: str, value: Any, by: Actor
) -> Plan:
    """What setting one field to a value would do to each row; the rows hold it afterwards."""
    plan = Plan(record_type)
    read_text = record_type.all_columns[column_name(name)].text
    wanted: list[Change] = []
    for row in rows:
        before = copy.copy(row)
        before.extra = dict(row.extra)
        put(row, name, value)
        if _is_same(before, row):
            plan.unchanged.append(row)
        else:
            wanted.append(Change(row, read_text(before), read_text(row)))
    approved = {c.row.pk for c in wanted if _is_approved(c.row)}
    reasons = refusals(record_type, [change.row for change in wanted], by=by)
    for change in wanted:
        reason = reasons.get(change.row.pk)
        if reason:
            plan.refused.append(Refusal(change.row, reason))
        else:
            plan.changed.append(change)
    plan.reopened = sum(row.pk in approved and not _is_approved(row) for row in plan.rows)
    return plan


def _is_same(before: Tracked, after: Tracked) -> bool:
    names = [f.attname for f in after._meta.concrete_fields]
    return all(getattr(before, n) == getattr(after, n) for n in names)


def _is_approved(row: Any) -> bool:
    return isinstance(row, Record) and row.state == Record.State.APPROVED


def refusals(record_type: RecordType, rows: Sequence[Any], *, by: Actor) -> dict[Any, str]:
    """Why rows cannot be saved as they stand now: key to sentence. They are prepared on the way."""
    found: dict[Any, str] = {}
    ready = []
    for row in rows:
        reason = _said(partial(saving.prepare, record_type, row, by=by))
        if reason:
            found[row.pk] = reason
        else:
            ready.append(row)
    for index, error in saving.check_many(record_type, ready).items():
        found[ready[index].pk] = in_words(record_type, error)
    if _said(partial(record_type.check_scope_many, ready, by)):
        for row in ready:
            reason = _said(partial(record_type.check_scope, row, by))
            if reason:
                found.setdefault(row.pk, reason)
    return found


def _said(act: Callable[[], Any]) -> str:
    """The sentence with which something is refused; empty when it is not."""
    try:
        act()
    except DomainError as error:
        return error.message
    return ""


def in_words(record_type: RecordType, error: ValidationError) -> str:
    """The faults of a row in one line, each with the name of its field."""
    parts = []
    for name, errors in error.error_dict.items():
        label = record_type.column(name).label if name != NON_FIELD_ERRORS else ""
        for text in ValidationError(errors).messages:
            parts.append(f"{label}：{text}" if label and label not in text else text)
    return " ".join(dict.fromkeys(parts))


# -- review ------------------------------------------------------------------------------------


def plan_review(record_type: RecordType, rows: Sequence[Any], move: str, *, by: Actor) -> Plan:
    """What 报送, 审核通过 or 退回 would do to each row; the rows stay as they are."""
    plan = Plan(record_type, move=move)
    moved: list[Any] = []
    state = review.MOVES.get(move)
    for row in rows:
        if isinstance(row, Record) and row.state == state:
            plan.unchanged.append(row)
            continue
        reason = _said(partial(review.check, row, move, by=by))
        if reason:
            plan.refused.append(Refusal(row, reason.removeprefix(f"“{row}”")))
            continue
        after = copy.copy(row)
        after.state = state
        moved.append((row, after))
    reasons = refusals(record_type, [after for _, after in moved], by=by)
    for row, after in moved:
        if row.pk in reasons:
            plan.refused.append(Refusal(row, reasons[row.pk]))
        else:
            texts = (str(row.get_state_display()), str(after.get_state_display()))
            plan.changed.append(Change(row, *texts))
    return plan


# -- the deed ----------------------------------------------------------------------------------


def carry_out(plan: Plan, *, by: Actor) -> int:
    """Write what was planned, in one transaction; the number of rows. DomainError and nothing
    written when somebody was faster or a rule over several rows refuses it.
    """
    try:
        with transaction.atomic():
            if plan.move:
                review.move_many(plan.rows, plan.move, by=by)
            elif plan.rows:
                plan.record_type.save_many(plan.rows, by=by)
    except RowErrors as error:
        row, fault = plan.rows[min(error.errors)], error.errors[min(error.errors)]
        words = in_words(plan.record_type, fault)
        raise DomainError(f"没有作任何改动：“{row}”不符合要求，{words}") from None
    except IntegrityError:
        raise DomainError(RACE) from None
    return len(plan.rows)
