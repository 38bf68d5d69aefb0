"""The metrics of money over a small worked example, and payments against their budgets."""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.periods import Period
from apps.funds.selectors import payments_against_budget
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate_all
from apps.metrics.services import catalogue
from apps.metrics.wording import facts, period_text
from apps.records import registry
from apps.records.models import Record
from apps.records.scope import Scope
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    DisbursementFactory,
    FundFactory,
    PersonFactory,
    PolicyItemFactory,
    RecognitionFactory,
    UnitFactory,
    root_unit,
)

pytestmark = pytest.mark.django_db
FACTS = "C04 C12 C16 C29 C30 D20 D30 D31 E18 E21 E23 E29 E43 E44"
ALL, YEAR = Scope.everything(), Period.year(2022)


def yuan(**amounts):
    return {f"{name}_yuan": Decimal(amount) for name, amount in amounts.items()}


def pay(amount, **values):
    return DisbursementFactory(amount_yuan=Decimal(amount), **values)


@pytest.fixture
def year(db):
    """Figures of 2022, after a year of payments."""
    person, other, firm = PersonFactory(), PersonFactory(), UnitFactory()
    RecognitionFactory(person=person, catalogue="1", starts_on=datetime.date(2022, 3, 1))
    allowance, house, top, works, station = (
        PolicyItemFactory(kind=kind) for kind in ("01", "02", "06", "08", "07")
    )
    PolicyItemFactory(kind="05", name="没有兑现的条款")
    PolicyItemFactory(is_active=False)
    for amount, year in ((1000, 2021), (2000, 2022), (3000, 2022)):
        pay(amount, item=allowance, person=person, approval_year=year)
    pay(500, item=allowance, person=other, paid_on=datetime.date(2021, 12, 31), approval_year=2022)
    pay(70_000, item=house, person=person, source="02")
    pay(5_000, item=top, person=person, tier="A")
    pay(3_000, item=top, person=other, tier="B")
    pay(90_000, item=works, person=None, unit=firm)
    pay(40_000, item=station, person=None, unit=firm)
    unreviewed = pay(9_999, item=allowance, person=other)
    type(unreviewed).objects.filter(pk=unreviewed.pk).update(state=Record.State.SUBMITTED)
    case = {"route": "case", "meeting": "区委人才工作领导小组第3次会议"}
    ApplicationFactory(item=house, person=other, **case)
    ApplicationFactory(item=top, decided_on=datetime.date(2023, 1, 5), **case)
    ApplicationFactory(item=top, status="asked", decided_on=None, approved_yuan=None, route="case")
    FundFactory(kind="02", platform="科技园", size_yuan=Decimal(2_000_000))
    FundFactory(kind="03", stage="raising", size_yuan=Decimal(100_000_000))
    FundFactory(kind="03", stage="running", ended_on=datetime.date(2022, 6, 1))
    clear = yuan(budgeted=300_000, allocated=200_000, disbursed=150_000, used=100_000)
    BudgetFactory(use="01", unit=firm, **clear)
    BudgetFactory(use="01", source="07", **{**clear, **yuan(disbursed=110_000)})
    BudgetFactory(use="02", name="水产养殖专家服务组", **clear)
    return evaluate_all(YEAR, ALL)


def groups(figure):
    return {group.label: group.value for group in figure.groups if group.value}


def test_payments_count_by_the_year_of_payment_or_of_approval(year):
    assert year["funds-paid"].value == 214_000
    assert year["funds-paid-times"].value == 8
    assert (year["funds-paid-people"].value, year["funds-paid-units"].value) == (2, 1)
    assert year["funds-paid-of-approval"].value == 5_500
    assert groups(year["funds-paid-by-source"]) == {"区级财政": 144_000, "市级补助": 70_000}
    assert groups(year["funds-paid-by-kind"]) == {
        "人才津贴": 6_000, "购房补贴": 70_000, "拔尖人才补助": 8_000, "技改创新": 90_000,
        "工作站补助": 40_000,
    }  # fmt: skip


def test_allowances_and_subsidies(year):
    assert year["allowance"].value == 6_000
    assert (year["allowance-times"].value, year["allowance-people"].value) == (3, 1)
    assert (year["subsidies-high"].value, year["subsidies-high-people"].value) == (70_000, 1)
    assert (year["subsidies-overseas"].value, year["subsidies-overseas-people"].value) == (0, 0)
    assert groups(year["top-talent-by-tier"]) == {"A类": 5_000, "B类": 3_000}
    assert (year["firm-support"].value, year["firm-support-units"].value) == (90_000, 1)
    assert groups(year["stations-and-projects"]) == {"工作站补助": 40_000}


def test_items_with_and_without_payments(year):
    assert year["policy-items"].value == 6
    assert (year["policy-items-paid"].part, year["policy-items-paid"].whole) == (5, 6)
    assert year["policy-items-unpaid"].value == 1


def test_list_behind_unpaid_items_names_them(year, staff):
    page = staff.get(year["policy-items-unpaid"].url).content.decode()

    assert set(re.findall(r"没有兑现的条款|人才津贴第", page)) == {"没有兑现的条款"}
    assert "共 1 条" in re.sub(r"<[^>]+>", "", page)


def test_cases_funds_and_budgets(year):
    assert (year["cases"].value, year["cases-yuan"].value) == (1, 50_000)
    assert year["applications"].value == 3
    assert groups(year["seed-money"]) == {"科技园": 2_000_000}
    assert groups(year["guide-funds"]) == {"募集": 100_000_000}
    assert year["training-fund"].value == 300_000
    assert groups(year["training-input"]) == {"区级财政": 150_000, "用人单位": 110_000}
    assert year["training-input-employers"].value == 110_000
    assert list(groups(year["training-integrated"]).values()) == [300_000]
    assert groups(year["service-used"]) == {"水产养殖专家服务组": 100_000}


def test_catalogue_states_the_facts_of_money():
    shipped = [metric for metric in catalogue() if metric.theme == "政策资金"]

    assert set(FACTS.split()) <= {fact for metric in shipped for fact in metric.facts}
    assert all(981 <= metric.order <= 1040 for metric in shipped)
    for metric in shipped:
        if metric.record_type == "funds.Disbursement":
            assert "支付年度" in metric.definition or "批准年度" in metric.definition, metric.key


def test_metric_says_by_which_time_it_counts():
    metric = Metric.objects.get(key="funds-paid-of-approval")

    assert dict(facts(metric, {}, ALL))["时段"] == "批准年度在时段内的"
    assert period_text(registry.get("funds.Disbursement"), "type") == "发生在时段内的"


def test_payments_stand_against_the_budgets_of_their_year():
    budget = BudgetFactory(use="03", **yuan(budgeted=100, allocated=80, disbursed=60, used=50))
    BudgetFactory(use="01", budgeted_yuan=None, allocated_yuan=None)
    BudgetFactory(use="03", year=2021)
    pay(20, budget=budget)
    pay(12, budget=budget, paid_on=datetime.date(2023, 1, 9))
    waiting = pay(30, budget=budget)
    type(waiting).objects.filter(pk=waiting.pk).update(state=Record.State.DRAFT)
    pay(7)
    pay(5, paid_on=datetime.date(2021, 1, 9))

    with CaptureQueriesContext(connection) as queries:
        found = payments_against_budget(2022, ALL)

    assert len(queries) == 3
    training, allowance = found.by_use
    assert (training.label, training.budgeted, training.paid, training.share, training.left) == (
        "培训", None, 0, None, None,
    )  # fmt: skip
    assert (allowance.label, allowance.budgeted, allowance.allocated) == ("津贴", 100, 80)
    assert (allowance.disbursed, allowance.used) == (60, 50)
    assert (allowance.paid, allowance.share, allowance.left) == (32, Decimal("0.4"), 48)
    assert (found.total.allocated, found.total.paid, found.paid_without_budget) == (80, 32, 7)


def test_payments_against_budgets_keep_to_the_scope():
    ours = UnitFactory(parent=root_unit())
    BudgetFactory(use="03")
    pay(7, owner=ours, budget=BudgetFactory(use="01", owner=ours))

    found = payments_against_budget(2022, Scope((ours.path,)))

    assert [(line.label, line.paid) for line in found.by_use] == [("培训", 7)]
    assert found.total.allocated == 100_000
