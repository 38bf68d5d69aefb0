"""The JSON of a record, made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, ClassVar

from django.urls import reverse
from rest_framework import serializers

from apps.records import columns, registry
from apps.records.api.errors import Faulty
from apps.records.api.extra import EXTRA, ExtraField
from apps.records.api.fields import ApiField, Misread, NamedField, TimeField, api_field
from apps.records.models import Record
from apps.records.registry import RecordType

KEPT = ("created_by", "created_at", "updated_by", "updated_at")


class RecordSerializer(serializers.Serializer):
    """One record. ``entries`` reads what was sent; saving is the view's."""

    record_type: ClassVar[RecordType]

    def get_url(self, row: Any) -> str:
        return api_url(self.record_type, "detail", row.pk)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "id": serializers.IntegerField(read_only=True, source="pk", label="编号"),
            "url": serializers.SerializerMethodField(label="接口地址"),
        }
        for name in written_names(self.record_type):
            fields[name] = self._field(name)
        for name in derived_names(self.record_type):
            fields[name] = self._field(name, read_only=True)
        if self.record_type.extendable:
            fields[EXTRA] = ExtraField(self.record_type)
        if issubclass(self.record_type.model, Record):
            fields["state"] = self._field("state", read_only=True)
        fields["version"] = serializers.IntegerField(
            required=False, min_value=1, label="版本", help_text="修改时送回读到的版本"
        )
        for name in KEPT:
            fields[name] = self._kept(name)
        return fields

    def _field(self, name: str, **more: Any) -> ApiField:
        found = self.record_type.model._meta.get_field(name)
        return api_field(found, self.record_type.column(name), required=self._owed(found), **more)

    def _kept(self, name: str) -> ApiField:
        kind = NamedField if name.endswith("_by") else TimeField
        model = self.record_type.model
        found = model._meta.get_field(name)
        return kind(found, columns.of_field(model, name), read_only=True)

    def _owed(self, field: Any) -> bool:
        """Whether a new record must name it."""
        filled = field.name in self.record_type.filled or field.name == "owner"
        return not (field.blank or field.has_default() or filled)

    @property
    def written(self) -> dict[str, ApiField]:
        names = written_names(self.record_type)
        return {name: self.fields[name] for name in names}

    # -- what was sent ---------------------------------------------------------------------------

    def entries(self, sent: Any, base: Any) -> dict[str, Any]:
        """The form's input: what was sent, over the values of ``base``. Faulty names each field
        that is unknown or of the wrong kind.
        """
        if not isinstance(sent, Mapping):
            raise Faulty({}, ['应提交一个 JSON 对象，例如 {"remarks": "…"}。'])
        faults = {
            name[:60]: [f"{self.record_type.name}没有这个字段。"]
            for name in sent
            if name not in self.fields
        }
        found: dict[str, Any] = {}
        if EXTRA in self.fields:
            found |= self.fields[EXTRA].entries(sent.get(EXTRA), base, faults)
        for name, field in self.written.items():
            try:
                found |= field.entries(sent[name] if name in sent else self._stored(field, base))
            except Misread as error:
                faults[name] = [str(error)]
        if faults:
            raise Faulty(faults)
        return found

    def _stored(self, field: ApiField, row: Any) -> Any:
        value = field.get_attribute(row)
        return None if value is None else field.to_representation(value)


def written_names(record_type: RecordType) -> list[str]:
    """What may be sent: the declared fields, whose the record is, remarks."""
    tail = ["owner"] if issubclass(record_type.model, Record) else []
    return list(dict.fromkeys([*record_type.fields, *tail, "remarks"]))


def derived_names(record_type: RecordType) -> list[str]:
    """Columns of the list that nobody enters: names put together, amounts counted."""
    known = {*written_names(record_type), *record_type.computed}
    return [name for name in record_type.columns if name not in known]


def shown_names(record_type: RecordType) -> list[str]:
    """The columns that an answer shows."""
    state = ["state"] if issubclass(record_type.model, Record) else []
    return [*written_names(record_type), *derived_names(record_type), *state, *KEPT]


def api_url(record_type: RecordType, action: str, *args: Any) -> str:
    meta = record_type.model._meta
    return reverse(f"api-{meta.app_label}-{meta.model_name}-{action}", args=args)


def records_url(page: str) -> str:
    """The address of a list page, over the API; empty for any other page."""
    path, mark, query = page.partition("?")
    return f"{_lists()[path]}{mark}{query}" if path in _lists() else ""


@cache
def _lists() -> dict[str, str]:
    return {each.url("list"): api_url(each, "list") for each in registry.types()}


@lru_cache(maxsize=200)
def serializer_class(record_type: RecordType) -> type[RecordSerializer]:
    """The serializer of a record type; its name is the one in the schema."""
    meta = record_type.model._meta
    name = f"{meta.app_label.title()}{meta.object_name}Serializer"
    doc = {"__doc__": record_type.purpose, "record_type": record_type}
    return type(name, (RecordSerializer,), doc)


@lru_cache(maxsize=200)
def page_class(record_type: RecordType) -> type[serializers.Serializer]:
    """A page of a list, for the schema."""
    meta = record_type.model._meta
    fields: dict[str, Any] = {
        "count": serializers.IntegerField(label="总条数"),
        "page": serializers.IntegerField(label="页码"),
        "pages": serializers.IntegerField(label="总页数"),
        "size": serializers.IntegerField(label="每页条数"),
        "next": serializers.CharField(allow_null=True, label="下一页地址"),
        "previous": serializers.CharField(allow_null=True, label="上一页地址"),
        "results": serializer_class(record_type)(many=True),
        "sums": serializers.DictField(required=False, label="合计", help_text="带 sums=1 时才有"),
        "figure": serializers.DictField(
            required=False, label="指标", help_text="带 metric= 时才有：所统计的内容和数值"
        ),
    }
    name = f"{meta.app_label.title()}{meta.object_name}PageSerializer"
    doc = {"__doc__": f"一页{record_type.name}"}
    return type(name, (serializers.Serializer,), {**fields, **doc})
