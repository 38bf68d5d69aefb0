"""What a report will be written from, shown before it is drafted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from apps.metrics.figures import Figure, Growth
from apps.records import registry
from apps.reports.drafting.composing import compose, gather
from apps.reports.drafting.draft import Cited, DraftBlock
from apps.reports.models import Report, ReportGap
from apps.reports.selectors.catalogue import Catalogue


@dataclass(slots=True)
class Row:
    """A figure that will be cited."""

    figure: Figure
    growth: Growth | None


@dataclass(slots=True)
class Lack:
    """Something that is missing: what will not be written, why, and where to fill it."""

    text: str
    reason: str
    kind: str
    type_name: str = ""
    list_url: str = ""
    new_url: str = ""
    gap: ReportGap | None = None


@dataclass(slots=True)
class Overview:
    """Figures by theme, what is missing, and how many records are woven in."""

    themes: dict[str, list[Row]] = field(default_factory=dict)
    lacks: list[Lack] = field(default_factory=list)
    figure_count: int = 0
    record_count: int = 0


def overview(report: Report) -> Overview:
    """Everything the outline asks for, as it stands now."""
    assert report.outline is not None  # noqa: S101 -- the wizard's step 1 has chosen it
    material = gather(report.outline.parsed(), report)
    citations = [c for sentence in material.sentences() for c in sentence.citations()]
    catalogue = Catalogue.read(citations, report.period, report.scope)
    found = Overview(record_count=sum(len(several) for several in material.woven.values()))
    metrics = {metric.key: metric for metric in catalogue.metrics.values()}
    for metric in sorted(metrics.values(), key=lambda m: (m.order, m.key)):
        figure, before = catalogue.figures[metric.key], catalogue.previous.get(metric.key)
        compared = before is not None and figure.unit_of_measure != "位"  # a rank has no growth
        row = Row(figure, Growth(figure, before) if compared else None)
        found.themes.setdefault(figure.theme or "其他", []).append(row)
    blocks = compose(material, report, catalogue)
    lacks = _lacks(blocks, catalogue)
    found.lacks = together([lack for lack in lacks if lack.kind != ReportGap.Kind.ZERO])
    found.figure_count = sum(
        isinstance(node, Cited)
        for block in blocks
        for sentence in block.content
        for node in sentence
    )
    return found


def _lacks(blocks: list[DraftBlock], catalogue: Catalogue) -> list[Lack]:
    lacks = []
    for block in blocks:
        for gap in block.gaps:
            row = ReportGap(kind=gap.kind, text=gap.text, is_clause=gap.is_clause)
            metric = catalogue.metrics.get(gap.labels[0]) if gap.labels else None
            source = gap.record_type or (metric.record_type if metric else "")
            before = gap.kind == ReportGap.Kind.LAST_YEAR
            figures = catalogue.previous if before else catalogue.figures
            reason = figures[metric.key].missing if metric else ""
            lacks.append(_lack(row, source, reason, gap.filters))
    return lacks


def lacks_of(report: Report) -> list[Lack]:
    """The gaps of a drafted report with the pages that would fill them."""
    lacks = [
        _lack(gap, gap.record_type, gap.reason, gap.filters, stored=True)
        for gap in report.gaps.all()
    ]
    return together(lacks)


def together(lacks: list[Lack]) -> list[Lack]:
    """The same with those of one reason side by side, each reason where it comes first."""
    reasons = list(dict.fromkeys(lack.reason for lack in lacks))
    return sorted(lacks, key=lambda lack: reasons.index(lack.reason))


def _lack(
    gap: ReportGap, source: str, reason: str, filters: dict[str, Any], *, stored: bool = False
) -> Lack:
    lack = Lack(gap.words, reason, str(gap.kind), gap=gap if stored else None)
    if gap.kind == ReportGap.Kind.RECORDS:
        lack.reason = f"没有{gap.text}，这一部分暂缺。"
        lack.text = ""
    if not source:
        return lack
    record_type = registry.get(source)
    lack.type_name = record_type.name
    params = filters if gap.kind == ReportGap.Kind.RECORDS else {}
    lack.list_url = _url(source, "list", params)
    lack.new_url = _url(source, "new", params)
    return lack


def _url(source: str, action: str, params: dict[str, Any]) -> str:
    app, _, model = source.lower().partition(".")
    try:
        address = reverse(f"{app}-{model}-{action}")
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(params, doseq=True)}" if params else address
