"""The document tree: what a report says, without saying how it looks.

Built by the drafting code, rendered by `html`/`pdf` and `word`. Renderers number headings and
captions through `numbered`; `plain_text` is the canonical text that all outputs carry.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from apps.core.numbers import Number, chinese_date, ordinal

Align = Literal["left", "center", "right"]
ChartKind = Literal["bar", "hbar", "line", "pie"]

_UNPRINTABLE = {"Cc", "Cs", "Cf"}  # not Co and Cn: names may hold private and very new hanzi
_NONCHARACTERS = "\ufffe\uffff"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text. A figure carries its id and, for the screen, the address of its records.

    `note` is the figure's tooltip on screen (scope, period, overridden value); outputs on paper
    drop it.
    """

    text: str
    figure: str = ""
    url: str = ""
    note: str = ""

    @property
    def is_figure(self) -> bool:
        return bool(self.figure or self.url)


Cell = str | Run


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; `number` is filled by the engine (`一、`)."""

    level: int
    text: str
    number: str = ""
    numbered: bool = True

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise ValueError(f"标题层级应为1至4：{self.level}")

    @property
    def label(self) -> str:
        return self.number + self.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `indent` = two characters on its first line."""

    runs: tuple[Run, ...]
    indent: bool = True

    @classmethod
    def of(cls, *parts: Cell, indent: bool = True) -> "Paragraph":
        """A paragraph from strings and runs."""
        return cls(tuple(as_run(part) for part in parts), indent)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one head row, body rows, alignment a column (default first left, rest right).

    `weights` sets relative column widths (default: from the contents); `has_total` sets the last
    row apart. Raises ValueError where a row's length differs from the head's.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: tuple[Align, ...] = ()
    note: str = ""
    weights: tuple[float, ...] = ()
    has_total: bool = False
    number: int = 0

    def __post_init__(self) -> None:
        width = len(self.head)
        wrong = [len(row) for row in self.rows if len(row) != width]
        if not width or wrong:
            raise ValueError(f"表格“{self.caption}”的列数不一致：表头{width}列，某行{wrong}列")
        for given in (self.align, self.weights):
            if given and len(given) != width:
                raise ValueError(f"表格“{self.caption}”的对齐或列宽应为{width}项")

    @property
    def columns(self) -> tuple[Align, ...]:
        rest: list[Align] = ["right" for _ in self.head[1:]]
        return self.align or ("left", *rest)

    @property
    def label(self) -> str:
        return f"表{self.number}　{self.caption}" if self.number else self.caption


@dataclass(frozen=True, slots=True)
class Series:
    """One row of chart values, one a category; None = no data."""

    name: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: bar, horizontal bar (hbar), line or pie. `unit` is that of the values."""

    caption: str
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        if not self.categories or not self.series:
            raise ValueError(f"图“{self.caption}”没有数据")
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError(f"图“{self.caption}”的数据与类别个数不一致")

    @property
    def label(self) -> str:
        return f"图{self.number}　{self.caption}" if self.number else self.caption


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Attachment:
    """An 附件: listed below the body, printed on pages of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `title` holds the lines as the writer breaks them."""

    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    addressee: str = ""
    signature: str = ""
    signed_on: date | None = None
    attachments: tuple[Attachment, ...] = field(default=())

    @property
    def title_text(self) -> str:
        return "".join(self.title)

    @property
    def date_text(self) -> str:
        return chinese_date(self.signed_on) if self.signed_on else ""


def printable(text: str) -> str:
    """The text as every output prints it: one space for any white space, no control characters."""
    text = re.sub("[ \t-\r]+", " ", text)
    return "".join(
        letter
        for letter in text
        if unicodedata.category(letter) not in _UNPRINTABLE and letter not in _NONCHARACTERS
    )


def as_run(part: Cell) -> Run:
    """A run from a string or a run."""
    return Run(part) if isinstance(part, str) else part


def heading_number(level: int, position: int) -> str:
    """The number before a heading: 一、 / （一） / 1. / （1） (GB/T 9704)."""
    if level == 1:
        return f"{ordinal(position)}、"
    if level == 2:
        return f"（{ordinal(position)}）"
    return f"{position}." if level == 3 else f"（{position}）"


def number_headings(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with headings numbered by level; a heading restarts the levels below it."""
    counters = [0, 0, 0, 0]
    result: list[Block] = []
    for block in blocks:
        if not isinstance(block, Heading):
            result.append(block)
            continue
        counters[block.level :] = [0] * (4 - block.level)
        if not block.numbered:
            result.append(replace(block, number=""))
            continue
        counters[block.level - 1] += 1
        number = heading_number(block.level, counters[block.level - 1])
        result.append(replace(block, number=number))
    return tuple(result)


def numbered(document: Document) -> Document:
    """The document with headings, tables and charts numbered; safe to apply twice.

    Tables and charts count through body and attachments; headings restart in each attachment.
    """
    tables = charts = 0

    def captions(blocks: Iterable[Block]) -> Iterator[Block]:
        nonlocal tables, charts
        for block in blocks:
            if isinstance(block, Table) and block.caption:
                tables += 1
                yield replace(block, number=tables)
            elif isinstance(block, Chart) and block.caption:
                charts += 1
                yield replace(block, number=charts)
            else:
                yield block

    body = tuple(captions(number_headings(document.blocks)))
    attachments = tuple(
        replace(item, blocks=tuple(captions(number_headings(item.blocks))))
        for item in document.attachments
    )
    return replace(document, blocks=body, attachments=attachments)


def attachment_lines(document: Document) -> list[str]:
    """The 附件说明 lines: `附件：1. 名称`, numbered only where there are several."""
    titles = [item.title for item in document.attachments]
    if len(titles) < 2:
        return [f"附件：{title}" for title in titles]
    return [
        f"附件：{number}. {title}" if number == 1 else f"{number}. {title}"
        for number, title in enumerate(titles, 1)
    ]


def attachment_label(document: Document, position: int) -> str:
    """`附件` for a single attachment, `附件1`, `附件2` … (position from 1) for several."""
    return f"附件{position}" if len(document.attachments) > 1 else "附件"


def plain_text(document: Document) -> list[str]:
    """The canonical text, a line a paragraph, table cells parted by tabs, charts by caption.

    All outputs carry exactly this text, apart from page numbers, labels inside charts, and the
    head of a table that is repeated on its next page.
    """
    document = numbered(document)
    lines = list(document.title)
    if document.addressee:
        lines.append(document.addressee)
    lines += block_lines(document.blocks)
    lines += attachment_lines(document)
    lines += [line for line in (document.signature, document.date_text) if line]
    for position, item in enumerate(document.attachments, 1):
        lines += [attachment_label(document, position), item.title, *block_lines(item.blocks)]
    return ["\t".join(printable(cell).strip() for cell in line.split("\t")) for line in lines]


def block_lines(blocks: Iterable[Block]) -> list[str]:
    """The text lines of numbered blocks."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            lines.append(block.label)
        elif isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            rows = [[printable(as_run(cell).text) for cell in row] for row in block.rows]
            lines += [block.label] if block.label else []
            lines += ["\t".join(row) for row in (block.head, *rows)]
            lines += [block.note] if block.note else []
        elif block.label:
            lines.append(block.label)
    return lines
