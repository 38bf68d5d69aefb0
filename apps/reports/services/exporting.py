"""A report as a Word or PDF file; every export stands in the log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from apps.core.errors import DomainError
from apps.organizations.models import Unit
from apps.records.actors import Actor
from apps.records.history import log_change
from apps.reports.document.fonts import FontSet
from apps.reports.document.pdf import render_pdf
from apps.reports.document.word import render_word
from apps.reports.models import Report
from apps.reports.selectors.building import build_document
from apps.reports.services.drafting import annual_report

TYPES = {
    "word": (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word",
    ),
    "pdf": ("pdf", "application/pdf", "PDF"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that is ready to be handed out."""

    name: str
    content_type: str
    data: bytes


def fonts() -> FontSet:
    """The fonts of the product, with those that the office has set in their place."""
    return FontSet(**settings.REPORT_FONTS)


def export_report(report: Report, kind: str, *, by: Actor) -> Exported:
    """The report as ``word`` or ``pdf``; an unfinished one says so in its file name."""
    if kind not in TYPES:
        raise DomainError("只能导出 Word 或 PDF。")
    if report.status == Report.Status.PREPARING:
        raise DomainError("报告还没有生成，请先在向导中生成。")
    document = build_document(report)
    if kind == "word":
        data = render_word(document, chart_fonts=fonts())
    else:
        data = render_pdf(document, fonts=fonts())
    ending, content_type, label = TYPES[kind]
    log_change("export", by=by, record=report, changes={"format": ["", label]})
    return Exported(f"{_file_name(report)}.{ending}", content_type, data)


def _file_name(report: Report) -> str:
    name = re.sub(r'[\\/:*?"<>|\s]+', "", str(report))[:80] or "报告"
    return name if report.is_final else f"{name}（{report.get_status_display()}稿）"


def write_annual_report(
    year: int, folder: Path, *, by: Actor, unit: Unit | None = None
) -> tuple[Report, list[Path]]:
    """The annual report of a year as files in a folder, drafted first where there is none."""
    report = annual_report(year, by=by, unit=unit)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in TYPES:
        exported = export_report(report, kind, by=by)
        path = folder / exported.name
        path.write_bytes(exported.data)
        paths.append(path)
    return report, paths
