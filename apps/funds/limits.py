"""Counters of what was paid: of an application within what was approved, of a budget within what
was allocated. They hold for what is entered, whatever its review says: drafts count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from django.db.models import Case, DecimalField, Value, When

from apps.core import numbers
from apps.core.errors import DomainError
from apps.funds.models import Application, Budget, Disbursement
from apps.funds.models.base import DIGITS, PLACES

Limited: TypeAlias = Application | Budget
Steps: TypeAlias = dict[int, Decimal]
BATCH = 500
POINTERS: tuple[tuple[type[Limited], str], ...] = (
    (Application, "application_id"),
    (Budget, "budget_id"),
)
RACE = "刚刚有人登记了同一笔资金的兑现，没有保存，请重试。"


def move(new: Sequence[Disbursement], old: Sequence[Disbursement]) -> None:
    """Count payments that came and leave out those that went, in one transaction with them.
    DomainError names what is left where they do not fit. What they point to stays locked.
    """
    for model, pointer in POINTERS:
        steps: Steps = {getattr(row, pointer): Decimal(0) for row in (*new, *old)}
        for row in new:
            steps[getattr(row, pointer)] += row.amount_yuan
        for row in old:
            steps[getattr(row, pointer)] -= row.amount_yuan
        steps.pop(None, None)  # type: ignore[call-overload]
        _step(model, steps)


def _step(model: type[Limited], steps: Steps) -> None:
    """Move the counters of one model, locked in the order of their keys. They only go from the
    value just read to the next: without a lock one would stay rather than forget a payment.
    """
    keys = sorted(steps)
    for start in range(0, len(keys), BATCH):
        rows = model._base_manager.filter(pk__in=keys[start : start + BATCH])
        locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
        held: list[Limited] = [row for row in locked if isinstance(row, (Application, Budget))]
        moving = [row for row in held if steps[row.pk]]
        for row in moving:
            if sentence := over(row, steps[row.pk]):
                raise DomainError(sentence)
        if not moving:
            continue
        last = {row.pk: row.paid_yuan for row in moving}
        following = {pk: amount + steps[pk] for pk, amount in last.items()}
        unmoved = rows.filter(pk__in=last, paid_yuan=_by_key(last))
        if unmoved.update(paid_yuan=_by_key(following)) != len(moving):
            raise DomainError(RACE)


def _by_key(values: Mapping[int, Decimal]) -> Case:
    field: DecimalField = DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    cases = [When(pk=pk, then=Value(value, field)) for pk, value in values.items()]
    return Case(*cases, output_field=field)


def limit_of(row: Limited) -> Decimal | None:
    """What payments may come to; None where nothing may be paid yet."""
    return row.approved_yuan if isinstance(row, Application) else row.allocated_yuan


def said_of(row: Limited) -> list[str]:
    """What was paid and what is left, in words; nothing where nothing may be paid."""
    limit = limit_of(row)
    if limit is None:
        return []
    return [f"已兑现 {_yuan(row.paid_yuan)}", f"余 {_yuan(limit - row.paid_yuan)}"]


def over(row: Limited, step: Decimal) -> str:
    """Why a further payment does not fit, with what is left; empty where it fits."""
    if step <= 0:
        return ""
    is_application, limit = isinstance(row, Application), limit_of(row)
    if limit is None:
        nothing = "还没有批准，不能兑现" if is_application else "还没有填分配金额，不能列支"
        return f"“{row}”{nothing}。"
    what = "核定" if is_application else "分配"
    left = limit - row.paid_yuan
    if step <= left:
        return ""
    return (
        f"“{row}”{what} {_yuan(limit)}，已登记兑现 {_yuan(row.paid_yuan)}，"
        f"还可兑现 {_yuan(left)}，本次 {_yuan(step)}，超出 {_yuan(step - left)}。"
    )


def _yuan(amount: Decimal) -> str:
    return numbers.money(amount, "元", style="screen")


def faults(rows: Sequence[Disbursement]) -> dict[int, str]:
    """Payments that would not fit, in their order, by index; nothing is locked or moved."""
    found: dict[int, str] = {}
    before = _stored(rows)
    for model, pointer in POINTERS:
        keys = {key for row in rows if (key := getattr(row, pointer)) is not None}
        held = _held(model, sorted(keys))
        for old in before:
            if (free := held.get(getattr(old, pointer))) is not None:
                free.paid_yuan -= old.amount_yuan
        for index, row in enumerate(rows):
            target = held.get(getattr(row, pointer))
            if target is None or index in found:
                continue
            if sentence := over(target, row.amount_yuan):
                found[index] = sentence
            else:
                target.paid_yuan += row.amount_yuan
    return found


def _stored(rows: Iterable[Disbursement]) -> list[Disbursement]:
    keys = [row.pk for row in rows if row.pk is not None]
    found: list[Disbursement] = []
    for start in range(0, len(keys), BATCH):
        found += Disbursement._base_manager.filter(pk__in=keys[start : start + BATCH])
    return found


def _held(model: type[Limited], keys: list[int]) -> dict[int, Limited]:
    found: dict[int, Limited] = {}
    for start in range(0, len(keys), BATCH):
        rows = model._base_manager.filter(pk__in=keys[start : start + BATCH])
        found |= {row.pk: row for row in rows if isinstance(row, (Application, Budget))}
    return found
