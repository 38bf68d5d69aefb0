"""A report in JSON: its facts, and its document as a tree of blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from apps.core.numbers import plain
from apps.reports.document import tree
from apps.reports.models import Report
from apps.reports.selectors.building import build_document

_TEXT: dict[str, Any] = {"type": "string"}
_CODE = {"type": "object", "properties": {"code": _TEXT, "label": _TEXT}}
_TIME = {"type": "string", "format": "date-time", "nullable": True}
FACTS: dict[str, Any] = {
    "id": {"type": "integer"},
    "url": {**_TEXT, "description": "接口地址"},
    "title": _TEXT,
    "kind": {**_CODE, "description": "类型"},
    "status": {**_CODE, "description": "状态：准备中、起草、征求意见、审核、定稿"},
    "period": {"type": "object", "properties": {"key": _TEXT, "label": _TEXT}},
    "unit": {**_TEXT, "description": "统计范围，空为全区"},
    "outline": {**_TEXT, "description": "提纲"},
    "version": {"type": "integer"},
    "drafted_at": {**_TIME, "description": "取数时间"},
    "updated_at": _TIME,
}
DOCUMENT: dict[str, Any] = {
    "type": "object",
    "description": "正文：标题各行、主送机关、逐段内容、署名和成文日期",
    "properties": {
        "title": {"type": "array", "items": _TEXT},
        "addressee": _TEXT,
        "blocks": {
            "type": "array",
            "items": {
                "type": "object",
                "description": "heading 标题、paragraph 段落、table 表、chart 图",
                "properties": {"kind": _TEXT},
                "required": ["kind"],
            },
        },
        "signature": _TEXT,
        "date": _TEXT,
    },
}


def facts_of(report: Report) -> dict[str, Any]:
    return {
        "id": report.pk,
        "url": reverse("api-report", args=[report.pk]),
        "title": str(report),
        "kind": {"code": report.kind, "label": report.get_kind_display()},
        "status": {"code": report.status, "label": report.get_status_display()},
        "period": {"key": report.period_key, "label": report.period.label},
        "unit": str(report.unit) if report.unit else "",
        "outline": str(report.outline) if report.outline else "",
        "version": report.version,
        "drafted_at": _moment(report.drafted_at),
        "updated_at": _moment(report.updated_at),
    }


def _moment(at: Any) -> str | None:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def document_of(report: Report) -> dict[str, Any]:
    """The document that the screen, the PDF and the Word file print."""
    document = tree.numbered(build_document(report))
    return {
        "title": list(document.title),
        "addressee": document.addressee,
        "blocks": _blocks(document.blocks),
        "signature": document.signature,
        "date": document.date_text,
        "attachments": [
            {"title": item.title, "blocks": _blocks(item.blocks)} for item in document.attachments
        ],
        "text": tree.plain_text(document),
    }


def _blocks(blocks: Iterable[tree.Block]) -> list[dict[str, Any]]:
    return [_block(block) for block in blocks]


def _block(block: tree.Block) -> dict[str, Any]:
    if isinstance(block, tree.Heading):
        return {
            "kind": "heading",
            "level": block.level,
            "number": block.number,
            "text": block.text,
        }
    if isinstance(block, tree.Paragraph):
        return {"kind": "paragraph", "text": block.text, "runs": [_run(run) for run in block.runs]}
    if isinstance(block, tree.Table):
        rows = [[_run(tree.as_run(cell)) for cell in row] for row in block.rows]
        return {
            "kind": "table",
            "caption": block.label,
            "head": list(block.head),
            "rows": rows,
            "note": block.note,
        }
    return {
        "kind": "chart",
        "type": block.kind,
        "caption": block.label,
        "unit": block.unit,
        "categories": list(block.categories),
        "series": [
            {"name": row.name, "values": [_number(value) for value in row.values]}
            for row in block.series
        ],
    }


def _run(run: tree.Run) -> dict[str, str]:
    """A piece of text; a figure says its number in the report and where its records are."""
    known = {"text": run.text, "figure": run.figure, "link": run.url}
    return {name: value for name, value in known.items() if value or name == "text"}


def _number(value: Any) -> str | None:
    return None if value is None else plain(value, 6)
