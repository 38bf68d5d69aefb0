"""What headings and words were taken to mean when imports were confirmed, kept for the next one.

What staff confirm is for the whole office; what a unit's clerk confirms is for that unit alone and
comes before the office's. Ambiguous words are not kept: they are decided each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core.text import heading_key
from apps.records.actors import Actor
from apps.records.importing.choices import column_label
from apps.records.importing.fields import target_field
from apps.records.importing.match import SheetMatch, all_headings
from apps.records.importing.words import LONGEST, meanings_of
from apps.records.models import ImportMemory
from apps.records.registry import RecordType

GONE = "已不存在"


@dataclass(slots=True)
class Memory:
    """What is known of one record type: columns by heading, words by heading and word."""

    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)


def visible_to(by: Actor) -> QuerySet[ImportMemory]:
    """What the office has confirmed, and the user's own unit."""
    own = Q(unit=None)
    if by.scope.is_everything:
        own = Q()
    elif by.home_unit is not None:
        own |= Q(unit=by.home_unit)
    return ImportMemory.objects.filter(own)


def deletable_by(by: Actor) -> QuerySet[ImportMemory]:
    """Staff look after all of it, a clerk after that of the own unit."""
    found = visible_to(by)
    return found if by.counts_at_once else found.exclude(unit=None)


def recall(by: Actor) -> dict[str, Memory]:
    """What imports of a user start from, by record type: one query."""
    own = by.home_unit.pk if by.home_unit is not None else None
    rows = [row for row in visible_to(by) if row.unit_id in (None, own)]
    found: dict[str, Memory] = {}
    for row in sorted(rows, key=lambda row: row.unit_id is not None):
        memory = found.setdefault(row.record_type, Memory())
        key = heading_key(row.heading)
        if row.word:
            memory.words.setdefault(key, {})[row.word] = row.meaning
        else:
            memory.columns[key] = row.meaning
    return found


def learn(matches: Iterable[SheetMatch], *, by: Actor) -> None:
    """Keep what the user decided about a confirmed import."""
    unit = None if by.counts_at_once else by.home_unit
    if by.user is None or (unit is None and not by.counts_at_once):
        return
    for found in matches:
        if found.record_type is None:
            continue
        for heading, word, meaning in _decided(found):
            ImportMemory.objects.update_or_create(
                record_type=found.record_type.label, heading=heading, word=word, unit=unit,
                defaults={"meaning": meaning, "updated_by": by.user, "updated_at": timezone.now()},
            )  # fmt: skip


def _decided(found: SheetMatch) -> Iterable[tuple[str, str, str]]:
    """(heading, word, meaning) of what was chosen on the page and was unknown before."""
    record_type: Any = found.record_type
    known = all_headings(record_type)
    for column in found.columns:
        if len(column.heading) > LONGEST:
            continue
        is_new = heading_key(column.heading) not in known
        if column.source == "chosen" and is_new and column.how != "unknown":
            yield column.heading, "", column.path
        words = found.words.get(column.column)
        for key, word in words.met.items() if words else ():
            is_settled = word.source == "chosen" and word.meaning and not word.is_ambiguous
            if is_settled and len(key) <= LONGEST:
                yield column.heading, key, word.meaning


def describe(row: ImportMemory, record_type: RecordType, headings: dict[str, Any]) -> str:
    """What an entry means, in words. ``headings`` are those that mean a column, path by key."""
    if not row.word:
        return (column_label(record_type, row.meaning) or GONE) if row.meaning else "不导入"
    path = headings.get(heading_key(row.heading), "")
    target = target_field(record_type, path) if path else None
    known = meanings_of(target)
    return known.get(row.meaning, GONE)


def headings_with(memory: Memory, record_type: RecordType) -> dict[str, str]:
    """Heading key → path: the usual headings and those that memory adds."""
    usual = {key: path for key, (path, _) in all_headings(record_type).items()}
    return {**memory.columns, **usual}
