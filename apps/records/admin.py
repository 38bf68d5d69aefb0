"""The maintenance entrance: every record type in Django admin, under the rules of its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.columns import Column
from apps.records.exporting import export
from apps.records.forms import HIDDEN, RecordForm, form_class
from apps.records.listing import Listing
from apps.records.registry import RecordType
from apps.records.scope import Scope
from apps.records.views.exports import LONGEST, OWED, TYPE


def maintains(user: Any, permission: str) -> bool:
    """Whether a grant that allows maintenance gives a permission; no other grant counts here."""
    held = getattr(user, "roles", [])
    return any(grant.maintains and permission in grant.permissions for grant in held)


class RecordAdmin(admin.ModelAdmin):
    """One record type. Rows, masks, checks and log are those of ``RecordType``."""

    record_type: RecordType
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = ""
    actions = ("export_records",)

    # -- who may do what -------------------------------------------------------------------------

    def _may(self, request: HttpRequest, action: str) -> bool:
        return maintains(request.user, self.record_type.permission(action))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view") or self._may(request, "change")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # -- reading -----------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = self.record_type.queryset(Scope.of(request.user))
        return rows.select_related(*self.record_type.references(self.model))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [_cell(self.record_type.column(name)) for name in self.record_type.columns]

    def get_list_filter(self, request: HttpRequest) -> Any:
        plain = (f for f in self.model._meta.concrete_fields if f.choices)
        return [f.name for f in plain if f.name == "state" or f.name in self.record_type.fields]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return self.record_type.search_paths

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        paths = self.record_type.search_paths
        for word in search_term.lower().split() if paths else ():
            either = ((f"{path}__contains", word) for path in paths)
            queryset = queryset.filter(models.Q(*either, _connector=models.Q.OR))
        return queryset, False

    # -- writing -----------------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[RecordForm]:
        base = form_class(self.record_type)
        return type("AdminForm", (base,), {"actor": Actor.of(request), "refuses_stale": True})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        shown = {*self.get_form(request, obj).base_fields, *self.record_type.extras.names}
        sections = [*self.record_type.all_sections, ("其他", ["owner", "remarks"])]
        sets = [(head, {"fields": [n for n in ns if n in shown]}) for head, ns in sections]
        if obj is not None and self.has_change_permission(request, obj):
            sets[-1][1]["fields"] += HIDDEN  # without a row of their own
        return sets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.record_type.save(obj, by=Actor.of(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: related records are records of their own."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.record_type.delete(obj, by=Actor.of(request))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self.record_type.delete_many(list(queryset), by=Actor.of(request))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._told(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._told(request, super().delete_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._told(request, super().changelist_view, *args, **kwargs)

    def _told(self, request: HttpRequest, view: Callable[..., Any], *args: Any, **kw: Any) -> Any:
        """A broken rule is said on the page one came from, not as a fault of the server."""
        try:
            return view(request, *args, **kw)
        except (DomainError, ValidationError) as error:
            texts = [error.message] if isinstance(error, DomainError) else error.messages
            for text in texts:
                messages.error(request, text)
            return HttpResponseRedirect(request.get_full_path())

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "export")

    @admin.action(description="导出", permissions=["export"])
    def export_records(self, request: HttpRequest, queryset: models.QuerySet) -> Any:
        """The workbook of the list page, of the ticked rows; first it asks what for."""
        listing = _Chosen(request, self.record_type, queryset)
        given = request.POST
        fields = "all" if given.get("fields") == "all" else ""
        purpose = " ".join(given.get("purpose", "").split())[:LONGEST]
        owed = self.record_type.is_personal and not purpose
        if "confirmed" in given and not owed:
            done = export(listing, everything=bool(fields), by=Actor.of(request), purpose=purpose)
            name = f"{self.record_type.name}_{timezone.localtime():%Y%m%d_%H%M}.xlsx"
            return FileResponse(done.file, as_attachment=True, filename=name, content_type=TYPE)
        context = {
            **self.admin_site.each_context(request),
            "title": f"导出{self.record_type.name}",
            "opts": self.opts,
            "record_type": self.record_type,
            "keys": given.getlist("_selected_action"),
            "across": given.get("select_across", "0"),
            "count_text": f"{listing.totals.count:,}",
            "column_count": len(listing.columns),
            "fields": fields,
            "fault": OWED if "confirmed" in given else "",
            "list_url": request.get_full_path(),
        }
        return render(request, "admin/records/export.html", context)

    # -- the log is ours ---------------------------------------------------------------------------

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """ChangeLog has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """ChangeLog has it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """ChangeLog has it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The readable history of the record's own page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if self.get_object(request, object_id) is None:
            raise Http404
        return HttpResponseRedirect(self.record_type.url("history", object_id))

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return self.record_type.url("detail", obj.pk) if obj is not None else None


class _Chosen(Listing):
    """The ticked rows as the list page would show them: its columns, its order, its scope."""

    def __init__(
        self, request: HttpRequest, record_type: RecordType, chosen: models.QuerySet
    ) -> None:
        super().__init__(request, record_type, query="")
        self.chosen = chosen

    def conditions(self) -> models.QuerySet:
        return super().conditions().filter(pk__in=self.chosen.order_by().values("pk"))

    def describe(self) -> str:
        return "在维护入口勾选"


def _cell(column: Column) -> Callable[[Any], str]:
    def cell(row: Any) -> str:
        return column.text(row)

    cell.__name__ = column.name
    cell.short_description = column.label  # type: ignore[attr-defined]
    if column.sort:
        cell.admin_order_field = column.sort  # type: ignore[attr-defined]
    return cell


def register_all() -> None:
    """One page in the admin per record type."""
    for record_type in registry.types():
        name = f"{record_type.model.__name__}Admin"
        made = type(name, (RecordAdmin,), {"record_type": record_type})
        admin.site.register(record_type.model, made)


register_all()
