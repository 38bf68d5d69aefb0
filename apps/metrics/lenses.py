"""The records behind a figure, in the list of their type, headed by the figure itself.

The head is worked out over the list's own rows by the aggregate of the metric, so that the list
proves the figure that led to it.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from apps.core.errors import DomainError
from apps.core.periods import Period
from apps.metrics import grouping, measures, reported
from apps.metrics.addresses import metric_url
from apps.metrics.compiling import REPORTED_OF, Compiled, Kind, compile_metric, together
from apps.metrics.figures import show
from apps.metrics.measures import Answer
from apps.metrics.models import Metric
from apps.metrics.notes import note_of
from apps.metrics.selectors import today
from apps.records import lenses
from apps.records.errors import FilterError
from apps.records.lenses import Lens
from apps.records.registry import RecordType
from apps.records.scope import Scope
from apps.records.years import working_year

USES = ("period", "group", "part")


def metric_lens(request: HttpRequest, record_type: RecordType, value: str) -> Lens:
    """``metric=KEY&period=2022``; ``group=`` shows one group, ``part=1`` the numerator."""
    metric = Metric.objects.filter(key=value).first()
    if metric is not None and record_type.label == REPORTED_OF and not _counts_reports(metric):
        return _reported_lens(request, metric)
    if metric is None or metric.record_type != record_type.label:
        raise FilterError(
            f"{record_type.name}没有“{value}”这个指标，可能已删除，请从指标页面重新进入。"
        )
    scope = lenses.narrowed(request)
    try:
        period = _period(request)
        compiled = compile_metric(metric, period, scope)
    except DomainError as error:
        raise FilterError(error.message) from None
    words = [metric.label, period.label, scope.label or "全区"]
    group, part = request.GET.get("group"), request.GET.get("part") == "1"
    condition = compiled.window.known & compiled.rows
    if group is not None and compiled.grouping is not None:
        if group and not grouping.is_key(compiled, group):
            raise FilterError("地址中的分组不正确，请从指标页面重新进入。")
        condition &= grouping.condition(compiled, group)
        words.append(_group_label(compiled, group, scope))
    if part:
        condition &= together(compiled.part)
        words.append("分子")
    return Lens(
        condition=condition,
        counted=True,
        as_of=compiled.window.period.as_of,
        parts=tuple(words),
        value=lambda rows: head_text(compiled, rows, scope, part=part, group=group is not None),
        note=_note(compiled, part),
        url=metric_url(metric, period, scope),
    )


def filters_behind(metric: Metric, record_type: RecordType) -> dict[str, list[str]]:
    """The filters of the list that shows the rows behind a metric's figure."""
    if record_type.label == REPORTED_OF and not _counts_reports(metric):
        return {"of": [metric.key]}
    return {**metric.denominator, **metric.filter}


def _counts_reports(metric: Metric) -> bool:
    """Whether a metric counts reports as records: how many units have reported, and the like."""
    return metric.record_type == REPORTED_OF and not metric.is_reported


def _reported_lens(request: HttpRequest, metric: Metric) -> Lens:
    """The reports behind a figure; ``group=`` shows those of one unit."""
    scope = lenses.narrowed(request)
    try:
        period = _period(request)
    except DomainError as error:
        raise FilterError(error.message) from None
    found = reported.by_period([metric], [period], scope)[period.key].get(metric.pk)
    rows = found.rows if found else ()
    condition = Q(pk__in=[row.pk for row in rows])
    words = [metric.label, period.label, scope.label or "全区"]
    if group := request.GET.get("group"):
        condition &= Q(unit__name=group)
        words.append(group)
    return Lens(
        condition=condition,
        counted=True,
        as_of=period.as_of,
        parts=tuple(words),
        value=lambda rows: _reported_text(metric, rows, scope, period, alone=bool(group)),
        note=f"{metric.definition} 列表是各单位的上报数，上级单位已上报的，下级单位的不再相加。",
        url=metric_url(metric, period, scope),
    )


def _reported_text(
    metric: Metric, rows: QuerySet, scope: Scope, period: Period, *, alone: bool
) -> str:
    """What the reports of a list come to; ``alone`` is the list of one unit."""
    several = list(rows.select_related("unit"))
    if not several:
        return reported.nothing(metric, period)
    if alone:
        scope = Scope((several[0].unit.path,))
    found = reported.together(metric, several, scope)
    if found.value is None:
        return f"{found.useless}。"
    return show(found.value, metric.unit_of_measure, is_ratio=found.is_ratio, style="screen")


def _period(request: HttpRequest) -> Period:
    key = request.GET.get("period", "")
    return Period.parse(key) if key else Period.year(working_year(request))


def _group_label(compiled: Compiled, key: str, scope: Scope) -> str:
    closed = grouping.closed_values(compiled) or {}
    if not key:
        return grouping.BLANK
    return closed.get(key) or grouping.label_of(compiled, key, scope)


def _note(compiled: Compiled, part: bool) -> str:
    notes = [compiled.metric.definition]
    if compiled.metric.is_share and not part:
        notes.append("列表是分母的全部记录。")
    if note := note_of(compiled, today=today()):
        notes.append(f"{note}。")
    return " ".join(notes)


def head(
    compiled: Compiled, rows: QuerySet, scope: Scope, *, part: bool = False, group: bool = False
) -> Answer:
    """The metric over the rows of a list; ``scope`` is the list's own."""
    if compiled.metric.aggregate == Kind.LATEST:
        return measures.latest(rows.select_related("owner").order_by(), compiled)
    if compiled.is_spread and not group:
        groups = grouping.rows(rows, [compiled])[compiled.metric.key]
        if groups or _is_known(compiled, scope):
            return measures.spread(compiled, [row.raw["value"] for row in groups])
    asked = compiled.expressions(None, prefix="m_")
    found = rows.order_by().aggregate(n=Count("pk"), **asked)
    raw = {name[2:]: value for name, value in found.items() if name.startswith("m_")}
    is_known = bool(found["n"]) or group or _is_known(compiled, scope)
    answer = measures.answer(compiled, raw, is_known=is_known)
    if part and answer.part is not None:
        return replace(answer, value=answer.part, missing="", is_ratio=False)
    return answer


def _is_known(compiled: Compiled, scope: Scope) -> bool:
    rows: QuerySet = compiled.record_type.queryset(scope).counted()
    return bool(rows.filter(compiled.window.known).exists())


def head_text(
    compiled: Compiled, rows: QuerySet, scope: Scope, *, part: bool = False, group: bool = False
) -> str:
    """The head as it stands on the page; what is missing says why."""
    answer = head(compiled, rows, scope, part=part, group=group)
    if answer.value is None:
        return answer.missing
    unit = answer.unit_of_measure or compiled.metric.unit_of_measure
    if part:
        unit = "" if compiled.metric.field else "条"
    return show(answer.value, unit, is_ratio=answer.is_ratio, style="screen")
