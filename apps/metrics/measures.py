"""From the answers of the database to values: what is zero and what is missing is decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from apps.core import numbers
from apps.core.periods import Period
from apps.metrics.compiling import COUNTS, Compiled, Kind
from apps.metrics.figures import Value

# Units of measure that can be turned into one another; the second number is the size.
_SIZES = {
    "个": ("个", 1), "万个": ("个", 10_000), "人": ("人", 1), "万人": ("人", 10_000),
    "元": ("元", 1), "万元": ("元", 10_000), "亿元": ("元", 100_000_000),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, or why there is none; for a share both of its sides. ``is_empty`` says that no
    record answers to the metric, so that its nought may come of nobody keeping records.
    """

    value: Value = None
    missing: str = ""
    part: Value = None
    whole: Value = None
    unit_of_measure: str = ""
    is_ratio: bool = False
    given_growth: Decimal | None = None
    is_empty: bool = False


def _records(name: str) -> str:
    """What rows of a type are called in a sentence: 培训班记录, 入库记录."""
    return f"{name.removesuffix('记录')}记录"


def answer(compiled: Compiled, raw: Mapping[str, Any], *, is_known: bool) -> Answer:
    """The value of a metric.

    Zero is not missing: a count is zero where the record type has other rows in the window, and
    missing where it has none.
    """
    if not is_known:
        name, period = compiled.record_type.name, compiled.window.period
        when = "" if compiled.rule == "all" or compiled.record_type.period is None else period.label
        return Answer(missing=f"{when}没有已审核的{_records(name)}，请先登记或审核。")
    kind = compiled.metric.aggregate
    if compiled.metric.is_share:
        return _share(compiled, raw)
    if kind in COUNTS or compiled.is_spread:
        return Answer(int(raw["value"] or 0), is_empty=not raw["value"])
    label = compiled.measured.verbose_name if compiled.measured is not None else ""
    if kind == Kind.SUM:
        if raw["rows"] and not raw["filled"]:
            return Answer(missing=f"{raw['rows']} 条{compiled.record_type.name}都没有填{label}。")
        return Answer(exact(compiled, raw["value"] or 0), is_empty=not raw["rows"])
    if raw["value"] is None or raw.get("filled") == 0:
        return Answer(missing=f"没有填了{label}的{_records(compiled.record_type.name)}。")
    total = exact(compiled, raw["value"])
    if kind == Kind.AVG:
        return Answer(numbers.to_decimal(total or 0) / int(raw["filled"]))
    return Answer(total)


def spread(compiled: Compiled, counts: Sequence[int]) -> Answer:
    """The least, the most or the average of how many records a group has, empty ones apart."""
    if not counts:
        return Answer(missing=f"没有符合条件的{compiled.record_type.name}记录。")
    kind = compiled.metric.aggregate
    if kind == Kind.AVG:
        return Answer(numbers.to_decimal(sum(counts)) / len(counts))
    return Answer(min(counts) if kind == Kind.MIN else max(counts))


def _share(compiled: Compiled, raw: Mapping[str, Any]) -> Answer:
    part, whole = exact(compiled, raw["part"] or 0), exact(compiled, raw["whole"] or 0)
    ratio = numbers.share(part or 0, whole or 0)
    if ratio is None:
        name = compiled.record_type.name
        return Answer(
            missing=f"分母为 0：没有符合分母条件的{_records(name)}。",
            part=part,
            whole=whole,
            is_ratio=True,
        )
    return Answer(ratio, part=part, whole=whole, is_ratio=True)


def exact(compiled: Compiled, value: Any) -> Value:
    """Integers as they are; decimals with the places of their field, on every database."""
    field = compiled.measured
    if isinstance(field, models.DecimalField):
        return numbers.round_half_up(value, field.decimal_places)
    return int(value)


def latest(rows: Iterable[Any], compiled: Compiled) -> Answer:
    """The value that speaks for a period: of a whole year its own row, else its last month.

    What is known beats what is estimated, the unit higher up beats those below it.
    """
    metric, period = compiled.metric, compiled.window.period
    known = [row for row in rows if _belongs(row, period)]
    if not known:
        return Answer(missing=f"没有登记{period.label}的{metric.label}，请在区情指标中录入。")
    row = max(known, key=lambda r: _weight(r, period))
    number = getattr(row, metric.field or "value")
    if number is None:
        label = row._meta.get_field(metric.field).verbose_name
        return Answer(missing=f"“{row}”没有填{label}。")
    if metric.field == "growth":
        return Answer(number / 100, unit_of_measure="%", is_ratio=True)
    if metric.field not in ("", "value", "annual_plan"):
        return Answer(number, unit_of_measure=metric.unit_of_measure)
    value, unit, is_ratio = in_unit(number, row.unit_of_measure, metric.unit_of_measure)
    if value is None:
        return Answer(
            missing=f"“{row}”的计量单位“{row.unit_of_measure}”"
            f"与指标的“{metric.unit_of_measure}”不能换算，请改成一致的。"
        )
    growth = row.growth if metric.field in ("", "value") else None
    return Answer(value, unit_of_measure=unit, is_ratio=is_ratio, given_growth=growth)


def _belongs(row: Any, period: Period) -> bool:
    if row.month is None:
        return row.year < period.end.year or period.end.month == 12
    return row.year < period.end.year or row.month <= period.end.month


def _weight(row: Any, period: Period) -> tuple[Any, ...]:
    month = 12.5 if row.month is None else row.month
    depth = row.owner.path.count("/")
    return (row.year, month, not row.is_estimate, -depth, row.pk)


def in_unit(value: Decimal, given: str, wanted: str) -> tuple[Decimal | None, str, bool]:
    """A value in the metric's unit of measure, percent as a ratio; None where they don't fit."""
    given, wanted = given.strip(), wanted.strip() or given.strip()
    if given == wanted:
        return (value / 100, "%", True) if wanted == "%" else (value, wanted, False)
    if given in _SIZES and wanted in _SIZES and _SIZES[given][0] == _SIZES[wanted][0]:
        return value * _SIZES[given][1] / _SIZES[wanted][1], wanted, False
    return None, wanted, False


def unit_of(compiled: Compiled) -> str:
    """In what a measure is counted, where no metric says it: the field's own unit, else records."""
    label = str(compiled.measured.verbose_name) if compiled.measured is not None else ""
    if label.endswith("（元）"):
        return "元"
    if compiled.metric.aggregate not in COUNTS:
        return ""
    model = (
        compiled.record_type.model if compiled.measured is None else compiled.measured.related_model
    )
    return "人" if model is not None and model._meta.label == "talents.Person" else "条"
