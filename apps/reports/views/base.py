"""What every page of reports shares: permission, the report of the address, who acts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import View
from django_htmx.http import HttpResponseClientRedirect

from apps.core.keys import parse_key
from apps.records.actors import Actor
from apps.records.scope import Scope
from apps.records.views.base import DomainErrorMixin, SignedInMixin
from apps.reports.models import Report


class ReportView(SignedInMixin, DomainErrorMixin, View):
    """Base of the pages; ``needs`` is the permission it takes: view, add, change, export …"""

    needs = "view"

    def permission(self) -> str:
        return f"reports.{self.needs}_report"

    @property
    def actor(self) -> Actor:
        return Actor.of(self.request)

    @property
    def scope(self) -> Scope:
        return Scope.of(self.request.user)

    @property
    def is_fragment(self) -> bool:
        return bool(self.request.htmx)  # type: ignore[attr-defined]

    def may(self) -> dict[str, bool]:
        """What the reader may do, for the templates."""
        names = ("add", "change", "delete", "export", "finalise")
        return {name: self.request.user.has_perm(f"reports.{name}_report") for name in names}

    def rows(self) -> Any:
        """The reports the reader may see."""
        return Report.objects.visible_to(self.scope).select_related("unit", "owner", "outline")

    def report(self, pk: int) -> Report:
        found = self.rows().filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def render(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        context = {"may": self.may(), **context}
        return render(self.request, f"reports/{template}", context, status=status)

    def go(self, name: str, *args: Any, anchor: str = "") -> HttpResponse:
        """On to another page, from HTMX too."""
        response = redirect(name, *args)
        address = response.url + anchor
        return HttpResponseClientRedirect(address) if self.is_fragment else redirect(address)


def number(request: HttpRequest, name: str, default: int = 0) -> int:
    """A whole number of a form; what is none counts as the default."""
    value = parse_key(request.POST.get(name, request.GET.get(name, "")))
    return default if value is None else value
