"""Reads for the account pages."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from apps.accounts.models import ApiToken, Grant, User
from apps.records.models import ChangeLog


def users(search: str = "", state: str = "") -> QuerySet[User]:
    """Accounts with their open grants; ``state`` is active, disabled or empty for all."""
    found = User.objects.select_related("unit").prefetch_related(
        Prefetch(
            "grants",
            Grant.objects.open().select_related("role", "unit").order_by("role__rank", "pk"),
            to_attr="open_grants",
        )
    )
    if search:
        found = found.filter(
            Q(username__icontains=search)
            | Q(name__icontains=search)
            | Q(unit__name__icontains=search)
        )
    if state in {"active", "disabled"}:
        found = found.filter(is_active=state == "active")
    return found


def grants(state: str = Grant.State.PENDING) -> QuerySet[Grant]:
    """Grants in one state, the latest first, with the names that a list shows."""
    return Grant.objects.filter(state=state).select_related(
        "user", "role", "unit", "created_by", "approved_by", "ended_by"
    )


def tokens(user: User) -> QuerySet[ApiToken]:
    """The tokens of an account that nobody has revoked."""
    return user.tokens.filter(revoked_at=None)


def log_lines(
    *, action: str = "", search: str = "", first: date | None = None, last: date | None = None
) -> QuerySet[ChangeLog]:
    """Lines of the log, the latest first; ``search`` looks at who, what and from where."""
    lines = ChangeLog.objects.defer("changes")
    if action:
        lines = lines.filter(action=action)
    if search:
        lines = lines.filter(
            Q(user_name__icontains=search) | Q(object_text__icontains=search) | Q(address=search)
        )
    if first:
        lines = lines.filter(at__date__gte=first)
    if last:
        lines = lines.filter(at__date__lte=last)
    return lines
