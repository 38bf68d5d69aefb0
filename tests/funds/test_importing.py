"""Payments out of Excel: repetitions, limits and exclusive items are faults of their rows."""

from decimal import Decimal

import pytest

from apps.core.errors import DomainError
from apps.funds.models import Disbursement
from apps.records import registry
from apps.records.actors import Actor
from apps.records.importing import commit, undo
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    DisbursementFactory,
    ItemExclusionFactory,
    PersonFactory,
    PolicyItemFactory,
    UnitFactory,
)
from tests.records.importing.workbooks import book, committed, faults, planned

pytestmark = pytest.mark.django_db
HEAD = (
    "兑现日期",
    "政策项目",
    "发放期次",
    "领取人",
    "领取单位",
    "金额（元）",
    "批准年度",
    "资金来源",
)
MORE = ("列支预算", "备注", "所依据的申报")


def sheet(*rows):
    """Rows as far as they differ from one plain payment."""
    plain = {
        "兑现日期": "2022-06-01", "政策项目": "人才津贴", "发放期次": "第1期", "领取人": "王明",
        "金额（元）": "6000", "批准年度": "2021", "资金来源": "区级财政",
    }  # fmt: skip
    heads = [*HEAD, *MORE]
    return book(
        资金兑现=[heads, *([{**plain, **row}.get(head, "") for head in heads] for row in rows)]
    )


@pytest.fixture
def person():
    return PersonFactory(name="王明")


@pytest.mark.parametrize(
    "change",
    [
        {"金额（元）": "7000"}, {"兑现日期": "2022-06-02"}, {"备注": "补发"},
        {"资金来源": "市级补助"},
    ],
)  # fmt: skip
def test_a_row_that_says_otherwise_is_a_double_payment(person, change):
    result = planned(sheet({}, change))

    assert faults(result) == [(3, "发放期次", "double_payment")]
    assert result.accepted_rows == 1


def test_an_exact_repetition_is_a_duplicate(person):
    result = planned(sheet({}, {}))

    assert (faults(result), [d.row for d in result.duplicates]) == ([], [3])


def test_blanks_do_not_make_another_period(person):
    result = planned(sheet({}, {"发放期次": "第 1 期", "金额（元）": 1}))

    assert faults(result) == [(3, "发放期次", "double_payment")]


def test_a_payment_stored_with_another_amount_is_a_double_payment(person):
    committed(sheet({}))

    result = planned(sheet({"金额（元）": "7000"}))

    assert faults(result) == [(2, "发放期次", "double_payment")]
    assert result.faults[0].message == (
        "第 2 行“发放期次”为“第1期”，系统中已有“王明 · 人才津贴（第1期）”，金额（元）不同："
        "同一领取人、同一条款、同一期次只能兑现一次，需要更正的请在系统中修改那一条。"
    )
    assert result.writes == 0


def test_the_identical_payment_is_unchanged_and_what_was_empty_is_filled(person):
    BudgetFactory(name="人才津贴", year=2022)
    committed(sheet({}))
    assert planned(sheet({})).counts()["funds.Disbursement"] == {"unchanged": 1}

    committed(sheet({"列支预算": "2022年人才津贴", "备注": "已核对"}))

    row = Disbursement.objects.get()
    assert (str(row.budget), row.remarks, row.version) == ("2022年人才津贴", "已核对", 2)
    assert row.budget.paid_yuan == 6000


def test_a_payment_without_period_is_found_again(person):
    committed(sheet({"发放期次": ""}))

    assert planned(sheet({"发放期次": ""})).counts()["funds.Disbursement"] == {"unchanged": 1}
    again = planned(sheet({"发放期次": "", "金额（元）": 1}))
    assert [kind for _, _, kind in faults(again)] == ["double_payment"]


def test_a_unit_is_paid_once_a_period_too():
    UnitFactory(name="云岭机械厂")
    unit = {"领取人": "", "领取单位": "云岭机械厂"}

    result = planned(sheet(unit, {**unit, "金额（元）": "1"}))

    assert faults(result) == [(3, "发放期次", "double_payment")]
    commit(result, by=Actor.system(), mode="valid")
    assert str(Disbursement.objects.get().unit) == "云岭机械厂"


def test_a_person_and_a_unit_at_once_are_refused(person):
    UnitFactory(name="云岭机械厂")

    result = planned(sheet({"领取单位": "云岭机械厂"}))

    assert [f.message for f in result.faults] == [
        "第 2 行：领取人和领取单位须填写其中一项，且只填一项。"
    ]


def test_column_of_workplaces_says_where_a_person_works(person):
    head = ("兑现日期", "政策项目", "领取人", "工作单位", "金额（元）", "批准年度", "资金来源")
    row = ("2022-06-01", "人才津贴", "王明", "某单位", "1.2万", "2021", "区级财政")

    committed(book(资金兑现=[head, row]))

    paid = Disbursement.objects.get()
    assert (paid.person, paid.unit, paid.amount_yuan) == (person, None, Decimal(12_000))


def test_rows_beyond_a_limit_are_named_before_anything_is_written(person):
    BudgetFactory(name="人才津贴", year=2022, allocated_yuan=Decimal(15_000))
    rows = [{"发放期次": f"第{n}期", "列支预算": "2022年人才津贴"} for n in (1, 2, 3)]
    small = {**rows[0], "发放期次": "第4期", "金额（元）": "3000"}

    result = planned(sheet(*rows, small))

    assert faults(result) == [(4, "", "rule_broken")]
    assert "分配 15,000 元，已登记兑现 12,000 元，还可兑现 3,000 元，本次 6,000 元" in (
        result.faults[0].message
    )
    commit(result, by=Actor.system(), mode="valid")
    assert Disbursement.objects.count() == 3


def test_limit_that_was_used_up_since_the_preview_stops_the_whole_import(person):
    budget = BudgetFactory(name="人才津贴", year=2022, allocated_yuan=Decimal(10_000))
    result = planned(sheet({"列支预算": "2022年人才津贴"}))
    DisbursementFactory(budget=budget, amount_yuan=Decimal(5_000))

    with pytest.raises(DomainError, match="还可兑现 5,000 元，本次 6,000 元，超出 1,000 元"):
        commit(result, by=Actor.system())

    assert Disbursement.objects.count() == 1


def test_exclusive_items_of_one_file_are_named(person):
    ItemExclusionFactory(
        item=PolicyItemFactory(name="购房补贴"), other=PolicyItemFactory(name="租房补贴")
    )

    result = planned(sheet({"政策项目": "购房补贴"}, {"政策项目": "租房补贴"}))

    assert [f.message for f in result.faults] == [
        "第 3 行：“王明”批准年度 2021 年已有“购房补贴”，与“租房补贴”不可兼得，请核对后只保留一项。"
    ]


def test_undo_gives_back_what_was_paid(person):
    asked = ApplicationFactory(person=person, title="王明津贴")
    item = asked.item.name
    budget = BudgetFactory(name="人才津贴", year=2022)
    row = {
        "政策项目": item, "批准年度": "2022", "列支预算": "2022年人才津贴",
        "所依据的申报": "王明津贴",
    }  # fmt: skip
    batch = committed(sheet(row, {**row, "发放期次": "第2期"}))
    asked.refresh_from_db()
    budget.refresh_from_db()
    assert (asked.paid_yuan, budget.paid_yuan) == (12_000, 12_000)

    undo(batch, by=Actor.system())

    asked.refresh_from_db()
    budget.refresh_from_db()
    assert (asked.paid_yuan, budget.paid_yuan) == (0, 0)
    assert Disbursement.objects.count() == 0


def test_undo_of_a_change_puts_the_counters_back(person):
    first = BudgetFactory(name="人才津贴", year=2022)
    committed(sheet({}))
    batch = committed(sheet({"列支预算": "2022年人才津贴"}))
    first.refresh_from_db()
    assert first.paid_yuan == 6000

    undo(batch, by=Actor.system())

    first.refresh_from_db()
    assert (first.paid_yuan, Disbursement.objects.get().budget) == (0, None)


def test_budget_and_its_payments_come_and_go_in_one_workbook(person):
    budgets = [
        ("年度", "预算项目", "用途", "资金来源", "分配（元）"),
        ("2022", "人才津贴", "津贴", "区级财政", "6000"),
    ]
    payments = [
        [*HEAD[:4], *HEAD[5:], "列支预算"],
        ["2022-06-01", "人才津贴", "第1期", "王明", "6000", "2021", "区级财政", "2022年人才津贴"],
    ]
    batch = committed(book(年度预算=budgets, 资金兑现=payments))
    assert registry.get("funds.Budget").model.objects.get().paid_yuan == 6000

    undo(batch, by=Actor.system())

    assert not Disbursement.objects.exists()
    assert not registry.get("funds.Budget").model.objects.exists()
