"""Periods of time that figures are counted for, and how a record type relates to them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from apps.core.errors import DomainError

_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included; ``key`` stands in addresses: 2022, 2022H1, 2022Q3,
    2021-03-01..2022-02-28.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise DomainError("统计时段的结束日期早于开始日期，请把两个日期对调。")

    @classmethod
    def year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def months(cls, year: int, first: int, count: int) -> "Period":
        """``count`` whole months from month ``first`` of a year."""
        after = date(year + (first + count - 1) // 12, (first + count - 1) % 12 + 1, 1)
        return cls(date(year, first, 1), after - timedelta(days=1))

    @classmethod
    def half(cls, year: int, half: int) -> "Period":
        return cls.months(year, 6 * half - 5, 6)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        return cls.months(year, 3 * quarter - 2, 3)

    @classmethod
    def since(cls, year: int, until: date) -> "Period":
        """From the first day of a year on (自某年以来)."""
        return cls(date(year, 1, 1), until)

    @classmethod
    def last_years(cls, count: int, year: int) -> "Period":
        """``count`` whole years, the last of which is ``year`` (近 N 年)."""
        return cls(date(year - count + 1, 1, 1), date(year, 12, 31))

    @classmethod
    def parse(cls, key: str) -> "Period":
        """Period of a key; DomainError says how a period is written."""
        found = re.fullmatch(r"(\d{4})(?:(H)([12])|(Q)([1-4]))?", key)
        try:
            if found:
                year = int(found[1])
                if year not in _YEARS:
                    raise ValueError
                if found[2]:
                    return cls.half(year, int(found[3]))
                return cls.quarter(year, int(found[5])) if found[4] else cls.year(year)
            first, last = map(date.fromisoformat, key.split(".."))
        except ValueError:
            raise DomainError(
                f"看不懂统计时段“{key}”，请写成 2022、2022H1、2022Q3 或 2022-01-01..2022-06-30。"
            ) from None
        if first.year not in _YEARS or last.year not in _YEARS:
            raise DomainError(f"统计时段“{key}”超出 1900—2100 年，请改正后再查询。")
        return cls(first, last)

    @property
    def key(self) -> str:
        year = self.start.year
        if self == Period.year(year):
            return str(year)
        for half in (1, 2):
            if self == Period.half(year, half):
                return f"{year}H{half}"
        for quarter in (1, 2, 3, 4):
            if self == Period.quarter(year, quarter):
                return f"{year}Q{quarter}"
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    @property
    def label(self) -> str:
        key = self.key
        if len(key) == 4:
            return f"{key}年"
        if key[4] == "H":
            return f"{key[:4]}年{'上' if key[5] == '1' else '下'}半年"
        if key[4] == "Q":
            return f"{key[:4]}年第{'一二三四'[int(key[5]) - 1]}季度"
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31):
            return f"{self.start.year}—{self.end.year}年"
        return f"{_day(self.start)}至{_day(self.end)}"

    @property
    def as_of(self) -> date:
        """The day on which what lasts is counted: the last one."""
        return self.end

    def previous(self) -> "Period":
        """The same span one year earlier; of several whole years, the years just before them."""
        whole = (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31)
        back = self.end.year - self.start.year + 1 if whole else 1
        return Period(_years_before(self.start, back), _years_before(self.end, back))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Event:
    """A record belongs to the period in which its day lies. A whole-year column holds the year
    as a number.
    """

    field: str
    is_year: bool = False

    def q(self, period: Period) -> Q:
        if self.is_year:
            return Q(
                **{f"{self.field}__gte": period.start.year, f"{self.field}__lte": period.end.year}
            )
        return Q(**{f"{self.field}__gte": period.start, f"{self.field}__lte": period.end})


@dataclass(frozen=True, slots=True)
class Span:
    """A record counts while it lasts. The day it ends on no longer counts, so that stock =
    stock before + joined − left.
    """

    start: str
    end: str

    def q(self, period: "Period | date") -> Q:
        as_of = period.as_of if isinstance(period, Period) else period
        still = Q(**{f"{self.end}__isnull": True}) | Q(**{f"{self.end}__gt": as_of})
        return Q(**{f"{self.start}__lte": as_of}) & still
