"""What the preview page shows of a plan, as JSON: errors first, a bounded number of each kind.

Protected values stand in it as their masks, so it may be stored.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from apps.core.text import normalise
from apps.records import registry
from apps.records.importing.entries import Entry
from apps.records.importing.match import SheetMatch
from apps.records.importing.plan import Plan

MOST = {"faults": 2_000, "changed": 1_000, "new": 500, "duplicates": 500, "proposals": 1_000}
MOST_WORDS = 100  # of a sheet, that a field does not know
PAGE = 100


def preview_of(plan: Plan) -> dict[str, Any]:
    """Counts, sheets with their columns, and the first rows of each kind."""
    entries = [(label, e) for label, es in plan.entries.items() for e in es if not e.is_proposal]
    shown = {
        "faults": [
            {"sheet": f.sheet, "row": f.row, "column": f.column, "message": f.message}
            for f in plan.faults[: MOST["faults"]]
        ],
        "duplicates": [
            {"sheet": d.sheet, "row": d.row, "of_sheet": d.of_sheet, "of_row": d.of_row}
            for d in plan.duplicates[: MOST["duplicates"]]
        ],
        "proposals": [
            {"key": f"{e.record._meta.label}:{e.record}", "text": str(e.record),
             "name": str(e.record._meta.verbose_name), "rows": len(e.rows)}
            for e in plan.proposals[: MOST["proposals"]]
        ],
    }  # fmt: skip
    for status in ("changed", "new"):
        chosen = [item for item in entries if item[1].status == status][: MOST[status]]
        shown[status] = [_entry(entry) for _, entry in chosen]
    return {
        "counts": plan.counts(),
        "totals": _totals(plan, [entry for _, entry in entries]),
        "sheets": [_sheet(found, _refused(plan)) for found in plan.matches],
        "ignored_rows": plan.ignored_rows,
        "unmatched_sheets": plan.unmatched_sheets,
        "unknown_columns": [list(pair) for pair in plan.unknown_columns],
        "shown": shown,
    }


def _totals(plan: Plan, entries: list[Entry]) -> dict[str, int]:
    totals = dict.fromkeys(("new", "changed", "unchanged"), 0)
    for entry in entries:
        totals[entry.status] += 1
    return totals | {
        "faults": len(plan.faults),
        "faulty_rows": plan.faulty_rows,
        "duplicates": len(plan.duplicates),
        "proposals": len(plan.proposals),
        "accepted_rows": plan.accepted_rows,
        "writes": plan.writes,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    column = registry.of(type(entry.record)).column
    changes = [[column(name).label, *both] for name, both in entry.changes.items()]
    row = entry.rows[0]
    return {
        "name": str(entry.record._meta.verbose_name),
        "text": str(entry.record),
        "sheet": row.match.sheet.name,
        "row": row.number,
        "changes": changes,
    }


def _refused(plan: Plan) -> set[tuple[str, int, str]]:
    """Sheet, column and word of every fault."""
    return {(fault.sheet, fault.place, normalise(fault.value)) for fault in plan.faults}


def _sheet(found: SheetMatch, refused: set[tuple[str, int, str]]) -> dict[str, Any]:
    return {
        "name": found.sheet.name,
        "title": found.sheet.title,
        "header_row": found.sheet.header_row,
        "rows": len(found.sheet.rows),
        "type": found.record_type.label if found.record_type else "",
        "columns": [
            {"heading": c.heading, "path": c.path, "how": c.how, "source": c.source}
            for c in found.columns
        ],
        "words": _words(found, refused),
        "settings": {name: _setting(value) for name, value in found.settings.items()},
    }


def _words(found: SheetMatch, refused: set[tuple[str, int, str]]) -> list[dict[str, Any]]:
    """The words that a column does not know, those that are met most often first. An undecided one
    that the record type made something of is left out.
    """
    met: list[dict[str, Any]] = [
        {
            "column": number, "word": word.text, "count": word.count, "meaning": word.meaning,
            "source": word.source, "is_ambiguous": word.is_ambiguous,
        }
        for number, column in enumerate(found.columns)
        if (words := found.words.get(column.column)) is not None and column.path
        for key, word in words.met.items()
        if word.meaning or (found.sheet.name, column.column, key) in refused
    ]  # fmt: skip
    return sorted(met, key=lambda word: (word["column"], -word["count"]))[:MOST_WORDS]


def _setting(value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value.pk)
    return str(value) if isinstance(value, dt.date) else ""
