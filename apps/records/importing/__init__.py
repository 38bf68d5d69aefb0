"""Excel in: read → match → plan → commit → undo. Nothing is written before commit."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from apps.records.importing import reader
from apps.records.importing.commit import commit
from apps.records.importing.errors import ImportRefused
from apps.records.importing.guard import Limits
from apps.records.importing.match import known_headings, match
from apps.records.importing.plan import Plan, plan
from apps.records.importing.reader import Workbook
from apps.records.importing.undo import undo

__all__ = ["ImportRefused", "Plan", "Workbook", "commit", "match", "plan", "read", "undo"]


def read(source: bytes | BinaryIO | Path, *, name: str = "") -> Workbook:
    """Read a workbook within the limits of the settings, by the headings of all record types."""
    limits = Limits(megabytes=settings.UPLOAD_MAX_MB, rows=settings.UPLOAD_MAX_ROWS)
    return reader.read(source, known=known_headings(), limits=limits, name=name)
