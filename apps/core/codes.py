"""Code tables, held in the cache: a label costs no query."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from apps.core.models import Code
from apps.core.text import normalise

OUTSIDE_THE_ORDER = 900  # ranks of what is neither above nor below: 其他, 肄业
_PREFIX = "core.codes."
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    label: str
    rank: int
    active: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """A code table as loaded; ``meanings`` are the codes by each spelling."""

    entries: dict[str, _Entry]
    labels: dict[str, str]
    meanings: dict[str, set[str]]


# The shared cache holds only a stamp; the table itself is kept here while the stamp stands.
_held: dict[str, tuple[str, _Table]] = {}


def _load(table: str) -> _Table:
    loaded = _Table({}, {}, {})
    for row in Code.objects.filter(table=table).order_by("rank", "code"):
        label = row.short_name or row.name
        loaded.entries[row.code] = _Entry(row.code, label, row.rank, row.active)
        loaded.labels[row.code] = label
        for spelling in (row.code, row.name, row.short_name, *row.synonyms):
            if key := normalise(spelling):
                loaded.meanings.setdefault(key, set()).add(row.code)
    return loaded


def _table(table: str) -> _Table:
    stamp = cache.get(_PREFIX + table)
    known, loaded = _held.get(table, ("", None))
    if loaded is None or stamp != known:
        loaded, stamp = _load(table), stamp or secrets.token_hex(8)
        cache.set(_PREFIX + table, stamp, _SECONDS)
        _held[table] = stamp, loaded
    return loaded


def forget(tables: Iterable[str]) -> None:
    """Drop cached tables after they were changed."""
    cache.delete_many([_PREFIX + table for table in tables])


def labels(table: str) -> dict[str, str]:
    """Code to label, in rank order."""
    return dict(_table(table).labels)


def choices(table: str) -> list[tuple[str, str]]:
    """The codes that may be chosen today, in rank order."""
    return [(entry.code, entry.label) for entry in _table(table).entries.values() if entry.active]


def label(table: str, code: str) -> str:
    """Label of one code; a code that the table has lost is shown as 未知代码."""
    if not code:
        return ""
    entry = _table(table).entries.get(code)
    return entry.label if entry else f"未知代码（{code}）"


def find(table: str, text: str) -> set[str]:
    """Codes meant by a code, name or synonym: none is unknown, two are ambiguous."""
    return set(_table(table).meanings.get(normalise(text), ()))


def ordered(table: str) -> dict[str, str]:
    """The codes that have a place in the order, so that “及以上” means something."""
    entries = _table(table).entries.values()
    return {e.code: e.label for e in entries if e.active and e.rank < OUTSIDE_THE_ORDER}


def at_least(table: str, code: str) -> list[str]:
    """The codes ranked at or above a code (rank 1 is the highest)."""
    entries = _table(table).entries
    limit = entries[code].rank
    return [entry.code for entry in entries.values() if entry.rank <= limit]


def rank(table: str, code: str) -> int:
    """Rank of a code; unknown codes come last."""
    entry = _table(table).entries.get(code)
    return entry.rank if entry else 10_000
