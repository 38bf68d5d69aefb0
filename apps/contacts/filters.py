"""Filters of links, visits and requests that look at a day or a period."""

import datetime
from typing import Any

from django.db.models import Q

from apps.contacts import selectors
from apps.core.periods import Period
from apps.records.filters import ChoiceFilter, FilterContext, YesNoFilter


class SideFilter(ChoiceFilter):
    """Which of two references a row has."""

    options = (("leader", "领导"), ("department", "部门"))

    def __init__(self, *, path: str = "", **kwargs: Any) -> None:
        self.path = path
        super().__init__(choices=self.options, **kwargs)

    def q(self, values: list[Any], context: FilterContext) -> Q:
        condition = Q()
        for value in values:
            condition |= Q(**{f"{self.path}{value}__isnull": False})
        return condition


class TargetFilter(SideFilter):
    """Whom a row is about: a person or a unit."""

    options = (("person", "个人"), ("unit", "单位"))


class DueFilter(ChoiceFilter):
    """Links by how urgently they wait for a visit on the day."""

    is_heavy = True

    def __init__(self, **kwargs: Any) -> None:
        options = [("overdue", "超过180天未走访"), ("due", "待走访")]
        super().__init__(choices=options, **kwargs)

    def q(self, values: list[Any], context: FilterContext) -> Q:
        rules = {"due": selectors.due, "overdue": selectors.overdue}
        condition = Q()
        for value in values:
            condition |= rules[value](context.scope, context.as_of)
        return condition


class VisitedFilter(YesNoFilter):
    """Links with a visit in the period; without one, in the quarter of the day."""

    is_heavy = True

    def q(self, values: list[Any], context: FilterContext) -> Q:
        periods = self.periods(context.period or selectors.quarter_of(context.as_of))
        condition = selectors.visited(context.scope, periods, counted=context.counted)
        return condition if values[0] == "1" else ~condition

    def periods(self, period: Period) -> list[Period]:
        return [period]


class VisitedQuarterlyFilter(VisitedFilter):
    """Links with a visit in every quarter of the period that is over."""

    def periods(self, period: Period) -> list[Period]:
        today = datetime.date.today()  # noqa: DTZ011 -- the office's calendar day
        years = range(period.start.year, period.end.year + 1)
        quarters = [Period.quarter(year, number) for year in years for number in (1, 2, 3, 4)]
        whole = [q for q in quarters if period.start <= q.start and q.end <= period.end]
        return [q for q in whole if q.end < today] or whole[:1] or [period]


class OpenFilter(YesNoFilter):
    """Requests received and not closed by the day."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        condition = selectors.is_open(context.as_of)
        return condition if values[0] == "1" else ~condition


class LateFilter(YesNoFilter):
    """Open requests whose day has passed by the day."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        condition = selectors.is_late(context.as_of)
        return condition if values[0] == "1" else ~condition
