"""State, settings, copy and drafting anew."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from apps.reports.forms import SettingsForm
from apps.reports.models import Report
from apps.reports.services import drafting, life
from apps.reports.views.base import ReportView, number


class StatusView(ReportView):
    """Move a report on or back, as of the version that was shown."""

    needs = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        status = request.POST.get("status", "")
        if status == Report.Status.FINAL and not self.may()["finalise"]:
            raise PermissionDenied
        report.version = number(request, "version", report.version)
        life.change_status(
            report, status, by=self.actor, reason=request.POST.get("reason", "").strip()
        )
        messages.success(request, f"《{report}》已改为“{report.get_status_display()}”。")
        return self.go("reports-detail", report.pk)


class SettingsView(ReportView):
    """Title, addressee, signature and day of a draft."""

    needs = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        form = SettingsForm(instance=report, switches=False)
        return self.render("settings.html", report=report, form=form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        form = SettingsForm(request.POST, instance=report, switches=False)
        if not form.is_valid():
            return self.render("settings.html", report=report, form=form)
        drafting.save_settings(form.apply(), by=self.actor)
        messages.success(request, "已保存。")
        return self.go("reports-detail", report.pk)


class RedraftView(ReportView):
    """Draft anew from the records of now: the page says what will be lost."""

    needs = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        typed = report.blocks.filter(version__gt=1).count()
        typed += report.blocks.filter(origin="typed", version=1).count()
        overrides = report.figures.exclude(override="").count()
        return self.render("redraft.html", report=report, typed=typed, overrides=overrides)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = drafting.draft(self.report(pk), by=self.actor)
        messages.success(request, "已按现有记录重新生成。")
        return self.go("reports-detail", report.pk)


class CopyView(ReportView):
    """A new draft with the same text and figures."""

    needs = "add"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        copy = life.copy_report(self.report(pk), by=self.actor)
        messages.success(request, "已复制为新稿，可以继续修改。")
        return self.go("reports-detail", copy.pk)
