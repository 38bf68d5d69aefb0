"""What holds for every request: its number, idle time, one session an account, stale passwords."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.models import User

Handler = Callable[[HttpRequest], HttpResponse]
SEEN, MARK = "seen_at", "sign_in_mark"  # keys in the session
TOUCH_SECONDS = 60  # how exactly idle time is kept; each touch is a write


def request_id_middleware(get_response: Handler) -> Handler:
    """Number the request, for log lines that belong together."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def session_guard_middleware(get_response: Handler) -> Handler:
    """End sessions that are idle or were taken over; send stale passwords to be changed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) and not user.is_authenticated:
            return get_response(request)
        ended = _why_ended(request, user)
        if ended:
            request.sign_out_reason = ended  # type: ignore[attr-defined]
            logout(request)
            messages.warning(request, ended)
            return _send(request, _sign_in_address(request), ended, status=401)
        _touch(request)
        if password_is_stale(user) and request.path not in _open_while_stale():
            sentence = "请先修改密码，再继续使用系统。"
            return _send(request, reverse("accounts-password"), sentence, status=403)
        return get_response(request)

    return middleware


def password_is_stale(user: Any) -> bool:
    """Given out by somebody else, or older than the office allows."""
    if user.must_change_password:
        return True
    days = settings.PASSWORD_MAX_AGE_DAYS
    return bool(days) and user.password_changed_at < timezone.now() - timedelta(days=days)


def _why_ended(request: HttpRequest, user: User) -> str:
    seen = request.session.get(SEEN, 0)
    idle = timezone.now().timestamp() - seen
    if seen and idle > settings.SESSION_COOKIE_AGE:
        minutes = settings.SESSION_COOKIE_AGE // 60
        return f"您已超过 {minutes} 分钟没有操作，系统已自动退出，请重新登录。"
    if settings.SINGLE_SESSION and request.session.get(MARK) != user.sign_in_mark:
        return "该账号已在别处登录，本处已退出。如不是您本人登录，请立即联系系统管理员。"
    return ""


def _touch(request: HttpRequest) -> None:
    now = int(timezone.now().timestamp())
    if now - request.session.get(SEEN, 0) >= TOUCH_SECONDS:
        request.session[SEEN] = now


def _open_while_stale() -> set[str]:
    return {reverse("accounts-password"), reverse("accounts-logout")}


def _sign_in_address(request: HttpRequest) -> str:
    if request.method != "GET" or request.headers.get("HX-Request"):
        return reverse("accounts-login")
    return redirect_to_login(request.get_full_path()).url


def _send(request: HttpRequest, address: str, sentence: str, *, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=status)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
