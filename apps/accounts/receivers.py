"""Signing in and out, and failing to, stand in the log."""

from __future__ import annotations

import uuid
from typing import Any

import axes.signals  # noqa: F401 -- its receivers go first
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.middleware import MARK, SEEN
from apps.accounts.models import User
from apps.records.actors import Actor
from apps.records.history import log_change


class _Stranger(Actor):
    """Somebody who has not signed in."""

    @property
    def name(self) -> str:
        return "（未登录）"


def _actor(request: HttpRequest | None, user: User | None) -> Actor:
    return (Actor if user else _Stranger)(
        user=user,
        address=request.META.get("REMOTE_ADDR", "") or "" if request else "",
        request_id=getattr(request, "request_id", ""),
    )


@receiver(user_logged_in)
def mark_and_log_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Mark this session as the account's own; an older one ends at its next click."""
    user.sign_in_mark = uuid.uuid4().hex
    user.save(update_fields=["sign_in_mark"])
    request.session[MARK] = user.sign_in_mark
    request.session[SEEN] = int(timezone.now().timestamp())
    log_change("login", by=_actor(request, user), record=user)


@receiver(user_logged_out)
def log_sign_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        reason = getattr(request, "sign_out_reason", "")
        log_change("logout", by=_actor(request, user), record=user, reason=reason)


@receiver(user_login_failed)
def log_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """The name as typed, and the account where there is one. Axes has judged the failure before."""
    typed = str(credentials.get("username") or "")[:150]
    user = User.objects.filter(username=typed).first()
    log_change(
        "login_failed",
        by=_actor(request, user),
        record_type=User._meta.label,
        object_text=typed,
        reason=_why_refused(request),
    )


def _why_refused(request: HttpRequest | None) -> str:
    if not getattr(request, "axes_locked_out", False):
        return "用户名或密码不正确"
    failures = getattr(request, "axes_failures_since_start", None)
    if failures is None:  # not counted any more
        return "账号锁定期内"
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return f"连续失败 {failures} 次，锁定 {minutes} 分钟"
