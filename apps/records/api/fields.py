"""How one value of a record stands in JSON, and what a browser would have sent for it.

Writing goes through the form of the record type: ``entries`` turns JSON into its input, so that
what may be typed on a page may be sent here and the same faults come back.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from rest_framework import serializers

from apps.core import codes
from apps.core.fields import CodeField, MonthField
from apps.core.keys import parse_key
from apps.records import registry
from apps.records.columns import Column
from apps.records.registry import RecordType

Schema = dict[str, Any]


class Misread(Exception):
    """A JSON value of the wrong kind; the message says which kind it should have."""


class ApiField(serializers.Field):
    """A text; the other kinds derive from it. ``read`` gets the value out of a row."""

    nullable = False
    shape: Schema = {"type": "string"}

    def __init__(
        self,
        model_field: Any,
        column: Column,
        *,
        read: Callable[[Any], Any] | None = None,
        read_only: bool = False,
        required: bool = False,
    ) -> None:
        super().__init__(
            read_only=read_only,
            required=required and not read_only,
            allow_null=self.nullable,
            label=column.label,
            help_text=str(getattr(model_field, "help_text", "")) or None,
        )
        self.model_field, self.column = model_field, column
        self.read = read or (lambda row: getattr(row, column.name, None))

    def get_attribute(self, instance: Any) -> Any:
        return self.read(instance)

    def to_representation(self, value: Any) -> Any:
        return str(value)

    def entries(self, data: Any) -> dict[str, Any]:
        """The form's input for a JSON value; Misread for one of another kind."""
        return {self.column.name: self.text(data)}

    def text(self, data: Any) -> Any:
        if data is None:
            return ""
        if not isinstance(data, str):
            raise Misread("应为文字，请写在引号里。")
        return data

    def schema(self, direction: str) -> Schema:
        shape = dict(self.shape)
        longest = getattr(self.model_field, "max_length", None)
        if type(self) is ApiField and direction == "request" and longest:
            shape["maxLength"] = longest
        return shape


class WholeField(ApiField):
    nullable = True
    shape = {"type": "integer"}

    def to_representation(self, value: Any) -> Any:
        return int(value)

    def text(self, data: Any) -> Any:
        if data is None or isinstance(data, str):
            return data or ""
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            raise Misread("应为整数。")
        if abs(data) > 10**18:
            raise Misread("数字过大。")
        return str(data)


class DecimalField(ApiField):
    """Amounts go out as text, so that no reader rounds them."""

    nullable = True

    def to_representation(self, value: Any) -> Any:
        places = getattr(self.model_field, "decimal_places", None)
        number = Decimal(value)
        if places is not None:
            number = round(number, places)
        return f"{number:f}"

    def text(self, data: Any) -> Any:
        if data is None or isinstance(data, str):
            return data or ""
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise Misread("应为数字，如 24000.00。")
        if abs(data) > 10**18:
            raise Misread("数字过大。")
        return f"{Decimal(repr(data)):f}"

    def schema(self, direction: str) -> Schema:
        number = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
        return number if direction == "response" else {"oneOf": [number, {"type": "number"}]}


class DayField(ApiField):
    nullable = True
    shape = {"type": "string", "format": "date"}

    def to_representation(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if self.is_month else value.isoformat()

    @property
    def is_month(self) -> bool:
        return isinstance(self.model_field, MonthField)

    def text(self, data: Any) -> Any:
        if data is None or isinstance(data, str):
            return data or ""
        raise Misread(f"应为日期文字，如 {'1985-03' if self.is_month else '2022-03-05'}。")

    def schema(self, direction: str) -> Schema:
        month = {"type": "string", "pattern": r"^\d{4}-\d{2}$"}
        return month if self.is_month else dict(self.shape)


class TimeField(ApiField):
    nullable = True
    shape = {"type": "string", "format": "date-time"}

    def to_representation(self, value: Any) -> Any:
        at = timezone.localtime(value) if isinstance(value, datetime.datetime) else value
        return at.isoformat(timespec="seconds")


class YesNoField(ApiField):
    shape = {"type": "boolean"}

    def to_representation(self, value: Any) -> Any:
        return bool(value)

    def entries(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, bool):
            raise Misread("应为 true 或 false，不加引号。")
        return {self.column.name: "on"} if data else {}


class ChosenField(ApiField):
    """A code or a choice: read as code and label, written by its code."""

    nullable = True

    @property
    def labels(self) -> dict[str, str]:
        if isinstance(self.model_field, CodeField):
            return codes.labels(self.model_field.table)
        return {str(value): str(label) for value, label in self.model_field.flatchoices}

    def to_representation(self, value: Any) -> Any:
        code = str(value)
        return (
            {"code": code, "label": self.known.get(code) or f"未知代码（{code}）"} if code else None
        )

    @property
    def known(self) -> dict[str, str]:
        if not hasattr(self, "_known"):  # once for all rows of an answer
            self._known = self.labels
        return self._known

    def text(self, data: Any) -> Any:
        if isinstance(data, dict):
            data = data.get("code")
        if data is None or isinstance(data, str):
            return data or ""
        if isinstance(data, int) and not isinstance(data, bool) and abs(data) < 10**18:
            return str(data)
        raise Misread("应为代码，如“21”。")

    def schema(self, direction: str) -> Schema:
        code: Schema = {"type": "string"}
        if isinstance(self.model_field, CodeField):
            code["description"] = f"代码表 {self.model_field.table}"
        else:
            code["enum"] = list(self.labels)
            code["description"] = "；".join(f"{k} {v}" for k, v in self.labels.items())
        if direction == "request":
            return code
        return _thing(code=code, label={"type": "string"})


class ReferenceField(ApiField):
    """Another record: read as number, natural key and name, written by any of them."""

    nullable = True

    @property
    def target(self) -> RecordType | None:
        try:
            return registry.of(self.model_field.related_model)
        except KeyError:
            return None

    def to_representation(self, value: Any) -> Any:
        key = getattr(value, self.target.natural_key) if self.target else value.pk
        return {"id": value.pk, "key": str(key), "text": str(value)}

    def entries(self, data: Any) -> dict[str, Any]:
        name = self.column.name
        if isinstance(data, dict):
            data = data.get("id") or data.get("key")
        if data is None or data == "":
            return {name: ""}
        if isinstance(data, bool) or not isinstance(data, int | str):
            raise Misread("应为记录的编号、标识或名称。")
        number = self.number(data)
        if self.target is None or number is None:
            return {name: str(data)[:200]}
        words = f"编号 {number}"
        return {name: words, f"{name}.key": str(number), f"{name}.known": words}

    def number(self, data: int | str) -> int | None:
        """The number of a record, where one is meant and not a key or a name."""
        if isinstance(data, str):
            return parse_key(data) if self.target and self.target.natural_key == "pk" else None
        if not 0 < data < 10**18:
            raise Misread("记录编号应为正整数。")
        return data

    def schema(self, direction: str) -> Schema:
        if direction == "request":
            what = "记录编号" if self.target is None else f"{self.target.name}的编号、标识或名称"
            return {"oneOf": [{"type": "integer"}, {"type": "string"}], "description": what}
        return _thing(id={"type": "integer"}, key={"type": "string"}, text={"type": "string"})


class NamedField(ApiField):
    """Who did something: the name alone."""

    nullable = True


class ProtectedField(ApiField):
    """Always the mask; written in clear, and kept where the mask comes back."""

    def schema(self, direction: str) -> Schema:
        words = {"response": "始终为掩码", "request": "写明文；原样送回掩码表示不改"}
        return {"type": "string", "description": words.get(direction, "")}


def _thing(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


KINDS: dict[str, type[ApiField]] = {
    "number": WholeField,
    "money": DecimalField,
    "date": DayField,
    "month": DayField,
    "time": TimeField,
    "bool": YesNoField,
    "choice": ChosenField,
    "reference": ReferenceField,
    "protected": ProtectedField,
}


def api_field(model_field: Any, column: Column, **more: Any) -> ApiField:
    """The field of a column: its kind decides, as in lists and workbooks."""
    kind: type[ApiField] = KINDS.get(column.kind, ApiField)
    has_places = column.kind == "number" and not isinstance(model_field, models.IntegerField)
    if has_places or isinstance(model_field, models.DecimalField):
        kind = DecimalField
    return kind(model_field, column, **more)
