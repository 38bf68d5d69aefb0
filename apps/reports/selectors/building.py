"""A stored report as a document tree: what the screen, the PDF and the Word file print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from apps.core import numbers
from apps.core.periods import Period
from apps.reports.document import tree
from apps.reports.models import Report, ReportBlock, ReportFigure

Kind = ReportBlock.Kind
Figures = Mapping[int, ReportFigure]


@dataclass(slots=True)
class Placed:
    """A block of the report with what it prints; nothing for a block that says nothing."""

    block: ReportBlock
    item: tree.Block | None


def build_document(report: Report) -> tree.Document:
    """The document of a report, the same for every renderer."""
    return document_of(report, place(report))


def document_of(report: Report, placed: Iterable[Placed]) -> tree.Document:
    addressee = report.addressee.strip().rstrip("：:")
    return tree.Document(
        title=tuple(line.strip() for line in report.title.splitlines() if line.strip()),
        blocks=tuple(each.item for each in placed if each.item is not None),
        addressee=f"{addressee}：" if addressee else "",
        signature=report.signature,
        signed_on=report.signed_on,
    )


def place(report: Report) -> list[Placed]:
    """The blocks in order with what each prints, headings and captions numbered."""
    figures = {figure.node: figure for figure in report.figures.all()}
    blocks = list(report.blocks.all())
    prefixes = _point_prefixes(blocks)
    placed = [Placed(block, _item(block, figures, prefixes.get(block.pk, ""))) for block in blocks]
    _drop_empty_sections(placed)
    printed = [each for each in placed if each.item is not None]
    document = tree.numbered(document_of(report, printed))
    for each, item in zip(printed, document.blocks, strict=True):
        each.item = item
    return placed


def _point_prefixes(blocks: list[ReportBlock]) -> dict[int, str]:
    """一是, 二是 … for points that follow one another; a single point has none."""
    prefixes: dict[int, str] = {}
    run: list[ReportBlock] = []
    for block in [*blocks, None]:
        if block is not None and block.kind == Kind.POINT:
            run += [block] if block.content else []
            continue
        if len(run) > 1:
            prefixes |= {b.pk: f"{numbers.ordinal(n)}是" for n, b in enumerate(run, 1)}
        run = []
    return prefixes


def _drop_empty_sections(placed: list[Placed]) -> None:
    """A heading under which nothing is printed is not printed either."""
    level_said = 0  # the deepest level that has something to stand over
    for each in reversed(placed):
        if each.item is None:
            continue
        if each.block.kind != Kind.HEADING:
            level_said = 5
        elif each.block.level >= level_said:
            each.item = None
        else:
            level_said = each.block.level


def _item(block: ReportBlock, figures: Figures, prefix: str) -> tree.Block | None:
    if not block.content and not (block.kind == Kind.TABLE and block.options.get("rows")):
        return None
    if block.kind == Kind.HEADING:
        return tree.Heading(block.level, text_of(block.content, figures))
    if block.kind == Kind.TABLE:
        return _table(block, figures)
    if block.kind == Kind.CHART:
        return _chart(block, figures)
    runs = [run for sentence in block.content for run in runs_of(sentence, figures)]
    return tree.Paragraph((tree.Run(prefix), *runs) if prefix else tuple(runs))


def runs_of(sentence: Iterable[Any], figures: Figures) -> list[tree.Run]:
    """The runs of a stored sentence."""
    return [run for node in sentence for run in _runs(node, figures)]


def _runs(node: Any, figures: Figures) -> list[tree.Run]:
    """A text as it is, a figure as a mark; a list of groups as a mark for each number."""
    if isinstance(node, str):
        return [tree.Run(node)]
    figure = figures[node["f"]]
    number, note = str(figure.node), note_of(figure)
    if figure.parts and not figure.override:
        return [
            tree.Run(text, number, url, note) if url else tree.Run(text)
            for text, url in figure.parts
        ]
    return [tree.Run(figure.shown, number, figure.url, note)]


def text_of(content: Iterable[Iterable[Any]], figures: Figures) -> str:
    return "".join(run.text for sentence in content for run in runs_of(sentence, figures))


def source_of(content: Iterable[Iterable[Any]], figures: Figures) -> str:
    """The content in the language, one sentence a line, as it is edited."""
    return "\n".join(
        "".join(n if isinstance(n, str) else figures[n["f"]].citation for n in sentence)
        for sentence in content
    )


def note_of(figure: ReportFigure) -> str:
    """What the pointer shows over a figure."""
    when = timezone.localtime(figure.drafted_at)
    period = Period.parse(figure.period_key).label
    parts = [f"{figure.label}（{period}，{figure.scope_label}，{figure.provenance}）"]
    if figure.override:
        parts.append(f"已改写，原数{figure.text}，理由：{figure.reason}")
    parts.append(f"取数时间 {when:%Y-%m-%d %H:%M}")
    return "；".join(parts)


def _table(block: ReportBlock, figures: Figures) -> tree.Table:
    options = block.options
    rows = tuple(tuple(_cell(cell, figures) for cell in row) for row in options["rows"])
    return tree.Table(
        caption=text_of(block.content, figures),
        head=tuple(options["head"]),
        rows=rows,
        note=text_of([options.get("note", [])], figures),
        has_total=bool(options.get("total")) and len(rows) > 1,
    )


def _cell(nodes: list[Any], figures: Figures) -> tree.Cell:
    runs = runs_of(nodes, figures)
    return runs[0] if len(runs) == 1 else "".join(run.text for run in runs)


def _chart(block: ReportBlock, figures: Figures) -> tree.Chart:
    options = block.options
    unit = options.get("unit", "")
    series = tuple(
        tree.Series(
            text_of([row[0]], figures), tuple(_value(cell, figures, unit) for cell in row[1:])
        )
        for row in options["rows"]
    )
    return tree.Chart(
        caption=text_of(block.content, figures),
        kind=options.get("kind", "bar"),
        categories=tuple(options["head"]),
        series=series,
        unit=unit,
    )


def _value(nodes: list[Any], figures: Figures, unit: str) -> Decimal | None:
    """The number a chart draws: an override where it is a number, else the drafted value."""
    figure = next((figures[node["f"]] for node in nodes if not isinstance(node, str)), None)
    if figure is None or figure.value is None:
        return None
    if figure.override:
        try:
            return Decimal(figure.override)
        except InvalidOperation:
            pass
    if figure.unit_of_measure == "%":
        return figure.value * 100
    if figure.unit_of_measure == "元" and unit == "万元":
        return figure.value / numbers.WAN
    return figure.value
