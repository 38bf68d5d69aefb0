"""Making a report: settings, draft, draft again, the annual report in one call."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.periods import Period
from apps.organizations.models import Unit
from apps.organizations.services import root_unit
from apps.records.actors import Actor
from apps.records.history import Changes, differences, log_change
from apps.reports.drafting.composing import Material, compose, gather
from apps.reports.drafting.draft import DraftBlock
from apps.reports.models import Outline, Report
from apps.reports.outline.language import Citation, Sentence
from apps.reports.outline.parser import OutlineText
from apps.reports.selectors.catalogue import Catalogue
from apps.reports.services.storing import store

STANDARD = "standard"
DUE_DAYS = 90


def new_report(
    *, period: Period, by: Actor, unit: Unit | None = None, kind: str = "", outline: str = STANDARD
) -> Report:
    """An unsaved report with the usual title, signature and switches of its outline."""
    chosen = Outline.objects.filter(key=outline).first()
    if chosen is None:
        raise DomainError("还没有报告提纲，请先运行 manage.py load_outlines。")
    report = Report(period_key=period.key, unit=unit, outline=chosen, kind=kind or chosen.kind)
    report.owner = owner_for(unit, by)
    fill_from_outline(report)
    return report


def owner_for(unit: Unit | None, by: Actor) -> Unit:
    """Whose report it is: that of the unit it is about, else of the top unit."""
    owner = unit or root_unit()
    if owner is None:
        raise DomainError("还没有登记单位，请先在“区划单位”中建立本区。")
    if unit is None and not by.scope.is_everything:
        raise DomainError("您的管理范围不是全区，请选择本单位作为统计范围。")
    if unit is not None and not by.scope.is_everything and not by.scope.covers(unit.path):
        raise DomainError(f"“{unit}”不在您的管理范围内，请选择本单位或下级单位。")
    return owner


def fill_from_outline(report: Report) -> None:
    """Title, signature, day and switches that the outline and the unit suggest."""
    parsed = outline_of(report)
    facts = report.facts
    nodes = [node.label if isinstance(node, Citation) else node for node in parsed.title.nodes]
    report.title = "".join(
        facts.get(node, "") if isinstance(node, str) else getattr(node, "text", "")
        for node in nodes
    )
    report.switches = dict(parsed.switches)
    report.signature = report.signature or default_signature(report)
    report.signed_on = report.signed_on or usual_day(report.period)


def usual_day(period: Period) -> date:
    """Today around the end of the period, when the report is due; else the period's last day."""
    today = timezone.localdate()
    return today if abs((today - period.end).days) <= DUE_DAYS else period.end


def restart(report: Report, fresh: Report) -> Report:
    """A report in preparation with another period, unit or outline; what was typed stays.

    Title and signature that nobody changed follow the new choice.
    """
    usual = new_like(report)
    for name in ("title", "signature", "signed_on"):
        if getattr(report, name) == getattr(usual, name):
            setattr(report, name, getattr(fresh, name))
    if report.outline_id != fresh.outline_id:
        report.switches = fresh.switches
    for name in ("period_key", "unit", "outline", "kind", "owner"):
        setattr(report, name, getattr(fresh, name))
    return report


def new_like(report: Report) -> Report:
    """What the outline suggests for a report, before anything was typed."""
    usual = Report(
        period_key=report.period_key, unit=report.unit, outline=report.outline, owner=report.owner
    )
    fill_from_outline(usual)
    return usual


def default_signature(report: Report) -> str:
    """中共某区委组织部 for the district's report, the unit's own name for a unit's."""
    if report.unit is not None and report.unit.parent_id is not None:
        return report.unit.name
    place = report.facts["地区"]
    return f"中共{place}委组织部" if place[-1] in "区县市州盟旗" else place


def outline_of(report: Report) -> OutlineText:
    if report.outline is None:
        raise DomainError("这份报告还没有选择提纲，请先选择。")
    return report.outline.parsed()


def save_settings(report: Report, *, by: Actor) -> Report:
    """Save a report's own fields, new or changed since it was read by nobody else."""
    owner = owner_for(report.unit, by)
    report.owner = report.owner if report.pk else owner
    report.updated_by, report.updated_at = by.user, timezone.now()
    if report.pk is None:
        report.created_by = by.user
    report.full_clean()
    with transaction.atomic():
        if report.pk is None:
            report.save()
            log_change("create", by=by, record=report)
            return report
        old = Report.objects.get(pk=report.pk)
        if old.is_final:
            raise DomainError("报告已定稿，不能修改。")
        if not taken(report):
            raise DomainError("这份报告在您打开之后已被他人修改，没有保存。请刷新页面后再改。")
        report.save()
        if changes := differences(old, report):
            log_change("update", by=by, record=report, changes=changes)
    return report


def taken(report: Report) -> bool:
    """Move the version on if nobody else has since the report was read."""
    rows = Report.objects.filter(pk=report.pk, version=report.version)
    if not rows.update(version=F("version") + 1):
        return False
    report.version += 1
    return True


def preview(report: Report) -> tuple[list[DraftBlock], Catalogue]:
    """What a draft would say, nothing stored: two evaluations and a query a directive."""
    outline = outline_of(report)
    material = gather(outline, report)
    catalogue = Catalogue.read(_citations(material), report.period, report.scope)
    return compose(material, report, catalogue), catalogue


def _citations(material: Material) -> list[Citation]:
    sentences: list[Sentence] = list(material.sentences())
    return [citation for sentence in sentences for citation in sentence.citations()]


def draft(report: Report, *, by: Actor) -> Report:
    """Write the draft. A report that has one is written anew: edits and overrides are dropped."""
    if report.is_final:
        raise DomainError("报告已定稿，不能重新生成。如确需修改，请另建一份。")
    owner_for(report.unit, by)
    again = report.drafted_at is not None
    blocks, catalogue = preview(report)
    with transaction.atomic():
        if not taken(report):
            raise DomainError("这份报告刚刚已被他人修改，没有生成。请刷新页面查看。")
        report.gaps.all().delete()
        report.blocks.all().delete()
        report.figures.all().delete()
        report.next_node = 1
        store(report, blocks, catalogue, by)
        report.status, report.step = Report.Status.DRAFTING, 0
        report.drafted_at = report.updated_at = timezone.now()
        report.updated_by = by.user
        report.save()
        changes: Changes = {"drafted_at": ["", "重新生成" if again else "生成"]}
        log_change("report", by=by, record=report, changes=changes)
    return report


def annual_report(year: int, *, by: Actor, unit: Unit | None = None) -> Report:
    """The standard annual report of a year: the newest there is, else a new draft.

    This is what the admin's 生成年度总结 and ``manage.py build_report`` call.
    """
    owner = owner_for(unit, by)
    period = Period.year(year)
    known = Report.objects.visible_to(by.scope).filter(
        period_key=period.key, unit=unit, owner=owner, kind=Report.Kind.SUMMARY
    )
    report: Any = known.exclude(status=Report.Status.PREPARING).order_by("-pk").first()
    if report is not None:
        return report
    report = new_report(period=period, by=by, unit=unit)
    try:
        save_settings(report, by=by)
    except ValidationError as error:
        raise DomainError("；".join(error.messages)) from None
    return draft(report, by=by)
