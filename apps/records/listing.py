"""An address of a list, read strictly: which rows, in which order, with which columns."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, QueryDict

from apps.core.dates import parse_date
from apps.core.errors import DomainError
from apps.core.fields import DerivedField
from apps.core.periods import Period, Span
from apps.records import lenses
from apps.records.columns import Column
from apps.records.errors import FilterError
from apps.records.extras.definitions import is_key
from apps.records.filters import RecordFilterSet
from apps.records.lenses import Lens
from apps.records.models import ListLayout
from apps.records.registry import RecordType
from apps.records.scope import Scope

PAGE_SIZES = (20, 50, 100, 200)
OWN = ("page", "size", "sort", "columns", "period", "as_of", "scope", "fields", "purpose")
ID_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]")
YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Chip:
    """One active condition in words, with the address that drops it."""

    label: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows there are in all, and the sums of the columns that are added up."""

    count: int
    sums: Mapping[str, Any]


class Listing:
    """What an address asks of a list. Every fault is a FilterError that says how to mend it.

    ``query`` is another address than the request's own, for the same reader; ``ticked`` are the
    keys of single rows, whatever the conditions.
    """

    def __init__(
        self,
        request: HttpRequest,
        record_type: RecordType,
        *,
        query: str | None = None,
        ticked: Collection[int] | None = None,
    ) -> None:
        request = request if query is None else _at(request, query)
        self.request, self.record_type, self.ticked = request, record_type, ticked
        self.params = _given(request)
        self.base_url = record_type.url("list")

    # -- conditions ------------------------------------------------------------------------------

    @cached_property
    def scope(self) -> Scope:
        return lenses.narrowed(self.request, self.one("scope"))

    @cached_property
    def lens_param(self) -> str:
        return lenses.active(self.params)

    @cached_property
    def lens(self) -> Lens | None:
        if not self.lens_param:
            return None
        value = self.one(self.lens_param)
        return lenses.look(self.lens_param, self.request, self.record_type, value)

    @property
    def lens_names(self) -> tuple[str, ...]:
        return lenses.parameters(self.lens_param) if self.lens_param else ()

    @cached_property
    def period(self) -> Period | None:
        """The period asked for; a lens reads its own."""
        key = self.one("period")
        if not key or "period" in self.lens_names:
            return None
        try:
            period = Period.parse(key)
        except DomainError as error:
            raise FilterError(error.message) from None
        if self.record_type.period is None:
            raise FilterError(f"{self.record_type.name}没有时间，不能按时段查询，请去掉这个条件。")
        return period

    @cached_property
    def as_of(self) -> datetime.date | None:
        """The day on which what lasts is looked at."""
        text = self.one("as_of")
        if not text:
            if self.lens is not None and self.lens.as_of:
                return self.lens.as_of
            return self.period.as_of if self.period else None
        try:
            day, is_month = parse_date(text)
        except DomainError:
            is_month = True
        if is_month or day.year not in YEARS:
            raise FilterError(f"看不懂日期“{text}”，请写成如 2022-12-31。")
        return day

    @cached_property
    def filters(self) -> RecordFilterSet:
        own, known = {*OWN, *self.lens_names}, self.record_type.all_filters
        given = {
            name: values
            for name, values in self.params.items()
            if name not in own and (values or name not in known)
        }
        for word in given.get("q", []):
            if ID_NUMBER.fullmatch("".join(word.split())):
                raise FilterError("身份证号不能写在地址里，请在页面顶部的搜索框中查找。")
        counted = self.lens is not None and self.lens.counted
        return self.record_type.filters(
            given, scope=self.scope, as_of=self.as_of, counted=counted, period=self.period
        )

    @cached_property
    def cleaned(self) -> dict[str, list[Any]]:
        return self.filters.cleaned()

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """The values of the active filters in words."""
        context = self.filters.context
        return {
            name: self.filters.filters[name].texts(values, context)
            for name, values in self.cleaned.items()
        }

    def conditions(self) -> QuerySet:
        """The rows that are asked for, in no order."""
        if self.ticked is not None:
            return self.record_type.queryset(self.scope).filter(pk__in=self.ticked).order_by()
        rows = self.record_type.queryset(self.scope).filter(self.filters.condition())
        if self.lens is not None:
            rows = rows.filter(self.lens.condition)
            rows = rows.counted() if self.lens.counted else rows
        rule = self.record_type.period
        if rule is not None and self.period is not None:
            rows = rows.filter(rule.q(self.period))
        elif isinstance(rule, Span) and self.as_of and self.one("as_of"):
            rows = rows.filter(rule.q(self.as_of))
        return rows.order_by()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.cleaned or self.lens_param or self.one("period") or self.one("as_of")
                    or self.one("scope"))  # fmt: skip

    # -- order, columns, page --------------------------------------------------------------------

    @cached_property
    def sort(self) -> str:
        """The column sorted on, with a minus for falling; empty for the usual order."""
        text = self.one("sort")
        if text and text.removeprefix("-") not in sortable(self.record_type):
            raise FilterError(f"不能按“{text}”排序，请点击表头中可以排序的列。")
        return text

    def order(self) -> list[str]:
        """Columns of ORDER BY; the key comes last, so that pages neither repeat nor lose a row."""
        usual = [str(name) for name in self.record_type.model._meta.ordering or ()]
        names = [self.sort] if self.sort else usual
        if any(name.removeprefix("-") in ("pk", "id") for name in names):
            return names
        return [*names, "-pk" if not names or names[-1].startswith("-") else "pk"]

    @cached_property
    def layout(self) -> ListLayout | None:
        """What the reader has chosen for this list."""
        found = ListLayout.objects.filter(
            user=self.request.user.pk, record_type=self.record_type.label
        )
        return found.first()

    @cached_property
    def columns(self) -> list[Column]:
        """The columns to show: those of the address, else the chosen ones, else the usual ones;
        the first is never dropped.
        """
        known = self.record_type.all_columns
        asked = self.one("columns").split(",") if self.one("columns") else []
        for name in asked:
            if name not in known:
                raise FilterError(f"没有名为“{name[:40]}”的列，请在“列设置”中重新选择。")
        chosen = asked or (self.layout.columns if self.layout else [])
        names = [name for name in chosen if name in known] or list(self.record_type.columns)
        return [known[name] for name in dict.fromkeys([self.record_type.columns[0], *names])]

    @cached_property
    def page_size(self) -> int:
        text = self.one("size")
        if text and text not in map(str, PAGE_SIZES):
            choices = "、".join(map(str, PAGE_SIZES))
            raise FilterError(f"每页条数“{text}”不正确，请从 {choices} 中选择。")
        if text:
            return int(text)
        return self.layout.page_size if self.layout else PAGE_SIZES[0]

    def page(self, count: int) -> int:
        """The page asked for; behind the end it is the last one."""
        text = self.one("page") or "1"
        if not (text.isascii() and text.isdigit()) or not text.strip("0"):
            raise FilterError(
                f"页码“{text[:20]}”不正确，请填从 1 开始的数字，或点击表格下方的页码。"
            )
        last = max(1, -(-count // self.page_size))
        text = text.lstrip("0")
        return last if len(text) > 9 else min(int(text), last)

    # -- rows ------------------------------------------------------------------------------------

    def rows(self, names: list[str] | None = None) -> QuerySet:
        """The rows in order, with what these columns show and no more."""
        model = self.record_type.model
        shown = names if names is not None else [c.name for c in self.columns]
        shown = [*shown, "pk", *(["extra"] if any(map(is_key, shown)) else [])]
        if not self.record_type.computed.keys().isdisjoint(shown):
            shown += self.record_type.named_by  # what is worked out may name the record
        references = self.record_type.references(model, shown)
        heavy = [f.name for f in model._meta.concrete_fields if _is_heavy(f, shown)]
        for name in references:
            target = _behind(model, name)
            heavy += [f"{name}__{f.name}" for f in target._meta.concrete_fields if _is_heavy(f, ())]
        rows = self.conditions().select_related(*references) if references else self.conditions()
        return rows.defer(*heavy).order_by(*self.order())

    @cached_property
    def totals(self) -> Totals:
        """Count and sums in one query."""
        sums = {f"sum_{name}": Sum(name) for name in self.record_type.sums}
        found = self.conditions().aggregate(count=Count("pk"), **sums)
        count = found.pop("count")
        return Totals(count, {name.removeprefix("sum_"): value for name, value in found.items()})

    # -- addresses -------------------------------------------------------------------------------

    def one(self, name: str) -> str:
        return self.params.get(name, [""])[-1]

    def query(self, *without: str, **changed: str) -> str:
        """The address of this list with parameters changed or left out; the page starts anew."""
        gone = {"page", "fields", "purpose", *without, *changed}
        pairs = [(n, v) for n, values in self.params.items() if n not in gone for v in values]
        return urlencode([*pairs, *((n, v) for n, v in changed.items() if v)])

    def url(self, *without: str, **changed: str) -> str:
        query = self.query(*without, **changed)
        return f"{self.base_url}?{query}" if query else self.base_url

    @cached_property
    def chips(self) -> list[Chip]:
        """What is active besides the lens, which stands in the headline."""
        found = []
        if self.period is not None:
            chip = Chip("时段", self.period.label, self.url("period"))
            if self.record_type.is_span:
                chip = Chip("截至", f"{self.period.as_of:%Y-%m-%d}", chip.url)
            found.append(chip)
        if self.one("as_of") and self.as_of:
            found.append(Chip("截至", f"{self.as_of:%Y-%m-%d}", self.url("as_of")))
        if self.one("scope") and not self.lens_param:
            label = self.scope.label or ("全区" if self.scope.is_everything else "所选单位")
            found.append(Chip("范围", label, self.url("scope")))
        for name, texts in self.texts.items():
            label = str(self.filters.filters[name].label).removesuffix("（及以上）")
            found.append(Chip(label, "、".join(texts), self.url(name)))
        return found

    def describe(self) -> str:
        """The conditions in one line, for the log and the foot of a workbook."""
        if self.ticked is not None:
            return f"勾选的 {len(self.ticked):,} 条"
        parts = ["，".join(self.lens.parts)] if self.lens else []
        parts += [f"{chip.label}：{chip.text}" for chip in self.chips]
        return "；".join(parts) or "全部"


def _at(request: HttpRequest, query: str) -> HttpRequest:
    """The same reader, asking for another address of the same list."""
    other = copy.copy(request)
    other.GET = QueryDict(query)
    if any("\x00" in text for name, values in other.GET.lists() for text in (name, *values)):
        raise FilterError("地址中有不能识别的字符（空字符），请回到列表重新选择。")
    return other


def _given(request: HttpRequest) -> dict[str, list[str]]:
    """The parameters that hold something, by name."""
    found: dict[str, list[str]] = {}
    for name, values in request.GET.lists():
        kept = [value for value in values if value.strip()]
        if kept or name not in OWN:
            found[name] = kept
    return found


def sortable(record_type: RecordType) -> set[str]:
    """Columns that an index carries, and those of the usual order."""
    meta = record_type.model._meta
    fields: list[Any] = list(meta.concrete_fields)
    carried = {f.name for f in fields if f.db_index or f.unique}
    for index in meta.indexes:
        carried |= {name.removeprefix("-") for name in index.fields[:1]}
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            carried |= set(constraint.fields[:1])
    carried |= {str(name).removeprefix("-") for name in meta.ordering or ()}
    columns = record_type.declared_columns
    return {
        name for name in carried if name in columns and columns[name].sort
        and columns[name].kind not in ("reference", "protected")
    }  # fmt: skip


def _behind(model: Any, path: str) -> Any:
    """The model that a path of references ends in."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def _is_heavy(field: models.Field, shown: Any) -> bool:
    """Long, encrypted and derived texts and added fields are fetched only where they are shown."""
    kinds = (models.TextField, models.JSONField, DerivedField)
    return field.name not in shown and isinstance(field, kinds)
