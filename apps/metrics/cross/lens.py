"""The records behind one cell of a cross table, in the list of their type, headed by the figure."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.http import HttpRequest

from apps.core.errors import DomainError
from apps.core.periods import Period
from apps.metrics import measures
from apps.metrics.compiling import Compiled
from apps.metrics.cross.counting import cell_condition
from apps.metrics.cross.definition import Definition
from apps.metrics.figures import show
from apps.records import lenses
from apps.records.errors import FilterError
from apps.records.lenses import Lens
from apps.records.registry import RecordType
from apps.records.years import working_year

USES = ("period", "row", "column")


def cross_lens(request: HttpRequest, record_type: RecordType, value: str) -> Lens:
    """``cross={…}&period=2022&row=0.1&column=1.2``: one cell of the table defined by the JSON."""
    scope = lenses.narrowed(request)
    try:
        definition = Definition.parse(value)
        if definition.record_type != record_type.label:
            raise FilterError("这张交叉表统计的不是这类记录，请从表中重新进入。")
        period = _period(request)
        row, column = request.GET.get("row", ""), request.GET.get("column", "")
        compiled, condition, words = cell_condition(definition, period, scope, row, column)
    except DomainError as error:
        raise FilterError(error.message) from None
    return Lens(
        condition=condition,
        counted=True,
        as_of=compiled.window.period.as_of,
        parts=("交叉表", *words, period.label, scope.label or "全区"),
        value=lambda rows: head_text(compiled, rows),
    )


def _period(request: HttpRequest) -> Period:
    key = request.GET.get("period", "")
    return Period.parse(key) if key else Period.year(working_year(request))


def head_text(compiled: Compiled, rows: QuerySet) -> str:
    """The measure of a table over the rows of a list."""
    asked = compiled.expressions(None, prefix="m_")
    found = rows.order_by().aggregate(n=Count("pk"), **asked)
    raw = {name[2:]: value for name, value in found.items() if name.startswith("m_")}
    answer = measures.answer(compiled, raw, is_known=True)
    if answer.value is None:
        return answer.missing
    unit = measures.unit_of(compiled)
    return show(answer.value, unit, style="screen")
