"""The fields and tags that the office has added, as one JSON object by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.records.api.fields import Misread, Schema, api_field
from apps.records.extras import values
from apps.records.extras.definitions import TAGS, TAGS_LABEL, is_key
from apps.records.registry import RecordType

EXTRA = "extra"
Faults = dict[str, list[str]]


class ExtraField(serializers.Field):
    """``{"名称": value, …}``; the tags are a list of their names."""

    def __init__(self, record_type: RecordType) -> None:
        super().__init__(required=False, label="自设字段和标签")
        self.record_type, self.extras = record_type, record_type.extras

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def to_representation(self, value: Any) -> Any:
        return values.as_data(value)

    def schema(self, direction: str) -> Schema:
        return {"type": "object", "additionalProperties": {}}

    def entries(self, sent: Any, base: Any, faults: Faults) -> dict[str, Any]:
        """The form's input: what was sent, over the values of ``base``. ``faults`` gets what is
        unknown or of the wrong kind.
        """
        if sent is not None and not isinstance(sent, Mapping):
            faults[EXTRA] = ["应为一个 JSON 对象，按名称列出自设字段。"]
            return {}
        data = {**values.as_data(base), **(sent or {})}
        found: dict[str, Any] = {}
        for extra in self.extras.fields.values():
            field = api_field(extra.field, extra.column)
            try:
                found |= field.entries(data.pop(extra.label, None))
            except Misread as error:
                faults[f"{EXTRA}.{extra.label}"] = [str(error)]
        if self.extras.tags:
            found[TAGS] = self._tags(data.pop(TAGS_LABEL, None), faults)
        faults |= {f"{EXTRA}.{name[:60]}": ["没有这个自设字段，请核对名称。"] for name in data}
        return found

    def _tags(self, sent: Any, faults: Faults) -> list[str]:
        names = sent if isinstance(sent, list) else [] if sent is None else [sent]
        keys, unknown = values.tags_meant(self.record_type.label, [str(name) for name in names])
        if unknown:
            faults[f"{EXTRA}.{TAGS_LABEL}"] = [f"没有名为“{'、'.join(unknown)[:60]}”的标签。"]
        return list(keys)


def name_of(record_type: RecordType, name: str) -> str:
    """How an added field is called in an answer; every other name stays."""
    label = record_type.extras.label(name) if is_key(name) else ""
    return f"{EXTRA}.{label}" if label else name
