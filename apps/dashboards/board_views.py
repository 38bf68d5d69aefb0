"""The leaders' dashboard, by year and by unit or town."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from apps.core.keys import parse_key
from apps.dashboards.board import Board, board
from apps.dashboards.remembering import counted
from apps.metrics import charts
from apps.metrics.charts import Chart
from apps.organizations import selectors as organizations
from apps.records.actors import Actor
from apps.records.errors import FilterError
from apps.records.history import log_change
from apps.records.models import ChangeLog
from apps.records.scope import Scope
from apps.records.views.base import DomainErrorMixin, SignedInMixin
from apps.records.years import working_year

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Offer:
    """Choices under one heading."""

    label: str
    options: list[tuple[str, str]]


def offered(choices: organizations.Places) -> list[Offer]:
    """Towns and units to choose from, where there is a choice."""
    groups = (("镇街", "town", choices.towns), ("单位", "unit", choices.units))
    return [
        Offer(label, [(f"{kind}.{key}", place.label) for key, place in options.items()])
        for label, kind, options in groups
        if len(options) > 1
    ]


class BoardView(SignedInMixin, DomainErrorMixin, View):
    """``unit=`` or ``town=`` narrows the reader's own scope; ``chart=`` gives one as Excel."""

    def permission(self) -> str:
        return "metrics.view_metric"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        whole = Scope.of(request.user)
        choices = organizations.places(whole)
        scope = self.chosen(whole, choices)
        found = counted(board, working_year(request), scope, timezone.localdate())
        shown = found.shown
        if "chart" in request.GET:
            return self.excel(shown)
        return render(
            request,
            "dashboards/board.html",
            {
                "board": shown,
                "structure": [self.with_excel(chart) for chart in shown.structure],
                "spread": [self.with_excel(chart) for chart in shown.spread],
                "choices": offered(choices),
                "chosen": request.GET.get("place", ""),
                "place": scope.label or "全区",
                "counted_at": found.at,
            },
        )

    def chosen(self, whole: Scope, choices: organizations.Places) -> Scope:
        """The scope of the place asked for; FilterError when it is none of those offered."""
        asked = self.request.GET.get("place", "")
        if not asked:
            return whole
        kind, _, key = asked.partition(".")
        number = parse_key(key)
        options = {"unit": choices.units, "town": choices.towns}.get(kind, {})
        if number is None or number not in options:
            raise FilterError("没有这个单位或镇街，或不在您的权限范围内，请从列表中重新选择。")
        found = options[number]
        both = whole & Scope(found.paths, found.label)
        return Scope(both.paths, found.label)

    def with_excel(self, chart: Chart) -> Chart:
        params = {"chart": chart.key}
        if self.request.GET.get("place"):
            params["place"] = self.request.GET["place"]
        return replace(chart, excel_url=f"{reverse('dashboards-board')}?{urlencode(params)}")

    def excel(self, shown: Board) -> HttpResponse:
        chart = next((c for c in shown.charts if c.key == self.request.GET["chart"]), None)
        if chart is None:
            raise Http404("没有这张图，请从领导看板重新进入。")
        facts = [shown.period.label, f"范围：{shown.scope.label or '全区'}"]
        log_change(
            ChangeLog.Action.EXPORT,
            by=Actor.of(self.request),
            record_type="metrics.Metric",
            object_text=f"领导看板《{chart.title}》",
            changes={"filter": ["", "；".join(facts)]},
        )
        response = HttpResponse(charts.workbook(chart, facts), content_type=EXCEL)
        name = quote(f"{shown.period.label}{chart.title}.xlsx")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return response
