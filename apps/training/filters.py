"""Filters that the record types of training need beyond the framework's own."""

from typing import Any

from django.db.models import Q

from apps.records.filters import FilterContext, YesNoFilter


class FilledFilter(YesNoFilter):
    """Rows in which a text stands, or does not."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        blank = Q(**{self.field_name: ""})
        return ~blank if values[0] == "1" else blank
