"""Which links wait for a visit, which requests are open: conditions on a day, and their counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from apps.contacts.models import ContactLink, Leader, ServiceRequest, Visit
from apps.core.periods import Period, Span
from apps.records import registry
from apps.records.models import Record
from apps.records.scope import Scope

DUE_DAYS, OVERDUE_DAYS = 90, 180


def quarter_of(day: date) -> Period:
    """The quarter of the calendar in which a day lies."""
    return Period.quarter(day.year, (day.month + 2) // 3)


def _visited(scope: Scope, first: date, last: date, *, counted: bool = False) -> Q:
    """Links with a visit between two days, both included."""
    visits: QuerySet = registry.of(Visit).queryset(scope)
    visits = visits.counted() if counted else visits  # type: ignore[attr-defined]
    known = visits.filter(visited_on__gte=first, visited_on__lte=last).order_by()
    return Q(pk__in=known.values("link"))


def visited(scope: Scope, periods: Iterable[Period], *, counted: bool) -> Q:
    """Links with a visit in each of some periods; one that began after a period owes it none."""
    condition = Q()
    for period in periods:
        seen = _visited(scope, period.start, period.end, counted=counted)
        condition &= Q(starts_on__gt=period.end) | seen
    return condition


def overdue(scope: Scope, on: date) -> Q:
    """Links that last on a day and have had no visit for more than 180 days. Visits count here
    whether reviewed or not: nobody is reminded of what was done.
    """
    return Span("starts_on", "ends_on").q(on) & _waiting(scope, on, OVERDUE_DAYS)


def due(scope: Scope, on: date) -> Q:
    """Links that last on a day and wait for a visit, short of being overdue: none for more than 90
    days, or none in this quarter.
    """
    this_quarter = _visited(scope, quarter_of(on).start, on)
    waits = _waiting(scope, on, DUE_DAYS) | ~this_quarter
    return Span("starts_on", "ends_on").q(on) & waits & ~_waiting(scope, on, OVERDUE_DAYS)


def _waiting(scope: Scope, on: date, days: int) -> Q:
    since = on - timedelta(days=days)
    return Q(starts_on__lt=since) & ~_visited(scope, since, on)


def is_open(on: date) -> Q:
    """Requests that were received by a day and not closed by it."""
    return Q(received_on__lte=on) & (Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def is_late(on: date) -> Q:
    """Open requests whose day has passed."""
    return is_open(on) & Q(due_on__lt=on)


@dataclass(frozen=True, slots=True)
class LeaderDue:
    """How many links of a leader last on a day, wait for a visit, and have waited too long."""

    name: str
    post: str
    links: int
    due: int
    overdue: int
    links_url: str
    due_url: str
    overdue_url: str


def due_by_leader(scope: Scope, on: date) -> list[LeaderDue]:
    """Every leader with links on a day, in their order; one query."""
    links = registry.of(ContactLink).queryset(scope).counted()
    lasting = links.filter(
        Span("starts_on", "ends_on").q(on), leader__in=registry.of(Leader).queryset(scope)
    )
    rows = lasting.order_by("leader__order", "leader").values("leader__name", "leader__post")
    counted = rows.annotate(
        links=Count("pk"),
        due=Count("pk", filter=due(scope, on)),
        overdue=Count("pk", filter=overdue(scope, on)),
    )
    return [_leader_due(row, on) for row in counted]


def _leader_due(row: dict[str, Any], on: date) -> LeaderDue:
    name = row["leader__name"]
    return LeaderDue(
        name=name,
        post=row["leader__post"],
        links=row["links"],
        due=row["due"],
        overdue=row["overdue"],
        links_url=_list(ContactLink, on, leader=name),
        due_url=_list(ContactLink, on, leader=name, due="due"),
        overdue_url=_list(ContactLink, on, leader=name, due="overdue"),
    )


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """How many requests are open on a day, how many of them late, and the lists of both."""

    open: int
    late: int
    open_url: str
    late_url: str


def open_requests(scope: Scope, on: date) -> OpenRequests:
    """Reviewed requests that are open on a day; one query."""
    rows = registry.of(ServiceRequest).queryset(scope).counted().order_by()
    found = rows.aggregate(
        open=Count("pk", filter=is_open(on)), late=Count("pk", filter=is_late(on))
    )
    return OpenRequests(
        found["open"],
        found["late"],
        _list(ServiceRequest, on, open="1"),
        _list(ServiceRequest, on, late="1"),
    )


def _list(model: type[Record], on: date, **params: str) -> str:
    """The list of the reviewed rows that were counted."""
    query = {**params, "as_of": on.isoformat(), "state": Record.State.APPROVED.value}
    return f"{registry.of(model).url('list')}?{urlencode(query)}"
