"""List, draft, print view, export, history: the pages on which nothing is typed."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe

from apps.records.models import ChangeLog
from apps.reports.document.css import screen_css
from apps.reports.document.html import body_html
from apps.reports.models import Report
from apps.reports.selectors.building import build_document
from apps.reports.selectors.showing import page_of
from apps.reports.selectors.telling import tell_report
from apps.reports.services.exporting import export_report
from apps.reports.services.life import STEPS
from apps.reports.views.base import ReportView

PAGE = 20


class ListView(ReportView):
    """All reports the reader may see, the latest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = self.rows().select_related("updated_by")
        year, status = request.GET.get("year", ""), request.GET.get("status", "")
        if year.isascii() and year.isdigit():
            rows = rows.filter(period_key__startswith=year)
        if status in Report.Status.values:
            rows = rows.filter(status=status)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        keys = self.rows().order_by().values_list("period_key", flat=True).distinct()
        return self.render(
            "list.html",
            page=page,
            year=year,
            chosen=status,
            years=sorted({key[:4] for key in keys}, reverse=True),
            statuses=Report.Status.choices,
        )


class DocumentView(ReportView):
    """Shows the draft as it will print, with its figures, what is missing, and what may be done."""

    def show(self, report: Report, template: str, at: int = 0) -> HttpResponse:
        """The page of a report, or its changing part."""
        may = self.may()
        steps = [
            (status, label)
            for status, label in STEPS.get(report.status, ())
            if status != Report.Status.FINAL or may["finalise"]
        ]
        return self.render(
            template,
            report=report,
            page=page_of(report),
            steps=steps,
            at=at,
            editable=report.is_editable and may["change"],
        )


class DetailView(DocumentView):
    """The page of a report; of one that is being prepared, its wizard."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        if report.status == Report.Status.PREPARING:
            return self.go("reports-prepare", report.pk, report.step)
        return self.show(report, "_body.html" if self.is_fragment else "detail.html")


class PrintView(ReportView):
    """Only the document, for the browser's own printing."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        document = build_document(report)
        body = mark_safe(body_html(document, for_screen=True))  # noqa: S308 -- escaped there
        return self.render("print.html", report=report, body=body)


class ExportView(ReportView):
    """The report as a file. By POST, because it stands in the log."""

    needs = "export"

    def post(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        exported = export_report(self.report(pk), kind, by=self.actor)
        response = HttpResponse(exported.data, content_type=exported.content_type)
        response["Content-Disposition"] = content_disposition_header(True, exported.name) or ""
        return response


class HistoryView(ReportView):
    """What was done to a report, a sentence a change."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        lines = ChangeLog.objects.filter(record_type=Report._meta.label, object_id=pk)
        page = Paginator(lines.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
        told = tell_report(page.object_list)
        return self.render("history.html", report=report, page=page, sentences=told)


def screen_style(request: HttpRequest) -> HttpResponse:
    """The style sheet of the document on screen, made by the renderer; the same for everybody."""
    response = HttpResponse(screen_css(), content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=3600)
    return response
