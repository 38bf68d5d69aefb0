"""Filters that the record types of people need beyond the framework's own."""

import datetime
from typing import Any

from django.db.models import F, Q
from django.forms import IntegerField

from apps.core.periods import Span
from apps.records.filters import CompareFilter, FilterContext, YesNoFilter
from apps.records.models import Record


class AgeFilter(CompareFilter):
    """Age in whole years on the day, from the recognised birth where there is one."""

    field_class = IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 120, **kwargs})

    def q(self, values: list[Any], context: FilterContext) -> Q:
        day, years = context.as_of, int(values[0])
        if self.lookup_expr == "gte":
            limit, sign = _back(day, years), "lte"
        else:
            limit, sign = _back(day, years + 1), "gt"
        return Q(**{f"recognised_birth__{sign}": limit}) | Q(
            recognised_birth__isnull=True, **{f"birth_date__{sign}": limit}
        )

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        return [f"{values[0]}岁"]


class PresentFilter(YesNoFilter):
    """Rows of people on the books on the day; where only reviewed rows count, reviewed people."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        present = Span("person__entered_on", "person__left_on").q(context.as_of)
        if context.counted:
            present &= Q(person__state=Record.State.APPROVED)
        return present if values[0] == "1" else ~present


class InTermFilter(YesNoFilter):
    """Titles whose term of management has not run out on the day; one without an end lasts."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        lasting = Q(managed_until__isnull=True) | Q(managed_until__gte=context.as_of)
        return lasting if values[0] == "1" else ~lasting


class MovedFilter(YesNoFilter):
    """Posts whose holder came from another kind of workplace."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        moved = ~Q(origin="") & ~Q(origin=F("kind"))
        return moved if values[0] == "1" else ~moved


class MinorityFilter(YesNoFilter):
    """Ethnic minorities: everybody whose ethnic group is known and is not 汉族."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        minority = Q(ethnic__gt="01")
        return minority if values[0] == "1" else ~minority


def _back(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
