from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle


class RequestThrottle(SimpleRateThrottle):
    """So many requests a minute for each token, or for each user of a session."""

    scope = "api"

    def get_rate(self) -> str | None:
        most: int = settings.API_RATE_PER_MINUTE
        return f"{most}/min" if most else None

    def get_cache_key(self, request: Any, view: Any) -> str | None:
        if not request.user.is_authenticated:
            return None  # refused before
        who = f"user-{request.user.pk}" if request.auth is None else f"token-{request.auth.pk}"
        return str(self.cache_format % {"scope": self.scope, "ident": who})
