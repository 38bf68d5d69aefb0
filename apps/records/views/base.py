"""What every page of a record type shares: permission, scope, errors as Chinese sentences."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.generic import View
from django_htmx.http import HttpResponseClientRedirect

from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.records.errors import FilterError
from apps.records.registry import RecordType
from apps.records.scope import Scope


def wants_fragment(request: HttpRequest) -> bool:
    """Whether HTMX asks for a part of the page; a boosted link and Back want all of it."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def error_response(
    request: HttpRequest, error: DomainError, *, status: int = 400, **context: Any
) -> HttpResponse:
    """The sentence of an error, as a note for HTMX and as a page otherwise."""
    name = "partials/_error.html" if wants_fragment(request) else "records/error.html"
    return render(request, name, {"sentence": error.message, **context}, status=status)


class DomainErrorMixin:
    """Answers a broken rule with its sentence: 400 for a bad address, 409 for everything else."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except DomainError as error:
            response = self.domain_error(error)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def domain_error(self, error: DomainError) -> HttpResponse:
        status = 400 if isinstance(error, FilterError) else 409
        return error_response(self.request, error, status=status)


class SignedInMixin:
    """Sends a visitor to the sign-in page and refuses who lacks a permission."""

    request: HttpRequest

    def permission(self) -> str:
        """What it takes to open the page; empty when being signed in is enough."""
        return ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            response = redirect_to_login(request.get_full_path())
            return HttpResponseClientRedirect(response.url) if request.htmx else response  # type: ignore[attr-defined]
        needed = self.permission()
        if needed and not request.user.has_perm(needed):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class RecordView(SignedInMixin, DomainErrorMixin, View):
    """Base of the pages of one record type; ``urls`` passes ``record_type`` and ``action``.

    ``needs`` is what it takes: view, add, change, delete, import or export.
    """

    record_type: RecordType = None  # type: ignore[assignment]
    action = ""
    needs = "view"

    def permission(self) -> str:
        return self.record_type.permission(self.needs)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        request.scope = Scope.of(request.user)  # type: ignore[attr-defined]

    @property
    def scope(self) -> Scope:
        return self.request.scope  # type: ignore[attr-defined]

    @property
    def actor(self) -> Actor:
        return Actor.of(self.request)

    def allowed(self, action: str) -> bool:
        """Whether the reader may do something else with records of this type."""
        return self.request.user.has_perm(self.record_type.permission(action))

    def rows(self) -> Any:
        """The rows the reader may see."""
        return self.record_type.queryset(self.scope)

    def context(self, **more: Any) -> dict[str, Any]:
        may = {a: self.allowed(a) for a in ("add", "change", "delete", "import", "export")}
        return {"record_type": self.record_type, "may": may, **more}

    def render(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, template, self.context(**context), status=status)
