"""Several writers at once, each with a connection of its own: no limit is passed, no payment is
forgotten, on either database.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections
from django.db.models import Sum

from apps.core.errors import DomainError
from apps.funds import limits
from apps.funds.models import Application, Budget, Disbursement
from apps.records import registry
from apps.records.actors import Actor
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    DisbursementFactory,
    ItemExclusionFactory,
    PersonFactory,
    PolicyItemFactory,
)

pytestmark = pytest.mark.usefixtures("committing")
BY = Actor.system()
PAYMENTS = registry.get("funds.Disbursement")
WRITERS = 6


@pytest.fixture(autouse=True)
def meeting(monkeypatch):
    """Writers who have written their payments, uncommitted, wait for one another before they count
    them: the worst moment there is. SQLite lets in one at a time, who waits in vain.
    """
    places: list[Barrier] = []
    move = limits.move

    def wait_and_move(new, old):
        with suppress(BrokenBarrierError):
            places[0].wait(0.5)
        move(new, old)

    monkeypatch.setattr(limits, "move", wait_and_move)
    return places


@pytest.fixture
def at_once(meeting):
    def run(*tasks: Callable[[], object]) -> list[str]:
        meeting[:] = [Barrier(len(tasks))]
        return _at_once(tasks)

    meeting[:] = [Barrier(1)]
    return run


def _at_once(tasks: Sequence[Callable[[], object]]) -> list[str]:
    """What became of each task: empty where it went through, else the sentence of the refusal."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> str:
        try:
            start.wait(30)
            task()
        except ValidationError as error:
            return "".join(error.messages)
        except DomainError as error:
            return error.message
        except IntegrityError:
            return "刚刚有人保存了相同的记录"
        else:
            return ""
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def payment(amount, label, **values):
    given = {"paid_on": datetime.date(2022, 6, 1), "approval_year": 2022, "source": "01"}
    return Disbursement(amount_yuan=Decimal(amount), period_label=label, **{**given, **values})


def total(**chosen):
    return Disbursement.objects.filter(**chosen).aggregate(n=Sum("amount_yuan"))["n"] or Decimal(0)


def assert_exact():
    for model, name in ((Application, "application"), (Budget, "budget")):
        for row in model.objects.all():
            assert row.paid_yuan == total(**{name: row})


def test_one_budget_is_paid_out_to_the_last_payment_that_fits(at_once):
    budget = BudgetFactory(name="人才津贴", allocated_yuan=Decimal("20000.00"))
    item, people = PolicyItemFactory(), PersonFactory.create_batch(WRITERS)

    def pay(person):
        def run():
            refused = ""
            for number in range(6):
                try:
                    row = payment("1000.10", f"第{number}期", person=person, item=item)
                    row.budget_id = budget.pk
                    PAYMENTS.save(row, by=BY)
                except (ValidationError, DomainError) as error:
                    refused = "".join(getattr(error, "messages", [str(error)]))
            if refused:
                raise DomainError(refused)

        return run

    outcomes = at_once(*map(pay, people))

    budget.refresh_from_db()
    assert Disbursement.objects.count() == 19
    assert budget.paid_yuan == total() == 19 * Decimal("1000.10")
    refusals = [text for text in outcomes if text]
    assert refusals
    assert all("还可兑现 998.1 元，本次 1,000.1 元，超出 2 元。" in text for text in refusals[-1:])
    assert all("“2022年人才津贴”分配 20,000 元，已登记兑现 " in text for text in refusals)


def test_one_application_is_not_paid_twice_over(at_once):
    asked = ApplicationFactory(approved_yuan=Decimal(50_000))
    rows = [payment(30_000, f"第{n}期", application=asked) for n in range(WRITERS)]

    outcomes = at_once(*(lambda row=row: PAYMENTS.save(row, by=BY) for row in rows))

    asked.refresh_from_db()
    assert (outcomes.count(""), Disbursement.objects.count()) == (1, 1)
    assert asked.paid_yuan == total() == 30_000
    expected = (
        f"“{asked}”核定 50,000 元，已登记兑现 30,000 元，"
        "还可兑现 20,000 元，本次 30,000 元，超出 10,000 元。"
    )
    assert [text for text in outcomes if text] == [expected] * (WRITERS - 1)


def test_runs_changes_and_deletions_leave_exact_counters(at_once):
    budgets = [BudgetFactory(allocated_yuan=Decimal(90_000)) for _ in range(2)]
    asked = ApplicationFactory(asked_yuan=Decimal(90_000), approved_yuan=Decimal(90_000))
    stored = [
        PAYMENTS.save(payment("100.01", f"旧{n}", application=asked, budget=budgets[n % 2]), by=BY)
        for n in range(WRITERS)
    ]

    def run_of(number):
        rows = [
            payment("7.77", f"新{number}-{n}", application=asked, budget=budgets[n % 2])
            for n in range(5)
        ]
        return lambda: PAYMENTS.save_many(rows, by=BY)

    def change(row, number):
        row.amount_yuan, row.budget = Decimal("250.50"), budgets[number % 2]
        return lambda: PAYMENTS.save(row, by=BY)

    outcomes = at_once(
        *map(run_of, range(3)),
        *(change(row, n) for n, row in enumerate(stored[:3])),
        *(lambda row=row: PAYMENTS.delete(row, by=BY) for row in [*stored[3:], stored[3]]),
    )

    assert Counter(bool(text) for text in outcomes) == {False: 9, True: 1}
    assert [text for text in outcomes if text] == [f"“{stored[3]}”已被他人删除，没有再次删除。"]
    assert total() == 15 * Decimal("7.77") + 3 * Decimal("250.50")
    assert_exact()


def test_limit_is_not_lowered_under_a_payment_that_comes_in(at_once):
    budgets = registry.get("funds.Budget")
    for _ in range(4):
        budget = BudgetFactory(allocated_yuan=Decimal(10_000))
        old = Budget.objects.get(pk=budget.pk)
        old.allocated_yuan = Decimal(5_000)
        row = DisbursementFactory.build(
            budget=budget, amount_yuan=Decimal(6_000), item=PolicyItemFactory(),
            person=PersonFactory(),
        )  # fmt: skip

        outcomes = at_once(
            lambda old=old: budgets.save(old, by=BY), lambda row=row: PAYMENTS.save(row, by=BY)
        )

        assert [bool(text) for text in outcomes].count(True) == 1
        assert any(
            "分配金额不能少于已登记的兑现总额" in t or "还可兑现 5,000 元" in t for t in outcomes
        )
    assert_exact()


def test_two_writers_of_exclusive_items_get_one_through(at_once):
    first, second = PolicyItemFactory(name="购房补贴"), PolicyItemFactory(name="租房补贴")
    ItemExclusionFactory(item=first, other=second)

    for person in PersonFactory.create_batch(5):
        rows = [payment(1, "第1期", item=item, person=person) for item in (first, second)]
        outcomes = at_once(*(lambda row=row: PAYMENTS.save(row, by=BY) for row in rows))

        refused = [text for text in outcomes if text]
        assert len(refused) == 1
        assert "“购房补贴”" in refused[0]
        assert "“租房补贴”" in refused[0]
        assert Disbursement.objects.filter(person=person).count() == 1


def test_two_writers_of_one_payment_get_one_through(at_once):
    item, budget = PolicyItemFactory(), BudgetFactory()
    person = PersonFactory()
    rows = [payment(5, "第1期", item=item, person=person, budget=budget) for _ in range(WRITERS)]

    outcomes = at_once(*(lambda row=row: PAYMENTS.save(row, by=BY) for row in rows))

    assert outcomes.count("") == 1
    assert Disbursement.objects.count() == 1
    assert_exact()
