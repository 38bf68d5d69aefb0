"""What a figure says of itself: columns of what is true now, asked about a day gone by."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from apps.metrics.compiling import Compiled, clean_params, lookup
from apps.metrics.models import Metric
from apps.records.extras.definitions import TAGS
from apps.records.filters import RelatedFilter
from apps.records.registry import RecordType

_NOW = {"talents.Person", "organizations.Unit"}  # rows that are rewritten as things change
_STEADY = {
    "id", "name", "sex", "birth_date", "recognised_birth", "ethnic", "native_place",
    "work_started_on", "entered_on", "left_on", "code", "credit_code", "person", "pool",
}  # fmt: skip


def note_of(compiled: Compiled, *, today: datetime.date) -> str:
    """按现状统计 where a past period is counted by columns of now; empty otherwise."""
    if compiled.record_type.period is None:
        return f"{compiled.record_type.name}按现状统计"
    if compiled.window.period.as_of >= today:
        return ""
    labels = list(dict.fromkeys(_now_labels(compiled)))
    return f"{'、'.join(labels)}按现状统计" if labels else ""


def _now_labels(compiled: Compiled) -> Iterable[str]:
    metric, record_type = compiled.metric, compiled.record_type
    filters = compiled.record_type.all_filters
    given = {**metric.filter, **(metric.denominator if metric.is_share else {})}
    for name in clean_params(record_type, given):
        if not isinstance(filters[name], RelatedFilter):
            yield from _of_path(record_type, filters[name].field_name or "")
    for path in _paths(metric):
        yield from _of_path(record_type, lookup(path))


def _paths(metric: Metric) -> list[str]:
    return [path for path in (metric.field, metric.group_by) if path]


def _of_path(record_type: RecordType, path: str) -> Iterable[str]:
    """Labels of the columns on the way that belong to a row of now."""
    model: type[models.Model] = record_type.model
    for name in path.split("__"):
        if name == "extra" and model._meta.label in _NOW:
            yield record_type.extras.label(path.partition("__")[2] or TAGS)
            return
        try:
            field: Any = model._meta.get_field(name)
        except FieldDoesNotExist:
            return
        if model._meta.label in _NOW and name not in _STEADY:
            yield str(field.verbose_name)
        if not field.related_model:
            return
        model = field.related_model
