"""What no text may hold, refused once for every page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from apps.records.errors import FilterError
from apps.records.views.base import error_response

NUL = "\x00"
REFUSED = "提交的内容中有不能识别的字符（空字符），请删去后重新填写，或从页面上的链接重新进入。"


def plain_text_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse addresses and forms that hold a NUL: PostgreSQL stores no such text."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not any(NUL in text for text in _texts(request)):
            return get_response(request)
        if _is_api(request):
            return JsonResponse({"detail": REFUSED}, status=400)
        return error_response(request, FilterError(REFUSED))

    return middleware


def _is_api(request: HttpRequest) -> bool:
    """Programs send JSON, which its parser looks through."""
    return request.path.startswith("/api/")


def _texts(request: HttpRequest) -> list[str]:
    has_form = request.method not in ("GET", "HEAD") and not _is_api(request)
    given = [request.GET, request.POST] if has_form else [request.GET]
    return [text for part in given for name, values in part.lists() for text in (name, *values)]
