"""The working year that lists, dashboards and reports start from; chosen in the top bar."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import CharField, Max, Min, Q, QuerySet, Value
from django.db.models.functions import ExtractYear
from django.http import HttpRequest
from django.utils import timezone

from apps.core.periods import Event
from apps.records import registry
from apps.records.registry import RecordType

SESSION_KEY = "working_year"
_CACHE_KEY, _SECONDS = "records.years", 600
FIRST = 1990


def working_year(request: HttpRequest) -> int:
    """The year chosen in this session; else the last one that is over and has data, else this
    year.
    """
    chosen = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    return chosen if isinstance(chosen, int) else default_year()


def choose(request: HttpRequest, year: int) -> None:
    request.session[SESSION_KEY] = year


def default_year() -> int:
    this = timezone.localdate().year
    first, last = _years_with_data()
    return min(last, this - 1) if last and first < this else this


def choices(request: HttpRequest) -> list[int]:
    """Years to choose from, the latest first: those with data, and at least the last six."""
    this = timezone.localdate().year
    first, _ = _years_with_data()
    start = max(min(first or this, this - 5), this - 30)
    return sorted({*range(start, this + 1), working_year(request)}, reverse=True)


def _years_with_data() -> tuple[int, int]:
    """First and last year, not after this one, in which something happened; one query in ten
    minutes.
    """
    years = cache.get(_CACHE_KEY)
    if years is None:
        years = _read_years()
        cache.set(_CACHE_KEY, years, _SECONDS)
    return years


def _read_years() -> tuple[int, int]:
    parts = [part for part in map(_ends, registry.types()) if part is not None]
    if not parts:
        return 0, 0
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    known = [year for _, *pair in rows for year in pair if year]
    return (min(known), max(known)) if known else (0, 0)


def _ends(record_type: RecordType) -> QuerySet | None:
    """First and last year of a record type whose rows happen on a day of their own.

    A column that holds just a year is as often a plan as a fact, and is passed over.
    """
    period = record_type.period
    if not isinstance(period, Event) or period.is_year or "__" in period.field:
        return None
    today = timezone.localdate()
    past = Q(**{f"{period.field}__gte": today.replace(FIRST, 1, 1), f"{period.field}__lte": today})
    first, last = Min(period.field, filter=past), Max(period.field, filter=past)
    name = Value(record_type.label, output_field=CharField())
    rows = record_type.model._base_manager.order_by().values(type_name=name)
    return rows.annotate(first=ExtractYear(first), last=ExtractYear(last)).values_list(
        "type_name", "first", "last"
    )
