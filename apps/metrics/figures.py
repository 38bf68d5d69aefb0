"""What an evaluation gives: figures with all that is needed to show, cite and check them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db.models import TextChoices

from apps.core import numbers
from apps.core.numbers import Style
from apps.core.periods import Period
from apps.records.scope import Scope

Value = Decimal | int | None


class Provenance(TextChoices):
    """Where a figure comes from, the surest first."""

    COUNTED = "counted", "统计"
    REPORTED = "reported", "上报"
    ENTERED = "entered", "录入"


@dataclass(frozen=True, slots=True)
class Group:
    """The figure of one group. ``key`` is a code, a choice or a natural key; empty for 未填."""

    key: str
    label: str
    value: Value
    unit_of_measure: str = ""
    url: str = ""
    is_ratio: bool = False

    def text(self, style: Style = "report") -> str:
        return show(self.value, self.unit_of_measure, is_ratio=self.is_ratio, style=style)


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value for a period and a scope; None when it is not known: ``missing`` says why.

    A ratio (``is_ratio``) is stored as 0.356 and shown as 35.6%. ``note`` qualifies a figure that
    is there (按现状统计), ``given_growth`` is the published growth in percent, if it was entered.
    ``is_stand_in`` says that units reported what no record could be counted for.
    """

    key: str
    label: str
    value: Value
    unit_of_measure: str
    period: Period
    scope: Scope
    provenance: Provenance
    url: str
    version: int
    theme: str = ""
    groups: tuple[Group, ...] = ()
    missing: str = ""
    note: str = ""
    is_broken: bool = False
    is_ratio: bool = False
    part: Value = None
    whole: Value = None
    part_url: str = ""
    given_growth: Decimal | None = None
    is_stand_in: bool = False

    @property
    def is_missing(self) -> bool:
        return self.value is None

    def text(self, style: Style = "report") -> str:
        """The value with its unit: `1164人`, on screen `1,164 人`; empty when it is missing."""
        return show(self.value, self.unit_of_measure, is_ratio=self.is_ratio, style=style)

    @property
    def screen(self) -> str:
        """For templates."""
        return self.text("screen")

    @property
    def mark(self) -> str:
        """What stands beside the figure where it was not counted: 上报 or 录入."""
        is_marked = self.value is not None and self.provenance != Provenance.COUNTED
        return str(self.provenance.label) if is_marked else ""

    @property
    def is_rank(self) -> bool:
        """A place in a ranking, of which the smaller is the better."""
        return self.unit_of_measure == "位"

    @property
    def sides(self) -> tuple[str, str]:
        """Numerator and denominator of a share, for templates."""
        return show(self.part, "", style="screen"), show(self.whole, "", style="screen")


def show(value: Value, unit: str, *, is_ratio: bool = False, style: Style = "report") -> str:
    """A value with its unit of measure; yuan are shown in 万元 or 亿元 from there on."""
    if value is None:
        return ""
    if is_ratio:
        return numbers.percent(value)
    if unit == "元":
        return numbers.money(value, style=style)
    return numbers.quantity(value, unit, style=style)


def _places(better: int, style: Style) -> str:
    if not better:
        return "与上年持平"
    word = "较上年前进" if better > 0 else "较上年后退"
    gap = " " if style == "screen" else ""
    return f"{word}{gap}{numbers.quantity(abs(better), '位', style=style)}"


@dataclass(frozen=True, slots=True)
class Growth:
    """A figure against the one of the year before.

    ``rate`` is a ratio, of ratios the difference; None where it has no meaning.
    """

    current: Figure
    previous: Figure | None

    @property
    def rate(self) -> Decimal | None:
        if self.current.given_growth is not None:
            return self.current.given_growth / 100
        now, before = self.current.value, self.previous.value if self.previous else None
        if now is None or before is None:
            return None
        difference = numbers.to_decimal(now) - numbers.to_decimal(before)
        if self.current.is_ratio:
            return difference
        return difference / before if before > 0 else None

    @property
    def direction(self) -> Literal["up", "down", "flat", ""]:
        now, before = self.current.value, self.previous.value if self.previous else None
        if self.current.given_growth is None and (now is None or before is None):
            return ""
        change = self.rate
        if change is None:  # last year was nought or below
            change = numbers.to_decimal(now or 0) - numbers.to_decimal(before or 0)
        change = numbers.round_half_up(change, 3)  # as exact as it is shown
        if self.current.is_rank:
            change = -change
        return "up" if change > 0 else "down" if change < 0 else "flat"

    def text(self, style: Style = "report") -> str:
        """`同比增长12.3%`, `同比提高1.2个百分点`, `与上年持平`, `上年无数据` …"""
        given = self.current.given_growth
        if given is not None and self.current.value is not None:
            return numbers.growth(100 + given, 100, style=style)
        before = self.previous.value if self.previous else None
        if self.current.is_rank and self.current.value is not None and before is not None:
            return _places(int(before) - int(self.current.value), style)
        words = numbers.growth_points if self.current.is_ratio else numbers.growth
        return words(self.current.value, before, style=style)

    @property
    def screen(self) -> str:
        """For templates."""
        return self.text("screen")
