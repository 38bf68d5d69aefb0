"""Payments entered, refused and deleted on the pages."""

import re
from decimal import Decimal

from apps.funds.models import Disbursement
from apps.records import registry
from tests.factories import (
    ApplicationFactory,
    BudgetFactory,
    DisbursementFactory,
    ItemExclusionFactory,
    PersonFactory,
    PolicyItemFactory,
    UnitFactory,
)

PAYMENTS = registry.get("funds.Disbursement")
APPLICATIONS = registry.get("funds.Application")


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_payment_for_an_application_asks_for_little(staff, world):
    asked = ApplicationFactory(title="王明申报购房补贴")
    sent = {"application": "王明申报购房补贴", "amount_yuan": "1.2万", "paid_on": "2022.6.1"}

    response = staff.post(PAYMENTS.url("new"), {**sent, "source": "01"}, follow=True)

    assert "已保存资金兑现" in text(response)
    row = Disbursement.objects.get()
    assert (row.item, row.person, row.approval_year) == (asked.item, asked.person, 2022)
    assert (row.amount_yuan, row.recipient) == (12_000, asked.person.name)


def test_payment_beyond_what_is_left_is_refused_on_the_form(staff, world):
    ApplicationFactory(title="王明申报购房补贴")
    sent = {"application": "王明申报购房补贴", "amount_yuan": "50000.01", "paid_on": "2022-06-01"}

    page = text(staff.post(PAYMENTS.url("new"), {**sent, "source": "01"}))

    assert "核定 50,000 元，已登记兑现 0 元，还可兑现 50,000 元，本次 50,000.01 元" in page
    assert Disbursement.objects.count() == 0


def test_nothing_chosen_is_asked_for_in_words(staff, world):
    page = text(staff.post(PAYMENTS.url("new"), {"amount_yuan": "1"}))

    assert "请选择政策条款。" in page
    assert "领取人和领取单位须填写其中一项，且只填一项。" in page


def test_list_finds_payments_by_the_name_of_the_recipient(staff, world):
    DisbursementFactory(person=PersonFactory(name="王明"), amount_yuan=Decimal(7_777))
    DisbursementFactory(person=None, unit=UnitFactory(name="云岭机械厂"))

    page = text(staff.get(PAYMENTS.url("list"), {"q": "wangming"}))

    assert "7,777.00" in page
    assert "云岭机械厂" not in page
    assert "云岭机械厂" in text(staff.get(PAYMENTS.url("list"), {"recipient_kind": "unit"}))


def test_application_page_says_what_is_left(staff, world):
    asked = ApplicationFactory()
    DisbursementFactory(application=asked, amount_yuan=Decimal(20_000))

    page = text(staff.get(APPLICATIONS.url("detail", asked.pk)))

    assert "已兑现 20,000 元" in page
    assert "余 30,000 元" in page


def test_item_page_names_what_it_excludes_from_either_side(staff, world):
    pair = ItemExclusionFactory()

    for item, other in ((pair.item, pair.other), (pair.other, pair.item)):
        page = text(staff.get(registry.of(type(item)).url("detail", item.pk)))
        assert f"与{other}不可兼得" in page


def test_what_was_paid_keeps_application_item_budget_and_person(world):
    head = world.client("head")
    budget = BudgetFactory()
    row = DisbursementFactory(application=ApplicationFactory(), budget=budget)

    for other in (row.application, row.item, budget, row.person):
        record_type = registry.of(type(other))
        page = text(head.post(record_type.url("delete", other.pk), follow=True))
        assert "不能删除" in page, record_type.label
        assert type(other).objects.filter(pk=other.pk).exists()


def test_deleting_a_payment_on_the_page_frees_its_amount(world):
    row = DisbursementFactory(application=ApplicationFactory())
    head = world.client("head")

    head.post(PAYMENTS.url("delete", row.pk))

    row.application.refresh_from_db()
    assert row.application.paid_yuan == 0


def test_a_clerk_enters_drafts_that_hold_a_limit_but_do_not_count(clerk, world):
    item, person = PolicyItemFactory(name="人才津贴"), PersonFactory(name="王明", unit=world.ours)
    budget = BudgetFactory(owner=world.ours, name="津贴", allocated_yuan=Decimal(10_000))
    sent = {
        "item": "人才津贴", "person": "王明", "paid_on": "2022-06-01", "approval_year": "2022",
        "source": "01", "budget": "2022年津贴",
    }  # fmt: skip
    clerk.post(PAYMENTS.url("new"), {**sent, "amount_yuan": "6000", "period_label": "一"})

    page = text(
        clerk.post(PAYMENTS.url("new"), {**sent, "amount_yuan": "6000", "period_label": "二"})
    )

    assert "还可兑现 4,000 元，本次 6,000 元，超出 2,000 元" in page
    row = Disbursement.objects.get(item=item, person=person)
    assert (row.state, row.owner) == ("draft", world.ours)
    assert list(Disbursement.objects.counted()) == []
    budget.refresh_from_db()
    assert budget.paid_yuan == 6_000


def test_form_marks_only_what_has_to_be_filled_in(staff):
    html = " ".join(staff.get(PAYMENTS.url("new")).content.decode().split())

    marked = re.findall(r'<label for="id_(\w+)" class="required"', html)

    assert set(marked) == {"amount_yuan", "paid_on"}
