"""Values of a field as groups: their keys, labels and order.

Groupings of the same rows that hang on one and the same reference (镇街, 行业 and 隶属 of the unit)
share a query and are taken apart here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet

from apps.core import codes
from apps.core.fields import CodeField
from apps.metrics.compiling import Compiled, Kind, blank, lookup, operand
from apps.records import registry
from apps.records.extras.definitions import is_key as is_extra
from apps.records.scope import Scope

BLANK = "未填"
MOST = 20_000  # rows of one query; more are no longer a picture of anything


@dataclass(slots=True)
class Row:
    key: str
    label: str
    raw: dict[str, Any]
    order: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Paths:
    """Columns of a group's key and label, and those it is ordered by."""

    key: str
    label: str
    order: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.key, self.label, *(name.removeprefix("-") for name in self.order))


def paths(compiled: Compiled) -> Paths:
    name, field = compiled.metric.group_by, compiled.grouping
    if not isinstance(field, models.ForeignKey):
        return Paths(name, name, (name,))
    model: Any = field.related_model
    target = registry.of(model)
    known = [f.name for f in model._meta.fields if f.name in ("name", "title")]
    order = []
    for part in map(str, model._meta.ordering):
        order.append(f"-{name}__{part[1:]}" if part.startswith("-") else f"{name}__{part}")
    label = known[0] if known else target.natural_key
    return Paths(f"{name}__{target.natural_key}", f"{name}__{label}", tuple(order))


def added_columns(compiled: Compiled) -> dict[str, Any]:
    """What a query needs so that the columns of a group are there: an added field by its key."""
    name = compiled.metric.group_by
    return {name: operand(compiled.record_type, name)} if is_extra(name) else {}


def family(compiled: Compiled) -> tuple[str, ...]:
    """Metrics of one family are asked for in one query: same rows, same measure, same reference."""
    metric = compiled.metric
    head, _, rest = metric.group_by.partition("__")
    reference = head if rest or isinstance(compiled.grouping, models.ForeignKey) else ""
    measure = Kind.COUNT if compiled.is_spread else metric.aggregate
    alone = measure not in (Kind.COUNT, Kind.SUM) or (
        not reference and closed_values(compiled) is None
    )
    return (
        compiled.record_type.label,
        compiled.rule,
        *sorted(piece.key for piece in compiled.whole),
        measure,
        metric.field,
        reference,
        metric.key if alone else "",
    )


def rows(queryset: QuerySet, several: Sequence[Compiled]) -> dict[str, list[Row]]:
    """One query for a family: the groups of each metric by its key, in their own order.

    Code tables and choices show their empty groups too. Too many groups are none at all.
    """
    first = several[0]
    columns = [name for compiled in several for name in paths(compiled).columns]
    made = {name: made for each in several for name, made in added_columns(each).items()}
    answers = list(
        queryset.order_by()
        .annotate(**made)
        .values(*dict.fromkeys(columns))
        .annotate(**first.expressions(None, prefix="m_"))
        .order_by()[: MOST + 1]
    )
    if len(answers) > MOST:
        return {compiled.metric.key: [] for compiled in several}
    return {
        compiled.metric.key: complete(fold(answers, compiled), compiled) for compiled in several
    }


def fold(answers: Iterable[Mapping[str, Any]], compiled: Compiled) -> dict[str, Row]:
    """Answers of a family added up for one of its metrics."""
    names = paths(compiled)
    found: dict[str, Row] = {}
    for answer in answers:
        raw = {name[2:]: value for name, value in answer.items() if name.startswith("m_")}
        value, words = answer[names.key], answer[names.label]
        key = key_of(value)
        if key in found:
            _add(found[key].raw, raw)
            continue
        order = tuple(_rank(answer, name) for name in names.order)
        found[key] = Row(key, BLANK if words in (None, "") else str(words), raw, order)
    for place, name in reversed(list(enumerate(names.order))):
        ordered = sorted(
            found.values(), key=lambda row: row.order[place], reverse=name.startswith("-")
        )
        found = {row.key: row for row in ordered}
    return found


def key_of(value: Any) -> str:
    """The key of a group as it stands in an address."""
    return "" if value is None else str(int(value) if isinstance(value, bool) else value)


def _rank(answer: Mapping[str, Any], name: str) -> tuple[bool, Any]:
    value = answer[name.removeprefix("-")]
    return (value is None, 0 if value is None else value)


def _add(total: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if value is not None:
            total[name] = value if total[name] is None else total[name] + value


def complete(found: dict[str, Row], compiled: Compiled) -> list[Row]:
    closed = closed_values(compiled)
    if closed is None or compiled.is_spread:
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
    given = metric.denominator if metric.is_share else metric.filter
    if chosen := _texts(given.get(metric.group_by)):
        every = {key: label for key, label in every.items() if key in chosen}
    least = _texts(given.get(f"{metric.group_by}__at_least"))
    if least and isinstance(field, CodeField):
        high = {code for value in least for code in codes.at_least(field.table, value)}
        every = {key: label for key, label in every.items() if key in high}
    return every


def _texts(values: Any) -> list[str]:
    if not values:
        return []
    return [str(value) for value in (values if isinstance(values, list) else [values])]


def condition(compiled: Compiled, key: str) -> Q:
    """Rows of one group."""
    field, name = compiled.grouping, compiled.metric.group_by
    if isinstance(field, models.BooleanField):
        return Q(**{name: key == "1"})
    return Q(**{lookup(paths(compiled).key): key}) if key else blank(name, field)


def is_key(compiled: Compiled, key: str) -> bool:
    """Whether a text can be the key of a group at all."""
    field: Any = compiled.grouping
    if isinstance(field, models.ForeignKey):
        model: Any = field.related_model
        natural = registry.of(model).natural_key
        field = model._meta.pk if natural == "pk" else model._meta.get_field(natural)
    try:
        field.to_python(key)
    except ValidationError:
        return False
    return True


def label_of(compiled: Compiled, key: str, scope: Scope) -> str:
    """The words for one group that is found by looking, read from rows of the scope only."""
    field = compiled.grouping
    if isinstance(field, CodeField):
        return codes.label(field.table, key)
    if not isinstance(field, models.ForeignKey):
        return key
    rows = compiled.record_type.queryset(scope).filter(condition(compiled, key)).order_by()
    return str(rows.values_list(paths(compiled).label, flat=True).first() or key)
