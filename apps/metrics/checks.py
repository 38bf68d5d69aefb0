"""Whether every metric still compiles. A broken one is named, shown broken and never counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from apps.core.periods import Period
from apps.metrics.compiling import by_name, compile_formula, compile_metric
from apps.metrics.errors import BrokenMetric
from apps.metrics.formulas import names, parse
from apps.metrics.models import Metric, word
from apps.records.scope import Scope

_PERIOD = Period.year(2022)  # any will do: conditions are made, not asked


@dataclass(frozen=True, slots=True)
class Fault:
    key: str
    label: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.label}（{self.key}）：{self.sentence}"


def faults(metrics: Iterable[Metric]) -> list[Fault]:
    """What is wrong with a catalogue, metric by metric."""
    asked = list(metrics)
    known = by_name(asked)
    found = []
    for name, times in Counter(m.label for m in asked).items():
        if times > 1:
            found.append(Fault(known[name].key, name, "有几个指标同名，请改成不同的名称。"))
    for metric in asked:
        try:
            word(metric.label)
        except ValidationError as error:
            found.append(Fault(metric.key, metric.label, error.messages[0]))
        if not metric.definition.strip():
            found.append(Fault(metric.key, metric.label, "没有写口径。"))
        if sentence := fault_of(metric, known):
            found.append(Fault(metric.key, metric.label, sentence))
    return found


def fault_of(metric: Metric, known: dict[str, Metric]) -> str:
    """Why a metric does not compile; empty when it does."""
    try:
        if not metric.is_formula:
            compile_metric(metric, _PERIOD, Scope.everything())
            return ""
        for operand in compile_formula(metric, known).operands.values():
            if _reaches(operand, metric.key, known, set()):
                return "公式绕了一圈又引用自己，请改正。"
    except BrokenMetric as error:
        return error.message
    return ""


def _reaches(metric: Metric, key: str, known: dict[str, Metric], seen: set[str]) -> bool:
    """Whether a metric is, or stands on, the one with a key."""
    if metric.key == key:
        return True
    if not metric.is_formula or metric.key in seen:
        return False
    seen.add(metric.key)
    operands = [known[name] for name in names(parse(metric.formula)) if name in known]
    return any(_reaches(operand, key, known, seen) for operand in operands)
