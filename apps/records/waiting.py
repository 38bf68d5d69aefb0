"""What waits: for staff the records that units have handed in, for a unit what it has still to hand
in. One query counts it over all record types; the number in the top bar is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Value
from django.http import HttpRequest
from django.urls import reverse

from apps.core import crypto, stamps
from apps.records import registry, review, saving
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.scope import Scope

State = Record.State
REVIEW, SUBMIT = "review", "submit"  # the two sides
STATES = {REVIEW: (State.SUBMITTED,), SUBMIT: (State.RETURNED, State.DRAFT, State.SUBMITTED)}
DUE = {REVIEW: {State.SUBMITTED}, SUBMIT: {State.RETURNED, State.DRAFT}}
ADDRESSES = {REVIEW: "review", SUBMIT: "review-mine"}
SECONDS = 60  # where the worker processes have no folder in common


@dataclass(frozen=True, slots=True)
class Line:
    """So many records of a type, a state and a unit."""

    record_type: RecordType
    state: str
    owner: int
    count: int


@dataclass(slots=True)
class Waiting:
    """What waits on one side, as far as somebody may see it."""

    side: str
    lines: list[Line] = field(default_factory=list)

    @property
    def due(self) -> int:
        """What this side has to do."""
        return sum(line.count for line in self.lines if line.state in DUE[self.side])

    @property
    def url(self) -> str:
        return reverse(ADDRESSES[self.side])

    def count(self, **wanted: Any) -> int:
        """Records of the given record_type, state or owner."""
        return sum(
            line.count
            for line in self.lines
            if all(getattr(line, name) == value for name, value in wanted.items())
        )

    def by_type(self, states: Iterable[str] = ()) -> list[tuple[RecordType, int]]:
        """Record types with something in these states (all of them), in the order of the menu."""
        chosen = set(states)
        counts: dict[RecordType, int] = {}
        for line in self.lines:
            if not chosen or line.state in chosen:
                counts[line.record_type] = counts.get(line.record_type, 0) + line.count
        return [(t, counts[t]) for t in registry.types() if t in counts]

    @property
    def by_state(self) -> list[tuple[str, str, int]]:
        """(state, its word, how many), what there is to do first."""
        return [(s, str(State(s).label), self.count(state=s)) for s in STATES[self.side]]


def side_of(user: Any) -> str:
    """Which side somebody stands on; empty for those who only look."""
    if user.has_perm(review.PERMISSION):
        return REVIEW
    return SUBMIT if types_of(user, SUBMIT) else ""


def submits(user: Any) -> bool:
    return side_of(user) == SUBMIT


def types_of(user: Any, side: str) -> list[RecordType]:
    """The reviewed types that somebody works on."""
    action = "view" if side == REVIEW else "change"
    owned = (t for t in registry.types() if issubclass(t.model, Record))
    return [t for t in owned if user.has_perm(t.permission(action))]


def count(types: Sequence[RecordType], scope: Scope, side: str) -> Waiting:
    """Count over all types at once: one query, however many types there are."""
    parts = [
        t.queryset(scope)
        .filter(state__in=STATES[side])
        .order_by()
        .values(w_type=Value(t.label), w_state=F("state"), w_unit=F("owner_id"))
        .annotate(w_count=Count("pk"))
        .values_list("w_type", "w_state", "w_unit", "w_count")
        for t in types
    ]
    rows = parts[0].union(*parts[1:], all=True) if parts else []
    return Waiting(side, [Line(registry.get(label), *rest) for label, *rest in rows])


def of(request: HttpRequest) -> Waiting | None:
    """What waits for whoever asks, counted anew after any change; None for those who only look.

    A page that has counted for itself leaves it as ``request.waiting``.
    """
    if counted := getattr(request, "waiting", None):
        return counted
    user = request.user
    side = side_of(user) if user.is_authenticated else ""
    if not side:
        return None
    types, scope = types_of(user, side), Scope.of(user)
    words = "|".join([side, scope.key, *(t.label for t in types)])
    key = f"waiting-{crypto.fingerprint(words.encode())}"
    stamp = stamps.read(saving.WAITING)
    kept = cache.get(key)
    if kept is None or kept[0] != stamp:
        lines = count(types, scope, side).lines
        kept = (stamp, [(n.record_type.label, n.state, n.owner, n.count) for n in lines])
        cache.set(key, kept, SECONDS)
    return Waiting(side, [Line(registry.get(label), *rest) for label, *rest in kept[1]])


def due(request: HttpRequest) -> tuple[int, str] | None:
    """The number for the top bar and its address."""
    waiting = of(request)
    return (waiting.due, waiting.url) if waiting else None


# -- the records themselves --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the waiting records a page asks for; empty means all."""

    types: Sequence[RecordType]
    states: Sequence[str]
    owner: int | None = None


def keys(wanted: Wanted, scope: Scope, start: int, stop: int) -> list[tuple[str, Any]]:
    """(type, key) of a page of waiting records, those that wait longest first; one query."""
    parts = []
    for record_type in wanted.types:
        rows = record_type.queryset(scope).filter(state__in=wanted.states)
        if wanted.owner is not None:
            rows = rows.filter(owner=wanted.owner)
        named = rows.order_by().values(
            w_type=Value(record_type.label), w_key=F("pk"), w_since=F("updated_at")
        )
        parts.append(named.values_list("w_type", "w_key", "w_since"))
    if not parts:
        return []
    found = parts[0].union(*parts[1:], all=True).order_by("w_since", "w_type", "w_key")
    return [(label, key) for label, key, _ in found[start:stop]]


def rows(found: Sequence[tuple[str, Any]], scope: Scope) -> list[Any]:
    """The records of keys, in their order; a query for each type among them."""
    by_type: dict[str, list[Any]] = {}
    for label, key in found:
        by_type.setdefault(label, []).append(key)
    held: dict[tuple[str, Any], Any] = {}
    for label, wanted in by_type.items():
        record_type = registry.get(label)
        along = record_type.references(record_type.model)
        for row in record_type.queryset(scope).filter(pk__in=wanted).select_related(*along):
            held[label, row.pk] = row
    return [held[pair] for pair in found if pair in held]
