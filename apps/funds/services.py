"""What payments, applications and budgets do beyond their own row, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q

from apps.core.errors import DomainError
from apps.core.text import squeeze
from apps.funds import exclusions, limits
from apps.funds.models import Application, Budget, Disbursement

BATCH = 500
AGREE = ("item_id", "person_id", "unit_id", "approval_year")
SPENT = (*AGREE, "application_id", "budget_id", "source", "amount_yuan")


def complete_payment(row: Disbursement) -> None:
    """What a payment does not say itself is as it was applied for and budgeted."""
    row.period_label = squeeze(row.period_label or "")
    said = {name for name, value in row._state.fields_cache.items() if value is not None}
    said |= {name for name in ("item", "person", "unit") if getattr(row, f"{name}_id") is not None}
    is_complete = "item" in said and said & {"person", "unit"} and row.approval_year
    if not is_complete and row.application is not None:
        if "item" not in said:
            row.item = row.application.item
        if not said & {"person", "unit"}:
            row.person, row.unit = row.application.person, row.application.unit
        row.approval_year = row.approval_year or row.application.approval_year
    if not row.source and row.budget is not None:
        row.source = row.budget.source


def faults_of_payments(rows: Sequence[Disbursement]) -> dict[int, ValidationError]:
    """Payments that exceed a limit or that another item excludes; for a preview of all at once."""
    found = limits.faults(rows) | exclusions.conflicts(rows)
    return {index: ValidationError(sentence) for index, sentence in found.items()}


def faults_of_applications(rows: Sequence[Application]) -> dict[int, ValidationError]:
    """Applications approved for somebody who has an item that excludes theirs."""
    found = exclusions.conflicts(rows)
    return {index: ValidationError(sentence) for index, sentence in found.items()}


def keep_payments(rows: Sequence[Disbursement]) -> None:
    """After saving: move the counters, then look at what was saved while the locks are held."""
    changed = [row for row in rows if _is_changed(row, SPENT)]
    if not changed:
        return
    before = [row.before for row in changed if isinstance(row.before, Disbursement)]
    limits.move(changed, before)
    _check_agreement("pk", [row.pk for row in changed])
    exclusions.refuse([row for row in changed if _is_changed(row, AGREE)])


def forget_payments(rows: Sequence[Disbursement]) -> None:
    """After deleting: what was paid is free again."""
    limits.move([], rows)


def keep_applications(rows: Sequence[Application]) -> None:
    """After saving: payments still belong to their application, exclusive items are refused."""
    changed = [row for row in rows if _is_changed(row, AGREE)]
    _check_agreement("application", [row.pk for row in changed if row.before is not None])
    exclusions.refuse(changed)


def keep_budgets(rows: Sequence[Budget]) -> None:
    """After saving: payments still come from the source of their budget."""
    known = [row for row in rows if row.before is not None and _is_changed(row, ("source",))]
    _check_agreement("budget", [row.pk for row in known])


def _is_changed(row: Model, names: Iterable[str]) -> bool:
    before = getattr(row, "before", None)
    return before is None or any(getattr(row, n) != getattr(before, n) for n in names)


def _check_agreement(name: str, keys: Sequence[int]) -> None:
    """Payments for an application are for its item, its claimant and its year; payments out of a
    budget come from its source.
    """
    asked = Q(application__isnull=False) & (
        ~Q(item=F("application__item"))
        | Q(application__approval_year__isnull=True)
        | ~Q(approval_year=F("application__approval_year"))
        | (Q(application__person__isnull=False) & Q(person__isnull=True))
        | (Q(application__person__isnull=False) & ~Q(person=F("application__person")))
        | (Q(application__unit__isnull=False, unit__isnull=False) & ~Q(unit=F("application__unit")))
    )
    budgeted = Q(budget__isnull=False) & ~Q(source=F("budget__source"))
    rows = Disbursement._base_manager.select_related("item", "person", "unit")
    for start in range(0, len(keys), BATCH):
        chosen = rows.filter(**{f"{name}__in": keys[start : start + BATCH]})
        wrong = chosen.filter(asked | budgeted).order_by("pk").first()
        if wrong is not None:
            raise DomainError(
                f"兑现“{wrong}”与所依据的申报或列支的预算不一致：条款、领取人和批准年度须与申报相同，"
                "资金来源须与预算相同，没有保存。请先核对这笔兑现。"
            )
