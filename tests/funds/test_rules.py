"""Rules of single rows: once a period, one recipient, amounts in order, items for whom they are."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from apps.funds.models import Disbursement, ItemExclusion
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    DisbursementFactory,
    FundFactory,
    ItemExclusionFactory,
    PersonFactory,
    PolicyItemFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
BY = Actor.system()


@pytest.mark.parametrize(("field", "make"), [("person", PersonFactory), ("unit", UnitFactory)])
def test_recipient_item_and_period_stand_once(field, make):
    who, item = make(), PolicyItemFactory()
    same = {"person": None, "item": item, "period_label": "2022年第1期", field: who}
    DisbursementFactory(**same)

    with pytest.raises(ValidationError, match="这一期次的兑现已登记，不能重复发放"):
        DisbursementFactory(**{**same, "period_label": "2022年 第１期"})

    DisbursementFactory(**{**same, "period_label": "2022年第2期"})
    assert Disbursement.objects.count() == 2


def test_what_is_paid_once_needs_no_period():
    row = DisbursementFactory(period_label="")

    with pytest.raises(ValidationError, match="不能重复发放"):
        DisbursementFactory(period_label="", person=row.person, item=row.item)


def test_payment_goes_to_one():
    with pytest.raises(ValidationError, match="须填写其中一项，且只填一项"):
        DisbursementFactory(person=PersonFactory(), unit=UnitFactory())
    with pytest.raises(ValidationError, match="须填写其中一项，且只填一项"):
        DisbursementFactory(person=None)


@pytest.mark.parametrize("amount", [0, -1])
def test_payment_is_above_nought(amount):
    with pytest.raises(ValidationError, match="兑现金额应大于 0"):
        DisbursementFactory(amount_yuan=Decimal(amount))


def test_year_of_approval_and_of_payment_are_two_facts():
    row = DisbursementFactory(approval_year=2020, paid_on=datetime.date(2022, 1, 5))

    assert (row.approval_year, row.paid_on.year) == (2020, 2022)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"allocated_yuan": 120_001}, "分配金额不能超过预算金额"),
        ({"disbursed_yuan": 100_001}, "拨付金额不能超过分配金额"),
        ({"disbursed_yuan": 10, "used_yuan": 11}, "使用金额不能超过拨付金额"),
        ({"budgeted_yuan": -1, "allocated_yuan": None}, "不能是负数"),
    ],
)
def test_amounts_of_a_budget_are_in_order(values, sentence):
    given = {name: None if v is None else Decimal(v) for name, v in values.items()}
    with pytest.raises(ValidationError, match=sentence):
        BudgetFactory(**given)


def test_amount_that_nobody_knows_is_no_limit_to_the_others():
    row = BudgetFactory(budgeted_yuan=None, allocated_yuan=None, used_yuan=Decimal(5))

    assert (row.budgeted_yuan, row.used_yuan, row.paid_yuan) == (None, 5, 0)


def test_budget_is_called_by_year_and_item():
    assert str(BudgetFactory(year=2022, name="人才津贴")) == "2022年人才津贴"
    assert str(BudgetFactory(year=2022, name="2022年度培训经费")) == "2022年度培训经费"


def test_budget_of_a_year_stands_once():
    row = BudgetFactory()

    with pytest.raises(ValidationError, match="这一年度的这一预算项目已登记"):
        BudgetFactory(name=row.name)
    BudgetFactory(name=row.name, unit=UnitFactory())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"approved_yuan": None}, "已批准的须填写核定金额和审定日期"),
        ({"decided_on": None, "approval_year": 2022}, "已批准的须填写核定金额和审定日期"),
        ({"status": "asked"}, "未批准的不能有核定金额"),
        ({"status": "refused", "approved_yuan": None, "decided_on": None}, "须填写审定日期"),
        ({"approved_yuan": 60_001}, "核定金额不能超过申报金额"),
        ({"asked_yuan": 0, "approved_yuan": None}, "应大于 0"),
        ({"decided_on": datetime.date(2022, 2, 28)}, "审定日期不得早于申报日期"),
        ({"route": "case"}, "一事一议批准的须填写议定会议"),
        ({"person": PersonFactory, "unit": UnitFactory}, "须填写其中一项，且只填一项"),
        ({"person": None}, "须填写其中一项，且只填一项"),
    ],
)
def test_application_is_decided_in_full(values, sentence):
    given = {name: value() if callable(value) else value for name, value in values.items()}
    with pytest.raises(ValidationError, match=sentence):
        ApplicationFactory(**given)


def test_application_names_itself_and_takes_the_year_of_its_decision():
    item = PolicyItemFactory(name="购房补贴")
    row = ApplicationFactory(item=item, person=PersonFactory(name="王明"))
    assert (row.title, row.approval_year) == ("王明2022年申报购房补贴", 2022)

    row = ApplicationFactory(item=item, team="新材料团队", decided_on=datetime.date(2023, 1, 9))
    assert (row.title, row.approval_year) == ("新材料团队2022年申报购房补贴", 2023)


@pytest.mark.parametrize(
    ("item", "claim", "sentence"),
    [
        ({"for_person": False}, {}, "不面向个人"),
        ({"for_unit": False}, {"person": None, "unit": UnitFactory}, "不面向单位"),
        ({"for_team": False}, {"team": "新材料团队"}, "不面向团队"),
    ],
)
def test_item_is_claimed_by_those_it_is_for(item, claim, sentence):
    given = {name: value() if callable(value) else value for name, value in claim.items()}
    with pytest.raises(ValidationError, match=sentence):
        ApplicationFactory(item=PolicyItemFactory(**item), **given)


def test_payment_goes_to_those_an_item_is_for():
    with pytest.raises(ValidationError, match="不面向个人"):
        DisbursementFactory(item=PolicyItemFactory(for_person=False, for_team=False))
    item, unit = PolicyItemFactory(for_unit=False, for_team=False), UnitFactory()
    with pytest.raises(ValidationError, match="不面向单位"):
        DisbursementFactory(item=item, person=None, unit=unit)


def test_item_is_for_somebody_and_knows_its_kind():
    with pytest.raises(ValidationError, match="至少一类可以申领"):
        PolicyItemFactory(for_person=False, for_team=False, for_unit=False)

    assert PolicyItemFactory(name="科研配套", kind="").kind == "04"
    assert PolicyItemFactory(name="护理补助", kind="").kind == ""


def test_pair_of_items_stands_once_in_either_order():
    first, second = PolicyItemFactory(), PolicyItemFactory()
    pair = ItemExclusionFactory(item=second, other=first)
    assert (pair.item, pair.other) == (first, second)

    with pytest.raises(ValidationError, match="已登记为不可兼得"):
        ItemExclusionFactory(item=first, other=second)
    with pytest.raises(ValidationError, match="须是两个不同的条款"):
        ItemExclusionFactory(item=first, other=first)


def test_pair_of_items_keeps_its_history():
    pair = ItemExclusionFactory(basis="办法第八条")
    registry.of(ItemExclusion).delete(pair, by=BY)

    lines = ChangeLog.objects.filter(record_type="funds.ItemExclusion").order_by("pk")
    assert [line.action for line in lines] == ["create", "delete"]
    assert lines[1].changes["basis"] == ["办法第八条", ""]


def test_fund_ends_after_it_began():
    with pytest.raises(ValidationError, match="终止日期不得早于起始日期"):
        FundFactory(ended_on=datetime.date(2020, 1, 1))
