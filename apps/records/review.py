"""How a clerk's entry comes to count: 草稿 → 已报送 → 已审核, or 退回 with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from apps.core.errors import DomainError
from apps.records import history, registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog, Record

State = Record.State
PERMISSION = "records.review_records"
MOVES = {"submit": State.SUBMITTED, "approve": State.APPROVED, "return": State.RETURNED}
WORDS = {"submit": "报送", "approve": "审核通过", "return": "退回"}


def may_submit(row: Any) -> bool:
    """Whether a record waits for its unit to submit it."""
    return isinstance(row, Record) and row.state in (State.DRAFT, State.RETURNED)


def may_review(row: Any) -> bool:
    """Whether a record does not count yet, so that staff may pass it or send it back."""
    return isinstance(row, Record) and row.state != State.APPROVED


def check(row: Any, move: str, *, by: Actor) -> None:
    """DomainError says why a record cannot be submitted, approved or returned (``MOVES``)."""
    if move not in MOVES:
        raise DomainError("没有这种办理方式，请从页面上的按钮办理。")
    if move == "submit":
        if not may_submit(row):
            raise DomainError(f"“{row}”{_state_of(row)}，不需要再报送。")
        return
    if by.user is not None and not by.user.has_perm(PERMISSION):
        raise DomainError("您没有审核权限，请联系人才办。")
    if not may_review(row):
        raise DomainError(f"“{row}”{_state_of(row)}，不需要再次办理。")
    if move == "return" and not by.reason.strip():
        raise DomainError("请写明退回理由，填报单位据此修改。")
    if move == "return" and row.state == State.RETURNED:
        raise DomainError(f"“{row}”已退回，正等填报单位修改。")


def submit(row: Record, *, by: Actor) -> Record:
    """The unit has finished its entry and hands it over."""
    return _move(row, "submit", by)


def approve(row: Record, *, by: Actor) -> Record:
    """From now on the record counts."""
    return _move(row, "approve", by)


def send_back(row: Record, *, by: Actor) -> Record:
    """The unit has to mend its entry; ``by.reason`` says what."""
    return _move(row, "return", by)


@transaction.atomic
def move_many(rows: Sequence[Record], move: str, *, by: Actor) -> None:
    """Move records of one type, which ``check`` has passed, set-wise: all of them or none."""
    if not rows:
        return
    before = {row.pk: _state_of(row) for row in rows}
    for row in rows:
        row.state = MOVES[move]
    registry.of(type(rows[0])).save_many(rows, by=by)
    history.log_changes(_line(row, before[row.pk], by) for row in rows)


def _state_of(row: Any) -> str:
    return str(row.get_state_display()) if isinstance(row, Record) else "没有审核"


def _line(row: Record, before: str, by: Actor) -> ChangeLog:
    changes = {"state": [before, _state_of(row)]}
    return history.entry(ChangeLog.Action.REVIEW, by=by, record=row, changes=changes)


@transaction.atomic
def _move(row: Record, move: str, by: Actor) -> Record:
    check(row, move, by=by)
    before = _state_of(row)
    row.state = MOVES[move]
    registry.of(type(row)).save(row, by=by)
    _line(row, before, by).save(force_insert=True)
    return row
