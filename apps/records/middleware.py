"""What no text may hold, refused once for every page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.records.errors import FilterError
from apps.records.views.base import error_response

NUL = "\x00"
REFUSED = "提交的内容中有不能识别的字符（空字符），请删去后重新填写，或从页面上的链接重新进入。"


def plain_text_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse addresses and forms that hold a NUL: PostgreSQL stores no such text."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if any(NUL in text for text in _texts(request)):
            return error_response(request, FilterError(REFUSED))
        return get_response(request)

    return middleware


def _texts(request: HttpRequest) -> list[str]:
    given = [request.GET] if request.method in ("GET", "HEAD") else [request.GET, request.POST]
    return [text for part in given for name, values in part.lists() for text in (name, *values)]
