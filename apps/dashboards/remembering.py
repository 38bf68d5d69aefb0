"""Dashboards as they were last counted, until something is saved that may change a figure."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.cache import cache
from django.utils import timezone

from apps.core import crypto
from apps.records import history
from apps.records.scope import Scope

T = TypeVar("T")
SECONDS = 600  # what is loaded by a command, such as code tables, is seen by then


@dataclass(frozen=True, slots=True)
class Counted(Generic[T]):
    """Everything on a dashboard, and when it was counted."""

    shown: T
    at: datetime.datetime


def counted(count: Callable[..., T], year: int, scope: Scope, *more: object) -> Counted[T]:
    """What ``count`` gives for a year, a scope and what more it asks for. As long as nothing is
    saved it is told from memory, at the cost of one query.
    """
    mark = history.mark()
    asked = (count.__qualname__, year, scope.key, scope.label, *more, timezone.localdate(), mark)
    key = f"dashboard-{crypto.fingerprint('|'.join(map(str, asked)).encode())}"
    found: Counted[T] | None = cache.get(key) if mark else None
    if found is None:
        now = timezone.now()
        found = Counted(count(year, scope, *more), now)
        cache.set(key, found, SECONDS)
    return found
