"""What a draft left out, put in once its figures or records are there."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.reports.drafting.composing import compose_passages
from apps.reports.models import Report, ReportBlock, ReportFigure, ReportGap
from apps.reports.selectors.material import Query
from apps.reports.services.editing import insert_blocks, read_source
from apps.reports.services.guarding import claim, log
from apps.reports.services.storing import FigureWriter, block_row


@transaction.atomic
def fill_gap(gap: ReportGap, *, by: Actor) -> None:
    """Write what was left out; DomainError says what is still missing."""
    report = claim(gap.report, by=by)
    gap = report.gaps.select_related("block").filter(pk=gap.pk).first() or _gone()
    if gap.block is None:
        raise DomainError("这句话所在的段落已删除，请在需要的地方另写一句。")
    if not gap.is_fillable:
        raise DomainError("表格和图补录数据后，请用“重新生成”列出，或删去后另写。")
    if gap.kind == ReportGap.Kind.RECORDS:
        _fill_records(report, gap, gap.block, by)
    else:
        _fill_sentence(report, gap, gap.block, by)
    log(report, "补入", "", gap.plain, by=by)
    gap.delete()


@transaction.atomic
def dismiss_gap(gap: ReportGap, *, by: Actor) -> None:
    """Take a gap from the list: it will not be written."""
    report = claim(gap.report, by=by)
    log(report, "不再补写", gap.plain, "", by=by)
    report.gaps.filter(pk=gap.pk).delete()


def _gone() -> ReportGap:
    raise DomainError("这一条已被他人处理，请刷新页面查看。")


def _fill_sentence(report: Report, gap: ReportGap, block: ReportBlock, by: Actor) -> None:
    content, _, catalogue = read_source(report, gap.plain)
    writer = FigureWriter(report, catalogue)
    nodes = writer.sentence(content[0])
    ReportFigure.objects.bulk_create(writer.made)
    Report.objects.filter(pk=report.pk).update(next_node=report.next_node)
    place = min(gap.position, len(block.content))
    if gap.is_clause and place < len(block.content):
        block.content[place] = _with_clause(block.content[place], nodes)
    else:
        block.content.insert(place, nodes)
    block.version += 1
    block.updated_by, block.updated_at = by.user, report.updated_at
    block.save()


def _with_clause(sentence: list[Any], clause: list[Any]) -> list[Any]:
    """A sentence with a clause in front of its full stop."""
    last = sentence[-1]
    if isinstance(last, str) and last.endswith("。"):
        head = [last[:-1]] if last[:-1] else []
        return [*sentence[:-1], *head, *clause, "。"]
    return [*sentence, *clause]


def _fill_records(report: Report, gap: ReportGap, place: ReportBlock, by: Actor) -> None:
    query = Query(gap.record_type, gap.filters, gap.text)
    drafted, catalogue = compose_passages(query, report)
    if not drafted:
        raise DomainError(f"还没有{gap.text}，请先登记并审核。")
    writer = FigureWriter(report, catalogue)
    rows = [block_row(report, block, writer, 0, by) for block in drafted]
    ReportFigure.objects.bulk_create(writer.made)
    Report.objects.filter(pk=report.pk).update(next_node=report.next_node)
    ReportBlock.objects.bulk_create(rows)
    insert_blocks(report, rows, place)
    place.delete()
