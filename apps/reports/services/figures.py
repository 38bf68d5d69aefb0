"""A draft's figures: overridden with a reason, counted again, gaps filled."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.reports.document.tree import printable
from apps.reports.drafting.draft import Cited
from apps.reports.models import Report, ReportFigure
from apps.reports.outline.language import Citation, parse_citation
from apps.reports.selectors.catalogue import Catalogue
from apps.reports.services.guarding import claim, log
from apps.reports.services.storing import figure_row

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that counts differently now. ``now`` is empty when it can't be counted any more."""

    figure: ReportFigure
    now: str
    reason: str = ""


@transaction.atomic
def override_figure(figure: ReportFigure, text: str, reason: str, *, by: Actor) -> ReportFigure:
    """Print something else than what was counted; the reason is shown beside it."""
    report = claim(figure.report, by=by)
    text, reason = printable(text).strip(), printable(reason).strip()
    if not text:
        raise DomainError("请写明改写后的数字。")
    if len(reason) < 2:
        raise DomainError("改写数字须写明理由，例如“以统计局公布数为准”。")
    if max(len(text), len(reason)) > LONGEST:
        raise DomainError(f"改写的数字和理由各不超过 {LONGEST} 字，请精简后再保存。")
    figure = _of(report, figure.node)
    if text == figure.text:
        raise DomainError(f"改写后的数字与取得的数字相同（{text}），不需要改写。")
    old = figure.shown
    figure.override, figure.reason = text, reason
    figure.overridden_by, figure.overridden_at = by.user, timezone.now()
    figure.save()
    log(report, f"改写数字“{figure.label}”", old, text, by=by, reason=reason)
    return figure


@transaction.atomic
def clear_override(figure: ReportFigure, *, by: Actor) -> ReportFigure:
    """Print what was counted again."""
    report = claim(figure.report, by=by)
    figure = _of(report, figure.node)
    old = figure.shown
    figure.override = figure.reason = ""
    figure.overridden_by = figure.overridden_at = None
    figure.save()
    log(report, f"取消改写“{figure.label}”", old, figure.text, by=by)
    return figure


def _of(report: Report, node: int) -> ReportFigure:
    figure = report.figures.filter(node=node).first()
    if figure is None:
        raise DomainError("这个数字已不在报告中，请刷新页面查看。")
    return figure


def recount(report: Report) -> list[Drift]:
    """The figures whose count differs from what was drafted; nothing is changed."""
    return [
        Drift(old, new.text, reason) for old, new, reason in _again(report) if new.text != old.text
    ]


def _again(report: Report) -> list[tuple[ReportFigure, ReportFigure, str]]:
    """Each figure beside a fresh one; its text is empty where it can't be counted."""
    figures = list(report.figures.all())
    cited = [(figure, parse_citation(_inside(figure))) for figure in figures]
    catalogue = Catalogue.read([c for _, c in cited], report.period, report.scope)
    return [(figure, *_fresh(report, catalogue, citation)) for figure, citation in cited]


def _inside(figure: ReportFigure) -> str:
    return figure.citation.strip("{} ")


def _fresh(report: Report, catalogue: Catalogue, citation: Citation) -> tuple[ReportFigure, str]:
    if citation.label not in catalogue.metrics:
        return ReportFigure(text=""), f"指标“{citation.label}”已不存在。"
    written = catalogue.write(citation)
    row = figure_row(report, catalogue, Cited(citation, written))
    return row, catalogue.figure(citation.label).missing if written.missing else ""


@transaction.atomic
def adopt_counts(report: Report, *, by: Actor, nodes: set[int] | None = None) -> int:
    """Take over what the figures count now; those that can't be counted, and overrides, stay."""
    report = claim(report, by=by)
    taken = ("metric_version", "definition", "value", "text", "parts", "provenance", "note", "url")
    changed, words = [], []
    for old, new, _ in _again(report):
        if not new.text or new.text == old.text or (nodes is not None and old.node not in nodes):
            continue
        words.append(f"{old.label}：{old.text}→{new.text}")
        for name in taken:
            setattr(old, name, getattr(new, name))
        old.drafted_at = report.updated_at
        changed.append(old)
    ReportFigure.objects.bulk_update(changed, [*taken, "drafted_at"])
    if changed:
        log(report, "采用新数", "", "；".join(words), by=by)
    return len(changed)
