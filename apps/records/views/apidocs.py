"""The API explained to people: how one gets in, and every record type that the reader may see."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import View

from apps.core.fields import CodeField
from apps.records import registry
from apps.records.api import describing
from apps.records.api.fields import ApiField
from apps.records.api.serializers import api_url, serializer_class
from apps.records.listing import sortable
from apps.records.menu import AREAS
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.views.base import SignedInMixin

KINDS = {
    "text": "文字", "long": "文字", "number": "整数", "money": "金额", "date": "日期",
    "month": "年月", "time": "时间", "bool": "是否", "choice": "代码", "reference": "引用",
    "protected": "保密",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record as the page explains it."""

    name: str
    label: str
    kind: str
    mark: str
    text: str = ""
    url: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class DocsView(SignedInMixin, View):
    """``api-docs/``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not settings.API_ENABLED:
            raise Http404
        areas: dict[str, list[RecordType]] = {}
        for each in registry.types():
            if request.user.has_perm(each.permission("view")):
                areas.setdefault(AREAS.get(each.area, ("其他",))[0], []).append(each)
        rows = [
            (area, [(t, api_url(t, "list"), docs_url(t)) for t in ts]) for area, ts in areas.items()
        ]
        context = {"areas": rows, "schema_url": reverse("api-schema"), "host": request.get_host(),
                   "limit": settings.API_RATE_PER_MINUTE}  # fmt: skip
        return render(request, "records/api/docs.html", context)


class TypeView(SignedInMixin, View):
    """``api-docs/<app>/<model>/``."""

    def get(self, request: HttpRequest, app: str, model: str) -> HttpResponse:
        record_type = next((t for t in registry.types() if api_key(t) == (app, model)), None)
        if record_type is None or not settings.API_ENABLED:
            raise Http404
        if not request.user.has_perm(record_type.permission("view")):
            raise PermissionDenied
        context = {
            "record_type": record_type,
            "address": api_url(record_type, "list"),
            "lines": lines_of(record_type),
            "extras": [extra.label for extra in record_type.extras.fields.values()],
            "asked": asked_of(record_type),
            "sorts": sorted(sortable(record_type)),
            "has_review": issubclass(record_type.model, Record),
            "example": json.dumps({"remarks": "核对无误", "version": 1}, ensure_ascii=False),
        }
        return render(request, "records/api/type.html", context)


def api_key(record_type: RecordType) -> tuple[str, str]:
    meta = record_type.model._meta
    return meta.app_label, str(meta.model_name)


def docs_url(record_type: RecordType) -> str:
    return reverse("api-docs-type", args=api_key(record_type))


def lines_of(record_type: RecordType) -> list[Line]:
    fields: Any = serializer_class(record_type)().fields
    lines = [_line(field) for field in fields.values() if isinstance(field, ApiField)]
    number = Line("id", "编号", "整数", "只读")
    return [number, *lines, Line("version", "版本", "整数", "修改时必填", "送回读到的版本")]


def _line(field: ApiField) -> Line:
    kind = "名称" if field.column.name.endswith("_by") else KINDS[field.column.kind]
    mark = "只读" if field.read_only else "必填" if field.required else ""
    line = Line(str(field.field_name), str(field.label), kind, mark, str(field.help_text or ""))
    if isinstance(field.model_field, CodeField):
        return replace(line, url=reverse("api-codes", args=[field.model_field.table]))
    if field.column.kind == "choice":
        return replace(line, choices=tuple(field.model_field.flatchoices))
    target = getattr(field, "target", None)
    return replace(line, text=f"指向{target.name}") if target else line


def asked_of(record_type: RecordType) -> list[tuple[str, str]]:
    """The parameters of its list in words, filters first."""
    asked = {each.name: str(each.description) for each in describing.asked(record_type)}
    filters = record_type.filterset.base_filters
    return sorted(asked.items(), key=lambda pair: pair[0] not in filters)
