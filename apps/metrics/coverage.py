"""Which facts of public reports the catalogue can state for a period, and which it cannot yet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from apps.core.periods import Period
from apps.metrics.figures import Figure
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate
from apps.records import registry
from apps.records.scope import Scope


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that reports state, and the record types that it is counted from."""

    key: str
    text: str
    record_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """A fact with the figures that state it."""

    fact: Fact
    figures: tuple[Figure, ...]
    unregistered: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is wrong: a metric or a value that should be there; empty when nothing is."""
        if not self.figures and not self.unregistered:
            return "没有指标"
        without = [figure for figure in self.figures if figure.is_missing]
        return "；".join(f"{figure.label}：{figure.missing}" for figure in without)


def facts() -> list[Fact]:
    """The facts that are shipped."""
    path = Path(settings.BASE_DIR) / "fixtures" / "facts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Fact(row["id"], row["fact"], tuple(row["record_types"].split(" + ")))
            for row in csv.DictReader(file)
        ]


def coverage(period: Period, metrics: Iterable[Metric] | None = None) -> list[Covered]:
    """Every fact with its figures over all units."""
    asked = list(Metric.objects.all() if metrics is None else metrics)
    figures = evaluate(asked, period, Scope.everything(), groups=False)
    known = {record_type.label for record_type in registry.types()}
    return [
        Covered(
            fact,
            tuple(figures[metric.key] for metric in asked if fact.key in metric.facts),
            tuple(label for label in fact.record_types if label not in known),
        )
        for fact in facts()
    ]
