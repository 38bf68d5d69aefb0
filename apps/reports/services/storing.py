"""Draft blocks to rows: figures get their numbers, gaps their blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from apps.records.actors import Actor
from apps.reports.drafting.draft import Cited, DraftBlock, DraftSentence, Gap
from apps.reports.models import Report, ReportBlock, ReportFigure, ReportGap
from apps.reports.selectors.catalogue import Catalogue

STEP = 10  # between the order numbers of blocks


class FigureWriter:
    """Makes figure rows for cited figures and the JSON nodes that stand for them in the text.

    ``kept`` are rows to use again, oldest first, where the same citation still stands.
    """

    def __init__(
        self, report: Report, catalogue: Catalogue, kept: Iterable[ReportFigure] = ()
    ) -> None:
        self.report, self.catalogue = report, catalogue
        self.kept = list(kept)
        self.made: list[ReportFigure] = []
        self.now = timezone.now()

    def sentence(self, nodes: DraftSentence) -> list[Any]:
        return [node if isinstance(node, str) else self.figure(node) for node in nodes]

    def figure(self, cited: Cited) -> dict[str, int]:
        source = cited.citation.source
        for figure in self.kept:
            if figure.citation == source:
                self.kept.remove(figure)
                return {"f": figure.node}
        row = figure_row(self.report, self.catalogue, cited)
        row.node, row.drafted_at = self.report.next_node, self.now
        self.report.next_node += 1
        self.made.append(row)
        return {"f": row.node}


def figure_row(report: Report, catalogue: Catalogue, cited: Cited) -> ReportFigure:
    """An unsaved row with all that is known of a cited figure."""
    citation, written = cited.citation, cited.written
    metric, figure = catalogue.metrics[citation.label], catalogue.figure(citation.label)
    source = figure
    if citation.forms[:1] == ("上年",):
        source = catalogue.previous[metric.key]
    return ReportFigure(
        report=report,
        metric_key=metric.key,
        metric_version=metric.version,
        label=citation.label,
        forms=".".join(citation.forms),
        definition=metric.definition,
        unit_of_measure=figure.unit_of_measure,
        period_key=source.period.key,
        scope_key=catalogue.scope.key[:500],
        scope_label=catalogue.scope.label[:200],
        value=written.value,
        text=written.text,
        parts=[list(part) for part in written.parts],
        provenance=source.provenance.label,
        note=source.note[:300],
        url=source.url,
    )


def store(report: Report, drafted: list[DraftBlock], catalogue: Catalogue, by: Actor) -> None:
    """Write the blocks, figures and gaps of a fresh draft."""
    writer = FigureWriter(report, catalogue)
    rows = [
        block_row(report, block, writer, order * STEP, by) for order, block in enumerate(drafted, 1)
    ]
    ReportFigure.objects.bulk_create(writer.made)
    ReportBlock.objects.bulk_create(rows)
    gaps = [
        gap_row(report, row, gap, catalogue)
        for row, block in zip(rows, drafted, strict=True)
        for gap in block.gaps
    ]
    ReportGap.objects.bulk_create(gaps)


def block_row(
    report: Report, block: DraftBlock, writer: FigureWriter, order: int, by: Actor
) -> ReportBlock:
    options = dict(block.options)
    if "rows" in options:
        options["rows"] = [[writer.sentence(cell) for cell in row] for row in options["rows"]]
    if "note" in options:
        options["note"] = writer.sentence(options["note"])
    return ReportBlock(
        report=report,
        order=order,
        kind=block.kind,
        level=block.level,
        content=[writer.sentence(sentence) for sentence in block.content],
        options=options,
        origin=block.origin,
        updated_by=by.user,
        updated_at=writer.now,
    )


def gap_row(report: Report, block: ReportBlock, gap: Gap, catalogue: Catalogue) -> ReportGap:
    """An unsaved row; a missing figure names the record type that would fill it."""
    record_type, filters = gap.record_type, gap.filters
    metric = catalogue.metrics.get(gap.labels[0]) if gap.labels else None
    reason = f"没有名为“{gap.labels[0]}”的指标。" if gap.labels and metric is None else ""
    if metric is not None:
        record_type, filters = record_type or metric.record_type, filters or metric.filter
        figures = catalogue.previous if gap.kind == ReportGap.Kind.LAST_YEAR else catalogue.figures
        reason = figures[metric.key].missing
    return ReportGap(
        report=report,
        block=block,
        position=gap.position,
        kind=gap.kind,
        text=gap.text,
        reason=reason,
        is_clause=gap.is_clause,
        labels=gap.labels,
        record_type=record_type,
        filters=filters,
    )
