"""The tree as HTML: one body for the PDF and for the screen, classes only, no inline style."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from apps.reports.document.charts import chart_svg
from apps.reports.document.fonts import FontSet, split_rare
from apps.reports.document.layout import signature_indents, table_layout
from apps.reports.document.tree import (
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Paragraph,
    Run,
    Table,
    as_run,
    attachment_label,
    attachment_lines,
    numbered,
    printable,
)

_HEADING_FONTS = {1: "hei", 2: "kai", 3: "body", 4: "body"}
_SIZE_CLASSES = {12: "doc-size-m", 10.5: "doc-size-s", 9: "doc-size-xs"}


def body_html(document: Document, *, fonts: FontSet | None = None, for_screen: bool = False) -> str:
    """The document as an `article`.

    For the screen figures are `a.figure` marks; for paper (needs `fonts`) they are plain text,
    and characters that a font lacks are wrapped so that they keep the line grid.
    """
    document = numbered(document)
    return _Writer(fonts, for_screen).article(document)


def screen_parts(document: Document) -> tuple[str, list[str], str]:
    """What stands above the blocks on screen, each block, and what stands below them."""
    document = numbered(document)
    writer = _Writer(None, True)
    head = writer.title(document.title, "doc-title")
    if document.addressee:
        head += f'<p class="doc-flush">{writer.text(document.addressee, "body")}</p>'
    foot = "".join([*writer.attachment_list(document), *writer.signature(document)])
    return head, writer.blocks(document.blocks), foot


def page_html(document: Document, fonts: FontSet, author: str = "") -> str:
    """The complete page for the PDF, without its style sheet."""
    author = escape(author or document.signature)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(document.title_text)}</title>"
        f'<meta name="author" content="{author}"></head>'
        f"<body>{body_html(document, fonts=fonts)}</body></html>"
    )


class _Writer:
    """Writes HTML for paper or screen."""

    def __init__(self, fonts: FontSet | None, for_screen: bool) -> None:
        self.fonts = None if for_screen else fonts
        self.for_screen = for_screen

    def article(self, document: Document) -> str:
        parts = [self.title(document.title, "doc-title")]
        if document.addressee:
            parts.append(f'<p class="doc-flush">{self.text(document.addressee, "body")}</p>')
        parts += self.blocks(document.blocks)
        parts += self.attachment_list(document)
        parts += self.signature(document)
        for position, item in enumerate(document.attachments, 1):
            label = attachment_label(document, position)
            parts.append(f'<section class="doc-annex"><p class="doc-annex-label">{label}</p>')
            parts.append(self.title((item.title,), "doc-annex-title", "h2"))
            parts += [*self.blocks(item.blocks), "</section>"]
        return f'<article class="doc">{"".join(parts)}</article>'

    def title(self, lines: Iterable[str], name: str, tag: str = "h1") -> str:
        rows = "<br>".join(self.text(line, "title") for line in lines)
        return f'<{tag} class="{name}">{rows}</{tag}>'

    def text(self, text: str, role: str) -> str:
        """Escaped text; on paper with the characters wrapped that the role's font lacks."""
        text = printable(text)
        if self.fonts is None:
            return escape(text)
        path: Path = getattr(self.fonts, role)
        return "".join(
            f'<span class="doc-rare">{escape(piece)}</span>' if is_rare else escape(piece)
            for piece, is_rare in split_rare(text, path)
        )

    def run(self, run: Run, role: str) -> str:
        text = self.text(run.text, role)
        if not (self.for_screen and run.is_figure):
            return text
        note = f' title="{escape(run.note)}"' if run.note else ""
        mark = f'class="figure" data-figure="{escape(run.figure)}"{note}'
        if _is_local(run.url):
            return f'<a {mark} href="{escape(run.url)}">{text}</a>'
        return f"<span {mark}>{text}</span>"

    def blocks(self, blocks: Iterable[Block]) -> list[str]:
        return [self.block(block) for block in blocks]

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            level = block.level
            text = self.text(block.label, _HEADING_FONTS[level])
            return f'<h{level + 1} class="doc-h{level}">{text}</h{level + 1}>'
        if isinstance(block, Paragraph):
            name = "doc-p" if block.indent else "doc-flush"
            return f'<p class="{name}">{"".join(self.run(run, "body") for run in block.runs)}</p>'
        if isinstance(block, Table):
            return self.table(block)
        return self.chart(block)

    def chart(self, chart: Chart) -> str:
        caption = self.caption(chart.label, "figcaption")
        return f'<figure class="doc-chart">{chart_svg(chart)}{caption}</figure>'

    def caption(self, label: str, tag: str) -> str:
        return f'<{tag} class="doc-caption">{self.text(label, "hei")}</{tag}>' if label else ""

    def table(self, table: Table) -> str:
        layout = table_layout(table)
        names = ["doc-table", _SIZE_CLASSES[layout.size]]
        if layout.keep:
            names.append("doc-keep")
        columns = "".join(f'<col class="doc-w{width}">' for width in layout.widths)
        head = "".join(f'<th scope="col">{self.text(cell, "hei")}</th>' for cell in table.head)
        last = len(table.rows) - 1 if table.has_total else -1
        rows = "".join(
            self.row(table, row, is_total=index == last) for index, row in enumerate(table.rows)
        )
        note = f'<p class="doc-note">{self.text(table.note, "body")}</p>' if table.note else ""
        return (
            f'<div class="{" ".join(names)}">{self.caption(table.label, "p")}'
            f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>{note}</div>"
        )

    def row(self, table: Table, row: tuple[Cell, ...], *, is_total: bool) -> str:
        role = "hei" if is_total else "body"
        cells = "".join(
            f'<td class="doc-{align}">{self.run(as_run(cell), role)}</td>'
            for cell, align in zip(row, table.columns, strict=True)
        )
        return f'<tr class="doc-total">{cells}</tr>' if is_total else f"<tr>{cells}</tr>"

    def attachment_list(self, document: Document) -> list[str]:
        """附件说明: one line below the body; the second name stands below the first."""
        lines = attachment_lines(document)
        names = ["doc-annex-one" if len(lines) == 1 else "doc-annex-first"]
        names += ["doc-annex-more"] * (len(lines) - 1)
        return [
            f'<p class="{name}">{self.text(line, "body")}</p>'
            for name, line in zip(names, lines, strict=False)
        ]

    def signature(self, document: Document) -> list[str]:
        """署名 and 成文日期, indented from the right by half characters (classes doc-r…)."""
        unit, day = document.signature, document.date_text
        indents = signature_indents(unit, day)
        rows = [(text, indent) for text, indent in zip((unit, day), indents, strict=True) if text]
        return [
            f'<p class="{"doc-sign" if index == 0 else "doc-date"} doc-r{round(indent * 2)}">'
            f"{self.text(text, 'body')}</p>"
            for index, (text, indent) in enumerate(rows)
        ]


def _is_local(url: str) -> bool:
    """Whether an address leads into this site; others are never made links."""
    return url.startswith(("/", "?", "#")) and not url.startswith(("//", "/\\"))
