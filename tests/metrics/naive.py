"""A second evaluator that shares nothing with the first: one plain query a table, then Python.

It reads a metric's filter by the few rules below and walks from row to row. Slow and obvious.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.apps import apps

from apps.core.models import Code
from tests.metrics import naive_awards, naive_contacts, naive_funds, naive_reported, naive_titles

# each with TABLES, SHARED, SPANS, EVENTS, KEYS, FILTERS
AREAS = (naive_awards, naive_contacts, naive_titles, naive_funds)

TABLES = (
    "organizations.District", "organizations.Unit", "organizations.Indicator", "talents.Person",
    "talents.Pool", "talents.PoolMembership", "talents.Title", "training.TrainingClass",
    "training.ClassAudience", "training.Enrolment", "governance.Policy", "governance.Measure",
    "governance.Problem", "governance.PlanItem", "metrics.ReportedFigure",
)  # fmt: skip

# record type → how it belongs to a period
SPANS = {
    "talents.Person": ("entered_on", "left_on"),
    "talents.PoolMembership": ("joined_on", "left_on"),
}
EVENTS = {
    "organizations.Indicator": "year", "talents.Title": "obtained_on",
    "training.TrainingClass": "starts_on", "training.ClassAudience": "training_class__starts_on",
    "training.Enrolment": "training_class__starts_on", "governance.Policy": "issued_on",
    "governance.Measure": "year", "governance.Problem": "year", "governance.PlanItem": "year",
}  # fmt: skip
SECONDS = {}  # record type → its other time
KEYS = {"pool": "code", "district": "code", "unit": "name"}
SHARED = {"organizations.District", "talents.Pool"}  # everybody sees their rows
FILTERS = {}  # (record type, filter) → whether a row passes, where the rules below do not do
for area in AREAS:
    TABLES += area.TABLES
    SHARED |= area.SHARED
    SPANS |= area.SPANS
    EVENTS |= area.EVENTS
    SECONDS |= getattr(area, "SECONDS", {})
    KEYS |= area.KEYS
    FILTERS |= area.FILTERS


class World:
    """Every row of every table, with the rows it points to."""

    def __init__(self):
        self.rows = {name: list(apps.get_model(name).objects.all()) for name in TABLES}
        self.by_pk = {name: {r.pk: r for r in rows} for name, rows in self.rows.items()}
        self.ranks = {(c.table, c.code): c.rank for c in Code.objects.all()}
        self.memberships = defaultdict(list)
        for row in self.rows["talents.PoolMembership"]:
            self.memberships[row.person_id].append(row)
        self.audiences = defaultdict(list)
        for row in self.rows["training.ClassAudience"]:
            self.audiences[row.training_class_id].append(row)

    def follow(self, row, path):
        """The value at the end of a path of references."""
        for name in path.split("__"):
            if row is None:
                return None
            field = row._meta.get_field(name)
            row = getattr(row, field.attname)
            if field.related_model:
                row = self.by_pk[field.related_model._meta.label].get(row)
        return row

    def sees(self, row, scope):
        """Whether a row lies in the scope."""
        label = row._meta.label
        if label in SHARED:
            return bool(scope.paths)
        if label == "organizations.Unit":
            path = row.path
        else:
            path = self.by_pk["organizations.Unit"][row.owner_id].path
        return any(path.startswith(p) for p in scope.paths)

    def counts(self, row, scope):
        return self.sees(row, scope) and getattr(row, "state", "approved") == "approved"


def lasts(row, start, end, day):
    begun, ended = getattr(row, start), getattr(row, end)
    return begun is not None and begun <= day and (ended is None or ended > day)


class Naive:
    def __init__(self, period, scope, metrics):
        self.world, self.period, self.scope = World(), period, scope
        self.metrics = {m.key: m for m in metrics}

    def value(self, metric):
        """The figure as an exact number, or None when it is missing."""
        return naive_reported.source(self, metric)[0]

    def counted(self, metric):
        """What the records come to."""
        label, period = metric.record_type, self.period
        if metric.period_rule == "next":
            year = period.end.year + 1
            period = type(period)(date(year, 1, 1), date(year, 12, 31))
        seen = [r for r in self.world.rows[label] if self.world.counts(r, self.scope)]
        known = [r for r in seen if self.is_known(metric, r, period)]
        rows = [r for r in known if self.is_in(metric, r, period)]
        day = period.end
        if metric.aggregate in ("share", "completion"):
            rows = [r for r in rows if self.passes(r, metric.denominator, day)]
            if not rows:
                return None
            part = [r for r in rows if self.passes(r, metric.filter, day)]
            return Fraction(len(part), len(rows))
        rows = [r for r in rows if self.passes(r, metric.filter, day)]
        if metric.aggregate == "latest":
            return self.latest(metric, rows, period)
        if not known:
            return None
        if is_spread(metric):
            counts = list(self.groups(metric).values())
            if not counts:
                return None
            average = Fraction(sum(counts), len(counts))
            return {"avg": average, "min": min(counts), "max": max(counts)}[metric.aggregate]
        return self.measure(metric, rows)

    def measure(self, metric, rows):
        if metric.aggregate == "count":
            return len(rows)
        values = [self.world.follow(row, metric.field) for row in rows]
        values = [v for v in values if v is not None]
        if metric.aggregate == "distinct":
            return len({getattr(v, "pk", v) for v in values if v != ""})
        if metric.aggregate == "sum":
            return None if rows and not values else sum(values)
        if not values:
            return None
        if metric.aggregate == "avg":
            return Fraction(sum(values)) / len(values)
        return min(values) if metric.aggregate == "min" else max(values)

    def groups(self, metric):
        """Group key → number of what the metric measures, empty groups left out."""
        if metric.aggregate == "reported":
            return {unit.name: value for unit, value in naive_reported.speaking(self, metric)}
        by_key = defaultdict(list)
        for row in self.rows(metric):
            value = self.world.follow(row, metric.group_by)
            last = metric.group_by.rpartition("__")[2]
            key = getattr(value, KEYS[last]) if last in KEYS and value is not None else value
            by_key["" if key is None else str(key)].append(row)
        if is_spread(metric):
            return {key: len(rows) for key, rows in by_key.items() if key}
        measured = {key: self.measure(metric, rows) for key, rows in by_key.items()}
        return {key: value for key, value in measured.items() if value}

    def rows(self, metric):
        period = self.period
        if metric.period_rule == "next":
            year = period.end.year + 1
            period = type(period)(date(year, 1, 1), date(year, 12, 31))
        return [
            r
            for r in self.world.rows[metric.record_type]
            if self.world.counts(r, self.scope)
            and self.is_known(metric, r, period)
            and self.is_in(metric, r, period)
            and self.passes(r, metric.filter, period.end)
        ]

    def is_known(self, metric, row, period):
        label = metric.record_type
        if metric.period_rule == "all":
            return True
        is_second = metric.period_rule == "second"
        if label in SPANS and not is_second:
            begun = getattr(row, SPANS[label][0])
            return begun is not None and begun <= period.end
        if label not in EVENTS and not is_second:  # without a time of its own: as of now
            return True
        when = self.world.follow(row, (SECONDS if is_second else EVENTS)[label])
        if isinstance(when, int):
            return period.start.year <= when <= period.end.year
        return when is not None and period.start <= when <= period.end

    def is_in(self, metric, row, period):
        label, rule = metric.record_type, metric.period_rule
        if label not in SPANS or rule in ("all", "second"):
            return True
        start, end = SPANS[label]
        if rule == "start":
            return period.start <= getattr(row, start) <= period.end
        if rule == "end":
            left = getattr(row, end)
            return left is not None and period.start <= left <= period.end
        return lasts(row, start, end, period.end)

    def passes(self, row, conditions, day):
        return all(self.passes_one(row, name, values, day) for name, values in conditions.items())

    def passes_one(self, row, name, values, day):
        world, label = self.world, row._meta.label
        if (label, name) in FILTERS:
            return FILTERS[label, name](self, row, values)
        if (label, name) in {("talents.Person", "pool"), ("talents.Person", "team")}:
            return any(
                world.counts(m, self.scope)
                and lasts(m, "joined_on", "left_on", day)
                and self.pool_word(m, name) in values
                for m in world.memberships[row.pk]
            )  # fmt: skip
        if (label, name) == ("training.TrainingClass", "audience"):
            audiences = world.audiences[row.pk]
            return any(world.counts(a, self.scope) and a.category in values for a in audiences)
        if name == "present":
            person = world.by_pk["talents.Person"][row.person_id]
            here = person.state == "approved" and lasts(person, "entered_on", "left_on", day)
            return here == (values == ["1"])
        if name == "pool_kind":
            return world.by_pk["talents.Pool"][row.pool_id].kind in values
        if name == "full_name":
            return row.name == values[0]
        path, at_least = name.removesuffix("__at_least"), name.endswith("__at_least")
        value = world.follow(row, path)
        last = path.rpartition("__")[2]
        if at_least:
            return self.is_at_least(row, path, value, values)
        if isinstance(value, bool):
            return value == (values == ["1"])
        if last in KEYS:
            return value is not None and getattr(value, KEYS[last]) in values
        return value in values

    def pool_word(self, membership, name):
        pool = self.world.by_pk["talents.Pool"][membership.pool_id]
        return pool.code if name == "pool" else pool.kind

    def is_at_least(self, row, path, value, values):
        model = type(row)
        for name in path.split("__"):
            field = model._meta.get_field(name)
            model = field.related_model or model
        rank = self.world.ranks.get((field.table, value))
        return rank is not None and rank <= max(self.world.ranks[field.table, v] for v in values)

    def latest(self, metric, rows, period):
        rows = [
            r
            for r in rows
            if r.year < period.end.year
            or (period.end.month == 12 if r.month is None else r.month <= period.end.month)
        ]
        units = self.world.by_pk["organizations.Unit"]
        rows.sort(
            key=lambda r: (
                r.year,
                r.month is None,
                r.month or 0,
                not r.is_estimate,
                -units[r.owner_id].path.count("/"),
                r.pk,
            )
        )
        if not rows:
            return None
        value = getattr(rows[-1], metric.field or "value")
        if value is None:
            return None
        return Fraction(value) / 100 if metric.unit_of_measure == "%" else value

    def formula(self, metric):
        """Formulas are few: Python's own arithmetic over the named values."""
        text, values = metric.formula, {}
        for number, key in enumerate(sorted(self.metrics)):
            if "{" + key + "}" in text:
                values[f"v{number}"] = self.value(self.metrics[key])
                text = text.replace("{" + key + "}", f"v{number}")
        if None in values.values():
            return None
        exact = {name: Fraction(value) for name, value in values.items()}
        try:
            return eval(text, {"__builtins__": {}}, exact)  # noqa: S307 -- the shipped formulas
        except ZeroDivisionError:
            return None


def is_spread(metric):
    """Least, most or average of how many rows a group has."""
    return metric.aggregate in ("avg", "min", "max") and metric.group_by and not metric.field


def same(fast, slow):
    """Whether a figure of the evaluator is the exact number: its quotients have 28 digits."""
    if fast is None or slow is None:
        return fast is None and slow is None
    return abs(Fraction(Decimal(fast)) - Fraction(slow)) <= abs(Fraction(slow)) / 10**20
