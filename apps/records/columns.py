"""How one field of a record is shown, exported and summed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.utils import timezone

from apps.core.fields import CodeField, EncryptedField, MonthField

RIGHT = {"number", "money"}


@dataclass(frozen=True, slots=True)
class Column:
    """``kind`` is one of text, long, number, money, date, month, time, bool, choice, reference,
    protected.
    """

    name: str
    label: str
    kind: str
    read: Callable[[Any], Any]
    show: Callable[[Any], str]
    sort: str = ""

    @property
    def is_right(self) -> bool:
        return self.kind in RIGHT

    def value(self, row: Any) -> Any:
        return self.read(row)

    def text(self, row: Any) -> str:
        """As it stands on screen; an empty value is an empty text."""
        value = self.read(row)
        return "" if value is None or value == "" else self.show(value)

    def excel(self, row: Any) -> Any:
        """As it stands in a cell: numbers and dates stay what they are, everything else is text."""
        value = self.read(row)
        if value is None:
            return ""
        if self.kind == "number" and not isinstance(value, bool):
            return value
        if self.kind == "money":
            return value
        if self.kind == "date" and isinstance(value, date):
            return value
        return self.text(row)


@cache
def of_field(model: type[models.Model], name: str) -> Column:
    """Column of a model field. A choice or code shows its label, a reference its name."""
    field: Any = model._meta.get_field(name)
    label = str(field.verbose_name)
    if isinstance(field, EncryptedField):
        return Column(name, label, "protected", _getter(name), str)
    if isinstance(field, CodeField) or field.choices:
        display = f"get_{name}_display"
        return Column(name, label, "choice", lambda row: getattr(row, display)(), str, name)
    if isinstance(field, models.ForeignKey):
        return Column(name, label, "reference", _getter(name), str, name)
    for kinds, kind, show in _KINDS:
        if isinstance(field, kinds):
            return Column(name, label, kind, _getter(name), show, name)
    return Column(name, label, "text", _getter(name), str, name)


def computed(name: str, label: str, kind: str, read: Callable[[Any], Any]) -> Column:
    """Column of a value that the record type works out; it cannot be sorted on."""
    shows = {known: show for _, known, show in _KINDS}
    return Column(name, label, kind, read, shows.get(kind, str))


def _getter(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def show_number(value: Any) -> str:
    if isinstance(value, Decimal):
        value = value.normalize()
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def _money(value: Any) -> str:
    return f"{value:,.2f}"


_KINDS: list[tuple[Any, str, Callable[[Any], str]]] = [
    (MonthField, "month", lambda day: f"{day:%Y.%m}"),
    (
        models.DateTimeField,
        "time",
        lambda at: f"{timezone.localtime(at) if isinstance(at, datetime) else at:%Y-%m-%d %H:%M}",
    ),
    (models.DateField, "date", lambda day: f"{day:%Y-%m-%d}"),
    (models.BooleanField, "bool", lambda yes: "是" if yes else "否"),
    (models.DecimalField, "money", _money),
    (models.PositiveSmallIntegerField, "number", str),  # years, months, places in a row
    (models.IntegerField, "number", show_number),
    (models.TextField, "long", str),
]
