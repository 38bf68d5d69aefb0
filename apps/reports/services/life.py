"""From 起草 to 定稿: state changes, the seal over a final report, and what has drifted since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.core import crypto, numbers
from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.reports.document.tree import plain_text
from apps.reports.models import Report, ReportBlock, ReportFigure
from apps.reports.selectors.building import build_document
from apps.reports.services.drafting import taken
from apps.reports.services.figures import Drift, recount
from apps.reports.services.guarding import log

Status = Report.Status

# from → (to, what the button says)
STEPS: dict[str, tuple[tuple[str, str], ...]] = {
    Status.DRAFTING: ((Status.CONSULTING, "征求意见"),),
    Status.CONSULTING: ((Status.REVIEWING, "提交审核"), (Status.DRAFTING, "退回起草")),
    Status.REVIEWING: ((Status.FINAL, "定稿"), (Status.DRAFTING, "退回起草")),
}


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a final report is as it was sealed, and which figures count differently now."""

    is_intact: bool
    drifts: list[Drift]


def change_status(report: Report, status: str, *, by: Actor, reason: str = "") -> Report:
    """Move a report on or back; DomainError when the step is not allowed or others were faster."""
    allowed = dict(STEPS.get(report.status, ()))
    if status not in allowed:
        now, wanted = report.get_status_display(), dict(Status.choices).get(status, status[:20])
        raise DomainError(f"报告当前为“{now}”，不能改为“{wanted}”。")
    with transaction.atomic():
        if not taken(report):
            raise DomainError("这份报告在您打开之后已被他人修改。请刷新页面，核对后再操作。")
        old = report.get_status_display()
        report.refresh_from_db()
        report.status, report.updated_by, report.updated_at = status, by.user, timezone.now()
        if status == Status.FINAL:
            _freeze(report, by)
        report.save()
        log(report, "status", old, report.get_status_display(), by=by, reason=reason)
    return report


def _freeze(report: Report, by: Actor) -> None:
    """Keep the text, and a digest over text and figures."""
    report.frozen_text = "\n".join(plain_text(build_document(report)))
    report.frozen_digest = digest_of(report)
    report.frozen_at, report.frozen_by = report.updated_at, by.user


def digest_of(report: Report) -> str:
    """SM3 over the printed text and every figure as it stands now."""
    payload = {
        "text": plain_text(build_document(report)),
        "figures": [_facts(figure) for figure in report.figures.all()],
    }
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    return crypto.fingerprint(text.encode())


def _facts(figure: ReportFigure) -> list[Any]:
    value = "" if figure.value is None else numbers.plain(figure.value, 6)
    return [
        figure.node, figure.metric_key, figure.metric_version, figure.label, figure.forms,
        figure.period_key, figure.scope_key, value, figure.text, figure.override, figure.reason,
    ]  # fmt: skip


def check_final(report: Report) -> Check:
    """The seal and the drift of a final report; nothing is changed."""
    return Check(digest_of(report) == report.frozen_digest, recount(report))


@transaction.atomic
def copy_report(report: Report, *, by: Actor) -> Report:
    """A new draft with the text and figures of a report, overrides included."""
    blocks, figures = list(report.blocks.all()), list(report.figures.all())
    copy = Report.objects.get(pk=report.pk)
    copy.pk, copy.version, copy.status = None, 1, Status.DRAFTING
    copy.frozen_at = copy.frozen_by = None
    copy.frozen_text = copy.frozen_digest = ""
    copy.created_by = copy.updated_by = by.user
    copy.created_at = copy.updated_at = timezone.now()
    copy._state.adding = True
    copy.save(force_insert=True)
    for block in blocks:
        block.pk, block.report, block._state.adding = None, copy, True
    for figure in figures:
        figure.pk, figure.report, figure._state.adding = None, copy, True
    ReportBlock.objects.bulk_create(blocks)
    ReportFigure.objects.bulk_create(figures)
    log(copy, "复制自", "", f"{report}（{report.get_status_display()}）", by=by)
    return copy
