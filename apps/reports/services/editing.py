"""Changing a draft's text: paragraphs are edited in the language, so that figures stay alive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F

from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.reports.document.tree import printable
from apps.reports.drafting.draft import DraftSentence, Gap
from apps.reports.drafting.weaving import Weaver
from apps.reports.models import Report, ReportBlock, ReportFigure, ReportGap
from apps.reports.outline.language import OutlineError, Sentence, parse_lines
from apps.reports.selectors.building import text_of
from apps.reports.selectors.catalogue import Catalogue
from apps.reports.services.guarding import claim, log
from apps.reports.services.outlines import known_labels, unknown_label
from apps.reports.services.storing import STEP, FigureWriter, gap_row

Kind = ReportBlock.Kind
GapKind = ReportGap.Kind
TEXT_KINDS = (Kind.HEADING, Kind.PARAGRAPH, Kind.POINT)


def read_source(report: Report, source: str) -> tuple[list[DraftSentence], list[Gap], Catalogue]:
    """A typed paragraph as nodes; OutlineError names the line of a figure that can't be written."""
    sentences = parse_lines(printable_lines(source), first=1)
    citations = [c for sentence in sentences for c in sentence.citations()]
    catalogue = Catalogue.read(citations, report.period, report.scope)
    weaver = Weaver(catalogue, report.facts)
    _check_labels(sentences, weaver)
    content: list[DraftSentence] = []
    gaps: list[Gap] = []
    for sentence in sentences:
        nodes, left_out = weaver.sentence(sentence, len(content))
        if not nodes:
            raise OutlineError(_lacking(left_out[0], catalogue), sentence.line)
        content.append(nodes)
        gaps += left_out
    return content, gaps, catalogue


def printable_lines(source: str) -> str:
    return "\n".join(printable(line) for line in source.splitlines())


def _check_labels(sentences: Iterable[Sentence], weaver: Weaver) -> None:
    known = {*weaver.catalogue.metrics, *weaver.facts}
    for sentence in sentences:
        for citation in sentence.citations():
            if citation.label not in known:
                names = {*known_labels(), *weaver.facts}
                raise OutlineError(unknown_label(citation.label, names), sentence.line)


def _lacking(gap: Gap, catalogue: Catalogue) -> str:
    label = gap.labels[0]
    figures = catalogue.previous if gap.kind == GapKind.LAST_YEAR else catalogue.figures
    figure = figures.get(catalogue.metrics[label].key)
    reason = figure.missing if figure and figure.missing else "这个写法没有可写的内容。"
    return f"“{label}”暂时写不出来：{reason}请补录后再引用，或先去掉这句话。"


@transaction.atomic
def edit_block(
    block: ReportBlock, source: str, *, version: int, by: Actor, kind: str = "", level: int = 0
) -> ReportBlock:
    """Replace the text of a heading, paragraph or point. Figures cited before keep their value."""
    report = claim(block.report, by=by)
    if block.kind not in TEXT_KINDS:
        raise DomainError("表格和图不能改文字，可以删除后另写；其中的数字可以改写。")
    kind = kind or block.kind
    content, gaps, catalogue = read_source(report, source)
    _check_shape(kind, content)
    figures = {figure.node: figure for figure in report.figures.all()}
    old_text, old_nodes = text_of(block.content, figures), nodes_of(block)
    kept = [figures[node] for node in sorted(old_nodes)]
    writer = FigureWriter(report, catalogue, kept)
    stored = [writer.sentence(sentence) for sentence in content]
    _write_block(block, version, by, kind=kind, level=level or block.level, content=stored)
    _store_figures(report, writer, old_nodes - nodes_of(block))
    report.gaps.bulk_create([gap_row(report, block, gap, catalogue) for gap in gaps])
    figures = {figure.node: figure for figure in report.figures.all()}
    new_text = text_of(block.content, figures)
    if new_text != old_text:
        log(report, block.get_kind_display(), old_text, new_text, by=by)
    return block


def _check_shape(kind: str, content: list[DraftSentence]) -> None:
    if not content:
        raise DomainError("没有写文字。不需要这一段时，请用“删除”。")
    if kind == Kind.HEADING and len(content) > 1:
        raise DomainError("标题只能写一行，请把其余文字写成段落。")


def _write_block(block: ReportBlock, version: int, by: Actor, **values: Any) -> None:
    now = block.report.updated_at
    rows = ReportBlock.objects.filter(pk=block.pk, version=version)
    values |= {"updated_by": by.user, "updated_at": now}
    if not rows.update(version=F("version") + 1, **values):
        stored = ReportBlock.objects.select_related("updated_by").filter(pk=block.pk).first()
        who = stored.updated_by or "他人" if stored else "他人"
        raise DomainError(
            f"这一段在您打开之后已被{who}修改或删除，没有保存。请先复制您写的文字，再刷新页面核对。"
        )
    block.refresh_from_db()


def _store_figures(report: Report, writer: FigureWriter, gone: set[int]) -> None:
    ReportFigure.objects.bulk_create(writer.made)
    report.figures.filter(node__in=gone).delete()
    Report.objects.filter(pk=report.pk).update(next_node=report.next_node)


def nodes_of(block: ReportBlock) -> set[int]:
    """The numbers of all figures in a block, those of a table's cells included."""
    cells = [cell for row in block.options.get("rows", ()) for cell in row]
    cells.append(block.options.get("note") or [])
    return {
        node["f"]
        for sentence in [*block.content, *cells]
        for node in sentence
        if not isinstance(node, str)
    }


@transaction.atomic
def add_block(
    report: Report, source: str, *, after: ReportBlock | None, kind: str, by: Actor, level: int = 0
) -> ReportBlock:
    """A new heading, paragraph or point behind another one, or in front of all."""
    report = claim(report, by=by)
    if kind not in TEXT_KINDS:
        raise DomainError("只能增加标题、段落或要点。")
    if kind == Kind.HEADING and level not in (1, 2, 3):
        raise DomainError("请选择标题的层级。")
    content, gaps, catalogue = read_source(report, source)
    _check_shape(kind, content)
    writer = FigureWriter(report, catalogue)
    block = ReportBlock(
        report=report,
        order=0,
        kind=kind,
        level=level if kind == Kind.HEADING else 0,
        content=[writer.sentence(sentence) for sentence in content],
        origin="typed",
        updated_by=by.user,
        updated_at=report.updated_at,
    )
    block.save()
    _store_figures(report, writer, set())
    report.gaps.bulk_create([gap_row(report, block, gap, catalogue) for gap in gaps])
    insert_blocks(report, [block], after)
    figures = {figure.node: figure for figure in report.figures.all()}
    log(report, f"增加{block.get_kind_display()}", "", text_of(block.content, figures), by=by)
    return block


def insert_blocks(report: Report, new: list[ReportBlock], after: ReportBlock | None) -> None:
    """Number the blocks anew with some saved ones behind another."""
    fresh = {block.pk for block in new}
    rest = [block for block in report.blocks.all() if block.pk not in fresh]
    place = next((i for i, b in enumerate(rest, 1) if after and b.pk == after.pk), 0)
    _renumber([*rest[:place], *new, *rest[place:]])


def _renumber(blocks: list[ReportBlock]) -> None:
    moved = []
    for number, block in enumerate(blocks, 1):
        if block.order != number * STEP:
            block.order = number * STEP
            moved.append(block)
    ReportBlock.objects.bulk_update(moved, ["order"])


@transaction.atomic
def move_block(block: ReportBlock, step: int, *, by: Actor) -> None:
    """Move a block up (-1) or down (1) past its neighbour."""
    report = claim(block.report, by=by)
    blocks = list(report.blocks.all())
    place = next((i for i, b in enumerate(blocks) if b.pk == block.pk), None)
    if place is None:
        raise DomainError("这一段已被他人删除，请刷新页面查看。")
    target = place + step
    if not 0 <= target < len(blocks):
        return
    blocks[place], blocks[target] = blocks[target], blocks[place]
    _renumber(blocks)
    what = "上移" if step < 0 else "下移"
    log(report, f"{what}{block.get_kind_display()}", "", "", by=by, reason=what)


@transaction.atomic
def delete_block(block: ReportBlock, *, version: int, by: Actor) -> None:
    """Delete a block with its figures."""
    report = claim(block.report, by=by)
    figures = {figure.node: figure for figure in report.figures.all()}
    text, nodes = text_of(block.content, figures), nodes_of(block)
    deleted, _ = ReportBlock.objects.filter(pk=block.pk, version=version).delete()
    if not deleted:
        raise DomainError("这一段在您打开之后已被他人修改或删除，没有删除。请刷新页面查看。")
    report.figures.filter(node__in=nodes).delete()
    log(report, f"删除{block.get_kind_display()}", text, "", by=by)
