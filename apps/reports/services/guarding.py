"""Every change of a draft begins here: a final report refuses, and changes stand in a row."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.records.history import Changes, log_change
from apps.reports.models import Report

CUT = 200  # characters of a text that stand in the log


def claim(report: Report, *, by: Actor) -> Report:
    """Take the report for a change inside a transaction and read it anew; DomainError when final.

    The update also makes two changes wait for one another, so that none slips past the seal.
    """
    rows = Report.objects.filter(pk=report.pk, status__in=Report.EDITABLE)
    now = timezone.now()
    if not rows.update(version=F("version") + 1, updated_by=by.user, updated_at=now):
        report.refresh_from_db()
        if report.is_final:
            raise DomainError("报告已定稿，文字和数字不能再修改。如确需改动，请复制为新稿后修改。")
        raise DomainError("报告还没有生成，请先在向导中生成。")
    report.refresh_from_db()
    return report


def log(report: Report, what: str, old: str, new: str, *, by: Actor, reason: str = "") -> None:
    """One line of the report's history."""
    changes: Changes = {what: [old[:CUT], new[:CUT]]}
    log_change("report", by=by, record=report, changes=changes, reason=reason)
