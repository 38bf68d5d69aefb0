"""Who does something, from where, in which request: what every write is given."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest

from apps.records.scope import Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """``user`` is None for a command of the system itself, which sees everything."""

    user: Any = None
    address: str = ""
    request_id: str = ""
    batch: Any = None
    reason: str = ""
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, request: HttpRequest) -> Actor:
        return cls(
            user=request.user if request.user.is_authenticated else None,
            address=request.META.get("REMOTE_ADDR", "") or "",
            request_id=getattr(request, "request_id", ""),
        )

    @classmethod
    def system(cls, reason: str = "") -> Actor:
        return cls(request_id=uuid.uuid4().hex, reason=reason)

    def because(self, reason: str) -> Actor:
        return replace(self, reason=reason)

    def in_batch(self, batch: Any) -> Actor:
        return replace(self, batch=batch)

    @property
    def name(self) -> str:
        return (self.user.get_full_name() or self.user.get_username()) if self.user else "系统"

    @property
    def scope(self) -> Scope:
        return Scope.of(self.user) if self.user else Scope.everything()

    @property
    def counts_at_once(self) -> bool:
        """Staff's own entries count without review; a clerk's wait for it."""
        return self.user is None or self.user.has_perm("records.review_records")

    @property
    def home_unit(self) -> Any:
        """The unit that owns what this user enters where nothing else says so."""
        return getattr(self.user, "unit", None) if self.user else None
