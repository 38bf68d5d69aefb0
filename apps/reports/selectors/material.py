"""Records in words that go into a report: measures of the year, problems, plans of the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from apps.core import codes
from apps.core.errors import DomainError
from apps.governance.models import Measure, PlanItem, Problem
from apps.records import registry
from apps.records.scope import Scope

_SENTENCE = re.compile("(?<=[。！？])(?![”’）])|(?<=[。！？][”’）])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A record's title and text; ``evidence`` is the label of the metric that shows it."""

    origin: str
    title: str
    lines: tuple[str, ...]
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Which records a directive of the outline asks for; ``words`` name them."""

    record_type: str
    filters: dict[str, list[Any]]
    words: str


def query_for(kind: str, argument: str, year: int) -> Query:
    """The records of 【举措：体制机制】, 【问题】 or 【打算：引才】, or DomainError."""
    if kind == "问题":
        return Query("governance.Problem", {"year": [year]}, f"{year}年的存在问题")
    if kind == "举措":
        sections = {str(label): value for value, label in Measure.Section.choices}
        found = _known(argument, sections, "章节")
        filters: dict[str, list[Any]] = {"year": [year], "section": [found]}
        return Query("governance.Measure", filters, f"{year}年“{argument}”方面的工作举措")
    year += 1
    if not argument:
        return Query("governance.PlanItem", {"year": [year]}, f"{year}年的工作打算")
    themes = {name: code for code, name in codes.labels("plan_theme").items()}
    theme = _known(argument, themes, "主题")
    words = f"{year}年“{argument}”方面的工作打算"
    return Query("governance.PlanItem", {"year": [year], "theme": [theme]}, words)


def _known(argument: str, choices: dict[str, str], what: str) -> str:
    if argument not in choices:
        raise DomainError(f"没有名为“{argument}”的{what}，可用：{'、'.join(choices)}。")
    return choices[argument]


def passages(query: Query, scope: Scope) -> list[Passage]:
    """The records of a query, reviewed ones only, in their order."""
    record_type = registry.get(query.record_type)
    rows: Any = record_type.queryset(scope).counted()
    rows = rows.filter(record_type.q(query.filters, scope=scope)).order_by("order", "pk")
    if query.record_type == "governance.Problem":
        rows = rows.select_related("evidence_metric")
    return [_passage(row) for row in rows]


def _passage(row: Measure | Problem | PlanItem) -> Passage:
    metric = getattr(row, "evidence_metric", None)
    return Passage(
        origin=f"{row._meta.label}:{row.pk}",
        title=row.title.rstrip("。；，："),
        lines=tuple(split_sentences(row.text)),
        evidence=metric.label if metric else "",
    )


def split_sentences(text: str) -> list[str]:
    """A text cut after each full stop; a text without one at its end gets it."""
    pieces = [p.strip() for line in text.splitlines() for p in _SENTENCE.split(line)]
    pieces = [piece for piece in pieces if piece]
    if pieces and not re.search("[。！？][”’）]?$", pieces[-1]):
        pieces[-1] = pieces[-1].rstrip("；，、：;,:. ") + "。"
    return pieces
