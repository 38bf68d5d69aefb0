"""Money made of chance: paid in another year than approved, to persons and units, out of budgets
whose amounts nobody knows, for items that nobody uses.
"""

from __future__ import annotations

from decimal import Decimal

from apps.funds.models import Application, Budget, Disbursement, Fund, PolicyItem
from tests.metrics.chance import Chance, owned

KINDS = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "")
PLATFORMS = ("", "科技园", "孵化器", "创客空间")


def build(chance: Chance, units: list, people: list) -> None:
    items = PolicyItem.objects.bulk_create(
        PolicyItem(
            name=f"条款{number}", kind=KINDS[number % len(KINDS)],
            is_active=chance.one(True, True, False),
        )
        for number in range(24)
    )  # fmt: skip
    Fund.objects.bulk_create(_fund(chance, units, number) for number in range(40))
    budgets = Budget.objects.bulk_create(_budget(chance, units, number) for number in range(90))
    asked = [_application(chance, units, people, items, number) for number in range(90)]
    Application.objects.bulk_create(asked, ignore_conflicts=True)  # nobody asks twice a day
    used = chance.random.sample(items, 16)
    Disbursement.objects.bulk_create(
        _payment(chance, units, people, used, budgets, number) for number in range(420)
    )


def money(chance: Chance) -> Decimal:
    return Decimal(chance.random.randint(1, 9_999_999)) / 100


def _fund(chance: Chance, units: list, number: int) -> Fund:
    start = chance.day(2018)
    return Fund(
        name=f"资金{number}", kind=chance.one("01", "02", "02", "03", "03"),
        stage=chance.one("intended", "raising", "running", "withdrawing"),
        platform=chance.one(*PLATFORMS), size_yuan=money(chance), started_on=start,
        ended_on=chance.end(start), **owned(chance, units),
    )  # fmt: skip


def _budget(chance: Chance, units: list, number: int) -> Budget:
    amounts = sorted((money(chance) for _ in range(4)), reverse=True)
    names = ("budgeted_yuan", "allocated_yuan", "disbursed_yuan", "used_yuan")
    return Budget(
        year=chance.one(2021, 2022, 2022, 2023), name=f"项目{number}",
        full_name=f"项目{number}", use=chance.one("01", "01", "02", "02", "03", "04"),
        source=chance.one("01", "02", "05", "06", "07", "08", "09"),
        unit=chance.one(None, *units), **owned(chance, units),
        **{n: chance.one(None, amount, amount) for n, amount in zip(names, amounts, strict=True)},
    )  # fmt: skip


def _claimant(chance: Chance, units: list, people: list) -> dict:
    if chance.random.random() < 0.7:
        return {"person": chance.one(*people)}
    return {"unit": chance.one(*units)}


def _application(
    chance: Chance, units: list, people: list, items: list, number: int
) -> Application:
    day, asked = chance.day(), money(chance)
    status = chance.one("asked", "approved", "approved", "refused")
    is_approved = status == "approved"
    return Application(
        item=chance.one(*items), title=f"事项{number}", asked_on=day, asked_yuan=asked,
        route=chance.one("regular", "case"), meeting="区委人才工作领导小组会议", status=status,
        decided_on=None if status == "asked" else day,
        approved_yuan=asked if is_approved else None,
        approval_year=chance.one(day.year, day.year + 1) if is_approved else None,
        **_claimant(chance, units, people), **owned(chance, units),
    )  # fmt: skip


def _payment(
    chance: Chance, units: list, people: list, items: list, budgets: list, number: int
) -> Disbursement:
    day = chance.day()
    return Disbursement(
        item=chance.one(*items), amount_yuan=money(chance), paid_on=day,
        period_label=f"第{number}期", approval_year=chance.one(day.year, day.year - 1, 2022),
        source=chance.one("01", "02", "06"), budget=chance.one(None, *budgets[:20]),
        tier=chance.one("", "A", "B", "11"), **_claimant(chance, units, people),
        **owned(chance, units),
    )  # fmt: skip
