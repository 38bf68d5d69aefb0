"""What composing gives: blocks with text and figures, and what could not be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.reports.outline.forms import Written
from apps.reports.outline.language import Citation


@dataclass(frozen=True, slots=True)
class Cited:
    """A figure at its place in the text."""

    citation: Citation
    written: Written


DraftNode = str | Cited
DraftSentence = list[DraftNode]


@dataclass(slots=True)
class Gap:
    """A sentence or clause that was left out, or records that are not there."""

    kind: str
    text: str
    labels: list[str] = field(default_factory=list)
    position: int = 0
    is_clause: bool = False
    record_type: str = ""
    filters: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class DraftBlock:
    """A block before it is stored; ``options`` of a table hold draft nodes in its cells."""

    kind: str
    content: list[DraftSentence] = field(default_factory=list)
    level: int = 0
    origin: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
