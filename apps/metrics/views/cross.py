"""Cross tables: those that are kept, a free one put together on the page, Excel."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.metrics import wording
from apps.metrics.compiling import clean_params
from apps.metrics.cross import SHARES, Definition, Table, as_shares, tabulate
from apps.metrics.cross.pictures import chart_of, workbook
from apps.metrics.crossforms import BuildForm, SaveForm
from apps.metrics.errors import BrokenMetric
from apps.metrics.lenses import filters_behind
from apps.metrics.models import CrossTable
from apps.metrics.views.base import MetricView
from apps.metrics.views.forms import NOT_FILTERS
from apps.records import lenses, registry
from apps.records.actors import Actor
from apps.records.errors import FilterError
from apps.records.history import log_change
from apps.records.models import ChangeLog
from apps.records.registry import RecordType

OWN = {"rows", "columns", "measure", "rule", "chart", "show", "excel"}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CrossView(MetricView):
    """What the pages share: one definition, counted for the period and scope of the address."""

    def permission(self) -> str:
        return f"metrics.{self.needs}_crosstable"

    def may_read(self, label: str) -> RecordType:
        """The record type a table counts, if its reader may see such records."""
        known = {record_type.label: record_type for record_type in registry.types()}
        if label not in known:
            raise FilterError("没有这种记录，请从记录列表点“交叉表”进入。")
        if not self.request.user.has_perm(known[label].permission("view")):
            raise PermissionDenied
        return known[label]

    @property
    def show(self) -> str:
        """Figures or shares."""
        asked = self.request.GET.get("show", "")
        return asked if asked in SHARES else ""

    def counted(self, definition: Definition, unit: str) -> Table:
        raw = json.dumps(definition.as_json(), ensure_ascii=False, separators=(",", ":"))
        table = tabulate(
            definition, self.period, self.scope, unit_of_measure=unit, address={"cross": raw}
        )
        return as_shares(table, self.show) if self.show else table

    def facts(self, definition: Definition, table: Table) -> list[str]:
        record_type = registry.get(definition.record_type)
        said = wording.conditions(
            record_type, clean_params(record_type, definition.filter), self.scope
        )
        found = [
            f"{self.period.label}",
            f"范围：{self.scope.label}",
            f"统计对象：{record_type.name}",
        ]
        if said:
            found.append(f"条件：{said}")
        return [*found, f"单位：{table.unit_of_measure}"] if table.unit_of_measure else found

    def excel(self, definition: Definition, table: Table, title: str) -> HttpResponse:
        facts = self.facts(definition, table)
        log_change(
            ChangeLog.Action.EXPORT,
            by=Actor.of(self.request),
            record_type=definition.record_type,
            object_text=f"交叉表《{title}》",
            changes={"filter": ["", "；".join(facts)[:500]]},
        )
        response = HttpResponse(workbook(table, title, facts), content_type=EXCEL)
        name = quote(f"{title}（{self.period.label}）.xlsx")
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return response

    def address(self, **more: str) -> str:
        params = self.request.GET.copy()
        for name, value in more.items():
            params[name] = value
            if not value:
                del params[name]
        return f"{self.request.path}?{params.urlencode()}"

    def shows(self) -> list[tuple[str, str, bool]]:
        """The ways to show the figures: label, address, whether it is the one shown."""
        ways = {"": "数量", **SHARES}
        return [(label, self.address(show=way), way == self.show) for way, label in ways.items()]


class ListView(CrossView):
    """The tables that are kept, by theme."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tables = list(CrossTable.objects.all())
        themes: dict[str, list[CrossTable]] = {}
        for table in tables:
            themes.setdefault(table.theme or "其他", []).append(table)
        user = request.user
        types = [
            (t.label, t.name)
            for t in registry.types()
            if t.period and user.has_perm(t.permission("view"))
        ]
        return self.render("metrics/cross_list.html", themes=themes, types=types)


class ShowView(CrossView):
    """One table that is kept."""

    def get(self, request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        kept = CrossTable.objects.filter(key=key).first()
        if kept is None:
            raise Http404("没有这张交叉表，可能已删除。")
        try:
            definition = Definition.parse(kept.definition)
            self.may_read(definition.record_type)
            table = self.counted(definition, kept.unit_of_measure)
        except BrokenMetric as error:
            return self.render(
                "metrics/cross.html", kept=kept, fault=error.message, period=self.period
            )
        if "excel" in request.GET:
            return self.excel(definition, table, kept.title)
        record_type = registry.of(CrossTable)
        may = {a: request.user.has_perm(record_type.permission(a)) for a in ("change", "delete")}
        return self.render(
            "metrics/cross.html",
            kept=kept,
            title=kept.title,
            table=table,
            facts=self.facts(definition, table),
            shows=self.shows(),
            chart=None if self.show else chart_of(table, kept.title, kept.chart, key="chart"),
            excel_url=self.address(excel="1"),
            period=self.period,
            urls={a: record_type.url(a, kept.pk) for a in ("edit", "delete", "history")},
            may_table=may,
        )


class BuildView(CrossView):
    """``from=talents.Person&rows=…&columns=…`` with the filters of a list: count, look, keep."""

    @cached_property
    def record_type(self) -> RecordType:
        return self.may_read(self.request.GET.get("from", ""))

    @cached_property
    def given(self) -> dict[str, list[str]]:
        """The filters of the address, and those of the figure whose list it comes from."""
        own = set(lenses.parameters("cross")) | set(lenses.parameters("metric"))
        own |= NOT_FILTERS | OWN
        found = {
            name: kept
            for name, values in self.request.GET.lists()
            if name not in own and (kept := [value for value in values if value.strip()])
        }
        if shown := self.request.GET.get("metric"):
            found = {**filters_behind(self.metric(shown), self.record_type), **found}
        try:
            given = clean_params(self.record_type, found)
            wording.conditions(self.record_type, given, self.scope)  # refuses what is no filter
        except BrokenMetric as error:
            raise FilterError(error.message) from None
        return given

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("metrics.add_crosstable"):
            raise PermissionDenied
        form, table = self.built()
        save = SaveForm(request.POST)
        if table is None or not save.is_valid():
            return self.page(save)
        kept: CrossTable = save.instance
        kept.definition = form.definition().as_json()
        kept.unit_of_measure = form.unit_of_measure
        kept.chart = form.cleaned_data["chart"] or CrossTable.Chart.NONE
        try:
            registry.of(CrossTable).save(kept, by=Actor.of(request))
        except ValidationError as error:
            save.add_error(None, error)
            return self.page(save)
        messages.success(request, f"已保存交叉表“{kept.title}”。")
        return HttpResponseRedirect(reverse("metrics-cross-show", args=[kept.key]))

    def built(self) -> tuple[BuildForm, Table | None]:
        """The form, and the table once rows are chosen and it can be counted."""
        chosen = self.request.GET if "rows" in self.request.GET else None
        form = BuildForm(chosen, record_type=self.record_type, given=self.given)
        if chosen is None or not form.is_valid():
            return form, None
        try:
            return form, self.counted(form.definition(), form.unit_of_measure)
        except BrokenMetric as error:
            form.add_error(None, error.message)
            return form, None

    def page(self, save: SaveForm | None = None) -> HttpResponse:
        form, table = self.built()
        more: dict[str, Any] = {}
        if table is not None:
            title = f"{self.record_type.name}交叉表"
            if "excel" in self.request.GET:
                return self.excel(form.definition(), table, title)
            picture = form.cleaned_data["chart"] or CrossTable.Chart.NONE
            more = {
                "table": table,
                "facts": self.facts(form.definition(), table),
                "shows": self.shows(),
                "chart": None if self.show else chart_of(table, title, picture, key="chart"),
                "excel_url": self.address(excel="1"),
                "save": save or SaveForm(),
            }
        hidden = [("from", self.record_type.label)]
        hidden += [(name, value) for name, values in self.given.items() for value in values]
        hidden += [(n, self.request.GET[n]) for n in ("period", "scope") if self.request.GET.get(n)]
        return self.render(
            "metrics/cross_build.html",
            form=form,
            counted=self.record_type,
            hidden=hidden,
            conditions=wording.conditions(self.record_type, self.given, self.scope),
            list_url=f"{self.record_type.url('list')}?{urlencode(self.given, True)}",
            period=self.period,
            **more,
        )
