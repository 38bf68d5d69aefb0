"""Filters of indicators."""

from typing import Any

from django.db.models import Q

from apps.records.filters import FilterContext, TextFilter


class WholeTextFilter(TextFilter):
    """Rows whose text is exactly this: 地区生产总值 is not 人均地区生产总值."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{self.field_name: values[0]})
