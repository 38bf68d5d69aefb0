"""A drafted report for its page: blocks as they print, remarks on the wording, its figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from apps.reports.document import html, tree
from apps.reports.document.lint import lint_document
from apps.reports.models import Report, ReportBlock, ReportFigure
from apps.reports.selectors.building import Placed, document_of, place, source_of
from apps.reports.selectors.gathering import Lack, lacks_of


@dataclass(slots=True)
class ShownBlock:
    """A block with its HTML; without one it says nothing and is not printed."""

    block: ReportBlock
    html: SafeString
    figure_count: int = 0


@dataclass(slots=True)
class Remark:
    """A fault in the punctuation of a block."""

    block: ReportBlock
    message: str
    excerpt: str


@dataclass(slots=True)
class Page:
    """What the page of a report shows."""

    report: Report
    head: SafeString
    foot: SafeString
    blocks: list[ShownBlock] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    zeros: list[Lack] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    figures: list[ReportFigure] = field(default_factory=list)
    characters: int = 0

    @property
    def overrides(self) -> list[ReportFigure]:
        return [figure for figure in self.figures if figure.override]


def page_of(report: Report) -> Page:
    """Everything the page shows, in a fixed number of queries."""
    placed = place(report)
    document = document_of(report, placed)
    head, items, foot = html.screen_parts(document)
    pieces = iter(items)
    page = Page(report, _safe(head), _safe(foot))
    for each in placed:
        piece = next(pieces) if each.item is not None else ""
        page.blocks.append(ShownBlock(each.block, _safe(piece), piece.count("data-figure=")))
    page.lacks, page.zeros = _split(lacks_of(report))
    page.remarks = _remarks(placed)
    page.figures = list(report.figures.select_related("overridden_by"))
    page.characters = sum(len("".join(line.split())) for line in tree.plain_text(document))
    return page


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 -- written and escaped by document.html


def _split(lacks: list[Lack]) -> tuple[list[Lack], list[Lack]]:
    zeros = [lack for lack in lacks if lack.kind == "zero"]
    return [lack for lack in lacks if lack.kind != "zero"], zeros


def _remarks(placed: list[Placed]) -> list[Remark]:
    found = []
    for each in placed:
        if each.item is None:
            continue
        alone = tree.Document(title=(), blocks=(each.item,))
        lines = tree.plain_text(alone)
        for finding in lint_document(alone):
            line = lines[finding.line]
            excerpt = line[max(finding.start - 8, 0) : finding.end + 4]
            found.append(Remark(each.block, finding.message, excerpt))
    return found


def edit_source(block: ReportBlock) -> str:
    """A block's text in the language, as the editor shows it."""
    figures = {figure.node: figure for figure in block.report.figures.all()}
    return source_of(block.content, figures)
