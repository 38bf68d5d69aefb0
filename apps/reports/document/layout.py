"""Measures shared by the PDF and the Word file: page grid, tables, signature."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from math import floor
from unicodedata import east_asian_width

from apps.reports.document.tree import Table, as_run

MM_PER_PT = Decimal("25.4") / 72
TWIPS_PER_MM = Decimal(1440) / Decimal("25.4")
PAGE_WIDTH_MM = 210
PAGE_HEIGHT_MM = 297
KEEP_TOGETHER_ROWS = 8  # a table up to this size never breaks across pages


@dataclass(frozen=True, slots=True)
class PageGrid:
    """Margins in mm, type in pt, and the grid of GB/T 9704: 22 lines of 28 characters."""

    top: int = 37
    bottom: int = 35
    left: int = 28
    right: int = 26
    lines: int = 22
    chars: int = 28
    size: int = 16
    title_size: int = 22
    number_size: int = 14
    number_gap: int = 7  # mm from the text block to the page number's dash

    @property
    def text_width(self) -> int:
        return PAGE_WIDTH_MM - self.left - self.right

    @property
    def text_height(self) -> int:
        return PAGE_HEIGHT_MM - self.top - self.bottom

    @property
    def line_height(self) -> Decimal:
        """Height of a line in mm, rounded down so that the last line still fits."""
        height = Decimal(self.text_height) / self.lines
        return height.quantize(Decimal("0.0001"), ROUND_FLOOR)

    @property
    def letter_spacing(self) -> Decimal:
        """Space between characters in pt (negative), rounded down so that the line holds them."""
        spacing = self._cell - self.size
        return spacing.quantize(Decimal("0.01"), ROUND_FLOOR)

    @property
    def word_spacing(self) -> int:
        """The same in twentieths of a point, for Word."""
        return int((self._cell * 20 - self.size * 20).to_integral_value(ROUND_FLOOR))

    @property
    def line_pitch(self) -> int:
        """Height of a line in twips, rounded down: 580 would give 21 lines, 579 gives 22."""
        return int(self.text_height * TWIPS_PER_MM / self.lines)

    @property
    def _cell(self) -> Decimal:
        return Decimal(self.text_width) / MM_PER_PT / self.chars


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Column widths in whole percent (sum 100), type in pt, and whether it stays on one page."""

    widths: tuple[int, ...]
    size: float
    keep: bool


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point, to the nearest."""
    return round(Decimal(str(mm)) * TWIPS_PER_MM)


def text_width(text: str) -> float:
    """Width in characters: full-width 1, half-width 0.5."""
    return sum(1.0 if east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def table_layout(table: Table) -> TableLayout:
    """Widths from the weights or the contents; smaller type where the contents are wide."""
    natural = [_column_width(table, index) for index in range(len(table.head))]
    total = sum(natural)
    size = 12 if total <= 36 else 10.5 if total <= 42 else 9
    shares = table.weights or tuple(natural)
    return TableLayout(_percentages(shares), size, len(table.rows) <= KEEP_TOGETHER_ROWS)


def signature_indents(unit: str, day: str) -> tuple[float, float]:
    """Right indents of 署名 and 成文日期 in characters (GB/T 9704, no seal).

    署名 stands 2 from the right and the date starts 2 right of it; where the date would then
    come nearer than 2 to the edge, it stands 2 from the right and the 署名 moves left.
    """
    unit_width, day_width = text_width(unit), text_width(day)
    if not day:
        return 2.0, 2.0
    if unit_width - day_width >= 2:
        return 2.0, unit_width - day_width
    return 4.0 + day_width - unit_width, 2.0


def _column_width(table: Table, index: int) -> float:
    """What a column wants, in characters with its padding: long texts wrap at 14."""
    cells = [text_width(as_run(row[index]).text) for row in table.rows]
    head = text_width(table.head[index])
    return min(max([min(head, 6.0), *cells, 2.0]), 14.0) + 0.8


def _percentages(shares: tuple[float, ...]) -> tuple[int, ...]:
    """Whole percentages in the ratio of the shares, by largest remainder."""
    exact = [share * 100 / sum(shares) for share in shares]
    whole = [floor(value) for value in exact]
    by_rest = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in by_rest[: 100 - sum(whole)]:
        whole[index] += 1
    return tuple(whole)
