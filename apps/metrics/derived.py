"""Figures worked out from other figures by a formula, in all and group by group."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from apps.metrics import formulas
from apps.metrics.compiling import ADDITIVE, Formula
from apps.metrics.figures import Figure, Group, Provenance
from apps.metrics.measures import Answer
from apps.metrics.models import Metric


def answer(metric: Metric, formula: Formula, figures: Mapping[str, Figure]) -> Answer:
    """The value of a formula; one that would mix reports into counts has none."""
    is_ratio = metric.unit_of_measure == "%"
    absent = [figure.label for figure in figures.values() if figure.value is None]
    if absent:
        return Answer(missing=f"缺少{'、'.join(absent)}，无法计算。", is_ratio=is_ratio)
    if is_mixed(figures):
        told = [figure.label for figure in figures.values() if figure.is_stand_in]
        return Answer(
            missing=f"{'、'.join(told)}是上报数，其余是统计数，来源不同，不能一起计算。",
            is_ratio=is_ratio,
        )
    values = {name: Decimal(figure.value or 0) for name, figure in figures.items()}
    try:
        return Answer(formulas.work_out(formula.tree, values), is_ratio=is_ratio)
    except formulas.ZeroDivisor:
        return Answer(missing="公式的除数为 0，无法计算。", is_ratio=is_ratio)


def is_mixed(figures: Mapping[str, Figure]) -> bool:
    """Whether reports that stand in for a count would be worked out together with counts."""
    several = figures.values()
    counted = any(figure.provenance == Provenance.COUNTED for figure in several)
    return counted and any(figure.is_stand_in for figure in several)


def groups(metric: Metric, formula: Formula, figures: Mapping[str, Figure]) -> tuple[Group, ...]:
    """Group by group; operands without groups count as they are, a count without it as 0."""
    operands = formula.operands
    if not metric.group_by or any(figure.value is None for figure in figures.values()):
        return ()
    if is_mixed(figures):
        return ()
    grouped = {n: {g.key: g for g in figures[n].groups} for n, m in operands.items() if m.group_by}
    single = {n: Decimal(f.value or 0) for n, f in figures.items() if n not in grouped}
    labels = {key: group for groups in grouped.values() for key, group in groups.items()}
    found: list[Group] = []
    for key, group in labels.items() if grouped else ():
        values = dict(single)
        for name, groups in grouped.items():
            if key in groups:
                values[name] = Decimal(groups[key].value or 0)
            elif operands[name].aggregate in ADDITIVE:
                values[name] = Decimal(0)
        try:
            value = formulas.work_out(formula.tree, values)
        except (formulas.ZeroDivisor, KeyError):
            continue
        unit = metric.unit_of_measure
        found.append(Group(key, group.label, value, unit, "", unit == "%"))
    return tuple(found)
