"""A report's figures: where one comes from, override, recount, and the picker of the editor."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from apps.core.errors import DomainError
from apps.core.keys import parse_key
from apps.core.periods import Period
from apps.metrics.models import Metric
from apps.reports.models import Report, ReportFigure
from apps.reports.selectors.picking import choices, find, themes
from apps.reports.services import figures, life
from apps.reports.views.base import ReportView
from apps.reports.views.editing import EditView


def figure_of(report: Report, node: int) -> ReportFigure:
    found = report.figures.select_related("overridden_by").filter(node=node).first()
    if found is None:
        raise Http404
    found.report = report
    return found


class FigureView(ReportView):
    """Where a figure comes from: metric, definition, period, scope, when it was taken."""

    def get(self, request: HttpRequest, pk: int, node: int) -> HttpResponse:
        report = self.report(pk)
        return self.panel(report, figure_of(report, node))

    def panel(self, report: Report, figure: ReportFigure, fault: str = "") -> HttpResponse:
        may_change = report.is_editable and self.may()["change"]
        template = "_figure.html" if self.is_fragment else "figure.html"
        return self.render(
            template, report=report, figure=figure, fault=fault, editable=may_change,
            period=Period.parse(figure.period_key).label,
            typed=self.request.POST,
        )  # fmt: skip


class OverrideView(EditView):
    """Print something else, with a reason; or what was counted again."""

    def post(self, request: HttpRequest, pk: int, node: int) -> HttpResponse:
        report = self.report(pk)
        figure = figure_of(report, node)
        if "clear" in request.POST:
            figures.clear_override(figure, by=self.actor)
            return self.done(report)
        text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
        try:
            figures.override_figure(figure, text, reason, by=self.actor)
        except DomainError as error:
            view = FigureView()
            view.setup(request)
            return view.panel(report, figure_of(report, node), error.message)
        return self.done(report)


class RecountView(ReportView):
    """Every figure counted again beside what stands in the report; of a final one the seal too."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        check = life.check_final(report) if report.is_final else None
        drifts = check.drifts if check else figures.recount(report)
        return self.render(
            "recount.html",
            report=report,
            check=check,
            drifts=drifts,
            total=report.figures.count(),
            editable=report.is_editable and self.may()["change"],
        )


class AdoptView(EditView):
    """Take over the new counts that were ticked."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        asked = map(parse_key, request.POST.getlist("node"))
        nodes = {node for node in asked if node is not None}
        if not nodes:
            raise DomainError("没有选择要更新的数字，请勾选后再试。")
        changed = figures.adopt_counts(report, by=self.actor, nodes=nodes)
        messages.success(request, f"已更新 {changed} 个数字。")
        return self.go("reports-detail", report.pk)


class PickerView(EditView):
    """插入数字: metrics by word and theme, with their values for this report."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        words, theme = request.GET.get("q", "").strip(), request.GET.get("theme", "")
        found, more = find(report, words, theme)
        template = "_picker_list.html" if "list" in request.GET else "_picker.html"
        return self.render(
            template, report=report, figures=found, more=more, themes=themes(), words=words,
            theme=theme,
        )  # fmt: skip


class PickerFormsView(EditView):
    """The forms of one metric, each as it would read."""

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        report = self.report(pk)
        metric = Metric.objects.filter(key=key).first()
        if metric is None:
            raise Http404
        found = choices(report, metric)
        return self.render("_picker_forms.html", report=report, metric=metric, choices=found)
