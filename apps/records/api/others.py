"""What the API offers beside the records: its entrance, the code tables, a word for wrong
addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import codes
from apps.core.fields import CodeField
from apps.records import registry
from apps.records.api.base import ApiView, Operation
from apps.records.api.schema import document
from apps.records.api.serializers import api_url

NO_ADDRESS = "没有这个接口地址，请查看接口说明（地址以 / 结尾）。"
_TEXT: dict[str, Any] = {"type": "string"}


def tables() -> list[str]:
    """The code tables that record types use."""
    fields = (field for each in registry.types() for field in each.model._meta.concrete_fields)
    return sorted({field.table for field in fields if isinstance(field, CodeField)})


class EntranceApi(ApiView):
    """Which record types there are for the reader, and where."""

    tag = "入口"

    def permission(self) -> str:
        return ""

    def describe(self) -> Operation:
        line = {"type": "object", "properties": {"name": _TEXT, "purpose": _TEXT, "url": _TEXT}}
        shape = {"type": "object", "properties": {"records": {"type": "array", "items": line}}}
        return Operation(
            "可用的记录类型", {200: shape}, text="只列出您可以查看的。", errors=(401, 429)
        )

    def list(self, request: Request) -> Response:
        self.strictly()
        known = [t for t in registry.types() if request.user.has_perm(t.permission("view"))]
        lines = [{"name": t.name, "purpose": t.purpose, "url": api_url(t, "list")} for t in known]
        return Response({"records": lines})


class CodesApi(ApiView):
    """The codes of one table, for what is read and written as codes."""

    tag = "代码表"

    def permission(self) -> str:
        return ""

    def describe(self) -> Operation:
        line = {"type": "object", "properties": {"code": _TEXT, "label": _TEXT}}
        shape = {
            "type": "object",
            "properties": {"table": _TEXT, "results": {"type": "array", "items": line}},
        }
        table = OpenApiParameter("table", str, "path", required=True, description="代码表名")
        return Operation("读取代码表", {200: shape}, None, (table,), "", (401, 404, 429))

    def retrieve(self, request: Request, table: str) -> Response:
        self.strictly()
        if table not in tables():
            raise NotFound("没有这个代码表，请查看接口说明。")
        lines = [{"code": code, "label": label} for code, label in codes.choices(table)]
        return Response({"table": table, "results": lines})


class SchemaApi(ApiView):
    """The OpenAPI document: JSON, or YAML with ``Accept: application/yaml``."""

    renderer_classes = (OpenApiJsonRenderer2, OpenApiYamlRenderer2)
    schema = None

    def permission(self) -> str:
        return ""

    def retrieve(self, request: Request) -> Response:
        self.strictly()
        return Response(document())


class NowhereApi(ApiView):
    """Any other address under the API."""

    permission_classes: ClassVar[Sequence[Any]] = ()
    authentication_classes = ()
    schema = None
    http_method_names = ("get", "post", "put", "patch", "delete")

    def nowhere(self, request: Request, rest: str = "") -> Response:
        raise NotFound(NO_ADDRESS)
