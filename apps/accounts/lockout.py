"""When failures lock an account (handler of django-axes)."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class WindowHandler(AxesDatabaseHandler):
    """Failures count together while they follow within LOGIN_WINDOW; a lock lasts its full time.

    Axes itself knows one span only and would count failures for as long as a lock lasts.
    """

    def clean_expired_user_attempts(
        self, request: HttpRequest | None = None, credentials: dict[str, Any] | None = None
    ) -> int:
        """Called before a failure is written: forget this account's older ones, unless locked."""
        count: int = super().clean_expired_user_attempts(request, credentials)
        if request is None or self.is_locked(request, credentials):
            return count
        since = request.axes_attempt_time - settings.LOGIN_WINDOW  # type: ignore[attr-defined]
        for attempts in self.filter_user_attempts(request, credentials):
            count += attempts.filter(attempt_time__lt=since).delete()[0]
        return count


def locked_response(
    request: HttpRequest, original: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page that a locked account is shown, whether or not it exists."""
    context = {
        "failure_limit": settings.AXES_FAILURE_LIMIT,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
    }
    return render(request, "registration/locked.html", context, status=429)
