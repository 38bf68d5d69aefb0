"""Asking the database: one query per record type and period rule, for any number of periods, and
one per grouping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from apps.core.periods import Period
from apps.metrics import grouping, measures
from apps.metrics.addresses import list_url
from apps.metrics.compiling import Compiled, Kind, Piece, Pieces, Window, together
from apps.metrics.figures import Group
from apps.metrics.measures import Answer
from apps.records.registry import RecordType
from apps.records.scope import Scope

_NUMBER: Any = DecimalField(max_digits=30, decimal_places=4)
_ALL = 10**9  # rows; more than there can be


@dataclass(slots=True)
class Run:
    """The metrics of one period as compiled, and what the database answered, by metric key."""

    period: Period
    scope: Scope
    with_groups: bool = True
    compiled: dict[str, Compiled] = member(default_factory=dict)
    answers: dict[str, Answer] = member(default_factory=dict)
    groups: dict[str, tuple[Group, ...]] = member(default_factory=dict)


Asked = tuple[Run, Compiled]


def count(runs: Sequence[Run], *, in_one: bool = False) -> None:
    """Fill the answers and groups of runs that have one scope.

    ``in_one`` asks for everything that needs no flags in one statement: where few metrics of many
    record types stand on a page, that is one trip to the database instead of many.
    """
    counted, looked_up = _batches(runs)
    questions = [_question(several) for several in counted.values()]
    plain = [q for q in questions if not q.flags.columns] if in_one else []
    if len(plain) > 1:
        _ask_in_one(plain)
    for question in questions:
        if len(plain) < 2 or question.flags.columns:
            question.answer(question.flags.annotate(question.rows).aggregate(**question.asked))
    for run, several_compiled in looked_up:
        _look_up(run, several_compiled)
    for run in runs:
        for family in _families(run):
            _split(run, family)


def _batches(
    runs: Iterable[Run],
) -> tuple[dict[tuple[str, str], list[Asked]], list[tuple[Run, list[Compiled]]]]:
    counted: dict[tuple[str, str], list[Asked]] = {}
    looked_up = []
    for run in runs:
        latest = []
        for compiled in run.compiled.values():
            if compiled.metric.is_reported:
                continue
            if compiled.metric.aggregate == Kind.LATEST:
                latest.append(compiled)
            else:
                key = (compiled.record_type.label, compiled.rule)
                counted.setdefault(key, []).append((run, compiled))
        if latest:
            looked_up.append((run, latest))
    return counted, looked_up


def _families(run: Run) -> Iterable[list[Compiled]]:
    """Metrics whose groups are asked for together."""
    families: dict[tuple[str, ...], list[Compiled]] = {}
    for key, compiled in run.compiled.items():
        answer = run.answers.get(key, Answer())
        known = answer.value is not None or compiled.metric.is_share
        asked = run.with_groups or compiled.is_spread
        if compiled.grouping is not None and known and asked:
            families.setdefault(grouping.family(compiled), []).append(compiled)
    return families.values()


def _rows(scope: Scope, record_type: RecordType, condition: Q) -> QuerySet:
    return record_type.queryset(scope).counted().filter(condition)


@dataclass(slots=True)
class _Flags:
    """Conditions with a subquery, each a column that is worked out once a row for all metrics."""

    columns: dict[str, tuple[str, Q]] = member(default_factory=dict)

    def q(self, pieces: Pieces, period: str) -> Q:
        condition = Q()
        for piece in pieces:
            if piece.is_heavy:
                new = f"flag{len(self.columns)}"
                name, _ = self.columns.setdefault(f"{period} {piece.key}", (new, piece.q))
                condition &= Q(**{name: True})
            else:
                condition &= piece.q
        return condition

    def annotate(self, rows: QuerySet) -> QuerySet:
        """The rows with their flags. The limit keeps databases from working flags out anew."""
        if not self.columns:
            return rows
        flags = {n: ExpressionWrapper(q, BooleanField()) for n, q in self.columns.values()}
        flagged: QuerySet = rows.order_by().annotate(**flags)
        return flagged[:_ALL]


@dataclass(slots=True)
class _Question:
    """All metrics of a record type and period rule, of every period, as one aggregate."""

    several: Sequence[Asked]
    windows: dict[str, Window]
    rows: QuerySet
    asked: dict[str, Any]
    flags: _Flags

    def answer(self, raw: Mapping[str, Any]) -> None:
        known = {key: bool(raw[f"known{number}"]) for number, key in enumerate(self.windows)}
        for number, (run, compiled) in enumerate(self.several):
            prefix = f"m{number}_"
            own = {k[len(prefix) :]: v for k, v in raw.items() if k.startswith(prefix)}
            is_known = known[compiled.window.period.key]
            run.answers[compiled.metric.key] = measures.answer(compiled, own, is_known=is_known)


def _question(several: Sequence[Asked]) -> _Question:
    flags = _Flags()
    windows = {compiled.window.period.key: compiled.window for _, compiled in several}
    is_heavy = any(piece.is_heavy for _, c in several for piece in (*c.whole, *c.part))
    pieces = {key: _window(w, len(windows) > 1, is_heavy) for key, w in windows.items()}
    asked: dict[str, Any] = {}
    for number, key in enumerate(windows):
        known = flags.q(pieces[key][:1], key) if len(windows) > 1 else None
        asked[f"known{number}"] = Count("pk", filter=known)
    for number, (_, compiled) in enumerate(several):
        key = compiled.window.period.key
        condition = flags.q((*pieces[key], *compiled.whole), key)
        asked |= compiled.expressions(condition, flags.q(compiled.part, key), f"m{number}_")
    run, first = several[0]
    rows = _rows(run.scope, first.record_type, _any(w.known for w in windows.values()))
    return _Question(several, windows, rows, asked, flags)


def _ask_in_one(questions: Sequence[_Question]) -> None:
    """Questions as one UNION ALL: a row each, its answers as numbers by their place."""
    width = max(len(question.asked) for question in questions)
    parts = []
    for number, question in enumerate(questions):
        columns: dict[str, Any] = {
            f"a{n}": Cast(value, _NUMBER) for n, value in enumerate(question.asked.values())
        }
        # what fills up the rows has to be an aggregate too: else the database would group by it
        columns |= {f"a{n}": Cast(Count("pk"), _NUMBER) for n in range(len(columns), width)}
        row = question.rows.order_by().annotate(question=Value(number)).values("question")
        parts.append(row.annotate(**columns).values_list("question", *columns))
    for number, *values in parts[0].union(*parts[1:], all=True):
        question = questions[number]
        question.answer(dict(zip(question.asked, values, strict=False)))


def _window(window: Window, is_one_of_several: bool, is_heavy: bool) -> Pieces:
    """A period as conditions: what is known of it first, where the rows are of several."""
    known = Piece("known", window.known, is_heavy and bool(window.known))
    rows = Piece("window", window.rows, is_heavy and bool(window.rows))
    return (known, rows) if is_one_of_several else (rows,)


def _any(conditions: Iterable[Q]) -> Q:
    """Rows that pass one of some conditions; an empty one lets everything through."""
    several = list(conditions)
    if not all(several):
        return Q()
    found = several[0]
    for condition in several[1:]:
        found |= condition
    return found


def _look_up(run: Run, several: Sequence[Compiled]) -> None:
    """One query for all latest values: rows of any of them, each marked with whose it is."""
    first = several[0]
    marks, either = {}, Q()
    for number, compiled in enumerate(several):
        marks[f"m{number}"] = Case(
            When(compiled.rows, then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        either |= together(compiled.whole)
    rows = list(
        _rows(run.scope, first.record_type, first.window.known & either)
        .annotate(**marks)
        .select_related("owner")
        .order_by()
    )
    for number, compiled in enumerate(several):
        own = [row for row in rows if getattr(row, f"m{number}")]
        run.answers[compiled.metric.key] = measures.latest(own, compiled)


def _split(run: Run, several: Sequence[Compiled]) -> None:
    """One query for the groups of a family of metrics."""
    first = several[0]
    found = grouping.rows(
        _rows(run.scope, first.record_type, first.window.known & first.rows), several
    )
    for compiled in several:
        metric = compiled.metric
        if compiled.is_spread:
            counts = [row.raw["value"] for row in found[metric.key]]
            run.answers[metric.key] = measures.spread(compiled, counts)
        run.groups[metric.key] = tuple(
            Group(
                row.key,
                row.label,
                answer.value,
                metric.unit_of_measure,
                list_url(metric, run.period, run.scope, group=row.key),
                answer.is_ratio,
            )
            for row in found[metric.key]
            if (answer := measures.answer(compiled, row.raw, is_known=True)).value is not None
        )
