"""Reports of units, told a second time: which rows speak, what they come to, when they stand in."""

from datetime import date
from fractions import Fraction

ADDED = ("count", "distinct", "sum", "reported")
FIRST = {"year": 1, "H1": 1, "H2": 7, "Q1": 1, "Q2": 4, "Q3": 7, "Q4": 10}
LAST = {"year": 12, "H1": 6, "H2": 12, "Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}


def is_of(period, row):
    """Whether a report is of exactly this period."""
    after = date(row.year + LAST[row.part] // 12, LAST[row.part] % 12 + 1, 1)
    first = date(row.year, FIRST[row.part], 1)
    return period.start == first and period.end.toordinal() + 1 == after.toordinal()


def speaking(naive, metric):
    """Reports that lie below no other one: unit and value."""
    units = naive.world.by_pk["organizations.Unit"]
    rows = [
        row
        for row in naive.world.rows["metrics.ReportedFigure"]
        if row.metric_id == metric.pk and naive.world.counts(row, naive.scope)
        and is_of(naive.period, row)
    ]  # fmt: skip
    found = []
    for row in rows:
        above, unit = set(), units[row.unit_id]
        while unit.parent_id is not None:
            unit = units[unit.parent_id]
            above.add(unit.pk)
        if not any(other.unit_id in above for other in rows):
            found.append((units[row.unit_id], Fraction(row.value)))
    return found


def told(naive, metric):
    """What units reported of a metric; None where that says nothing of the whole scope."""
    rows = speaking(naive, metric)
    if not rows:
        return None
    if metric.aggregate in ADDED and metric.unit_of_measure != "%":
        return sum(value for _, value in rows)
    for unit, value in rows:
        whole = unit.parent_id is None if "" in naive.scope.paths else False
        if whole or naive.scope.paths == (unit.path,):
            return value / 100 if metric.unit_of_measure == "%" else value
    return None


def is_empty(naive, metric, value):
    """Whether no record answers to a metric."""
    if value is None:
        return True
    if metric.aggregate in ("count", "distinct"):
        return value == 0
    return metric.aggregate == "sum" and not naive.rows(metric)


def source(naive, metric):
    """The figure and where it comes from: counted, entered, reported, or told in its stead."""
    if metric.aggregate == "reported":
        return told(naive, metric), "reported"
    if metric.aggregate == "formula":
        value, word = of_formula(naive, metric)
        empty = value is None
    else:
        value = naive.counted(metric)
        word = "entered" if metric.aggregate == "latest" else "counted"
        empty = is_empty(naive, metric, value)
    instead = told(naive, metric) if empty else None
    return (value, word) if instead is None else (instead, "told")


def of_formula(naive, metric):
    """No report that stands in for a count is worked out together with counts."""
    keys = [key for key in naive.metrics if "{" + key + "}" in metric.formula]
    words = {source(naive, naive.metrics[key])[1] for key in keys}
    word = next((w for w in ("told", "entered", "reported") if w in words), "counted")
    return (None if {"told", "counted"} <= words else naive.formula(metric)), word
