"""Addresses of the API: ``<app>/<model>/…``, named ``api-<app>-<model>-<action>``."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from apps.records import registry
from apps.records.api.files import FilesApi
from apps.records.api.others import CodesApi, EntranceApi, NowhereApi, SchemaApi
from apps.records.api.views import RecordApi
from apps.records.models import Record
from apps.records.registry import RecordType

LIST = {"get": "list", "post": "create"}
ONE = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}


def patterns_of(record_type: RecordType) -> list[URLPattern]:
    meta = record_type.model._meta
    base, name = f"{meta.app_label}/{meta.model_name}/", f"api-{meta.app_label}-{meta.model_name}"
    this = {"record_type": record_type}
    found = [
        path(base, RecordApi.as_view(LIST, **this), name=f"{name}-list"),
        path(f"{base}<int:pk>/", RecordApi.as_view(ONE, **this), name=f"{name}-detail"),
    ]
    if issubclass(record_type.model, Record):
        view = RecordApi.as_view({"post": "review"}, **this)
        found.append(path(f"{base}<int:pk>/review/", view, name=f"{name}-review"))
    return found


FILES = "<slug:app>/<slug:model>/<int:pk>/files/"
_ANY = dict.fromkeys(("get", "post", "put", "patch", "delete"), "nowhere")
urlpatterns: list[URLPattern] = [
    path("", EntranceApi.as_view({"get": "list"}), name="api-entrance"),
    path("schema/", SchemaApi.as_view({"get": "retrieve"}), name="api-schema"),
    path("codes/<slug:table>/", CodesApi.as_view({"get": "retrieve"}), name="api-codes"),
]
urlpatterns += [p for record_type in registry.types() for p in patterns_of(record_type)]
urlpatterns += [
    path(FILES, FilesApi.as_view({"get": "list", "post": "create"}), name="api-files"),
    path(
        f"{FILES}<int:file>/",
        FilesApi.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api-file",
    ),
]
urlpatterns.append(re_path(r"^(?P<rest>.*)$", NowhereApi.as_view(_ANY)))
