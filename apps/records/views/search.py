"""The search box of the top bar: every kind of record that has a name, at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.generic import View

from apps.core.errors import DomainError
from apps.records import finding, registry
from apps.records.errors import FilterError
from apps.records.registry import RecordType
from apps.records.scope import Scope
from apps.records.views.base import DomainErrorMixin, SignedInMixin

MOST = 5
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Hit:
    name: str
    facts: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """What one record type has found; ``more`` leads to its list when there are further ones."""

    record_type: RecordType
    hits: list[Hit]
    more: str


class SearchView(SignedInMixin, DomainErrorMixin, View):
    """Words stand in the address; an identity number never does, it is answered by POST."""

    def post(self, request: HttpRequest) -> HttpResponse:
        text = _typed(request.POST.get("q", ""))
        if not finding.looks_like_id_number(text):
            return HttpResponseRedirect(f"{reverse('records-search')}?{urlencode({'q': text})}")
        types = [t for t in _open_types(request) if finding.id_number_column(t)]
        scope = Scope.of(request.user)
        try:
            found = [_group(t, finding.by_id_number(t, text, scope), "") for t in types]
        except DomainError as error:
            return self.page([], "所输证件号", fault=error.message)
        return self.page(found, "所输证件号")

    def get(self, request: HttpRequest) -> HttpResponse:
        text = _typed(request.GET.get("q", ""))
        if finding.looks_like_id_number(text):
            raise FilterError("身份证号不能写在地址里，请在页面顶部的搜索框中输入。")
        if not text:
            return self.page([], "")
        scope = Scope.of(request.user)
        found = []
        for record_type in _open_types(request):
            if record_type.search_field:
                rows = finding.by_words(record_type, text, scope)
                found.append(_group(record_type, rows, urlencode({"q": text})))
        return self.page(found, text)

    def page(self, groups: list[Group], asked: str, *, fault: str = "") -> HttpResponse:
        groups = [group for group in groups if group.hits]
        context = {"groups": groups, "asked": asked, "fault": fault}
        return render(self.request, "records/search.html", context, status=400 if fault else 200)


def _typed(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


def _open_types(request: HttpRequest) -> list[RecordType]:
    return [t for t in registry.types() if request.user.has_perm(t.permission("view"))]


def _group(record_type: RecordType, rows: Any, query: str) -> Group:
    found = list(rows[: MOST + 1])
    hits = [
        Hit(str(row), finding.facts(record_type, row), _address(record_type, row))
        for row in found[:MOST]
    ]
    more = f"{record_type.url('list')}?{query}" if len(found) > MOST and query else ""
    return Group(record_type, hits, more)


def _address(record_type: RecordType, row: Any) -> str:
    try:
        return record_type.url("detail", row.pk)
    except NoReverseMatch:
        return ""
