"""The fields and tags that the office has added, held in memory: to know them costs no query."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

from django.core.cache import cache
from django.db import models

from apps.core import stamps
from apps.records.columns import Column, show_number
from apps.records.extras import asking
from apps.records.extras.asking import DIGITS, PLACES
from apps.records.filters import RecordFilter
from apps.records.models import CustomField, Tag

TAGS = "tags"
TAGS_LABEL = "标签"
HEADING = "自设字段"
JOINED = "、"
LONGEST = 140  # a line
NOT_A_NUMBER = "应为数字，请改为如 12 或 12.5"
_FIELD = re.compile(r"f[1-9]\d*")
_TAG = re.compile(r"t[1-9]\d*")
_NAME = "records.extras"
_SECONDS = 60  # where the worker processes have no folder in common
AnyField: TypeAlias = "models.Field[Any, Any]"


class TagsField(models.CharField):
    """Stands for all tags of a record where a field is asked for."""


def is_key(name: str) -> bool:
    """Whether a name is that of an added field, or of the tags."""
    return name == TAGS or _FIELD.fullmatch(name) is not None


def is_tag(key: str) -> bool:
    return _TAG.fullmatch(key) is not None


@dataclass(frozen=True, slots=True)
class Extra:
    """One added field. ``field`` is a model field of its kind that belongs to no table: forms,
    importer and metrics read from it what they would read from any other field.
    """

    key: str
    label: str
    kind: str
    options: tuple[str, ...]
    is_active: bool
    field: AnyField = field(repr=False, compare=False)

    @property
    def column(self) -> Column:
        kind = "text" if self.kind == CustomField.Kind.CHOICE else self.kind
        shows: dict[str, Any] = {"number": show_number, "date": lambda day: f"{day:%Y-%m-%d}"}
        return Column(self.key, self.label, kind, self.read, shows.get(kind, str))

    def read(self, row: Any) -> Any:
        """The value of a record as lists and workbooks show it; None where there is none."""
        stored = row.extra.get(self.key)
        if stored is None or self.kind != CustomField.Kind.DATE:
            return stored
        return dt.date.fromisoformat(stored)

    def stored(self, value: Any) -> Any:
        """A value as it stands in ``Tracked.extra``; None for nothing."""
        if value is None or value == "":
            return None
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value.isoformat() if isinstance(value, dt.date) else value

    def plain(self, stored: Any) -> Any:
        """The value that ``field`` understands; ValueError for what is of another kind."""
        kinds = CustomField.Kind
        is_number = isinstance(stored, int | float) and not isinstance(stored, bool)
        if is_number != (self.kind == kinds.NUMBER) or not (is_number or isinstance(stored, str)):
            raise ValueError(stored)
        if is_number:
            return Decimal(repr(stored))
        return dt.date.fromisoformat(stored) if self.kind == kinds.DATE else stored


@dataclass(frozen=True)
class Extras:
    """What one record type has been given: ``every`` field, also those out of use, and its tags
    (key → name).
    """

    every: Mapping[str, Extra]
    tags: Mapping[str, str]

    @cached_property
    def fields(self) -> dict[str, Extra]:
        """The fields in use, in their order."""
        return {key: extra for key, extra in self.every.items() if extra.is_active}

    @cached_property
    def names(self) -> list[str]:
        """What forms, lists and workbooks show: the fields in use, then the tags together."""
        return [*self.fields, *([TAGS] if self.tags else [])]

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Columns by key, of fields out of use too."""
        found = {key: extra.column for key, extra in self.every.items()}
        found[TAGS] = Column(TAGS, TAGS_LABEL, "text", self.tags_of, str)
        return found

    @cached_property
    def filters(self) -> dict[str, RecordFilter]:
        """The filters of the fields in use and of the tags."""
        found: dict[str, RecordFilter] = {}
        for extra in self.fields.values():
            found |= asking.filters_of(extra)
        return found | ({TAGS: asking.tag_filter(self.tags, TAGS_LABEL)} if self.tags else {})

    @cached_property
    def tag_field(self) -> TagsField:
        return _named(TagsField(TAGS_LABEL, blank=True, max_length=1000), TAGS)

    def model_field(self, key: str) -> AnyField | None:
        """The field that stands for a key in use."""
        if key == TAGS:
            return self.tag_field if self.tags else None
        return self.fields[key].field if key in self.fields else None

    def tags_of(self, row: Any) -> str:
        return JOINED.join(name for key, name in self.tags.items() if key in row.extra)

    def label(self, key: str) -> str:
        """What a key is called; empty when it is gone."""
        return self.columns[key].label if key in self.columns else ""


NONE = Extras({}, {})


@dataclass(slots=True)
class _Held:
    stamp: str = ""
    types: dict[str, Extras] = field(default_factory=dict)
    shared: Extras = NONE


_held = _Held()


def of(label: str) -> Extras:
    """What a record type has been given. One look at a stamp; two queries after a change."""
    global _held
    stamp = f"set {stamps.read(_NAME)}"
    if cache.get(_NAME) != stamp or _held.stamp != stamp:
        _held = _load(stamp)
        cache.set(_NAME, stamp, _SECONDS)
    return _held.types.get(label, _held.shared)


def forget() -> None:
    """Say to every process that fields or tags have changed."""
    stamps.renew(_NAME)


def _load(stamp: str) -> _Held:
    fields: dict[str, dict[str, Extra]] = {}
    for row in CustomField.objects.order_by("order", "pk"):
        fields.setdefault(row.record_type, {})[row.key] = extra_of(row)
    tags = list(Tag.objects.order_by("name"))
    labels = {*fields, *(tag.record_type for tag in tags if tag.record_type)}
    types = {label: Extras(fields.get(label, {}), _tags_for(tags, {"", label})) for label in labels}
    return _Held(stamp, types, Extras({}, _tags_for(tags, {""})))


def _tags_for(tags: Iterable[Tag], labels: set[str]) -> dict[str, str]:
    return {tag.key: tag.name for tag in tags if tag.record_type in labels}


def extra_of(row: CustomField) -> Extra:
    """A stored definition, ready for use."""
    made = _named(_field(row), row.key)
    return Extra(row.key, row.label, row.kind, tuple(row.option_list), row.is_active, made)


def _field(row: CustomField) -> AnyField:
    more: dict[str, Any] = {"blank": True, "help_text": row.help_text}
    if row.kind == CustomField.Kind.NUMBER:
        return models.DecimalField(
            row.label, null=True, max_digits=DIGITS, decimal_places=PLACES, **more
        )
    if row.kind == CustomField.Kind.DATE:
        return models.DateField(row.label, null=True, **more)
    if row.kind == CustomField.Kind.CHOICE:
        choices = [(option, option) for option in row.option_list]
        return models.CharField(row.label, max_length=LONGEST, choices=choices, **more)
    return models.CharField(row.label, max_length=LONGEST, **more)


def _named(made: Any, name: str) -> Any:
    made.set_attributes_from_name(name)
    made.model = CustomField  # it has no table: whoever asks finds no constraint there
    return made
