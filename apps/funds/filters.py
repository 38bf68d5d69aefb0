"""Filters that the record types of this app need beyond the framework's own."""

from typing import Any

from django.db.models import Q

from apps.core.periods import Event, Period
from apps.funds.models import Disbursement
from apps.records.filters import ChoiceFilter, FilterContext, RelatedFilter, YesNoFilter

RECIPIENTS = (("person", "个人"), ("unit", "单位"))


class RecipientFilter(ChoiceFilter):
    """Payments or applications of persons, or of units."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=RECIPIENTS, **kwargs)

    def q(self, values: list[Any], context: FilterContext) -> Q:
        condition = Q()
        for value in values:
            condition |= Q(**{f"{value}__isnull": False})
        return condition


class GivenFilter(YesNoFilter):
    """Rows that point to some record, whichever, or to none."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{f"{self.field_name}__isnull": values[0] != "1"})


class PaidFilter(YesNoFilter):
    """Items with a payment in the period that is asked about, else in the year of the day up to
    it; where only reviewed rows count, a reviewed one. Payments are those of the scope.
    """

    def q(self, values: list[Any], context: FilterContext) -> Q:
        day = context.as_of
        period = context.period or Period(day.replace(month=1, day=1), day)
        rows = Disbursement.objects.visible_to(context.scope)
        if context.counted:
            rows = rows.counted()
        paid = Q(pk__in=rows.filter(Event("paid_on").q(period)).order_by().values("item"))
        return paid if values[0] == "1" else ~paid


recognised = RelatedFilter(
    target="talents.Recognition", via="person", inner="catalogue", outer="person",
    label="领取人认定类别",
)  # fmt: skip
