"""The tree as a Word file by python-docx: real styles, the grid of GB/T 9704, page numbers.

Paragraphs and tables are written as XML in schema order (Word is strict about it) and appended;
charts are pictures of the same SVG that the PDF shows.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from apps.reports.document import word_styles as styles
from apps.reports.document.charts import WIDTH, chart_height, describe
from apps.reports.document.fonts import FontSet, WordFonts
from apps.reports.document.layout import (
    PageGrid,
    TableLayout,
    signature_indents,
    table_layout,
    text_width,
    twips,
)
from apps.reports.document.pictures import chart_pictures
from apps.reports.document.tree import (
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Paragraph,
    Table,
    as_run,
    attachment_label,
    attachment_lines,
    numbered,
    printable,
)

HELD_LINES = 8


def render_word(
    document: Document,
    *,
    fonts: WordFonts | None = None,
    grid: PageGrid | None = None,
    author: str = "",
    chart_fonts: FontSet | None = None,
) -> bytes:
    """The document as .docx bytes. `chart_fonts` are the files for the chart pictures."""
    document, grid = numbered(document), grid or PageGrid()
    word = docx.Document()
    styles.apply_styles(word, fonts or WordFonts(), grid)
    styles.apply_settings(word)
    styles.apply_page(word, grid)
    _set_properties(word, document, author)
    _Writer(word, grid, _pictures(document, chart_fonts or FontSet())).write(document)
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def _set_properties(word: WordDocument, document: Document, author: str) -> None:
    properties = word.core_properties
    properties.title = document.title_text
    properties.author = properties.last_modified_by = author or document.signature
    properties.comments = ""
    properties.language = "zh-CN"
    properties.revision = 1
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)


def _pictures(document: Document, fonts: FontSet) -> dict[Chart, bytes]:
    blocks = [*document.blocks, *(block for item in document.attachments for block in item.blocks)]
    charts = [block for block in blocks if isinstance(block, Chart)]
    return dict(zip(charts, chart_pictures(charts, fonts), strict=True))


class _Writer:
    """Appends blocks to the body of a Word document."""

    def __init__(self, word: WordDocument, grid: PageGrid, pictures: dict[Chart, bytes]) -> None:
        self.word, self.grid, self.pictures = word, grid, pictures
        self.body = word.element.body
        self.cell = grid.size * 20 + grid.word_spacing  # a character's place in twips

    def write(self, document: Document) -> None:
        self.append(_paragraph(styles.TITLE, *document.title))
        if document.addressee:
            self.paragraph(styles.FLUSH, document.addressee)
        for block in document.blocks[:-1]:
            self.block(block)
        self.last_block(document)
        self.attachment_list(document)
        self.signature(document)
        for position, item in enumerate(document.attachments, 1):
            self.paragraph(styles.ANNEX_LABEL, attachment_label(document, position))
            self.paragraph(styles.ANNEX_TITLE, item.title)
            for block in item.blocks:
                self.block(block)

    def append(self, xml: str) -> None:
        """Append an element before the section's properties."""
        self.body.insert(len(self.body) - 1, parse_xml(xml))

    def paragraph(self, style: str, text: str, properties: str = "") -> None:
        """Append a paragraph; `properties` are those after its style, in schema order."""
        self.append(_paragraph(style, text, properties=properties))

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.paragraph(f"Heading{block.level}", block.label)
        elif isinstance(block, Paragraph):
            self.paragraph(styles.BODY if block.indent else styles.FLUSH, block.text)
        elif isinstance(block, Table):
            self.table(block)
        else:
            self.chart(block)

    def last_block(self, document: Document) -> None:
        """The last block; a short paragraph keeps what follows from standing alone on a page.

        A long one would go to the next page as a whole and leave too much of this one empty.
        """
        is_followed = bool(document.attachments or document.signature or document.signed_on)
        most = self.grid.chars * HELD_LINES
        for block in document.blocks[-1:]:
            is_short = isinstance(block, Paragraph) and text_width(block.text) <= most
            if isinstance(block, Paragraph) and is_short and is_followed:
                style = styles.BODY if block.indent else styles.FLUSH
                self.paragraph(style, block.text, "<w:keepNext/>")
            else:
                self.block(block)

    def table(self, table: Table) -> None:
        layout = table_layout(table)
        if table.label:
            self.paragraph(styles.CAPTION, table.label, "<w:keepNext/>")
        self.append(_table(table, layout, twips(self.grid.text_width)))
        if table.note:
            self.paragraph(styles.NOTE, table.note)
        else:
            self.paragraph(styles.GAP, "")

    def chart(self, chart: Chart) -> None:
        self.paragraph(styles.PICTURE, "")
        paragraph = self.word.paragraphs[-1]
        picture = paragraph.add_run().add_picture(
            BytesIO(self.pictures[chart]), Pt(WIDTH), Pt(chart_height(chart))
        )
        picture._inline.docPr.set("descr", describe(chart))
        if chart.label:
            self.paragraph(styles.CAPTION, chart.label)

    def attachment_list(self, document: Document) -> None:
        """附件说明: one line below the body; long names continue below the name's start."""
        lines = attachment_lines(document)
        head = 3.0 if len(lines) == 1 else 4.5  # 附件：, or 附件：1.␣
        for index, line in enumerate(lines):
            hanging = head if index == 0 else text_width(line.split(" ", 1)[0] + " ")
            left, hang = self.twips(2 + head), self.twips(hanging)
            space = "" if index else f'<w:spacing w:before="{self.grid.line_pitch}"/>'
            indent = f'<w:ind w:left="{left}" w:hanging="{hang}" w:firstLineChars="0"/>'
            self.paragraph(styles.ANNEX_LIST, line, f"<w:keepNext/>{space}{indent}")

    def signature(self, document: Document) -> None:
        unit, day = document.signature, document.date_text
        rows = zip((unit, day), signature_indents(unit, day), strict=True)
        for index, (text, indent) in enumerate([row for row in rows if row[0]]):
            style = styles.DATE if index else styles.SIGNATURE
            self.paragraph(style, text, f'<w:ind w:right="{self.twips(indent)}"/>')

    def twips(self, characters: float) -> int:
        return round(self.cell * characters)


def _paragraph(style: str, *lines: str, properties: str = "", run: str = "") -> str:
    """A paragraph's XML, one run with line breaks between its lines."""
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>'
        f"{_run([printable(line) for line in lines], run)}</w:p>"
    )


def _run(lines: list[str], properties: str) -> str:
    if not any(lines):
        return ""
    parts = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines]
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{head}{'<w:br/>'.join(parts)}</w:r>"


def _table(table: Table, layout: TableLayout, width: int) -> str:
    """A table's XML: fixed columns, the head repeated on each page, no row broken."""
    columns = [width * share // 100 for share in layout.widths]
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{styles.TABLE}"/>'
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(_rows(table, layout, columns))}</w:tbl>"
    )


def _rows(table: Table, layout: TableLayout, columns: list[int]) -> Iterator[str]:
    head = ["center"] * len(columns)
    yield _row(table.head, head, columns, styles.HEAD, layout, is_head=True, is_kept=True)
    last = len(table.rows) - 1
    for index, row in enumerate(table.rows):
        style = styles.HEAD if table.has_total and index == last else styles.CELL
        is_kept = layout.keep and (index < last or bool(table.note))
        yield _row(row, table.columns, columns, style, layout, is_kept=is_kept)


def _row(
    row: tuple[Cell, ...],
    alignment: tuple[str, ...] | list[str],
    columns: list[int],
    style: str,
    layout: TableLayout,
    *,
    is_head: bool = False,
    is_kept: bool = False,
) -> str:
    keep = "<w:keepNext/>" if is_kept else ""
    size = round(layout.size * 2)
    run = "" if layout.size == 12 else f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{column}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        + _paragraph(style, as_run(cell).text, properties=f'{keep}<w:jc w:val="{align}"/>', run=run)
        + "</w:tc>"
        for cell, align, column in zip(row, alignment, columns, strict=True)
    )
    header = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"
