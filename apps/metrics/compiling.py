"""From a metric's definition to conditions and expressions of one record type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Aggregate, Count, Expression, Max, Min, Q, Sum

from apps.core.errors import DomainError
from apps.core.fields import DigestField, EncryptedField
from apps.core.periods import Event, Period, Span
from apps.metrics import formulas
from apps.metrics.errors import BrokenMetric
from apps.metrics.models import Metric
from apps.records import registry
from apps.records.extras.asking import expression
from apps.records.extras.definitions import TAGS, is_key
from apps.records.filters import FilterContext, RelatedFilter
from apps.records.registry import RecordType
from apps.records.scope import Scope

Kind = Metric.Aggregate
Rule = Metric.PeriodRule
COUNTS = {Kind.COUNT, Kind.DISTINCT}
ADDITIVE = {Kind.COUNT, Kind.DISTINCT, Kind.SUM}
NUMERIC = {Kind.SUM, Kind.AVG, Kind.MIN, Kind.MAX}
SPREADS = {Kind.AVG, Kind.MIN, Kind.MAX}
LATEST_OF = "organizations.Indicator"
_UNGROUPED = (
    models.DateField,
    models.DecimalField,
    models.JSONField,
    models.TextField,
    EncryptedField,
    DigestField,
)
REPORTED_OF = "metrics.ReportedFigure"


@dataclass(frozen=True, slots=True)
class Window:
    """How a period rule narrows a record type.

    ``known`` are the rows whose being there makes a zero a zero, ``rows`` those that count.
    """

    period: Period
    known: Q
    rows: Q


@dataclass(frozen=True, slots=True)
class Piece:
    """One filter of a metric as a condition. One with a subquery is worked out once for all."""

    key: str
    q: Q
    is_heavy: bool


Pieces = tuple[Piece, ...]


def together(pieces: Pieces) -> Q:
    """All of some pieces as one condition."""
    condition = Q()
    for piece in pieces:
        condition &= piece.q
    return condition


@dataclass(frozen=True, slots=True)
class Compiled:
    """A metric ready to be asked: ``whole`` narrows to its rows, ``part`` to a numerator."""

    metric: Metric
    record_type: RecordType
    window: Window
    whole: Pieces
    part: Pieces = ()
    measured: models.Field | None = None
    grouping: models.Field | None = None

    @property
    def rule(self) -> str:
        return self.metric.period_rule

    @property
    def is_spread(self) -> bool:
        return is_spread(self.metric)

    @property
    def rows(self) -> Q:
        return self.window.rows & together(self.whole)

    def expressions(
        self, condition: Q | None, part: Q | None = None, prefix: str = ""
    ) -> dict[str, Aggregate]:
        """The aggregates over rows that pass a condition; None: over all rows at hand."""
        if self.is_spread:
            return {f"{prefix}value": Count("pk", filter=condition)}
        metric, name = self.metric, operand(self.record_type, self.metric.field or "pk")
        filled = condition
        if isinstance(name, str) and metric.field and isinstance(self.measured, models.CharField):
            filled = (condition or Q()) & ~Q(**{metric.field: ""})  # an empty text is not a thing
        found: dict[str, Aggregate] = {}
        match metric.aggregate:
            case Kind.COUNT:
                found["value"] = Count("pk", filter=condition)
            case Kind.DISTINCT:
                found["value"] = Count(name, distinct=True, filter=filled)
            case Kind.SUM | Kind.AVG:
                found["value"] = Sum(name, filter=condition)
                found["filled"] = Count(name, filter=condition)
                found["rows"] = Count("pk", filter=condition)
            case Kind.MIN:
                found["value"] = Min(name, filter=condition)
            case Kind.MAX:
                found["value"] = Max(name, filter=condition)
            case Kind.SHARE | Kind.COMPLETION:
                part = together(self.part) if part is None else part
                measure, over = (Sum, name) if metric.field else (Count, "pk")
                found["part"] = measure(
                    over, filter=part if condition is None else condition & part
                )
                found["whole"] = measure(over, filter=condition)
        return {f"{prefix}{key}": value for key, value in found.items()}


def compile_metric(
    metric: Metric, period: Period, scope: Scope, seen: dict[str, Pieces] | None = None
) -> Compiled:
    """Conditions of a metric that counts records; BrokenMetric says what no longer fits.

    ``seen`` keeps filters that several metrics of one evaluation have in common.
    """
    made = {} if seen is None else seen
    record_type = find_type(metric)
    if metric.is_reported:
        reports = Piece("reported", Q(metric=metric.pk, period=period.key), is_heavy=False)
        window, value = Window(period, Q(), Q()), resolve(record_type.model, "value")
        return Compiled(metric, record_type, window, (reports,), (), value, grouping_field(metric))
    window = period_window(record_type, metric.period_rule, period)
    day = window.period.as_of

    def pieces(params: Mapping[str, Any]) -> Pieces:
        given = clean_params(record_type, params)
        key = f"{record_type.label} {window.period.key} {sorted(given.items())}"
        try:
            if given and key not in made:
                filters = record_type.filters(
                    given, scope=scope, as_of=day, counted=True, period=window.period
                )
                made[key] = tuple(
                    _piece(name, filters.filters[name], values, filters.context)
                    for name, values in filters.cleaned().items()
                )
        except DomainError as error:
            raise BrokenMetric(error.message) from None
        return made.get(key, ())

    whole = pieces(metric.denominator if metric.is_share else metric.filter)
    part = pieces(metric.filter) if metric.is_share else ()
    measured, grouped = measured_field(metric), grouping_field(metric)
    if is_spread(metric):  # what belongs to no group is no group
        whole = (*whole, Piece(f"in {metric.group_by}", ~blank(metric.group_by, grouped), False))
    return Compiled(metric, record_type, window, whole, part, measured, grouped)


def _piece(name: str, rule: Any, values: list[Any], context: FilterContext) -> Piece:
    """A filter with its values as a condition.

    Rows that have some related row are asked for as a set: for all rows of a table at once that is
    several times faster than looking for each row in turn.
    """
    key = f"{name}={sorted(map(str, values))}"
    if not isinstance(rule, RelatedFilter):
        return Piece(key, rule.q(values, context), is_heavy=rule.is_heavy)
    related = rule.target.queryset(context.scope).counted()
    if isinstance(rule.target.period, Span):
        related = related.filter(rule.target.period.q(context.as_of))
    related = related.filter(rule.inner.q(values, context)).order_by()
    found = related.values(rule.via)
    return Piece(key, Q(**{f"{rule.outer}__in": found}), is_heavy=True)


def find_type(metric: Metric) -> RecordType:
    """The record type that a metric is about."""
    if metric.aggregate not in Kind.values:
        raise BrokenMetric(f"没有“{metric.aggregate}”这种统计方式。")
    if metric.period_rule not in Rule.values:
        raise BrokenMetric(f"没有“{metric.period_rule}”这种时段规则。")
    try:
        record_type = registry.get(metric.record_type)
    except (KeyError, LookupError, ValueError):
        raise BrokenMetric(f"没有“{metric.record_type}”这种记录。") from None
    if metric.aggregate == Kind.LATEST and record_type.label != LATEST_OF:
        raise BrokenMetric("“最新值”只用于区情指标。")
    if metric.is_reported and record_type.label != REPORTED_OF:
        raise BrokenMetric("“上报数”只用于上报数据。")
    if metric.period_rule in (Rule.START, Rule.END) and not record_type.is_span:
        raise BrokenMetric(f"{record_type.name}没有起止日期，不能按开始或结束统计。")
    if metric.period_rule == Rule.SECOND and record_type.second_period is None:
        raise BrokenMetric(f"{record_type.name}只有一种时间，不能按另一时间统计。")
    return record_type


def clean_params(record_type: RecordType, params: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Filter as stored, a renamed filter under its name of today, a single value as a list."""
    if not isinstance(params, Mapping):
        raise BrokenMetric("筛选条件应是“条件: 值”的形式。")
    renamed: Mapping[str, str] = getattr(record_type.filterset, "aliases", {})
    cleaned = {}
    for name, values in params.items():
        given = values if isinstance(values, list) else [values]
        if not given or any(value in (None, "") for value in given):
            raise BrokenMetric(f"筛选条件“{name}”没有值，请填写或去掉。")
        cleaned[renamed.get(name, name)] = [str(value) for value in given]
    return cleaned


def rule_period(rule: str, period: Period) -> Period:
    """The period whose records are looked at: of plans made in a year, the year after."""
    return Period.year(period.end.year + 1) if rule == Rule.NEXT else period


def period_window(record_type: RecordType, rule: str, period: Period) -> Window:
    """What a period rule means for a record type; one without dates of its own is as of now."""
    period, own = rule_period(rule, period), record_type.period
    if rule == Rule.SECOND and record_type.second_period is not None:
        own = record_type.second_period
    if own is None or rule == Rule.ALL:
        return Window(period, Q(), Q())
    if isinstance(own, Event):
        return Window(period, own.q(period), Q())
    begun = Q(**{f"{own.start}__lte": period.as_of})
    if rule == Rule.START:
        return Window(period, begun, Event(own.start).q(period))
    if rule == Rule.END:
        return Window(period, begun, Event(own.end).q(period))
    return Window(period, begun, Span(own.start, own.end).q(period))


def resolve(model: type[models.Model], path: str) -> models.Field:
    """The field at the end of a path of foreign keys; anything else could count a row twice."""
    found: Any = None
    for name in path.split("__"):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            raise BrokenMetric(f"{model._meta.verbose_name}没有“{name}”这个字段。") from None
        if not isinstance(found, models.Field) or found.many_to_many:
            raise BrokenMetric(f"“{name}”一条对多条，不能用来统计或分组。")
        if found.related_model:
            model = found.related_model
    field: models.Field = found
    return field


def find_field(record_type: RecordType, path: str) -> models.Field:
    """The field of a path, or one that the office has added."""
    if not is_key(path):
        return resolve(record_type.model, path)
    extra = record_type.extras.fields.get(path)
    if extra is not None:
        return extra.field
    if label := record_type.extras.label(path) if path != TAGS else "":
        raise BrokenMetric(f"自设字段“{label}”已停用，不能再统计，请换一个字段或重新启用它。")
    raise BrokenMetric("统计用到的自设字段已删除，请换一个字段。")


def operand(record_type: RecordType, path: str) -> str | Expression:
    """What an aggregate is taken over: a path, or the value of an added field."""
    return expression(record_type.extras.fields[path]) if is_key(path) else path


def lookup(path: str) -> str:
    """A path as conditions name it."""
    return f"extra__{path}" if is_key(path) else path


def is_spread(metric: Metric) -> bool:
    """Whether a metric tells the least, the most or the average of how many records a group has:
    one with groups and without a field, such as experts per leader.
    """
    return metric.aggregate in SPREADS and not metric.field and bool(metric.group_by)


def blank(path: str, field: models.Field | None) -> Q:
    """Rows that belong to no group."""
    missing = Q(**{f"{lookup(path)}__isnull": True})
    may_be_empty = isinstance(field, models.CharField) and not is_key(path)
    return missing | Q(**{path: ""}) if may_be_empty else missing


def measured_field(metric: Metric) -> models.Field | None:
    """The field that is added up, averaged or counted once each."""
    kind = metric.aggregate
    if not metric.field:
        if is_spread(metric):
            return None
        if kind in NUMERIC or kind == Kind.DISTINCT:
            raise BrokenMetric(f"“{metric.get_aggregate_display()}”要说明统计哪个字段。")
        return None
    found = find_field(find_type(metric), metric.field)
    is_number = isinstance(found, (models.IntegerField, models.DecimalField)) and not found.choices
    if (kind in NUMERIC or metric.is_share or kind == Kind.LATEST) and not is_number:
        raise BrokenMetric(
            f"“{found.verbose_name}”不是数字，不能{metric.get_aggregate_display()}。"
        )
    return found


def grouping_field(metric: Metric) -> models.Field | None:
    """The field whose values make the groups."""
    if not metric.group_by or metric.is_formula:
        return None
    if metric.aggregate == Kind.LATEST:
        raise BrokenMetric("“最新值”不能分组。")
    if metric.is_reported and metric.group_by != "unit":
        raise BrokenMetric("“上报数”只能按单位分组。")
    found = find_field(find_type(metric), metric.group_by)
    if isinstance(found, _UNGROUPED):
        raise BrokenMetric(f"不能按“{found.verbose_name}”分组，请选择代码、选项或单位等字段。")
    return found


@dataclass(slots=True)
class Formula:
    """A formula and the metrics it stands on, by the names it uses."""

    tree: formulas.Node
    operands: dict[str, Metric] = field(default_factory=dict)


def compile_formula(metric: Metric, known: Mapping[str, Metric]) -> Formula:
    """The formula with its metrics, found by key, label or former name."""
    tree = formulas.parse(metric.formula)
    wanted = formulas.names(tree)
    if not wanted:
        raise BrokenMetric("公式里没有引用任何指标。")
    missing = sorted(name for name in wanted if name not in known)
    if missing:
        raise BrokenMetric(f"公式引用的指标“{missing[0]}”不存在，可能已改名或删除。")
    return Formula(tree, {name: known[name] for name in sorted(wanted)})


def by_name(metrics: list[Metric]) -> dict[str, Metric]:
    """Metrics by key, label and former names; a name in use wins over a former one."""
    found = {alias: metric for metric in metrics for alias in metric.aliases}
    found |= {metric.label: metric for metric in metrics}
    return found | {metric.key: metric for metric in metrics}
