"""Records that a new one may repeat. What lies outside the scope is only said to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from apps.core.conditions import holds
from apps.core.fields import EncryptedField
from apps.records import columns, saving
from apps.records.finding import facts
from apps.records.lookups import digest_column
from apps.records.scope import Scope

if TYPE_CHECKING:
    from apps.records.registry import RecordType

HIDDEN = "已存在，请联系人才办。"
MOST = 3


@dataclass(frozen=True, slots=True)
class Twin:
    """One stored record; without an address it lies outside the reader's scope.

    A ``refused`` one breaks a constraint: a form that is saved says so itself.
    """

    sentence: str
    name: str = ""
    url: str = ""
    refused: bool = False
    key: Any = None

    @property
    def advice(self) -> str:
        """The sentence for a record that was saved all the same."""
        remedy = "，如为同一对象，请核对后删除重复的一条。"
        return f"{self.sentence}{remedy}" if self.url else self.sentence


def name_field(record_type: RecordType) -> str:
    """The field whose repetition is worth a hint although it is allowed: of a type with a key of
    several fields, one of them alone says nothing.
    """
    if len(record_type.import_key) > 1:
        return ""
    fields = {f.name: f for f in record_type.model._meta.concrete_fields}
    plain = (n for n in record_type.lookup if type(fields.get(n)) is models.CharField)
    return next((n for n in plain if not fields[n].unique), "")


def checked_fields(record_type: RecordType) -> set[str]:
    """Fields after whose entry it is worth asking for twins."""
    names = {name_field(record_type), *record_type.import_key}
    for constraint in saving.unique_constraints(record_type.model):
        names.update(constraint.fields)
    shown = set(record_type.fields)
    return {_source(record_type.model, name) for name in names if name} & shown


def _source(model: type[models.Model], name: str) -> str:
    return getattr(model._meta.get_field(name), "source", name)


def find(record_type: RecordType, row: Any, scope: Scope) -> list[Twin]:
    """Stored records that share a key with a prepared row; then those of the same name."""
    twins, seen = _alikes(record_type, row, scope)
    return twins + _namesakes(record_type, row, scope, seen)


def keyed(record_type: RecordType, row: Any, scope: Scope) -> list[Twin]:
    """Stored records that share a key with a prepared row."""
    return _alikes(record_type, row, scope)[0]


def _alikes(record_type: RecordType, row: Any, scope: Scope) -> tuple[list[Twin], set[Any]]:
    """Records that share a key, and the keys of those that the reader may see."""
    stored = record_type.model._base_manager.exclude(pk=row.pk)
    twins: list[Twin] = []
    seen: set[Any] = set()
    for labels, condition, refused in _keyed(record_type, row):
        found = list(stored.filter(condition).values_list("pk", flat=True)[:MOST])
        visible = _visible(record_type, Q(pk__in=found), scope)
        if len(visible) < len(found) and not any(not twin.url for twin in twins):
            twins.append(Twin(f"{labels}相同的{record_type.name}{HIDDEN}", refused=refused))
        twins += [
            _twin(record_type, other, f"已有{labels}相同的{record_type.name}")
            for other in visible
            if other.pk not in seen
        ]
        seen.update(other.pk for other in visible)
    return twins, seen


def _namesakes(record_type: RecordType, row: Any, scope: Scope, seen: set[Any]) -> list[Twin]:
    name = name_field(record_type)
    value = name and getattr(row, name)
    if not value:
        return []
    others = _visible(record_type, Q(**{name: value}) & ~Q(pk=row.pk) & ~Q(pk__in=seen), scope)
    return [_twin(record_type, other, f"已有同名{record_type.name}") for other in others]


def _keyed(record_type: RecordType, row: Any) -> list[tuple[str, Q, bool]]:
    """Each key of the row that is filled: the labels of its fields, a condition, whether a
    constraint refuses to have it twice.
    """
    model = record_type.model
    keys = [
        (tuple(constraint.fields), constraint.condition or Q(), True)
        for constraint in saving.unique_constraints(model)
        if not (constraint.condition and not holds(constraint.condition, row))
    ]
    keys.append((tuple(record_type.import_key), Q(), False))
    found: dict[tuple[str, ...], tuple[str, Q, bool]] = {}
    for key, among, refused in keys:
        sources = tuple(_source(model, name) for name in key)
        condition = _alike(row, key, with_empty=not refused)
        if not condition:
            continue
        shown = [s for s in sources if s in record_type.fields] or list(sources)
        labels = "、".join(columns.of_field(model, s).label for s in shown)
        found.setdefault(sources, (labels, condition & among, refused))
    return list(found.values())


def _alike(row: Any, key: tuple[str, ...], *, with_empty: bool) -> Q:
    """Rows with the same key; no condition where nothing of it is filled. An empty text is a value
    like any other; what is not known at all is the same only in an import key.
    """
    condition, is_filled = Q(), False
    for name in key:
        field = row._meta.get_field(name)
        column = _column(field)
        value = getattr(row, column, None) if column else None
        if value is None and with_empty and field.null:
            condition &= Q(**{f"{column}__isnull": True})
        elif value is None:
            return Q()
        else:
            condition &= Q(**{column: value})
            is_filled |= value != ""
    return condition if is_filled else Q()


def _column(field: Any) -> str:
    return digest_column(field) if isinstance(field, EncryptedField) else field.attname


def _visible(record_type: RecordType, condition: Q, scope: Scope) -> list[Any]:
    rows = record_type.queryset(scope).filter(condition).order_by("pk")
    return list(rows.select_related(*record_type.references(record_type.model))[:MOST])


def _twin(record_type: RecordType, other: Any, what: str) -> Twin:
    known = facts(record_type, other)
    tail = f"（{known}）" if known else ""
    url = record_type.url("detail", other.pk)
    return Twin(f"{what}“{other}”{tail}", str(other), url, key=other.pk)
