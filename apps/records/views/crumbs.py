"""What stands above a record: its area, its list, its own page."""

from __future__ import annotations

from typing import Any

from apps.records.menu import AREAS
from apps.records.registry import RecordType


def crumbs(record_type: RecordType, row: Any = None) -> dict[str, Any]:
    """Names and addresses for the breadcrumb of a record's pages."""
    found: dict[str, Any] = {
        "area": AREAS.get(record_type.area, ("",))[0],
        "list_url": record_type.url("list"),
    }
    return found | ({"detail_url": record_type.url("detail", row.pk)} if row is not None else {})
