import datetime
from decimal import Decimal

import factory

from apps.funds.models import Application, Budget, Disbursement, Fund, ItemExclusion, PolicyItem
from tests.factories.base import OwnedFactory, RecordFactory
from tests.factories.talents import PersonFactory


class PolicyItemFactory(RecordFactory):
    class Meta:
        model = PolicyItem

    name = factory.Sequence(lambda n: f"人才津贴第{n}项")
    kind = "01"


class ItemExclusionFactory(RecordFactory):
    class Meta:
        model = ItemExclusion

    item = factory.SubFactory(PolicyItemFactory)
    other = factory.SubFactory(PolicyItemFactory)


class FundFactory(OwnedFactory):
    class Meta:
        model = Fund

    name = factory.Sequence(lambda n: f"人才发展专项资金（{n}号）")
    kind = "01"
    size_yuan = Decimal(5_000_000)
    started_on = datetime.date(2021, 1, 1)


class BudgetFactory(OwnedFactory):
    class Meta:
        model = Budget

    year = 2022
    name = factory.Sequence(lambda n: f"人才津贴{n}")
    use = "03"
    source = "01"
    budgeted_yuan = Decimal(120_000)
    allocated_yuan = Decimal(100_000)


class ApplicationFactory(RecordFactory):
    """An approved one of 50,000 yuan."""

    class Meta:
        model = Application

    item = factory.SubFactory(PolicyItemFactory)
    unit = None
    person = factory.LazyAttribute(lambda made: None if made.unit else PersonFactory())
    asked_on = datetime.date(2022, 3, 1)
    asked_yuan = Decimal(60_000)
    status = Application.Status.APPROVED
    decided_on = datetime.date(2022, 4, 1)
    approved_yuan = Decimal(50_000)


class DisbursementFactory(RecordFactory):
    """Of an application or a budget that is given, what these say."""

    class Meta:
        model = Disbursement

    application = None
    budget = None
    item = factory.LazyAttribute(
        lambda row: row.application.item if row.application else PolicyItemFactory()
    )
    unit = None
    person = factory.LazyAttribute(
        lambda row: (
            row.application.person if row.application else None if row.unit else PersonFactory()
        )
    )
    amount_yuan = Decimal(6_000)
    paid_on = datetime.date(2022, 6, 15)
    period_label = factory.Sequence(lambda n: f"2022年第{n}期")
    approval_year = factory.LazyAttribute(
        lambda row: row.application.approval_year if row.application else 2021
    )
    source = factory.LazyAttribute(lambda row: row.budget.source if row.budget else "01")
