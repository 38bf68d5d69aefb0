"""Deleting a report that is not final."""

from __future__ import annotations

from django.db import transaction

from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.records.history import log_change
from apps.reports.models import Report


@transaction.atomic
def delete_report(report: Report, *, by: Actor) -> None:
    """Delete a report with its blocks and figures; a final one stays."""
    rows = Report.objects.filter(pk=report.pk).exclude(status=Report.Status.FINAL)
    if not rows.exists():
        raise DomainError("报告已定稿，不能删除。")
    log_change("delete", by=by, record=report, changes={"title": [str(report), ""]})
    rows.delete()
