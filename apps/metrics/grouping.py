"""Values of a field as groups: their keys, labels and order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from apps.core import codes
from apps.core.fields import CodeField
from apps.metrics.compiling import Compiled
from apps.records import registry

BLANK = "未填"
_MOST = 500  # groups; more are no longer a picture of anything


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    label: str
    raw: dict[str, Any]


def paths(compiled: Compiled) -> tuple[str, str, tuple[str, ...]]:
    """Columns of a group's key and label, and what groups are ordered by."""
    name, field = compiled.metric.group_by, compiled.grouping
    if not isinstance(field, models.ForeignKey):
        return name, name, (name,)
    model: Any = field.related_model
    target = registry.of(model)
    label = next(
        (f.name for f in model._meta.fields if f.name in ("name", "title")), target.natural_key
    )
    order = tuple(
        f"-{name}__{o[1:]}" if str(o).startswith("-") else f"{name}__{o}"
        for o in model._meta.ordering
    )
    return f"{name}__{target.natural_key}", f"{name}__{label}", order


def rows(queryset: QuerySet, compiled: Compiled) -> list[Row]:
    """One query: a row per group. Code tables and choices show their empty groups too."""
    key, label, order = paths(compiled)
    answers = (
        queryset.order_by()
        .values(*dict.fromkeys((key, label)))
        .annotate(**compiled.expressions(None, "m_"))
        .order_by(*order)
    )
    found: dict[str, Row] = {}
    for answer in answers[:_MOST]:
        raw = {name[2:]: value for name, value in answer.items() if name.startswith("m_")}
        value = answer[key]
        text = "" if value is None else str(int(value) if isinstance(value, bool) else value)
        words = answer[label]
        shown = BLANK if words in (None, "") else str(words)
        found[text] = Row(text, shown, raw)
    return _complete(found, compiled)


def _complete(found: dict[str, Row], compiled: Compiled) -> list[Row]:
    closed = closed_values(compiled)
    if closed is None:
        return list(found.values())
    empty = {"value": 0, "part": 0, "whole": 0, "rows": 0, "filled": 0}
    known = [
        Row(key, label, found[key].raw if key in found else empty) for key, label in closed.items()
    ]
    unknown = [
        Row(key, BLANK if not key else codes.label(_table(compiled), key) or key, row.raw)
        for key, row in found.items()
        if key not in closed
    ]
    return known + unknown


def _table(compiled: Compiled) -> str:
    return compiled.grouping.table if isinstance(compiled.grouping, CodeField) else ""


def closed_values(compiled: Compiled) -> dict[str, str] | None:
    """All groups there can be, of a code table or choices; None where groups are found by looking.

    Where the metric itself filters on the grouped field, only what the filter lets through.
    """
    field, metric = compiled.grouping, compiled.metric
    if isinstance(field, CodeField):
        every = dict(codes.choices(field.table))
    elif isinstance(field, models.BooleanField):
        every = {"1": "是", "0": "否"}
    elif field is not None and field.choices:
        every = {str(value): str(label) for value, label in field.flatchoices}
    else:
        return None
    chosen = (metric.denominator if metric.is_share else metric.filter).get(metric.group_by)
    if chosen:
        wanted = [str(v) for v in (chosen if isinstance(chosen, list) else [chosen])]
        every = {key: label for key, label in every.items() if key in wanted}
    least = f"{metric.group_by}__at_least"
    at_least = (metric.denominator if metric.is_share else metric.filter).get(least)
    if at_least and isinstance(field, CodeField):
        lowest = at_least if isinstance(at_least, list) else [at_least]
        wanted = [c for value in lowest for c in codes.at_least(field.table, str(value))]
        every = {key: label for key, label in every.items() if key in wanted}
    return every


def condition(compiled: Compiled, key: str) -> Q:
    """Rows of one group."""
    path, _, _ = paths(compiled)
    field, name = compiled.grouping, compiled.metric.group_by
    if isinstance(field, models.BooleanField):
        return Q(**{name: key == "1"})
    if key:
        return Q(**{path: key})
    blank = Q(**{f"{name}__isnull": True})
    return blank | Q(**{name: ""}) if isinstance(field, models.CharField) else blank
