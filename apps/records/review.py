"""How a clerk's entry comes to count: 草稿 → 已报送 → 已审核, or 退回 with a reason."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.core.errors import DomainError
from apps.records import history, registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog, Record

State = Record.State
PERMISSION = "records.review_records"


def may_submit(row: Any) -> bool:
    """Whether a record waits for its unit to submit it."""
    return isinstance(row, Record) and row.state in (State.DRAFT, State.RETURNED)


def may_review(row: Any) -> bool:
    """Whether a record does not count yet, so that staff may pass it or send it back."""
    return isinstance(row, Record) and row.state != State.APPROVED


def submit(row: Record, *, by: Actor) -> Record:
    """The unit has finished its entry and hands it over."""
    if not may_submit(row):
        raise DomainError(f"“{row}”{row.get_state_display()}，不需要再报送。")
    return _move(row, State.SUBMITTED, by)


def approve(row: Record, *, by: Actor) -> Record:
    """From now on the record counts."""
    _check_reviewer(row, by)
    return _move(row, State.APPROVED, by)


def send_back(row: Record, *, by: Actor) -> Record:
    """The unit has to mend its entry; ``by.reason`` says what."""
    _check_reviewer(row, by)
    if not by.reason.strip():
        raise DomainError("请写明退回理由，填报单位据此修改。")
    if row.state == State.RETURNED:
        raise DomainError(f"“{row}”已退回，正等填报单位修改。")
    return _move(row, State.RETURNED, by)


def returned_because(row: Record) -> str:
    """Why a record was sent back, for its unit to read; empty when it was not."""
    if row.state != State.RETURNED:
        return ""
    lines = ChangeLog.objects.filter(
        record_type=row._meta.label, object_id=row.pk, action=ChangeLog.Action.REVIEW
    )
    return lines.order_by("-pk").values_list("reason", flat=True).first() or ""


def _check_reviewer(row: Record, by: Actor) -> None:
    if by.user is not None and not by.user.has_perm(PERMISSION):
        raise DomainError("您没有审核权限，请联系人才办。")
    if not may_review(row):
        raise DomainError(f"“{row}”已审核，不需要再次办理。")


@transaction.atomic
def _move(row: Record, state: str, by: Actor) -> Record:
    before = row.get_state_display()
    row.state = state
    registry.of(type(row)).save(row, by=by)
    changes = {"state": [before, row.get_state_display()]}
    history.log_change(ChangeLog.Action.REVIEW, by=by, record=row, changes=changes)
    return row
