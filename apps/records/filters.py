"""Strict filters: each compiles to a ``Q``; what is unknown or invalid is refused.

One filter set stands behind the list, the export, the metrics and the API of a record type. A
filter across a to-many
relation is an ``Exists``, so that several fit into one aggregate.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.datastructures import MultiValueDict

from apps.core import codes
from apps.core.fields import CodeField, DayFormField
from apps.core.keys import parse_key
from apps.core.periods import Period, Span
from apps.records.errors import FilterError
from apps.records.scope import Scope

if TYPE_CHECKING:
    from apps.records.registry import RecordType


@dataclass(frozen=True, slots=True)
class FilterContext:
    """What a condition depends on besides its value. ``counted`` leaves out unreviewed related
    rows.
    """

    scope: Scope
    as_of: datetime.date
    counted: bool = False
    period: Period | None = None


class RecordFilter(django_filters.Filter):
    """A filter that compiles to a condition. ``values`` are the cleaned values, at least one."""

    multiple = True
    is_heavy = False  # whether it holds subqueries, which figures work out once for all rows

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{f"{self.field_name}__in": values})

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        """The values in words, for the chips above the list."""
        return [str(value) for value in values]


class CodeFilter(RecordFilter):
    """Rows with one of some codes; with ``at_least``, of this code's rank or higher
    (“本科及以上”).
    """

    field_class = forms.MultipleChoiceField

    def __init__(self, *, table: str, at_least: bool = False, **kwargs: Any) -> None:
        self.table, self.at_least = table, at_least
        offered = codes.ordered if at_least else codes.labels
        kwargs["choices"] = lambda: list(offered(table).items())
        super().__init__(**kwargs)

    def q(self, values: list[Any], context: FilterContext) -> Q:
        if self.at_least:
            values = sorted({c for value in values for c in codes.at_least(self.table, value)})
        return super().q(values, context)

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        suffix = "及以上" if self.at_least else ""
        return [codes.label(self.table, value) + suffix for value in values]


class ChoiceFilter(RecordFilter):
    """Rows with one of some values on which the program branches (``TextChoices``)."""

    field_class = forms.MultipleChoiceField

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        labels = dict(self.extra["choices"])
        return [str(labels[value]) for value in values]


class CompareFilter(RecordFilter):
    """At least or at most a number or a day."""

    multiple = False
    signs = {"gte": "≥", "lte": "≤", "year": "="}

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{f"{self.field_name}__{self.lookup_expr}": values[0]})

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        return [f"{values[0]:%Y-%m-%d}" if isinstance(values[0], datetime.date) else str(values[0])]


class DayFilter(CompareFilter):
    field_class = DayFormField


class NumberFilter(CompareFilter):
    field_class = forms.DecimalField


class YearFilter(CompareFilter):
    """Rows of a calendar year."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1900, "max_value": 2100, **kwargs})

    def q(self, values: list[Any], context: FilterContext) -> Q:
        first, last = datetime.date(values[0], 1, 1), datetime.date(values[0], 12, 31)
        return Q(**{f"{self.field_name}__gte": first, f"{self.field_name}__lte": last})


class YesNoFilter(RecordFilter):
    multiple = False
    field_class = forms.ChoiceField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("1", "是"), ("0", "否")], **kwargs)

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{self.field_name: values[0] == "1"})

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        return ["是" if values[0] == "1" else "否"]


class TextFilter(RecordFilter):
    """Rows whose text contains what was typed."""

    multiple = False
    field_class = forms.CharField

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{f"{self.field_name}__icontains": values[0]})


class SearchFilter(TextFilter):
    """The search box: every word must stand in name, pinyin or initials of one of the columns."""

    def __init__(self, *, paths: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.paths = paths or (self.field_name,)

    def q(self, values: list[Any], context: FilterContext) -> Q:
        condition = Q()
        for word in values[0].lower().split():
            condition &= Q(*((f"{path}__contains", word) for path in self.paths), _connector=Q.OR)
        return condition


class ReferenceFilter(RecordFilter):
    """Rows that point to one of some records, named by their natural key and looked up in the
    scope.
    """

    field_class = forms.MultipleChoiceField

    def __init__(self, *, target: str, **kwargs: Any) -> None:
        self.target_label = target
        super().__init__(**kwargs)

    @property
    def target(self) -> RecordType:
        from apps.records import registry  # noqa: PLC0415 -- app ready

        return registry.get(self.target_label)

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = _KeysField(required=False, label=self.label)
        return self._field

    def key_path(self) -> str:
        return f"{self.field_name}__{self.target.natural_key}"

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(**{f"{self.key_path()}__in": self.keys(values)})

    def keys(self, values: list[Any]) -> list[Any]:
        """The values that can be a key at all; FilterError names one that cannot."""
        if self.target.natural_key == "pk":
            for value in values:
                if parse_key(str(value)) is None:
                    raise self.not_there(value)
        return values

    def not_there(self, value: Any) -> FilterError:
        return FilterError(
            f"筛选“{self.label}”里没有“{value}”，可能已删除或不在您的权限范围内，请去掉这个条件后重试。"
        )

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        """Names of the records; FilterError names the ones that are not there."""
        key = self.target.natural_key
        rows = self.target.queryset(context.scope).filter(**{f"{key}__in": self.keys(values)})
        found = {str(getattr(row, key)): str(row) for row in rows}
        for value in values:
            if str(value) not in found:
                raise self.not_there(value)
        return [found[str(value)] for value in values]


class _KeysField(forms.MultipleChoiceField):
    def valid_value(self, value: Any) -> bool:
        return True


class RelatedFilter(RecordFilter):
    """Rows that have a related record which satisfies another record type's filter.

    ``RelatedFilter(target="talents.PoolMembership", via="person", inner="pool")`` on a person:
    has a membership of the pool that is open on the day. The inner rows are of the same scope.
    ``outer="person"`` asks the same of rows that point to a person.
    """

    def __init__(
        self, *, target: str, via: str, inner: str, outer: str = "pk", **kwargs: Any
    ) -> None:
        self.target_label, self.via, self.inner_name = target, via, inner
        self.outer = outer
        super().__init__(**kwargs)

    @property
    def target(self) -> RecordType:
        from apps.records import registry  # noqa: PLC0415 -- app ready

        return registry.get(self.target_label)

    @property
    def inner(self) -> RecordFilter:
        return self.target.filterset.base_filters[self.inner_name]

    @property
    def field(self) -> forms.Field:
        return self.inner.field

    def q(self, values: list[Any], context: FilterContext) -> Q:
        return Q(Exists(self.related(context).filter(self.inner.q(values, context))))

    def related(self, context: FilterContext) -> models.QuerySet:
        """Related rows of the scope, valid on the day where the type has a span."""
        target = self.target
        rows = target.queryset(context.scope).filter(**{self.via: OuterRef(self.outer)})
        if context.counted:
            rows = rows.counted()
        if isinstance(target.period, Span):
            return rows.filter(target.period.q(context.as_of))
        return rows

    def texts(self, values: list[Any], context: FilterContext) -> list[str]:
        return self.inner.texts(values, context)


class RecordFilterSet(django_filters.FilterSet):
    """Filters of a record type. ``Meta.fields`` as in django-filter; ``at_least`` is a lookup
    of code fields.
    """

    def __init__(
        self,
        data: Mapping[str, Iterable[Any]],
        *,
        record_type: RecordType,
        scope: Scope,
        as_of: datetime.date | None = None,
        counted: bool = False,
        period: Period | None = None,
    ) -> None:
        # Not by way of super(), which copies all filters deeply: ours hold no state of a request,
        # and a page of figures makes dozens of filter sets.
        self.is_bound, self.request, self.form_prefix = True, None, None
        self.data = MultiValueDict({name: list(value) for name, value in data.items()})
        self.queryset = record_type.queryset(scope)
        self.record_type = record_type
        self.filters = {**self.base_filters, **record_type.extras.filters}
        day = as_of or datetime.date.today()  # noqa: DTZ011 -- the office's calendar day
        self.context = FilterContext(scope, day, counted, period)

    @classmethod
    def filter_for_field(
        cls, field: models.Field, field_name: str, lookup_expr: str | None = None
    ) -> RecordFilter:
        label = str(field.verbose_name)
        common: dict[str, Any] = {"field_name": field_name, "label": label}
        if isinstance(field, CodeField):
            at_least = lookup_expr == "at_least"
            common["label"] = f"{label}（及以上）" if at_least else label
            return CodeFilter(table=field.table, at_least=at_least, **common)
        if isinstance(field, models.ForeignKey):
            return ReferenceFilter(target=field.related_model._meta.label, **common)
        if field.choices:
            return ChoiceFilter(choices=field.choices, **common)
        if isinstance(field, models.BooleanField):
            return YesNoFilter(**common)
        if lookup_expr == "year":
            return YearFilter(lookup_expr="year", field_name=field_name, label=f"{label}（年）")
        if lookup_expr in ("gte", "lte"):
            word = ("起" if lookup_expr == "gte" else "止") if _is_day(field) else (
                "不少于" if lookup_expr == "gte" else "不超过"
            )  # fmt: skip
            kind = DayFilter if _is_day(field) else NumberFilter
            return kind(lookup_expr=lookup_expr, field_name=field_name, label=f"{label}{word}")
        if isinstance(field, models.IntegerField):
            return NumberFilter(lookup_expr="exact", **common)
        return TextFilter(**common)

    def get_form_class(self) -> type[forms.Form]:
        """A form of the given filters alone: a page of figures builds dozens of them."""
        fields = {name: each.field for name, each in self.filters.items() if name in self.data}
        return type("FilterForm", (forms.Form,), fields)

    def cleaned(self) -> dict[str, list[Any]]:
        """Given filters with their cleaned values; FilterError names what is unknown or
        impossible.
        """
        for name in self.data:
            if name not in self.filters:
                raise self.record_type.unknown_filter(name)
        if not self.form.is_valid():
            name, errors = next(iter(self.form.errors.items()))
            label = self.filters[name].label if name in self.filters else name
            raise FilterError(f"筛选“{label}”的值不正确：{errors[0]} 请改正后再查询。")
        values = {}
        for name, value in self.form.cleaned_data.items():
            given = value if isinstance(value, list) else [value]
            if given and given[0] not in (None, ""):
                values[name] = given
        return values

    def condition(self) -> Q:
        """All given filters as one condition."""
        condition = Q()
        for name, values in self.cleaned().items():
            condition &= self.filters[name].q(values, self.context)
        return condition

    def filter_queryset(self, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(self.condition())

    def chips(self) -> list[tuple[str, str, str]]:
        """Active filters as (name, label, values in words); FilterError for a reference that is
        not there.
        """
        return [
            (
                name,
                str(self.filters[name].label),
                "、".join(self.filters[name].texts(values, self.context)),
            )
            for name, values in self.cleaned().items()
        ]


def _is_day(field: models.Field) -> bool:
    return isinstance(field, models.DateField)
