"""Payments against the budgets they come out of."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from apps.core import codes, numbers
from apps.core.periods import Event, Period
from apps.funds.models import Budget, Disbursement
from apps.records.scope import Scope

AMOUNTS = ("budgeted", "allocated", "disbursed", "used")


@dataclass(slots=True)
class Execution:
    """Amounts in yuan; one that no budget says is None. ``paid`` is what was paid out of them."""

    label: str
    code: str = ""
    budgeted: Decimal | None = None
    allocated: Decimal | None = None
    disbursed: Decimal | None = None
    used: Decimal | None = None
    paid: Decimal = Decimal(0)

    @property
    def share(self) -> Decimal | None:
        """What was paid of what was allocated, as a ratio."""
        return numbers.share(self.paid, self.allocated or 0)

    @property
    def left(self) -> Decimal | None:
        return None if self.allocated is None else self.allocated - self.paid


@dataclass(slots=True)
class PaymentsAgainstBudget:
    """A year's budgets and the payments out of them, by use; payments out of no budget apart."""

    year: int
    total: Execution
    by_use: list[Execution] = field(default_factory=list)
    paid_without_budget: Decimal = Decimal(0)


def payments_against_budget(year: int, scope: Scope) -> PaymentsAgainstBudget:
    """Reviewed budgets of a year within a scope, and the reviewed payments out of that year's
    budgets, whenever they were made. Payments of the year out of no budget stand apart.
    """
    budgets = Budget.objects.visible_to(scope).counted().filter(year=year).order_by()
    payments = Disbursement.objects.visible_to(scope).counted().order_by()
    sums: dict[str, Any] = {name: Sum(f"{name}_yuan") for name in AMOUNTS}
    planned = {row.pop("use"): row for row in budgets.values("use").annotate(**sums)}
    spent = payments.filter(budget__year=year).values("budget__use")
    paid = {row["budget__use"]: row["n"] for row in spent.annotate(n=Sum("amount_yuan"))}
    loose = payments.filter(Event("paid_on").q(Period.year(year)), budget__isnull=True)
    labels = codes.labels("funds_use")
    uses = [code for code in labels if code in planned or code in paid]
    lines = [
        Execution(labels[code], code, **planned.get(code, {}), paid=paid.get(code) or Decimal(0))
        for code in uses
    ]
    return PaymentsAgainstBudget(
        year,
        _total(lines),
        lines,
        loose.aggregate(n=Sum("amount_yuan"))["n"] or Decimal(0),
    )


def _total(lines: list[Execution]) -> Execution:
    total = Execution("合计", paid=sum((line.paid for line in lines), Decimal(0)))
    for name in AMOUNTS:
        known = [getattr(line, name) for line in lines if getattr(line, name) is not None]
        setattr(total, name, sum(known, Decimal(0)) if known else None)
    return total
