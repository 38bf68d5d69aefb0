"""Reports over HTTP: read, draft for a year, take out as Word or PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.records import lookups, registry
from apps.records.api.base import ApiView, Operation, whole
from apps.records.api.errors import Faulty
from apps.records.errors import FilterError
from apps.reports.api.shapes import DOCUMENT, FACTS, document_of, facts_of
from apps.reports.forms import PARTS, StartForm
from apps.reports.models import Outline, Report
from apps.reports.services import drafting
from apps.reports.services.exporting import TYPES, export_report

NEEDS = {"list": "view", "retrieve": "view", "create": "add", "export": "export"}
SIZES = (20, 50, 100, 200)
NOT_THERE = "没有这份报告，可能已删除或不在您的权限范围内。"
KINDS = "、".join(f"{code} {label}" for code, label in Report.Kind.choices)
ASKED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "year": {"type": "integer", "minimum": 1990, "maximum": 2100, "description": "年度"},
        "part": {
            "type": "string",
            "enum": [code for code, _ in PARTS],
            "description": "；".join(f"{code or '不写'} {label}" for code, label in PARTS),
        },
        "unit": {
            "oneOf": [{"type": "integer"}, {"type": "string"}],
            "nullable": True,
            "description": "统计范围：单位的编号或名称，不写为全区",
        },
        "outline": {"type": "string", "description": "提纲标识，不写为标准提纲"},
        "kind": {"type": "string", "enum": Report.Kind.values, "description": KINDS},
    },
    "required": ["year"],
}


class ReportApi(ApiView):
    """The reports of the reader's scope."""

    tag = "报告"

    def permission(self) -> str:
        return f"reports.{NEEDS.get(self.action, 'view')}_report"

    # -- what it says of itself ------------------------------------------------------------------

    def describe(self) -> Operation:
        pk = OpenApiParameter(
            "pk", {"type": "integer", "minimum": 1}, "path", required=True, description="报告编号"
        )
        whole_one = {"type": "object", "properties": {**FACTS, "document": DOCUMENT}}
        found = {
            "list": Operation(
                "查询报告", {200: self._page()}, None, self._asked(), "",
                (400, 401, 403, 404, 429),
            ),
            "retrieve": Operation(
                "读取报告", {200: whole_one}, None, (pk,), "附正文。", (400, 401, 403, 404, 429)
            ),
            "create": Operation(
                "生成报告初稿", {201: whole_one}, ASKED, (),
                "按一个年度的记录和提纲生成，与网页上的向导相同。",
                (400, 401, 403, 404, 409, 413, 415, 429),
            ),
            "export": Operation(
                "导出报告", {200: {"type": "string", "format": "binary"}}, None,
                (pk, OpenApiParameter("kind", str, "path", required=True, enum=list(TYPES),
                                      description="word 或 pdf")),
                "每次导出记入日志。", (400, 401, 403, 404, 409, 429),
            ),
        }  # fmt: skip
        return found[self.action]

    def _page(self) -> dict[str, Any]:
        lines = {"type": "array", "items": {"type": "object", "properties": FACTS}}
        count = {"type": "integer"}
        return {"type": "object", "properties": {"count": count, "page": count, "results": lines}}

    def _asked(self) -> list[OpenApiParameter]:
        year = {"type": "integer", "minimum": 1990, "maximum": 2100}
        return [
            OpenApiParameter("year", year, description="年度"),
            OpenApiParameter("status", str, enum=Report.Status.values, description="状态"),
            OpenApiParameter("page", {"type": "integer", "minimum": 1}, description="页码"),
            OpenApiParameter("size", {"type": "integer", "enum": SIZES}, description="每页条数"),
        ]

    # -- reading ---------------------------------------------------------------------------------

    def rows(self) -> Any:
        return Report.objects.visible_to(self.scope).select_related("unit", "owner", "outline")

    def report(self, pk: int) -> Report:
        found = self.rows().filter(pk=pk).first()
        if found is None:
            raise NotFound(NOT_THERE)
        return found

    def list(self, request: Request) -> Response:
        given = self.strictly("year", "status", "page", "size")
        rows = self.rows()
        if given.get("year"):
            year = whole(given["year"], "year", least=1990, most=2100)
            rows = rows.filter(period_key__startswith=str(year))
        if given.get("status"):
            if given["status"] not in Report.Status.values:
                raise FilterError("报告状态不正确，请查看接口说明。")
            rows = rows.filter(status=given["status"])
        size = whole(given.get("size") or str(SIZES[0]), "size", most=SIZES[-1])
        page = whole(given.get("page") or "1", "page")
        part = rows[(page - 1) * size : page * size]
        lines = [facts_of(report) for report in part]
        return Response({"count": rows.count(), "page": page, "results": lines})

    def retrieve(self, request: Request, pk: int) -> Response:
        self.strictly()
        return self.shown(self.report(pk))

    def shown(self, report: Report, status: int = 200) -> Response:
        return Response({**facts_of(report), "document": document_of(report)}, status=status)

    # -- drafting and taking out -----------------------------------------------------------------

    def create(self, request: Request) -> Response:
        self.strictly()
        form = self.form(request.data)
        if not form.is_valid():
            raise Faulty({name: [str(t) for t in texts] for name, texts in form.errors.items()})
        asked = form.cleaned_data
        with transaction.atomic():
            report = drafting.new_report(
                period=form.period(), by=self.actor, unit=asked["unit"],
                kind=asked["kind"], outline=asked["outline"].key,
            )  # fmt: skip
            drafting.save_settings(report, by=self.actor)
            drafting.draft(report, by=self.actor)
        return self.shown(self.report(report.pk), 201)

    def form(self, sent: Any) -> StartForm:
        """The first step of the wizard, filled with what was sent."""
        if not isinstance(sent, Mapping) or set(sent) - set(ASKED["properties"]):
            names = "、".join(ASKED["properties"])
            raise Faulty({}, [f"应提交一个 JSON 对象，可用的字段：{names}。"])
        wrong = {
            name: ["应为文字或整数。"]
            for name, value in sent.items()
            if isinstance(value, bool) or not isinstance(value, str | int | None)
        }
        if wrong:
            raise Faulty(wrong)
        data = {"kind": Report.Kind.SUMMARY.value, "outline": drafting.STANDARD, "part": ""}
        data |= {name: str(value) for name, value in sent.items() if value not in (None, "")}
        known = Outline.objects.filter(key=data["outline"], is_active=True).first()
        data["outline"] = str(known.pk) if known else "0"
        data["unit"] = self._unit(sent.get("unit"))
        return StartForm(data, scope=self.scope)

    def _unit(self, asked: Any) -> str:
        """The number of the unit that is meant; what is none is refused by the form."""
        if not isinstance(asked, str) or not asked.strip():
            return str(asked or "")[:20]
        found = lookups.meant(registry.get("organizations.Unit"), asked.strip(), self.scope)
        return str(found[0].pk) if len(found) == 1 else "0"

    def export(self, request: Request, pk: int, kind: str) -> HttpResponse:
        self.strictly()
        exported = export_report(self.report(pk), kind, by=self.actor)
        response = HttpResponse(exported.data, content_type=exported.content_type)
        response["Content-Disposition"] = content_disposition_header(True, exported.name) or ""
        return response
