"""Which columns somebody has chosen for a list, in which order, and how many rows a page shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.core.errors import DomainError
from apps.records.listing import PAGE_SIZES, Listing
from apps.records.models import ListLayout
from apps.records.registry import RecordType
from apps.records.views.base import RecordView, wants_fragment
from apps.records.views.crumbs import crumbs

DROPPED = ("page", "size", "columns")  # of the address that one goes back to
STEPS = {"up": -1, "down": 1}


class LayoutView(RecordView):
    """``layout/``: moves a column and asks on, or saves or resets and goes back to the list."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        listing = Listing(request, self.record_type)
        names = [column.name for column in listing.columns]
        return self.page(names, listing.page_size, listing.query())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for name, step in STEPS.items():
            if name in request.POST:
                names = moved(self.names(), request.POST[name], step)
                return self.page(names, self.size(), request.POST.get("query", ""))
        own = ListLayout.objects.filter(user=request.user.pk, record_type=self.record_type.label)
        if "reset" in request.POST:
            own.delete()
            messages.success(request, "已恢复默认的列。")
        else:
            own.model.objects.update_or_create(
                user_id=self.actor.user.pk,
                record_type=self.record_type.label,
                defaults={"columns": self.names(), "page_size": self.size()},
            )
            messages.success(request, "列设置已保存。")
        return HttpResponseRedirect(self.back())

    def names(self) -> list[str]:
        """The ticked columns as they stand in the form, the one that names the row first."""
        known = self.record_type.all_columns
        ticked = [name for name in self.request.POST.getlist("columns") if name in known]
        return list(dict.fromkeys([self.record_type.columns[0], *ticked]))

    def size(self) -> int:
        size = self.request.POST.get("page_size", "")
        if size not in map(str, PAGE_SIZES):
            raise DomainError("每页条数不正确，请从列表中选择后再保存。")
        return int(size)

    def back(self) -> str:
        pairs = parse_qsl(self.request.POST.get("query", ""))
        query = urlencode([(name, value) for name, value in pairs if name not in DROPPED])
        return self.record_type.url("list") + (f"?{query}" if query else "")

    def page(self, names: list[str], size: int, query: str) -> HttpResponse:
        """The choice, in a panel of the list or, where no script is, on a page of its own."""
        fragment = wants_fragment(self.request)
        return self.render(
            "records/_columns.html" if fragment else "records/layout.html",
            **choices(self.record_type, names),
            sizes=[(s, s == size) for s in PAGE_SIZES],
            query=query,
            **crumbs(self.record_type),
        )


def moved(names: list[str], name: str, step: int) -> list[str]:
    """The names with one of them a place further; the first one keeps its place."""
    if name not in names[1:]:
        return names
    place = names.index(name)
    target = min(max(place + step, 1), len(names) - 1)
    rest = [other for other in names if other != name]
    return [*rest[:target], name, *rest[target:]]


def choices(record_type: RecordType, names: list[str]) -> dict[str, Any]:
    """The shown columns in their order, and those that may be added."""
    known = record_type.all_columns
    return {
        "shown_columns": [known[name] for name in names],
        "other_columns": [column for name, column in known.items() if name not in names],
    }
