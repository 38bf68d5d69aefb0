"""The table that is printed: ours beside the target and the peer."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("项目", "实测", "目标", "同类产品")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``peer`` is Horilla HRMS unless it says otherwise, measured at 10,000 people."""

    name: str
    ours: str
    target: str
    peer: str = "—"

    @property
    def cells(self) -> tuple[str, ...]:
        return self.name, self.ours, self.target, self.peer


def width(text: str) -> int:
    """Columns of a terminal that a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def show(rows: Sequence[Row]) -> str:
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(HEAD))]
    texts = [
        " │ ".join(cell + " " * (widths[n] - width(cell)) for n, cell in enumerate(line)).rstrip()
        for line in lines
    ]
    return "\n".join([texts[0], "─┼─".join("─" * size for size in widths), *texts[1:]])
