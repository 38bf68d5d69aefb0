"""Items that exclude one another: refused with both named, by recipient and year of approval."""

import pytest
from django.core.exceptions import ValidationError

from apps.core.errors import DomainError
from apps.funds.models import Disbursement
from apps.records import registry
from apps.records.actors import Actor
from apps.records.errors import RowErrors
from tests.factories import (
    ApplicationFactory,
    DisbursementFactory,
    ItemExclusionFactory,
    PersonFactory,
    PolicyItemFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
BY = Actor.system()
PAYMENTS = registry.get("funds.Disbursement")


@pytest.fixture
def house():
    return PolicyItemFactory(name="购房补贴")


@pytest.fixture
def rent(house):
    item = PolicyItemFactory(name="租房补贴")
    ItemExclusionFactory(item=house, other=item)
    return item


def refused(match):
    return pytest.raises(ValidationError, match=match)


def test_both_items_are_named(house, rent):
    person = PersonFactory(name="王明")
    DisbursementFactory(item=house, person=person, approval_year=2021)

    with refused("“王明”批准年度 2021 年已有“购房补贴”，与“租房补贴”不可兼得"):
        DisbursementFactory(item=rent, person=person, approval_year=2021)


def test_another_year_another_recipient_and_another_item_are_free(house, rent):
    person, unit = PersonFactory(), UnitFactory()
    DisbursementFactory(item=house, person=person, approval_year=2021)
    DisbursementFactory(item=house, person=None, unit=unit, approval_year=2021)

    DisbursementFactory(item=house, person=person, approval_year=2021)
    DisbursementFactory(item=rent, person=person, approval_year=2022)
    DisbursementFactory(item=rent, approval_year=2021)
    DisbursementFactory(item=PolicyItemFactory(), person=person, approval_year=2021)

    with refused("不可兼得"):
        DisbursementFactory(item=rent, person=None, unit=unit, approval_year=2021)


def test_approved_application_is_a_claim_and_an_open_one_is_not(house, rent):
    person = PersonFactory()
    open_one = ApplicationFactory(
        item=house, person=person, status="asked", approved_yuan=None, decided_on=None
    )
    ApplicationFactory(item=rent, person=person)

    with refused("不可兼得"):
        DisbursementFactory(item=house, person=person, approval_year=2022)
    open_one.status, open_one.approved_yuan = "approved", 100
    open_one.decided_on = open_one.asked_on
    with refused("已有“租房补贴”，与“购房补贴”不可兼得"):
        registry.of(type(open_one)).save(open_one, by=BY)


def test_rows_of_one_run_are_held_against_each_other(house, rent):
    person = PersonFactory()
    rows = [
        DisbursementFactory.build(item=item, person=person, period_label=period)
        for item, period in ((house, "一"), (house, "二"), (rent, "一"))
    ]

    with pytest.raises(RowErrors) as errors:
        PAYMENTS.save_many(rows, by=BY)
    assert list(errors.value.errors) == [2]

    with pytest.raises(DomainError, match="不可兼得"):
        PAYMENTS.save_many(rows, by=BY, checked=True)
    assert Disbursement.objects.count() == 0


def test_change_of_the_item_is_looked_at_and_not_held_against_itself(house, rent):
    row = DisbursementFactory(item=house)
    row.item = rent
    PAYMENTS.save(row, by=BY)

    other = DisbursementFactory(item=PolicyItemFactory(), person=row.person)
    other.item = house
    with refused("已有“租房补贴”，与“购房补贴”不可兼得"):
        PAYMENTS.save(other, by=BY)


def test_pair_registered_later_leaves_what_is_there(house):
    item, person = PolicyItemFactory(name="租房补贴"), PersonFactory()
    rows = [DisbursementFactory(item=i, person=person) for i in (house, item)]
    ItemExclusionFactory(item=house, other=item)

    rows[0].remarks = "已核对"
    with refused("不可兼得"):
        PAYMENTS.save(rows[0], by=BY)
