"""Figures over HTTP: those of the pages, for the same period and scope."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from apps.metrics import selectors
from apps.metrics.figures import Figure, Group, Growth, Value
from apps.metrics.models import Metric
from apps.metrics.views.base import Asked
from apps.records.api.base import ApiView, Operation
from apps.records.api.serializers import records_url

READ_ERRORS = (400, 401, 403, 404, 429)
TEXT: dict[str, Any] = {"type": "string"}
NUMBER = {"type": "string", "nullable": True, "description": "数值，十进制文字；没有时为空"}
LINK = {"type": "string", "description": "地址；没有时为空文字"}
SIDE = {"type": "object", "properties": {"value": NUMBER, "text": TEXT}}
LINE: dict[str, Any] = {
    "key": {**TEXT, "description": "标识"},
    "label": {**TEXT, "description": "名称"},
    "theme": TEXT,
    "definition": {**TEXT, "description": "口径"},
    "unit": {**TEXT, "description": "计量单位"},
    "value": NUMBER,
    "text": {**TEXT, "description": "带单位的写法"},
    "is_ratio": {"type": "boolean", "description": "比率：0.356 即 35.6%"},
    "provenance": {"type": "object", "properties": {"code": TEXT, "label": TEXT}},
    "missing": {**TEXT, "description": "没有数值的原因"},
    "note": TEXT,
    "link": {**LINK, "description": "所统计记录的网页地址"},
    "records": {**LINK, "description": "所统计记录的接口地址"},
}
GROUP = {"key": TEXT, "label": TEXT, "value": NUMBER, "text": TEXT, "link": LINK, "records": LINK}
HEAD = {
    "period": {"type": "object", "properties": {"key": TEXT, "label": TEXT}},
    "scope": {"type": "object", "properties": {"key": TEXT, "label": TEXT}},
}


class MetricApi(Asked, ApiView):
    """The catalogue with its figures, and one metric with its groups."""

    tag = "指标"

    def permission(self) -> str:
        return "metrics.view_metric"

    def describe(self) -> Operation:
        asked = [
            OpenApiParameter("period", str, description="时段，如 2022、2022H1；不写为工作年度"),
            OpenApiParameter("scope", str, description="统计范围；不写为您的全部范围"),
        ]
        if self.action == "list":
            asked.append(OpenApiParameter("q", str, description="名称或口径中的文字"))
            lines = {"type": "array", "items": {"type": "object", "properties": LINE}}
            shape = {**HEAD, "count": {"type": "integer"}, "results": lines}
            words, summary = "一次统计全部指标。", "查询指标的数值"
        else:
            asked.append(OpenApiParameter("key", str, "path", required=True, description="标识"))
            groups = {"type": "array", "items": {"type": "object", "properties": GROUP}}
            shape = {**HEAD, **LINE, "previous": SIDE, "growth": TEXT, "part": NUMBER,
                     "whole": NUMBER, "groups": groups}  # fmt: skip
            words, summary = "另附上年数、变化和分组。", "读取一个指标"
        answer = {"type": "object", "properties": shape}
        return Operation(summary, {200: answer}, None, asked, words, READ_ERRORS)

    def list(self, request: Request) -> Response:
        word = self.strictly("period", "scope", "q").get("q", "")
        metrics = list(Metric.objects.all())
        if word:
            metrics = [m for m in metrics if word in m.label or word in m.definition]
        figures = selectors.evaluate(metrics, self.period, self.scope, groups=False)
        lines = [line_of(metric, figures[metric.key]) for metric in metrics]
        return Response({**self.asked_for(), "count": len(lines), "results": lines})

    def retrieve(self, request: Request, key: str) -> Response:
        self.strictly("period", "scope")
        metric, period, scope = self.metric(key), self.period, self.scope
        figure = selectors.evaluate([metric], period, scope)[key]
        before = selectors.evaluate([metric], period.previous(), scope, groups=False)[key]
        return Response(
            {
                **self.asked_for(),
                **line_of(metric, figure),
                "previous": {"value": plain(before.value), "text": before.screen},
                "growth": Growth(figure, before).screen,
                "part": plain(figure.part),
                "whole": plain(figure.whole),
                "groups": [group_of(group) for group in figure.groups],
            }
        )

    def asked_for(self) -> dict[str, Any]:
        period, scope = self.period, self.scope
        return {
            "period": {"key": period.key, "label": period.label},
            "scope": {"key": scope.key, "label": scope.label},
        }


def line_of(metric: Metric, figure: Figure) -> dict[str, Any]:
    return {
        "key": metric.key,
        "label": metric.label,
        "theme": metric.theme,
        "definition": metric.definition,
        "unit": figure.unit_of_measure,
        "value": plain(figure.value),
        "text": figure.screen,
        "is_ratio": figure.is_ratio,
        "provenance": {"code": figure.provenance.value, "label": figure.provenance.label},
        "missing": figure.missing,
        "note": figure.note,
        "link": figure.url,
        "records": records_url(figure.url),
    }


def group_of(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "label": group.label,
        "value": plain(group.value),
        "text": group.text("screen"),
        "link": group.url,
        "records": records_url(group.url),
    }


def plain(value: Value) -> str | None:
    """A value as text, so that no reader rounds it."""
    return None if value is None else f"{Decimal(value):f}"
