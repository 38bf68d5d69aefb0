"""Rows and columns of a cross table as conditions and expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractMonth, ExtractQuarter, ExtractYear

from apps.core.periods import Period
from apps.metrics import grouping
from apps.metrics.compiling import Compiled, compile_metric, find_field, together
from apps.metrics.cross.definition import Definition, Item, Part
from apps.metrics.errors import BrokenMetric
from apps.records import registry
from apps.records.extras.definitions import is_key
from apps.records.scope import Scope

Answer = Mapping[str, Any]


class Axis(Protocol):
    """One part of the rows or columns, compiled."""

    part: Part
    is_partition: bool  # every row of the record type stands in exactly one place

    def condition(self, key: str) -> Q:
        """The records of one place; BrokenMetric when there is no such place."""

    def label(self, key: str, scope: Scope) -> str:
        """What a place is called."""


@dataclass
class Items:
    """Named sets of rows, counted each on its own."""

    part: Part
    compiled: Compiled
    period: Period
    scope: Scope
    is_partition = False

    @cached_property
    def conditions(self) -> dict[str, Q]:
        return {str(n): self._condition(item) for n, item in enumerate(self.part.items)}

    def _condition(self, item: Item) -> Q:
        metric = self.compiled.metric
        asked = type(metric)(
            record_type=metric.record_type, filter=dict(item.filter), period_rule=metric.period_rule
        )
        return together(compile_metric(asked, self.period, self.scope).whole)

    def places(self) -> dict[str, str]:
        return {str(n): item.label for n, item in enumerate(self.part.items)}

    def condition(self, key: str) -> Q:
        if key not in self.conditions:
            raise BrokenMetric("交叉表没有这一行或这一列，请从表中重新进入。")
        return self.conditions[key]

    def label(self, key: str, scope: Scope) -> str:
        return self.places().get(key, key)


@dataclass
class Values:
    """The values of a field: codes, choices, yes and no, or records."""

    part: Part
    compiled: Compiled  # grouped by the field
    is_partition = True

    @property
    def columns(self) -> tuple[str, ...]:
        return grouping.paths(self.compiled).columns

    def annotations(self) -> dict[str, Any]:
        return grouping.added_columns(self.compiled)

    def key(self, answer: Answer) -> str:
        return grouping.key_of(answer[grouping.paths(self.compiled).key])

    def places(self, answers: Iterable[Answer]) -> dict[str, str]:
        """Those that occur, in the order of their code table or name."""
        found = grouping.fold(answers, self.compiled)
        return {
            row.key: row.label
            for row in grouping.complete(found, self.compiled)
            if row.key in found
        }

    def condition(self, key: str) -> Q:
        if key and not grouping.is_key(self.compiled, key):
            raise BrokenMetric("交叉表没有这一行或这一列，请从表中重新进入。")
        return grouping.condition(self.compiled, key)

    def label(self, key: str, scope: Scope) -> str:
        if not key:
            return grouping.BLANK
        closed = grouping.closed_values(self.compiled) or {}
        return closed.get(key) or grouping.label_of(self.compiled, key, scope)


@dataclass
class Steps:
    """A date by year, quarter or month of the year."""

    part: Part
    path: str
    name: str
    is_partition = True
    functions = {"year": ExtractYear, "quarter": ExtractQuarter, "month": ExtractMonth}
    units = {"year": "年", "quarter": "季度", "month": "月"}

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name,)

    def annotations(self) -> dict[str, Any]:
        return {self.name: self.functions[self.part.step](F(self.path))}

    def key(self, answer: Answer) -> str:
        value = answer[self.name]
        return "" if value is None else str(value)

    def places(self, answers: Iterable[Answer]) -> dict[str, str]:
        seen = {self.key(answer) for answer in answers}
        found = sorted((key for key in seen if key), key=int)
        return {key: self.label(key, Scope.nothing()) for key in [*found, *({""} & seen)]}

    def condition(self, key: str) -> Q:
        if not key:
            return Q(**{f"{self.path}__isnull": True})
        if not (key.isascii() and key.isdigit() and len(key) <= 4 and int(key) > 0):
            raise BrokenMetric("交叉表没有这一行或这一列，请从表中重新进入。")
        return Q(**{f"{self.path}__{self.part.step}": int(key)})

    def label(self, key: str, scope: Scope) -> str:
        if not key:
            return grouping.BLANK
        if self.part.step == "quarter":
            return f"第{'一二三四'[int(key) - 1]}季度" if key in "1234" else key
        return f"{key}{self.units[self.part.step]}"


def compile_axis(
    definition: Definition, part: Part, name: str, period: Period, scope: Scope
) -> Items | Values | Steps:
    """A part of the rows or columns; ``name`` is what its expression is called in a query."""
    if part.items:
        return Items(part, compile_metric(definition.metric(), period, scope), period, scope)
    field = find_field(registry.get(definition.record_type), part.by)
    if not isinstance(field, models.DateField) or is_key(part.by):
        if part.step:
            raise BrokenMetric("只有日期才能按年、季度或月分组。")
        asked = definition.metric(group_by=part.by)
        return Values(part, _whole_field(compile_metric(asked, period, scope)))
    if part.step:
        return Steps(part, part.by, name)
    raise BrokenMetric("按日期分组要说明按年、季度还是月。")


def _whole_field(compiled: Compiled) -> Compiled:
    """All values of the field, not only those the filter of the table lets through."""
    asked = compiled.metric
    asked.filter = {}
    return replace(compiled, metric=asked)
