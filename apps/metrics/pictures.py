"""Bars of figures for the screen, as numbers that a template puts into an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.metrics.figures import Figure, Group

HEIGHT, STEP, WIDTH = 120, 96, 40  # of a picture of years, in its own units


@dataclass(frozen=True, slots=True)
class Bar:
    """One group against the largest; ``size`` in percent."""

    group: Group
    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Pillar:
    """One year; all numbers are places in the picture. Without a value there is no pillar."""

    label: str
    text: str
    middle: int
    left: int
    top: int
    height: int
    text_at: int


@dataclass(frozen=True, slots=True)
class Pillars:
    pillars: Sequence[Pillar]
    width: int
    height: int = HEIGHT + 44
    base: int = HEIGHT + 20
    foot: int = HEIGHT + 38
    thick: int = WIDTH


def bars(groups: Sequence[Group]) -> list[Bar]:
    """Bars of the groups, the empty ones included."""
    sizes = [abs(Decimal(group.value or 0)) for group in groups]
    largest = max(sizes, default=Decimal(0)) or Decimal(1)
    return [
        Bar(group, group.text("screen"), int(size * 100 / largest))
        for group, size in zip(groups, sizes, strict=True)
    ]


def pillars(figures: Sequence[tuple[str, Figure]]) -> Pillars | None:
    """Pillars of a metric's years; None when no year has a value above nought."""
    values = [Decimal(f.value or 0) for _, f in figures]
    largest = max(values, default=Decimal(0))
    if largest <= 0:
        return None
    found = []
    for place, (label, figure) in enumerate(figures):
        value = max(Decimal(figure.value or 0), Decimal(0))
        height = int(value * HEIGHT / largest)
        middle = place * STEP + STEP // 2
        top = HEIGHT + 20 - height
        text = figure.text("screen") or "无数据"
        found.append(Pillar(label, text, middle, middle - WIDTH // 2, top, height, top - 6))
    return Pillars(found, STEP * len(figures))
