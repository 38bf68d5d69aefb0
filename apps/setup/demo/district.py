"""What every area of the demo district builds on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from apps.organizations.models import Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.setup.demo.people import People

SEED = 20221231
YEARS = (2021, 2022)


@dataclass
class Demo:
    """The demo district while it is being filled; an area adds its rows with ``save``."""

    by: Actor
    owner: Unit  # 区委组织部, to which what the department keeps itself belongs
    teams: dict[str, list[Unit]]  # units by the teams that work in them
    people: People
    counts: dict[str, int] = field(default_factory=dict)

    def random(self, area: str) -> Random:
        """Chance of its own for each area, so that a new one leaves the others as they are."""
        return Random(f"{SEED} {area}")  # noqa: S311 -- made-up data

    def save(self, rows: Sequence[Any]) -> None:
        save(rows, by=self.by, counts=self.counts)


def save(rows: Sequence[Any], *, by: Actor, counts: dict[str, int]) -> None:
    """Save rows of one record type by its write path."""
    record_type = registry.of(type(rows[0]))
    record_type.save_many(rows, by=by)
    counts[record_type.name] = counts.get(record_type.name, 0) + len(rows)
