"""How a program or a page of ours says who it is to the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.core.cache import cache
from django.utils import timezone
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from apps.accounts.middleware import password_is_stale
from apps.accounts.models import ApiToken, User
from apps.core import crypto
from apps.records.actors import Actor
from apps.records.history import log_change

TOUCH = timedelta(minutes=1)  # how exactly the last use is kept; each touch is a write
SAY_AGAIN = 3600  # seconds after which a refusal is logged anew
UNKNOWN = "接口令牌不正确，请核对，或在“我的账号”中重新建立。"


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Any) -> tuple[User, ApiToken] | None:
        scheme, _, value = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = _token(value.strip())
        if token is None:
            raise AuthenticationFailed(UNKNOWN)
        if fault := _fault(token, request._request):
            _log_refusal(token, fault, request._request)
            raise AuthenticationFailed(fault)
        _touch(token)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """Somebody who has signed in on a page; what changes data carries the page's CSRF token."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise PermissionDenied(
                "请求缺少 CSRF 令牌，请在请求头 X-CSRFToken 中给出，或改用接口令牌。"
            ) from None


def _token(value: str) -> ApiToken | None:
    tokens = ApiToken.objects.select_related("user__unit")
    return tokens.filter(digest=crypto.digest(value)).first()


def _fault(token: ApiToken, request: Any) -> str:
    """Why a token does not work, in words; empty when it does."""
    user = token.user
    if token.revoked_at is not None:
        return "接口令牌已停用，请在“我的账号”中重新建立。"
    if token.is_expired:
        return "接口令牌已过期，请在“我的账号”中重新建立。"
    if not user.is_active or user.is_expired:
        return "账号已停用或已过有效期，请联系系统管理员。"
    if password_is_stale(user):
        return "账号的密码须修改，请先登录网页修改密码。"
    if AxesProxyHandler.is_locked(request, {"username": user.username}):
        return "账号因多次登录失败已锁定，请稍后再试或联系系统管理员。"
    return ""


def _touch(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > TOUCH:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _log_refusal(token: ApiToken, fault: str, request: Any) -> None:
    """A program that keeps trying is logged once an hour, not each time."""
    if not cache.add(f"api-refused-{token.pk}-{fault[:6]}", True, SAY_AGAIN):
        return
    by = Actor(
        user=token.user,
        address=request.META.get("REMOTE_ADDR", "") or "",
        request_id=getattr(request, "request_id", ""),
    )
    log_change("login_failed", by=by, record=token, reason=fault)
