"""Finds the heading of a sheet among title lines and groups, and reads what stands above it."""

import re
from dataclasses import dataclass, field
from typing import Any

from apps.core.dates import DateError, parse_date
from apps.core.text import bare_heading, clean_text, heading_key

_SEARCHED_ROWS = 30
_LONGEST_HEADING = 40
_AS_OF = re.compile(
    r"截[至止]\s*[:：]?\s*(\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{4}[-./]\d{1,2}[-./]\d{1,2})"
)
_UNIT = re.compile(r"(?:填报|报送|填表|上报)单位[^:：]{0,6}[:：]\s*(\S+)")
_REPORTED = re.compile(r"(?:填报|填表|报送|制表)(?:日期|时间)[:：]\s*(\S+)")
_MONEY = re.compile(r"(?:金额|货币|计量)?单位[:：]\s*(人民币)?(亿元|万元|元)")

Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(slots=True)
class Heading:
    """One column: its text, the group above it, both in the form that comparisons use."""

    column: int
    text: str
    group: str = ""

    @property
    def key(self) -> str:
        return heading_key(self.text)

    @property
    def keys(self) -> list[str]:
        """From the most to the least exact: with the group, whole, without its bracketed unit."""
        exact, bare = self.key, bare_heading(self.key)
        group = [heading_key(self.group + self.text)] if self.group else []
        return list(dict.fromkeys([*group, exact, bare]))

    @property
    def label(self) -> str:
        return f"{self.group}—{self.text}" if self.group else self.text


@dataclass(slots=True)
class Table:
    """The cells of one sheet from A1 on, and its merged ranges (counted from 0)."""

    name: str
    rows: list[list[Any]]
    merged: list[Range] = field(default_factory=list)

    def fill_down(self, first: int) -> None:
        """A value merged over several rows of data belongs to each of them."""
        for (top, left), (bottom, _) in self.merged:
            if first <= top < bottom < len(self.rows) and left < len(self.rows[top]):
                for row in range(top + 1, bottom + 1):
                    self.rows[row][left] = self.rows[top][left]


@dataclass(slots=True)
class Head:
    """Where the heading stands: the last of its rows, its first row, its columns."""

    row: int
    top: int
    headings: list[Heading]


def find(table: Table, known: frozenset[str]) -> Head | None:
    """The row in which most cells are known headings; else the first full row of texts."""
    best, best_score = None, 0.0
    for index in range(min(_SEARCHED_ROWS, len(table.rows))):
        head = _head_at(table, index)
        if head is None:
            continue
        hits = sum(any(key in known for key in h.keys) for h in head.headings)
        score = hits + (0.5 if head.top < index and hits else 0.0)
        if score > best_score:
            best, best_score = head, score
    if best and (best_score >= 2 or len(best.headings) <= 3):
        return best
    return _fullest(table)


def _fullest(table: Table) -> Head | None:
    """For a sheet of an unknown kind: the row with most texts before the first number."""
    best: Head | None = None
    for index in range(min(15, len(table.rows))):
        head = _head_at(table, index)
        if head is not None and (best is None or len(head.headings) > len(best.headings)):
            best = head
        if any(not isinstance(cell, str) for cell in table.rows[index]):
            break
    return best if best and len(best.headings) >= 2 else None


def _head_at(table: Table, index: int) -> Head | None:
    cells = table.rows[index]
    if any(cell != "" and not isinstance(cell, str) for cell in cells):
        return None
    filled, top = _with_tall_cells(table, index)
    groups, above = _groups(table, index)
    headings = []
    for column, cell in enumerate(filled):
        text = clean_text(cell) if isinstance(cell, str) else ""
        if text and len(text) <= _LONGEST_HEADING:
            headings.append(Heading(column, text, groups.get(column, "")))
    return Head(index, min(top, above), headings) if headings else None


def _with_tall_cells(table: Table, index: int) -> tuple[list[Any], int]:
    """The cells of a row, with those filled in whose merged cell begins above."""
    cells, top = list(table.rows[index]), index
    for (first, left), (last, _) in table.merged:
        if first < index <= last and left < len(cells) and cells[left] == "":
            cells[left] = table.rows[first][left]
            if cells[left]:
                top = min(top, first)
    return cells, top


def _groups(table: Table, index: int) -> tuple[dict[int, str], int]:
    """Column → text of the merged cell right above; a cell over the whole width is a title."""
    found: dict[int, str] = {}
    if not index:
        return found, index
    width = sum(cell != "" for cell in table.rows[index])
    for (first, left), (last, right) in table.merged:
        if last != index - 1 or not left < right:
            continue
        text = table.rows[first][left]
        if isinstance(text, str) and text.strip() and right - left + 1 < max(width, 3):
            found.update(dict.fromkeys(range(left, right + 1), clean_text(text)))
    return found, index - 1 if found else index


def read_facts(rows: list[list[Any]]) -> tuple[str, dict[str, Any]]:
    """Title and facts (as_of, reporting_unit, reported_on, money_unit) of the lines above."""
    texts = [clean_text(c) for row in rows for c in row if isinstance(c, str) and c.strip()]
    facts: dict[str, Any] = {}
    for text in texts:
        for name, pattern in (("as_of", _AS_OF), ("reported_on", _REPORTED)):
            if match := pattern.search(text):
                _add_date(facts, name, match[1])
        if match := _UNIT.search(text):
            facts.setdefault("reporting_unit", match[1])
        elif match := _MONEY.search(text):
            facts.setdefault("money_unit", match[2])
    plain = [text for text in texts if not (_UNIT.match(text) or _REPORTED.match(text))]
    return plain[0] if plain else "", facts


def _add_date(facts: dict[str, Any], name: str, text: str) -> None:
    try:
        day, is_month = parse_date(text.rstrip(")）；;，,"))
    except DateError:
        return
    if not is_month:
        facts.setdefault(name, day)
