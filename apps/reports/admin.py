"""The maintenance entrance: reports and outlines to look at, drafting and export as actions."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import content_disposition_header

from apps.core.errors import DomainError
from apps.core.periods import Period
from apps.records.actors import Actor
from apps.records.admin import maintains
from apps.records.scope import Scope
from apps.records.years import working_year
from apps.reports.forms import AnnualForm
from apps.reports.models import Outline, Report
from apps.reports.services.drafting import annual_report, draft, new_report, save_settings
from apps.reports.services.exporting import Exported, export_report


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at; they are changed on their own pages or by a command."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return maintains(request.user, f"reports.view_{self.opts.model_name}")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return maintains(request.user, "reports.export_report")

    def has_draft_permission(self, request: HttpRequest) -> bool:
        return maintains(request.user, "reports.add_report")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports of the reader's scope; each leads to its own page."""

    list_display = ("__str__", "kind", "period_key", "unit", "status", "updated_at")
    list_filter = ("status", "kind")
    list_select_related = ("unit", "owner")
    fields = (
        "title", "kind", "period_key", "unit", "outline", "status", "drafted_at", "frozen_at",
        "frozen_digest",
    )  # fmt: skip
    actions = ("draft_annual", "export_word", "export_pdf")
    change_list_template = "admin/reports/report_list.html"

    def get_urls(self) -> list[Any]:
        own = path("annual/", self.admin_site.admin_view(self.annual), name="reports_report_annual")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """生成年度总结 needs no ticked report."""
        if request.POST.get("action") == "draft_annual":
            return HttpResponseRedirect(reverse("admin:reports_report_annual"))
        context = {"may_draft": self.has_draft_permission(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.action(description="生成年度总结", permissions=["draft"])
    def draft_annual(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:reports_report_annual"))

    def annual(self, request: HttpRequest) -> HttpResponse:
        """Asks for the year and whose report it is; the newest there is, else a new draft."""
        if not self.has_draft_permission(request):
            raise PermissionDenied
        form = AnnualForm(
            request.POST or None,
            initial={"year": working_year(request)},
            scope=Scope.of(request.user),
        )
        if form.is_valid():
            try:
                return self._drafted(request, **form.cleaned_data)
            except DomainError as error:
                form.add_error(None, error.message)
        context = {
            **self.admin_site.each_context(request),
            "title": "生成年度总结",
            "opts": self.opts,
            "form": form,
        }
        return render(request, "admin/reports/annual.html", context)

    def _drafted(self, request: HttpRequest, year: int, unit: Any) -> HttpResponse:
        last = Report.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        report = annual_report(year, by=Actor.of(request), unit=unit)
        if report.pk > last:
            self.message_user(request, f"已生成《{report}》的草稿，请通读修改。")
        else:
            text = f"已有《{report}》，没有另外生成；需要按现在的数据重写的，请在报告页重新生成。"
            self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(reverse("reports-detail", args=[report.pk]))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return Report.objects.visible_to(Scope.of(request.user)).select_related("unit", "owner")

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return reverse("reports-detail", args=[obj.pk]) if obj is not None else None

    @admin.action(description="导出 Word", permissions=["export"])
    def export_word(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return self._export(request, queryset, "word")

    @admin.action(description="导出 PDF", permissions=["export"])
    def export_pdf(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        return self._export(request, queryset, "pdf")

    def _export(
        self, request: HttpRequest, queryset: models.QuerySet, kind: str
    ) -> HttpResponse | None:
        try:
            files = [export_report(row, kind, by=Actor.of(request)) for row in queryset]
        except DomainError as error:
            self.message_user(request, error.message, messages.ERROR)
            return None
        return handed_out(files[0] if len(files) == 1 else zipped(files))


@admin.register(Outline)
class OutlineAdmin(ReadOnlyAdmin):
    """Outlines as text; 生成年度总结 drafts a report of the working year by the ticked one."""

    list_display = ("name", "kind_name", "is_active", "is_builtin", "description")
    fields = ("key", "name", "kind_name", "description", "source", "is_active")
    actions = ("draft_report",)

    @admin.display(description="报告类型", ordering="kind")
    def kind_name(self, row: Outline) -> str:
        return str(dict(Report.Kind.choices).get(row.kind, "其他"))

    @admin.action(description="按所选提纲生成年度总结", permissions=["draft"])
    def draft_report(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        if queryset.count() != 1:
            self.message_user(request, "请只选一个提纲。", messages.ERROR)
            return None
        period, by = Period.year(working_year(request)), Actor.of(request)
        try:
            report = new_report(period=period, by=by, outline=queryset.get().key)
            save_settings(report, by=by)
            draft(report, by=by)
        except DomainError as error:
            self.message_user(request, error.message, messages.ERROR)
            return None
        return HttpResponseRedirect(reverse("reports-detail", args=[report.pk]))


def zipped(files: list[Exported]) -> Exported:
    """Several files as one; of two with one name the second gets a number."""
    stream, names = io.BytesIO(), set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(files, 1):
            name = f"{number}_{file.name}" if file.name in names else file.name
            names.add(name)
            archive.writestr(name, file.data)
    return Exported("报告.zip", "application/zip", stream.getvalue())


def handed_out(file: Exported) -> HttpResponse:
    """A file as a download."""
    response = HttpResponse(file.data, content_type=file.content_type)
    header = content_disposition_header(True, file.name)
    response["Content-Disposition"] = header or "attachment"
    return response
