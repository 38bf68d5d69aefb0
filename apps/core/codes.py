"""Code tables, held in the cache: a label costs no query."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from apps.core.models import Code
from apps.core.text import normalise

_PREFIX = "core.codes."
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    label: str
    rank: int
    active: bool
    spellings: tuple[str, ...]


def _table(table: str) -> dict[str, _Entry]:
    entries: dict[str, _Entry] | None = cache.get(_PREFIX + table)
    if entries is None:
        entries = {
            row.code: _Entry(
                row.code,
                row.short_name or row.name,
                row.rank,
                row.active,
                tuple(normalise(s) for s in (row.code, row.name, row.short_name, *row.synonyms)),
            )
            for row in Code.objects.filter(table=table).order_by("rank", "code")
        }
        cache.set(_PREFIX + table, entries, _SECONDS)
    return entries


def forget(tables: Iterable[str]) -> None:
    """Drop cached tables after they were changed."""
    cache.delete_many([_PREFIX + table for table in tables])


def labels(table: str) -> dict[str, str]:
    """Code to label, in rank order."""
    return {entry.code: entry.label for entry in _table(table).values()}


def choices(table: str) -> list[tuple[str, str]]:
    """The codes that may be chosen today, in rank order."""
    return [(entry.code, entry.label) for entry in _table(table).values() if entry.active]


def label(table: str, code: str) -> str:
    """Label of one code; a code that the table has lost is shown as 未知代码."""
    if not code:
        return ""
    entry = _table(table).get(code)
    return entry.label if entry else f"未知代码（{code}）"


def find(table: str, text: str) -> set[str]:
    """Codes meant by a code, name or synonym: none is unknown, two are ambiguous."""
    wanted = normalise(text)
    return {entry.code for entry in _table(table).values() if wanted and wanted in entry.spellings}


def at_least(table: str, code: str) -> list[str]:
    """The codes ranked at or above a code (rank 1 is the highest)."""
    entries = _table(table)
    limit = entries[code].rank
    return [entry.code for entry in entries.values() if entry.rank <= limit]


def rank(table: str, code: str) -> int:
    """Rank of a code; unknown codes come last."""
    entry = _table(table).get(code)
    return entry.rank if entry else 10_000
