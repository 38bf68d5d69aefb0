"""常用筛选: lists kept under a name, opened, renamed, shared and deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from apps.core.errors import DomainError
from apps.records import saved
from apps.records.errors import FilterError
from apps.records.formfields import too_long
from apps.records.listing import Listing
from apps.records.models import SavedFilter
from apps.records.rendering import RENDERER
from apps.records.views.base import RecordView
from apps.records.views.crumbs import crumbs


class SaveForm(forms.Form):
    """Under which name, for whom."""

    default_renderer = RENDERER
    use_required_attribute = False

    name = forms.CharField(
        label="名称", max_length=saved.LONGEST,
        error_messages={"required": "请填写名称。", "max_length": too_long(saved.LONGEST)},
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    with_columns = forms.BooleanField(
        label="连同现在的列", required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    is_shared = forms.BooleanField(
        label="共享给其他用户", required=False, help_text="各人打开时只看到自己权限范围内的记录",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    replace = forms.BooleanField(
        label="替换原来的", required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip


class SavedFiltersView(RecordView):
    """``filters/``: all that the reader may open; POST keeps the list of ``query``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = saved.visible(request.user, self.record_type)
        listing = Listing(request, self.record_type, query="")
        lines = [
            (entry, saved.in_words(entry.saved, request, self.record_type), self.may(entry))
            for entry in saved.entries(listing, rows)
        ]
        return self.render("records/saved.html", lines=lines, **crumbs(self.record_type))

    def may(self, entry: saved.Entry) -> bool:
        return saved.may_delete(entry.saved, self.request.user)

    def post(self, request: HttpRequest) -> HttpResponse:
        listing = Listing(request, self.record_type, query=request.POST.get("query", ""))
        saved.check(listing)
        form = SaveForm(request.POST, label_suffix="")
        if form.is_valid():
            try:
                kept = self.keep(listing, form.cleaned_data)
            except FilterError:
                raise
            except DomainError as error:
                form.add_error("name", error.message)
            else:
                messages.success(request, f"已保存常用筛选“{kept}”。")
                query = saved.query_of(kept, self.record_type)
                return HttpResponseRedirect(f"{listing.base_url}?{query}")
        context: dict[str, Any] = {"form": form, "query": listing.query()}
        context |= {"back_url": listing.url(), **crumbs(self.record_type)}
        return self.render("records/saved_form.html", **context)

    def keep(self, listing: Listing, data: dict[str, Any]) -> SavedFilter:
        try:
            with transaction.atomic():
                return saved.keep(listing, **data)
        except IntegrityError:
            raise DomainError("刚刚保存了同名的常用筛选，请换一个名称。") from None


class SavedFilterView(RecordView):
    """``filters/<pk>/``: opens the list; POST renames, shares or deletes it."""

    def found(self, pk: int) -> SavedFilter:
        row = saved.visible(self.request.user, self.record_type).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.found(pk)
        fault = saved.fault_of(row, request, self.record_type)
        if not fault:
            query = saved.query_of(row, self.record_type)
            return HttpResponseRedirect(f"{self.record_type.url('list')}?{query}")
        context = {
            "saved": row,
            "fault": fault,
            "may_delete": saved.may_delete(row, request.user),
            "url": self.record_type.url("filter", pk),
            "all_url": self.record_type.url("filters"),
            **crumbs(self.record_type),
        }
        return self.render("records/saved_fault.html", 400, **context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.found(pk)
        if "delete" in request.POST:
            if not saved.may_delete(row, request.user):
                raise PermissionDenied
            row.delete()
            messages.success(request, f"已删除常用筛选“{row}”。")
        else:
            self.change(row)
        return HttpResponseRedirect(self.record_type.url("filters"))

    def change(self, row: SavedFilter) -> None:
        """Another name, shared or not: one's own only."""
        if row.user_id != self.actor.user.pk:
            raise PermissionDenied
        name = " ".join(self.request.POST.get("name", "").split())
        try:
            saved.check_name(name)
            with transaction.atomic():
                row.name, row.is_shared = name, "is_shared" in self.request.POST
                row.save(update_fields=["name", "is_shared"])
        except IntegrityError:
            messages.error(self.request, f"您已有名为“{name}”的常用筛选，请换一个名称。")
        except DomainError as error:
            messages.error(self.request, error.message)
        else:
            messages.success(self.request, f"已改为“{name}”。")
