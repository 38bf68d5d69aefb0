"""What every view of the API shares: the switch, permission, scope, who acts, its description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from apps.records.actors import Actor
from apps.records.errors import FilterError
from apps.records.scope import Scope

OFF = "接口没有启用，请联系系统管理员。"


@dataclass(frozen=True, slots=True)
class Operation:
    """How one action of a view is described: in the schema, and on the page about the API.

    ``responses`` are serializers, schemas or None by status (or status and media type);
    ``request`` is what is sent, or schemas by media type.
    """

    summary: str
    responses: Mapping[Any, Any]
    request: Any = None
    parameters: Sequence[OpenApiParameter] = ()
    text: str = ""
    errors: Sequence[int] = field(default=())


class Granted(BasePermission):
    """Signed in, and holding what the view asks for."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed = view.permission()
        return request.user.is_authenticated and (not needed or request.user.has_perm(needed))


class ApiView(ViewSet):
    """Base of the views. Subclasses say which permission an action takes and describe it."""

    permission_classes: ClassVar[Sequence[Any]] = (Granted,)
    tag = ""

    def permission(self) -> str:
        """What the action takes; empty when being signed in is enough."""
        raise NotImplementedError

    def describe(self) -> Operation:
        """The operation of ``self.action``, for the schema."""
        raise NotImplementedError

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not settings.API_ENABLED:
            raise NotFound(OFF)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"  # personal data
        return response

    @property
    def scope(self) -> Scope:
        return Scope.of(self.request.user)

    @property
    def actor(self) -> Actor:
        """Who acts; a program is named by its token, in the log."""
        actor = Actor.of(self.request)
        return (
            actor if self.request.auth is None else actor.because(f"接口：{self.request.auth.name}")
        )

    def strictly(self, *known: str) -> dict[str, str]:
        """The parameters of the address, of which each must be known."""
        given = self.request.query_params
        for name in given:
            if name not in known:
                names = "、".join(known) or "（无）"
                raise FilterError(f"没有名为“{name[:60]}”的参数，可用的参数：{names}。")
        return {name: given[name].strip() for name in given}


def whole(text: str, name: str, *, least: int = 1, most: int = 10**9) -> int:
    """A whole number of an address; FilterError when it is none."""
    if text.isascii() and text.isdigit() and len(text) < 11 and least <= int(text) <= most:
        return int(text)
    raise FilterError(f"参数“{name}”的值“{text[:20]}”不正确，应为不小于 {least} 的整数。")
