"""The sheet 资金兑现 of the sample workbook, compared with expected.json completely."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from apps.funds.models import Disbursement, PolicyItem
from apps.records.actors import Actor
from apps.records.importing import commit, match, plan, read, undo
from apps.records.scope import Scope

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())["payments"]
FILE, SHEET = EXPECTED["file"].split("#")
ONLY_PAYMENTS = {"表彰奖励": {"type": ""}}  # the other sheet is left out

pytestmark = pytest.mark.usefixtures("office")


def planned(name=FILE, mapping=ONLY_PAYMENTS, **options):
    matches = match(read(SAMPLES / name), scope=Scope.everything(), mapping=mapping)
    return plan(matches, by=Actor.system(), **options)


@pytest.fixture
def roster(office):
    commit(planned("人才花名册.xlsx", None), by=Actor.system(), mode="valid")


@pytest.fixture
def imported(roster):
    return commit(planned(), by=Actor.system(), mode="valid", file_name=FILE)


def faults(result):
    return [{"row": f.row, "column": f.column, "kind": f.kind} for f in result.faults]


def sums(*names):
    found = defaultdict(int)
    for amount, *values in Disbursement.objects.values_list("amount_yuan", *names):
        found["".join(map(str, values))] += amount
    return dict(found)


def test_payments_need_their_people():
    result = planned()

    assert {f.kind for f in result.faults} >= {"unknown_reference", "unreadable_amount"}
    assert result.accepted_rows == 0


def test_payments_plan_is_as_expected(roster):
    result = planned()

    assert faults(result) == EXPECTED["faults"]
    assert {f.sheet for f in result.faults} == {SHEET}
    assert result.accepted_rows == EXPECTED["rows_without_fault"]
    assert result.duplicates == []
    assert result.unknown_columns == []
    assert [str(entry.record) for entry in result.proposals] == [
        "人才津贴", "购房补贴", "科研配套", "创业创新补贴", "生活补贴",
    ]  # fmt: skip
    assert Disbursement.objects.count() == 0


def test_each_fault_says_how_to_mend_it(roster):
    said = {f.row: f.message for f in planned().faults}

    assert said[17] == (
        "第 17 行“发放期次”为“2021年第1期”，与“资金兑现”第 16 行重复："
        "同一领取人、同一条款、同一期次只能兑现一次，请删除其中一行或更正。"
    )
    assert said[31] == "第 31 行“金额（元）”为“-100000”，金额不能是负数，请核对；退款请按退款办理。"
    assert said[56] == "第 56 行“金额（元）”为“约一万”，不是金额，请改为数字，如 12000 或 1.2万。"


def test_payments_import_is_as_expected(imported):
    rows = Disbursement.objects
    assert rows.count() == EXPECTED["rows_without_fault"]
    assert sums("paid_on__year", "item__name") == EXPECTED["paid_yuan_by_payment_year"]
    assert sums("approval_year", "item__name") == EXPECTED["paid_yuan_by_approval_year"]
    by_source = Counter()
    for row in rows.all():
        by_source[row.get_source_display()] += row.amount_yuan
    assert dict(by_source) == EXPECTED["by_source_yuan"]
    for year, count in EXPECTED["paid_people"].items():
        paid = rows.filter(paid_on__year=year).values("person").distinct()
        assert paid.count() == count
    assert set(PolicyItem.objects.values_list("kind", flat=True)) == {"01", "02", "03", "04", "05"}


def test_an_item_that_is_not_ticked_is_not_made(roster):
    result = planned(create=["funds.PolicyItem:人才津贴"])

    assert [str(entry.record) for entry in result.proposals] == ["人才津贴"]
    refused = [f for f in result.faults if f.kind == "unknown_reference"]
    assert {f.column for f in refused} == {"政策项目"}
    assert {f.value for f in refused} == {"购房补贴", "科研配套", "创业创新补贴", "生活补贴"}


def test_second_import_changes_nothing(imported):
    result = planned()

    assert result.writes == 0
    assert {s for counts in result.counts().values() for s in counts} == {"unchanged"}
    assert faults(result) == EXPECTED["faults"]
    assert result.accepted_rows == EXPECTED["rows_without_fault"]


def test_undo_takes_payments_and_items_back(imported):
    undo(imported, by=Actor.system())

    assert Disbursement.objects.count() == 0
    assert PolicyItem.objects.count() == 0
