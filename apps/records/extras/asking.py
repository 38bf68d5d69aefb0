"""Questions about added fields: the filters of lists and metrics, and what metrics add up.

Values stand as JSON: texts and days (as 2022-03-05) are compared as texts, numbers as numbers. Both
databases order them alike; a record without the value satisfies no comparison.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import DecimalField, Expression, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from apps.records.filters import (
    ChoiceFilter,
    DayFilter,
    FilterContext,
    NumberFilter,
    RecordFilter,
    TextFilter,
)
from apps.records.models import CustomField

if TYPE_CHECKING:
    from apps.records.extras.definitions import Extra

PLACES, DIGITS = 4, 15  # as many digits as every database keeps of a number in JSON


class WordFilter(TextFilter):
    """Rows whose text is exactly what was typed."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{self.field_name: values[0]})


class ExtraNumberFilter(NumberFilter):
    def q(self, values: list[Any], context: FilterContext) -> Q:
        number: Decimal = values[0]
        whole = number == number.to_integral_value()
        return super().q([int(number) if whole else float(number)], context)


class ExtraDayFilter(DayFilter):
    def q(self, values: list[Any], context: FilterContext) -> Q:
        day: dt.date = values[0]
        return super().q([day.isoformat()], context)


class TagFilter(ChoiceFilter):
    """Rows with one of some tags."""

    def q(self, values: list[Any], context: FilterContext) -> Q:
        condition = Q()
        for value in values:
            condition |= Q(extra__has_key=value)
        return condition


def tag_filter(tags: Mapping[str, str], label: str) -> RecordFilter:
    """The filter by tags (key → name)."""
    return TagFilter(choices=list(tags.items()), field_name="extra", label=label)


def filters_of(extra: Extra) -> dict[str, RecordFilter]:
    """The filters of one field: texts contain or are, numbers and days from and to."""
    key, label, path = extra.key, extra.label, f"extra__{extra.key}"
    kinds = CustomField.Kind
    if extra.kind == kinds.CHOICE:
        choices = [(option, option) for option in extra.options]
        return {key: ChoiceFilter(choices=choices, field_name=path, label=label)}
    if extra.kind == kinds.TEXT:
        return {
            key: TextFilter(field_name=path, label=f"{label}（包含）"),
            f"{key}__exact": WordFilter(field_name=path, label=f"{label}（等于）"),
        }
    made, words = (
        (ExtraDayFilter, ("起", "止"))
        if extra.kind == kinds.DATE
        else (ExtraNumberFilter, ("不少于", "不超过"))
    )
    return {
        f"{key}__{sign}": made(lookup_expr=sign, field_name=path, label=f"{label}{word}")
        for sign, word in zip(("gte", "lte"), words, strict=True)
    }


def expression(extra: Extra) -> Expression:
    """The value in SQL: a number as a number, everything else as text."""
    text = KeyTextTransform(extra.key, "extra")
    if extra.kind != CustomField.Kind.NUMBER:
        return text
    return Cast(text, DecimalField(max_digits=20, decimal_places=PLACES))
