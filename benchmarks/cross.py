"""Cross tables: the statutory ones, and a plain one beside the GROUP BY of the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Count

from apps.core.periods import Period
from apps.metrics.cross import Definition, Part, tabulate
from apps.metrics.models import CrossTable
from apps.records import registry
from apps.records.scope import Scope
from apps.talents.models import Person
from benchmarks.measuring import NotMeasured, span
from benchmarks.reporting import YEAR
from benchmarks.table import Row

TIMES = 7
FIELDS = ("education", "title_level")


def statutory() -> Row:
    tables = CrossTable.objects.filter(is_builtin=True).order_by("order")
    if not tables:
        raise NotMeasured("没有内置统计表")
    definition = Definition.parse(tables[0].definition)
    period, scope = Period.year(YEAR), Scope.everything()
    tabulate(definition, period, scope)
    with span() as taken:
        table = tabulate(definition, period, scope)
    rows = sum(len(lines) for _, lines in table.rows)
    name = f"交叉表：法定统计表一（{rows} 行 × {table.width} 列）"
    return Row(name, str(taken), "—")


def plain() -> Row:
    """Field by field over everybody, in turns with the statement that counts the same."""
    period, scope = Period.year(YEAR), Scope.everything()
    definition = Definition("talents.Person", *((Part(by=name),) for name in FIELDS))
    lasting = registry.of(Person).period.q(period.end)
    people = Person.objects.counted().filter(lasting).order_by()
    query, params = people.values(*FIELDS).annotate(n=Count("pk")).query.sql_with_params()

    def raw() -> int:
        with connection.cursor() as cursor:
            cursor.execute(query, params)
            return sum(row[-1] for row in cursor.fetchall())

    def ours() -> int:
        return int(tabulate(definition, period, scope).total.cells[0].value or 0)

    if raw() != ours():
        raise NotMeasured("交叉表与 GROUP BY 的合计不一致")
    (raw_ms, _), (ms, busy) = _in_turns(raw, ours)
    with span() as taken:
        ours()
    text = f"{ms:.0f} ms（CPU {busy:.0f}），{taken.queries} SQL，{ms / raw_ms:.2f} 倍"
    beside = f"GROUP BY {raw_ms:.0f} ms"
    return Row("交叉表：学历 × 职称级别", text, f"≤ {beside} 的 1.3 倍")


def _in_turns(*calls: Callable[[], Any]) -> list[tuple[float, float]]:
    """Median wall-clock and CPU milliseconds of each, measured alternately."""
    taken: list[list[tuple[float, float]]] = [[] for _ in calls]
    for _ in range(TIMES):
        for call, found in zip(calls, taken, strict=True):
            started, worked = time.perf_counter(), time.process_time()
            call()
            found.append((time.perf_counter() - started, time.process_time() - worked))
    return [
        (median(wall for wall, _ in found) * 1000, median(cpu for _, cpu in found) * 1000)
        for found in taken
    ]
