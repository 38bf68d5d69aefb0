"""Addresses of record types: ``<app>/<model>/…``, named ``<app>-<model>-<action>``."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, path

from apps.records import registry
from apps.records.registry import RecordType
from apps.records.views import apidocs, imports
from apps.records.views.base import RecordView
from apps.records.views.memory import ImportMemoryView
from apps.records.views.search import SearchView
from apps.records.views.waiting import MineView, QueueView
from apps.records.views.years import choose_year

# action → (rest of the address, module of apps.records.views, class). A page whose module is not
# there is left out.
VIEWS: dict[str, tuple[str, str, str]] = {
    "list": ("", "lists", "ListView"),
    "export": ("export/", "exports", "ExportView"),
    "layout": ("layout/", "layouts", "LayoutView"),
    "bulk": ("bulk/", "bulk", "BulkView"),
    "filters": ("filters/", "saved", "SavedFiltersView"),
    "filter": ("filters/<int:pk>/", "saved", "SavedFilterView"),
    "autocomplete": ("autocomplete/", "autocomplete", "AutocompleteView"),
    "new": ("new/", "forms", "CreateView"),
    "import": ("import/", "imports", "ImportView"),
    "template": ("import/template/", "imports", "TemplateView"),
    "detail": ("<int:pk>/", "detail", "DetailView"),
    "edit": ("<int:pk>/edit/", "forms", "UpdateView"),
    "check": ("check/", "forms", "CheckView"),
    "delete": ("<int:pk>/delete/", "deletion", "DeleteView"),
    "history": ("<int:pk>/history/", "history", "HistoryView"),
    "reveal": ("<int:pk>/reveal/", "detail", "RevealView"),
    "review": ("<int:pk>/review/", "detail", "ReviewView"),
    "attach": ("<int:pk>/attachments/", "attachments", "AttachView"),
    "attachment": ("<int:pk>/attachments/<int:file>/", "attachments", "AttachmentView"),
    "detach": ("<int:pk>/attachments/<int:file>/delete/", "attachments", "DetachView"),
    "photo": ("<int:pk>/photo/", "attachments", "PhotoView"),
}


def _views() -> dict[str, tuple[str, type[RecordView]]]:
    found = {}
    for action, (route, module, name) in VIEWS.items():
        full = f"apps.records.views.{module}"
        view = getattr(import_module(full), name, None) if find_spec(full) else None
        if view is not None:
            found[action] = (route, view)
    return found


def patterns_of(
    record_type: RecordType, views: dict[str, tuple[str, type[RecordView]]]
) -> list[URLPattern]:
    """The pages of one record type."""
    meta = record_type.model._meta
    return [
        path(
            f"{meta.app_label}/{meta.model_name}/{route}",
            view.as_view(record_type=record_type, action=action),
            name=f"{meta.app_label}-{meta.model_name}-{action}",
        )
        for action, (route, view) in views.items()
    ]


_found = _views()
urlpatterns = [
    path("year/", choose_year, name="records-year"),
    path("search/", SearchView.as_view(), name="records-search"),
    path("api-docs/", apidocs.DocsView.as_view(), name="api-docs"),
    path("api-docs/<slug:app>/<slug:model>/", apidocs.TypeView.as_view(), name="api-docs-type"),
    path("review/", QueueView.as_view(), name="review"),
    path("review/mine/", MineView.as_view(), name="review-mine"),
]
urlpatterns += [
    path("import/", imports.WorkbookImportView.as_view(), name="import"),
    path("import/memory/", ImportMemoryView.as_view(), name="import-memory"),
    path("import/<int:pk>/", imports.ImportBatchView.as_view(), name="import-batch"),
    path("import/<int:pk>/confirm/", imports.ImportConfirmView.as_view(), name="import-confirm"),
    path("import/<int:pk>/undo/", imports.ImportUndoView.as_view(), name="import-undo"),
    path("import/<int:pk>/discard/", imports.ImportDiscardView.as_view(), name="import-discard"),
    path("import/<int:pk>/faulty/", imports.ImportFaultyView.as_view(), name="import-faulty"),
]
urlpatterns += [p for record_type in registry.types() for p in patterns_of(record_type, _found)]
