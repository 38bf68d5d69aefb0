"""What is paid stays within what was approved and allocated, on every way in and out."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum

from apps.core.errors import DomainError
from apps.funds.models import Application, Budget, Disbursement
from apps.records import registry
from apps.records.actors import Actor
from apps.records.errors import RowErrors, StaleRecord
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    DisbursementFactory,
    PersonFactory,
    PolicyItemFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
BY = Actor.system()
PAYMENTS = registry.get("funds.Disbursement")
APPLICATIONS = registry.get("funds.Application")
BUDGETS = registry.get("funds.Budget")


def paid(row):
    row.refresh_from_db()
    return row.paid_yuan


def payment(amount, number=1, **values):
    given = {"paid_on": datetime.date(2022, 6, 1), "period_label": f"第{number}期", "source": "01"}
    return Disbursement(amount_yuan=Decimal(amount), **{**given, **values})


def exact():
    """Every counter is the sum of its payments."""
    for model, name in ((Application, "application"), (Budget, "budget")):
        for row in model.objects.all():
            rows = Disbursement.objects.filter(**{name: row})
            assert row.paid_yuan == (rows.aggregate(n=Sum("amount_yuan"))["n"] or 0), row
    return True


def test_payment_takes_what_it_does_not_say_from_its_application():
    asked = ApplicationFactory()

    row = PAYMENTS.save(payment(20_000, application=asked), by=BY)

    assert (row.item, row.person, row.unit) == (asked.item, asked.person, None)
    assert row.approval_year == 2022
    assert paid(asked) == 20_000


def test_payment_of_a_budget_takes_its_source():
    budget = BudgetFactory(source="02")

    row = DisbursementFactory(budget=budget, source="")

    assert row.source == "02"
    assert paid(budget) == 6_000


def test_payments_fill_a_limit_to_the_last_fen_and_no_further():
    asked = ApplicationFactory(approved_yuan=Decimal("0.30"))
    for number in range(3):
        PAYMENTS.save(payment("0.10", number, application=asked), by=BY)

    with pytest.raises(ValidationError) as refused:
        PAYMENTS.save(payment("0.01", 9, application=asked), by=BY)

    assert paid(asked) == Decimal("0.30")
    assert refused.value.messages == [
        f"“{asked}”核定 0.3 元，已登记兑现 0.3 元，还可兑现 0 元，本次 0.01 元，超出 0.01 元。"
    ]


def test_budget_names_what_is_left():
    budget = BudgetFactory(year=2022, name="人才津贴", allocated_yuan=Decimal(10_000))
    DisbursementFactory(budget=budget, amount_yuan=Decimal(6_000))

    with pytest.raises(ValidationError, match="“2022年人才津贴”分配 10,000 元，已登记兑现 6,000"):
        DisbursementFactory(budget=budget, amount_yuan=Decimal("4000.5"))

    assert paid(budget) == 6_000
    assert Disbursement.objects.count() == 1


def test_budget_without_an_allocation_pays_nothing():
    with pytest.raises(ValidationError, match="还没有填分配金额，不能列支"):
        DisbursementFactory(budget=BudgetFactory(allocated_yuan=None))


@pytest.mark.parametrize("status", ["asked", "refused"])
def test_what_was_not_approved_is_not_paid(status):
    more = {"decided_on": None} if status == "asked" else {}
    asked = ApplicationFactory(status=status, approved_yuan=None, **more)

    with pytest.raises(ValidationError, match="不能兑现"):
        PAYMENTS.save(payment(1, application=asked, approval_year=2022), by=BY)


def test_change_moves_the_counters():
    first, second = ApplicationFactory(), ApplicationFactory()
    budget = BudgetFactory()
    row = PAYMENTS.save(payment(20_000, application=first, budget=budget), by=BY)

    row.amount_yuan = Decimal(45_000)
    PAYMENTS.save(row, by=BY)
    assert (paid(first), paid(budget)) == (45_000, 45_000)

    row.application, row.item, row.person, row.budget = second, second.item, second.person, None
    PAYMENTS.save(row, by=BY)
    assert (paid(first), paid(second), paid(budget)) == (0, 45_000, 0)


def test_change_may_use_what_it_held_itself_and_no_more():
    asked = ApplicationFactory()
    row = PAYMENTS.save(payment(40_000, application=asked), by=BY)
    row.amount_yuan = Decimal(50_000)
    PAYMENTS.save(row, by=BY)

    row.amount_yuan = Decimal(50_001)
    with pytest.raises(ValidationError, match="还可兑现 50,000 元，本次 50,001 元，超出 1 元"):
        PAYMENTS.save(row, by=BY)

    assert paid(asked) == 50_000


def test_delete_frees_what_was_paid():
    asked, budget = ApplicationFactory(), BudgetFactory()
    rows = [
        PAYMENTS.save(payment(10_000, n, application=asked, budget=budget), by=BY) for n in (1, 2)
    ]
    stale = Disbursement.objects.get(pk=rows[0].pk)
    rows[0].amount_yuan = Decimal(30_000)
    PAYMENTS.save(rows[0], by=BY)

    PAYMENTS.delete(stale, by=BY)  # at hand it still says 10,000
    assert (paid(asked), paid(budget)) == (10_000, 10_000)

    with pytest.raises(StaleRecord, match="已被他人删除"):
        PAYMENTS.delete(stale, by=BY)
    assert paid(asked) == 10_000


def test_many_are_saved_together_or_not_at_all():
    asked, budget = ApplicationFactory(), BudgetFactory()
    rows = [payment(12_000, n, application=asked, budget=budget) for n in range(5)]

    with pytest.raises(RowErrors) as refused:
        PAYMENTS.save_many(rows, by=BY)
    assert list(refused.value.errors) == [4]
    assert (paid(asked), Disbursement.objects.count()) == (0, 0)

    PAYMENTS.save_many(rows[:4], by=BY)
    assert (paid(asked), paid(budget)) == (48_000, 48_000)

    with pytest.raises(DomainError, match="还可兑现 2,000 元，本次 12,000 元"):
        PAYMENTS.save_many([payment(12_000, 8, application=asked)], by=BY, checked=True)
    assert Disbursement.objects.count() == 4
    assert exact()


def test_many_changes_in_one_go_count_each_row_once():
    asked = ApplicationFactory()
    rows = [payment(10_000, n, application=asked) for n in range(4)]
    PAYMENTS.save_many(rows, by=BY)

    rows[0].amount_yuan, rows[1].amount_yuan = Decimal(1), Decimal(19_999)
    PAYMENTS.save_many(rows, by=BY)

    assert paid(asked) == 40_000
    assert exact()


def test_saving_an_old_copy_of_an_application_leaves_its_counter():
    asked = ApplicationFactory()
    old, again = (Application.objects.get(pk=asked.pk) for _ in range(2))
    PAYMENTS.save(payment(20_000, application=asked), by=BY)

    old.opinion = "同意"
    APPLICATIONS.save(old, by=BY)
    assert paid(asked) == 20_000

    again.version, again.opinion = old.version, "同意兑现"
    APPLICATIONS.save_many([again], by=BY)
    assert paid(asked) == 20_000
    assert asked.opinion == "同意兑现"


def test_approved_amount_does_not_fall_below_what_was_paid():
    asked = ApplicationFactory()
    PAYMENTS.save(payment(20_000, application=asked), by=BY)
    asked.refresh_from_db()

    asked.approved_yuan = Decimal(19_999)
    with pytest.raises(ValidationError, match="核定金额也不能少于已登记的兑现金额"):
        APPLICATIONS.save(asked, by=BY)

    asked.status, asked.approved_yuan, asked.approval_year = "refused", None, None
    with pytest.raises(ValidationError, match="已有兑现的申报不能改为未批准"):
        APPLICATIONS.save(asked, by=BY)


def test_old_copy_of_a_budget_cannot_undercut_what_was_paid():
    budget = BudgetFactory()
    old = Budget.objects.get(pk=budget.pk)
    DisbursementFactory(budget=budget)

    old.allocated_yuan = Decimal(5_999)
    with pytest.raises(DomainError, match="分配金额不能少于已登记的兑现总额"):
        BUDGETS.save(old, by=BY)


def test_the_database_itself_holds_the_limits():
    asked, budget = ApplicationFactory(), BudgetFactory()

    for row, amount in ((asked, 50_001), (budget, 100_001), (asked, -1), (budget, -1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(paid_yuan=amount)


def test_application_keeps_to_what_was_paid_for_it():
    asked = ApplicationFactory()
    PAYMENTS.save(payment(20_000, application=asked), by=BY)
    asked.refresh_from_db()

    for name, value in (("item", PolicyItemFactory()), ("approval_year", 2021)):
        row = Application.objects.get(pk=asked.pk)
        setattr(row, name, value)
        with pytest.raises(DomainError, match="条款、领取人和批准年度须与申报相同"):
            APPLICATIONS.save(row, by=BY)


def test_budget_keeps_the_source_of_its_payments():
    budget = BudgetFactory()
    DisbursementFactory(budget=budget)
    budget.refresh_from_db()

    budget.source = "02"
    with pytest.raises(DomainError, match="资金来源须与预算相同"):
        BUDGETS.save(budget, by=BY)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"item": PolicyItemFactory}, "请改为一致"),
        ({"approval_year": lambda: 2020}, "的批准年度是 2022"),
        ({"person": PersonFactory}, "领取人应为同一人"),
        ({"unit": UnitFactory}, "领取人应为同一人"),
    ],
)
def test_payment_agrees_with_its_application(values, sentence):
    asked = ApplicationFactory()
    given = {name: make() for name, make in values.items()}

    with pytest.raises(ValidationError, match=sentence):
        PAYMENTS.save(payment(1, application=asked, **given), by=BY)


def test_a_unit_may_apply_for_its_people():
    unit, person = UnitFactory(), PersonFactory()
    asked = ApplicationFactory(person=None, unit=unit)

    PAYMENTS.save(payment(1, 1, application=asked), by=BY)
    PAYMENTS.save(payment(1, 2, application=asked, person=person), by=BY)
    with pytest.raises(ValidationError, match="的申报单位是"):
        PAYMENTS.save(payment(1, 3, application=asked, unit=UnitFactory()), by=BY)

    assert paid(asked) == 2


def test_payment_comes_from_the_source_of_its_budget():
    with pytest.raises(ValidationError, match="的资金来源是区级财政，请改为一致"):
        DisbursementFactory(budget=BudgetFactory(), source="02")
