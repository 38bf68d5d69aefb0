"""What the preview page shows of a plan, as JSON: errors first, a bounded number of each kind.

Protected values stand in it as their masks, so it may be stored.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from apps.records import registry
from apps.records.importing.entries import Entry
from apps.records.importing.match import SheetMatch
from apps.records.importing.plan import Plan

MOST = {"faults": 2_000, "changed": 1_000, "new": 500, "duplicates": 500, "proposals": 1_000}
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
        "sheets": [_sheet(found) for found in plan.matches],
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


def _sheet(found: SheetMatch) -> dict[str, Any]:
    return {
        "name": found.sheet.name,
        "title": found.sheet.title,
        "header_row": found.sheet.header_row,
        "rows": len(found.sheet.rows),
        "type": found.record_type.label if found.record_type else "",
        "columns": [{"heading": c.heading, "path": c.path, "how": c.how} for c in found.columns],
        "settings": {name: _setting(value) for name, value in found.settings.items()},
    }


def _setting(value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value.pk)
    return str(value) if isinstance(value, dt.date) else ""
