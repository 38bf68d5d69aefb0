"""What a cross table asks, as data: it stands in a saved table and in the address of a free one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.metrics.errors import BrokenMetric
from apps.metrics.models import Metric

MEASURES = ("count", "distinct", "sum", "avg")
STEPS = ("year", "quarter", "month")
PARTS_AT_MOST, ITEMS_AT_MOST = 8, 40
Filter = Mapping[str, list[str]]


@dataclass(frozen=True)
class Item:
    """A named set of rows, such as 女 or 研究生; sets of one part may overlap."""

    label: str
    filter: Filter


@dataclass(frozen=True)
class Part:
    """A stretch of rows or columns under one heading; one of these:

    the values of a field (``by``), a date by ``step``, or named ``items``. Items ``of_which`` are
    not meant to make up the total (其中).
    """

    heading: str = ""
    by: str = ""
    step: str = ""
    items: tuple[Item, ...] = ()
    of_which: bool = False

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"heading": self.heading, "by": self.by, "step": self.step}
        said["of_which"] = self.of_which
        said["items"] = [{"label": i.label, "filter": dict(i.filter)} for i in self.items]
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Definition:
    """The whole question. Rows and columns may be empty: then there is a total only."""

    record_type: str
    rows: tuple[Part, ...] = ()
    columns: tuple[Part, ...] = ()
    filter: Filter = field(default_factory=dict)
    aggregate: str = "count"
    field: str = ""
    period_rule: str = "type"

    @classmethod
    def parse(cls, raw: Any) -> Definition:
        """Read from JSON or its text; BrokenMetric says what is wrong."""
        if isinstance(raw, str):
            try:
                raw = json.loads(raw)
            except (ValueError, RecursionError):
                raise _unreadable() from None
        if not isinstance(raw, Mapping):
            raise _unreadable()
        if unknown := set(raw) - set(cls.__dataclass_fields__):
            raise BrokenMetric(f"交叉表定义里有不认识的内容“{sorted(map(str, unknown))[0][:30]}”。")
        made = cls(
            record_type=_text(raw.get("record_type")),
            rows=_parts(raw.get("rows", [])),
            columns=_parts(raw.get("columns", [])),
            filter=_filter(raw.get("filter", {})),
            aggregate=_text(raw.get("aggregate", "count")),
            field=_text(raw.get("field", "")),
            period_rule=_text(raw.get("period_rule", "type")),
        )
        if made.aggregate not in MEASURES:
            raise BrokenMetric("交叉表只能计数、去重计数、求和或求平均。")
        return made

    def as_json(self) -> dict[str, Any]:
        """The same as JSON, without what is left at its default."""
        said = {
            "record_type": self.record_type,
            "rows": [part.as_json() for part in self.rows],
            "columns": [part.as_json() for part in self.columns],
            "filter": dict(self.filter),
            "aggregate": self.aggregate,
            "field": self.field,
            "period_rule": "" if self.period_rule == "type" else self.period_rule,
        }
        return {name: value for name, value in said.items() if value}

    def metric(self, group_by: str = "") -> Metric:
        """The measure as a metric, so that one engine counts both."""
        return Metric(
            key="cross",
            label="交叉表",
            record_type=self.record_type,
            filter=dict(self.filter),
            aggregate=self.aggregate,
            field=self.field,
            group_by=group_by,
            period_rule=self.period_rule,
        )


def ages(*ends: int) -> Part:
    """Bands of age with these upper ends: 35岁及以下, 36—40岁, … 55岁及以上."""
    items, low = [], 0
    for end in ends:
        label = f"{low}—{end}岁" if low else f"{end}岁及以下"
        least = {"age_from": [str(low)]} if low else {}
        items.append(Item(label, {**least, "age_to": [str(end)]}))
        low = end + 1
    items.append(Item(f"{low}岁及以上", {"age_from": [str(low)]}))
    return Part("年龄", items=tuple(items))


def _unreadable() -> BrokenMetric:
    return BrokenMetric("看不懂交叉表的定义，请从“交叉表”页面重新进入。")


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise _unreadable()
    return value


def _parts(raw: Any) -> tuple[Part, ...]:
    if not isinstance(raw, list) or len(raw) > PARTS_AT_MOST:
        raise _unreadable()
    return tuple(_part(one) for one in raw)


def _part(raw: Any) -> Part:
    if not isinstance(raw, Mapping) or set(raw) - set(Part.__dataclass_fields__):
        raise _unreadable()
    items = raw.get("items", [])
    if not isinstance(items, list) or len(items) > ITEMS_AT_MOST:
        raise _unreadable()
    part = Part(
        heading=_text(raw.get("heading", "")),
        by=_text(raw.get("by", "")),
        step=_text(raw.get("step", "")),
        items=tuple(_item(one) for one in items),
        of_which=raw.get("of_which") is True,
    )
    if bool(part.by) == bool(part.items) or (part.step and part.step not in STEPS):
        raise BrokenMetric("交叉表的每组行或列要么按一个字段，要么逐项列出条件。")
    return part


def _item(raw: Any) -> Item:
    if not isinstance(raw, Mapping) or set(raw) != {"label", "filter"}:
        raise _unreadable()
    return Item(_text(raw["label"]), _filter(raw["filter"]))


def _filter(raw: Any) -> Filter:
    if not isinstance(raw, Mapping) or not all(
        isinstance(values, list) and all(isinstance(v, str) for v in values)
        for values in raw.values()
    ):
        raise BrokenMetric("筛选条件应是“条件: 值”的形式。")
    return {str(name): list(values) for name, values in raw.items()}
