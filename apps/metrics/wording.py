"""How a metric counts, in words: filters, field, groups and period rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.core.errors import DomainError
from apps.metrics import formulas
from apps.metrics.compiling import (
    Rule,
    clean_params,
    find_type,
    grouping_field,
    is_spread,
    measured_field,
    resolve,
)
from apps.metrics.errors import BrokenMetric
from apps.metrics.models import Metric
from apps.records.registry import RecordType
from apps.records.scope import Scope


def facts(metric: Metric, known: Mapping[str, Metric], scope: Scope) -> list[tuple[str, str]]:
    """Label and words for each part of a definition; a broken part says so.

    Records outside the reader's scope stand as their keys.
    """
    try:
        if metric.is_formula:
            return [("公式", formula_text(metric, known))]
        return _facts(metric, scope)
    except BrokenMetric as error:
        return [("定义有误", error.message)]


def _facts(metric: Metric, scope: Scope) -> list[tuple[str, str]]:
    record_type = find_type(metric)
    if metric.is_reported:
        return [
            ("统计对象", record_type.name),
            ("统计方式", "各单位上报数相加，上级单位已上报的，下级单位的不再相加"),
            ("时段", "统计时段与所查时段相同的"),
        ]
    measured, grouped = measured_field(metric), grouping_field(metric)
    way = str(metric.get_aggregate_display())
    if is_spread(metric) and grouped is not None:
        way = f"各{grouped.verbose_name}条数的{way}值".replace("平均值", "平均数")
    found = [("统计对象", record_type.name), ("统计方式", way)]
    if measured is not None:
        found.append(("统计字段", str(measured.verbose_name)))
    if metric.is_share:
        found.append(("分母条件", conditions(record_type, metric.denominator, scope) or "全部"))
        found.append(("分子条件", conditions(record_type, metric.filter, scope) or "全部"))
    else:
        found.append(("筛选条件", conditions(record_type, metric.filter, scope) or "全部"))
    if grouped is not None:
        found.append(("分组", str(grouped.verbose_name)))
    found.append(("时段", period_text(record_type, metric.period_rule)))
    return found


def group_label(metric: Metric) -> str:
    """What the groups are of; empty for a formula, whose groups are those of its operands."""
    try:
        grouped = grouping_field(metric)
    except BrokenMetric:
        return ""
    return str(grouped.verbose_name) if grouped is not None else ""


def conditions(record_type: RecordType, params: Mapping[str, Any], scope: Scope) -> str:
    """Filters in words: `人才库：党政人才；学历（及以上）：大学本科毕业及以上`."""
    given = clean_params(record_type, params)
    filters = record_type.filters(given, scope=scope)
    words = []
    try:
        for name, values in filters.cleaned().items():
            rule = filters.filters[name]
            try:
                texts = rule.texts(values, filters.context)
            except DomainError:
                texts = [str(value) for value in values]  # gone or out of scope: the key is shown
            words.append(f"{rule.label}：{'、'.join(texts)}")
    except DomainError as error:
        raise BrokenMetric(error.message) from None
    return "；".join(words)


def period_text(record_type: RecordType, rule: str) -> str:
    """Which records a period takes in."""
    if record_type.period is None:
        return "按现状，不分时段"
    if rule == Rule.TYPE:
        return "时段最后一天仍有效的" if record_type.is_span else "发生在时段内的"
    if rule == Rule.SECOND and record_type.second_period is not None:
        label = resolve(record_type.model, record_type.second_period.field).verbose_name
        return f"{label}在时段内的"
    return {
        Rule.START: "在时段内开始的",
        Rule.END: "在时段内结束的",
        Rule.NEXT: "下一年度的",
        Rule.ALL: "不限时间",
    }[Rule(rule)]


def formula_text(metric: Metric, known: Mapping[str, Metric]) -> str:
    """The formula with labels in place of keys."""
    words = formulas.rewrite(
        metric.formula, lambda name: known[name].label if name in known else name
    )
    return words.replace("*", "×").replace("/", "÷")
