"""An outline, a catalogue and the year's records, composed to the blocks of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from apps.reports.drafting.draft import Cited, DraftBlock, DraftSentence, Gap
from apps.reports.drafting.weaving import Weaver
from apps.reports.models import Report, ReportBlock, ReportGap
from apps.reports.outline.language import OutlineError, Sentence, Text, parse_sentence
from apps.reports.outline.parser import WHOLE, OutlineText, Part
from apps.reports.selectors.catalogue import Catalogue
from apps.reports.selectors.material import Passage, Query, passages, query_for

Kind = ReportBlock.Kind


@dataclass(frozen=True, slots=True)
class Woven:
    """A record's passage in the language, ready to be composed."""

    passage: Passage
    sentences: tuple[Sentence, ...]


@dataclass(slots=True)
class Material:
    """The parts that are switched on, with the records that each directive asks for."""

    parts: list[Part]
    queries: dict[int, Query]
    woven: dict[int, list[Woven]]

    def sentences(self) -> Iterator[Sentence]:
        for part in self.parts:
            yield from part.all_sentences()
        for several in self.woven.values():
            for item in several:
                yield from item.sentences


def gather(outline: OutlineText, report: Report) -> Material:
    """What will be written: parts by switch, and the passages of the records."""
    switches = report.switches | {WHOLE: report.is_whole}
    parts = [p for p in outline.parts if p.when is None or p.when.holds(switches)]
    material = Material(parts, {}, {})
    for index, part in enumerate(parts):
        if part.kind == "records":
            query = query_for(*part.argument, report.year)
            material.queries[index] = query
            material.woven[index] = [weave(p) for p in passages(query, report.scope)]
    return material


def weave(passage: Passage) -> Woven:
    """A record's text in the language; what cannot be read as such is taken as plain words."""
    sentences = [Sentence((Text(f"{passage.title}。"),))]
    for line in passage.lines:
        try:
            sentences.append(parse_sentence(line))
        except OutlineError:
            sentences.append(Sentence((Text(line),)))
    labels = {c.label for sentence in sentences for c in sentence.citations()}
    if passage.evidence and passage.evidence not in labels:
        sentences.append(parse_sentence(evidence(passage.evidence)))
    return Woven(passage, tuple(sentences))


def evidence(label: str) -> str:
    """The sentence that shows a problem by its metric."""
    return f"截至{{{{ 截止日期 }}}}，{label}为{{{{ {label} }}}}{{{{ {label}的单位 }}}}。"


def compose(material: Material, report: Report, catalogue: Catalogue) -> list[DraftBlock]:
    """The blocks of a draft, in order."""
    facts = dict(report.facts)
    for label, metric in catalogue.metrics.items():
        unit = metric.unit_of_measure
        facts[f"{label}的单位"] = "" if unit in ("元", "%") else unit
    weaver = Weaver(catalogue, facts)
    blocks: list[DraftBlock] = []
    for index, part in enumerate(material.parts):
        if part.kind == "records":
            drafted = _records(weaver, material.queries[index], material.woven[index])
            quiet = "quiet" in dict(part.settings)
            blocks += [block for block in drafted if block.content or not quiet]
        elif part.kind in ("table", "chart"):
            blocks.append(_grid(weaver, part))
        else:
            blocks.append(_text(weaver, part.kind, part.sentences, part.level, "outline"))
    return blocks


def _text(
    weaver: Weaver, kind: str, sentences: tuple[Sentence, ...], level: int, origin: str
) -> DraftBlock:
    block = DraftBlock(kind, level=level, origin=origin)
    for sentence in sentences:
        nodes, gaps = weaver.sentence(sentence, len(block.content))
        block.gaps += gaps
        if nodes:
            block.content.append(nodes)
    return block


def _records(weaver: Weaver, query: Query, woven: list[Woven]) -> list[DraftBlock]:
    if woven:
        return [_text(weaver, Kind.POINT, w.sentences, 0, w.passage.origin) for w in woven]
    gap = Gap(
        ReportGap.Kind.RECORDS, query.words, record_type=query.record_type, filters=query.filters
    )
    return [DraftBlock(Kind.POINT, origin=query.record_type, gaps=[gap])]


def compose_passages(query: Query, report: Report) -> tuple[list[DraftBlock], Catalogue]:
    """The points that the records of one query make, as they are now."""
    woven = [weave(passage) for passage in passages(query, report.scope)]
    material = Material([Part("records")], {0: query}, {0: woven})
    citations = [c for sentence in material.sentences() for c in sentence.citations()]
    catalogue = Catalogue.read(citations, report.period, report.scope)
    return (compose(material, report, catalogue) if woven else []), catalogue


def _grid(weaver: Weaver, part: Part) -> DraftBlock:
    """A table or chart. A row without any figure is left out, a missing cell is a dash."""
    block = _text(weaver, part.kind, part.sentences, 0, "outline")
    settings = dict(part.settings)
    rows: list[list[DraftSentence]] = []
    for row in part.rows:
        cells = [weaver.cell(cell) for cell in row]
        figures = [node for cell in cells[1:] for node in cell if isinstance(node, Cited)]
        if not figures:
            block.gaps.append(_row_gap(weaver, row, cells))
        elif not settings.get("skip_zero") or any(f.written.value for f in figures):
            rows.append(cells)
    block.options = {"head": list(part.head), "rows": rows, **settings}
    if part.note:
        block.options["note"] = weaver.sentence(part.note)[0]
    if not rows:
        _empty(block, part)
    return block


def _row_gap(weaver: Weaver, row: tuple[Sentence, ...], cells: list[DraftSentence]) -> Gap:
    labels = [c.label for cell in row for c in cell.citations() if c.label not in weaver.facts]
    name = "".join(node if isinstance(node, str) else node.written.text for node in cells[0])
    return Gap(ReportGap.Kind.MISSING, f"表格或图中的“{name}”", labels[:1])


def _empty(block: DraftBlock, part: Part) -> None:
    """A table or chart that has nothing to show: one gap for all of it."""
    nodes = [node for sentence in block.content for node in sentence]
    caption = "".join(node if isinstance(node, str) else node.written.text for node in nodes)
    what = "表" if part.kind == Kind.TABLE else "图"
    block.gaps = [replace(gap, text=f"{what}“{caption}”") for gap in block.gaps[:1]]
    block.content, block.options = [], {}
