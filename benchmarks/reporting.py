"""The catalogue of a year, and the annual report as draft, PDF and Word."""

from __future__ import annotations

from contextlib import closing

from pypdfium2 import PdfDocument

from apps.core.periods import Period
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate_all
from apps.records.actors import Actor
from apps.records.scope import Scope
from apps.reports.services.drafting import annual_report
from apps.reports.services.exporting import export_report
from benchmarks.measuring import NotMeasured, span
from benchmarks.table import Row

YEAR = 2022
KINDS = {"pdf": "PDF", "word": "Word"}


def catalogue() -> Row:
    count = Metric.objects.count()
    if not count:
        raise NotMeasured("指标目录是空的")
    period, scope = Period.year(YEAR), Scope.everything()
    evaluate_all(period, scope)  # code tables are in memory from now on
    with span() as taken:
        evaluate_all(period, scope)
    return Row(f"全部指标（{count} 个）一年", str(taken), "≤ 2 s（10 万人）")


def report() -> list[Row]:
    """The standard outline over the made-up year: one draft, then both files of it."""
    by = Actor.system("性能测量")
    with span() as drafting:
        made = annual_report(YEAR, by=by)
    rows = [Row("年度报告：起草", str(drafting), "≤ 2 s")]
    for kind, target in (("pdf", "≤ 3 s"), ("word", "≤ 0.5 s")):
        export_report(made, kind, by=by)  # fonts are read once a process
        with span() as taken:
            exported = export_report(made, kind, by=by)
        ours = f"{taken}，{taken.megabytes:.0f} MB 内存，文件 {len(exported.data) / 1024:,.0f} KB"
        if kind == "pdf":
            with closing(PdfDocument(exported.data)) as document:
                ours = f"{len(document)} 页，{ours}"
        rows.append(Row(f"年度报告：{KINDS[kind]}", ours, target))
    return rows
