"""The table that is printed: ours beside the target and the peers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("项目", "实测", "目标", "Django 后台（同次）", "倍数", "Horilla")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``peer`` is Horilla HRMS, measured at 10,000 people once and for all; ``admin``
    is Django's admin with django-import-export, measured in this run, and ``times`` how much
    longer it takes than ours: CPU time on SQLite, the clock where the database is elsewhere.
    """

    name: str
    ours: str
    target: str
    peer: str = "—"
    admin: str = "—"
    times: float = 0.0

    @property
    def cells(self) -> tuple[str, ...]:
        times = f"× {self.times:.1f}" if self.times else "—"
        return self.name, self.ours, self.target, self.admin, times, self.peer


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
