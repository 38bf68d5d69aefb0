"""The lists below a record: rows of other types that point to it, counted in one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.records.columns import Column
from apps.records.filters import ReferenceFilter
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.scope import Scope

SHOWN = 20  # rows of a tab; the rest is in the list that the tab links to


@dataclass(slots=True)
class Line:
    """One related row: its address, its cells, and its review state where it does not count yet."""

    url: str
    cells: list[tuple[Column, str]]
    state: str = ""


@dataclass(slots=True)
class Tab:
    """Rows of one other type; only the tab that is open has read its rows."""

    record_type: RecordType
    via: str
    key: str
    label: str
    count: int = 0
    columns: list[Column] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    all_url: str = ""
    add_url: str = ""

    @property
    def has_states(self) -> bool:
        return any(line.state for line in self.lines)

    @property
    def rest(self) -> int:
        return self.count - len(self.lines)


def tabs_of(record_type: RecordType, row: Any, *, user: Any, scope: Scope) -> list[Tab]:
    """The types that point to a record and that its reader may see, each with its count."""
    found = [pair for pair in record_type.related_types() if _may(user, pair[0], "view")]
    names = [other.label for other, _ in found]
    tabs = [
        Tab(other, name, _key(other, name), _label(other, name, twice=names.count(other.label) > 1))
        for other, name in found
    ]
    if not tabs:
        return []
    counts = {f"n{number}": _count(tab, scope) for number, tab in enumerate(tabs)}
    stored = record_type.model._base_manager.filter(pk=row.pk).values_list()
    values = stored.annotate(**counts).values_list(*counts).get()
    for tab, count in zip(tabs, values, strict=True):
        tab.count = count
    return tabs


def open_tab(tab: Tab, record_type: RecordType, row: Any, *, user: Any, scope: Scope) -> None:
    """Read the rows of the tab that is shown."""
    other = tab.record_type
    names = [name for name in other.columns if name != tab.via]
    tab.columns = [other.column(name) for name in names]
    rows = _rows(tab, scope, row.pk).select_related(*other.references(other.model))
    tab.lines = [_line(other, tab.columns, related) for related in rows[:SHOWN]]
    if isinstance(other.filterset.base_filters.get(tab.via), ReferenceFilter):
        query = urlencode({tab.via: getattr(row, record_type.natural_key)})
        tab.all_url = f"{other.url('list')}?{query}"
    if _may(user, other, "add"):
        tab.add_url = f"{other.url('new')}?{urlencode({tab.via: row.pk})}"


def _line(other: RecordType, columns: list[Column], related: Any) -> Line:
    cells = [(column, column.text(related)) for column in columns]
    waiting = isinstance(related, Record) and related.state != Record.State.APPROVED
    state = related.get_state_display() if waiting else ""
    return Line(other.url("detail", related.pk), cells, state)


def _rows(tab: Tab, scope: Scope, pk: Any) -> QuerySet:
    return tab.record_type.queryset(scope).filter(**{tab.via: pk})


def _count(tab: Tab, scope: Scope) -> Coalesce:
    rows = _rows(tab, scope, OuterRef("pk")).order_by().values(tab.via)
    counted = rows.annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _may(user: Any, other: RecordType, action: str) -> bool:
    return bool(user.has_perm(other.permission(action)))


def _key(other: RecordType, name: str) -> str:
    return f"{other.model._meta.app_label}-{other.model._meta.model_name}-{name}"


def _label(other: RecordType, name: str, *, twice: bool) -> str:
    if not twice:
        return other.name
    return f"{other.name}（{other.column(name).label}）"
