"""生成报告 in three steps; each is stored, so that it can be left and taken up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from apps.records.years import working_year
from apps.reports.forms import SettingsForm, StartForm
from apps.reports.models import Report
from apps.reports.selectors.gathering import overview
from apps.reports.services import drafting
from apps.reports.services.removing import delete_report
from apps.reports.views.base import ReportView

STEPS = ("时段和范围", "标题和写法", "核对数据", "生成报告")


class WizardView(ReportView):
    """What the steps share."""

    needs = "add"

    def preparing(self, pk: int) -> Report:
        return self.report(pk)

    def step(self, number: int, template: str, **context: Any) -> HttpResponse:
        steps = [
            (name, "done" if n < number else "current" if n == number else "")
            for n, name in enumerate(STEPS, 1)
        ]
        return self.render(template, steps=steps, number=number, **context)


class StartView(WizardView):
    """Step 1 for a new report."""

    def form(self, data: Any = None, report: Report | None = None) -> StartForm:
        if report is not None:
            key = report.period_key
            initial = {
                "year": key[:4], "part": key[4:], "unit": report.unit_id,
                "outline": report.outline_id, "kind": report.kind,
            }  # fmt: skip
        else:
            initial = {"year": working_year(self.request), "kind": Report.Kind.SUMMARY}
            if not self.scope.is_everything:
                initial["unit"] = getattr(self.request.user, "unit_id", None)
        return StartForm(data, initial=initial, scope=self.scope)

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        report = self.preparing(pk) if pk else None
        return self.step(1, "wizard_start.html", form=self.form(report=report), report=report)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        report = self.preparing(pk) if pk else None
        form = self.form(request.POST, report)
        if not form.is_valid():
            return self.step(1, "wizard_start.html", form=form, report=report)
        fresh = drafting.new_report(
            period=form.period(),
            by=self.actor,
            unit=form.cleaned_data["unit"],
            kind=form.cleaned_data["kind"],
            outline=form.cleaned_data["outline"].key,
        )
        if report is None:
            report = fresh
        elif report.status == Report.Status.PREPARING:
            report = drafting.restart(report, fresh)
        report.step = 2
        drafting.save_settings(report, by=self.actor)
        return self.go("reports-prepare", report.pk, 2)


class PrepareView(StartView):
    """Steps 1 to 3 of a report that is being prepared."""

    def get(self, request: HttpRequest, pk: int | None = None, step: int = 1) -> HttpResponse:
        report = self.preparing(pk or 0)
        if report.status != Report.Status.PREPARING:
            return self.go("reports-detail", report.pk)
        if step == 1:
            return super().get(request, pk)
        if step == 2:
            return self.step(
                2, "wizard_settings.html", form=SettingsForm(instance=report), report=report
            )
        return self.step(3, "wizard_check.html", report=report, overview=overview(report))

    def post(self, request: HttpRequest, pk: int | None = None, step: int = 1) -> HttpResponse:
        report = self.preparing(pk or 0)
        if report.status != Report.Status.PREPARING:
            return self.go("reports-detail", report.pk)
        if step == 1:
            return super().post(request, pk)
        if step == 2:
            form = SettingsForm(request.POST, instance=report)
            if not form.is_valid():
                return self.step(2, "wizard_settings.html", form=form, report=report)
            report = form.apply()
            report.step = 3
            drafting.save_settings(report, by=self.actor)
            return self.go("reports-prepare", report.pk, 3)
        drafting.draft(report, by=self.actor)
        messages.success(request, f"已生成《{report}》，请通读修改。")
        return self.go("reports-detail", report.pk)


class DiscardView(ReportView):
    """Delete a report that is being prepared or drafted."""

    needs = "delete"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render("delete.html", report=self.report(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        title = str(report)
        delete_report(report, by=self.actor)
        messages.success(request, f"已删除《{title}》。")
        return self.go("reports-list")
