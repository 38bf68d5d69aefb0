"""Dates and months as they stand in Excel cells."""

import datetime as dt
import re
from functools import lru_cache

from apps.core.errors import DomainError
from apps.core.text import narrow, squeeze

DateLike = dt.date | dt.datetime | float | int | str

_TIME_OF_DAY = re.compile(r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_PARTS = re.compile(r"(\d+)[年./\-．－／。、](\d+)月?(?:[./\-．－／。、]?(?<!\d)(\d+)[日号]?)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(7306, 80_000)  # 1920 to 2119: less could be a year or a count


class DateError(DomainError):
    """A cell that holds no date; `kind` is `impossible_date` or `unreadable_date`."""

    def __init__(self, message: str, kind: str = "impossible_date") -> None:
        super().__init__(message)
        self.kind = kind


def parse_date(value: DateLike) -> tuple[dt.date, bool]:
    """The date that a cell means, and whether only its month is known (then the first).

    Reads dates, Excel serial numbers and text such as 1985.03, 1985年3月, 1985/3/5, 199312.
    """
    if isinstance(value, dt.datetime):
        return value.date(), False
    if isinstance(value, dt.date):
        return value, False
    if isinstance(value, bool):
        raise _unreadable()
    if isinstance(value, int | float):
        return _from_number(value)
    return _from_text(value)


@lru_cache(maxsize=65_536)
def _from_text(value: str) -> tuple[dt.date, bool]:
    text = squeeze(_TIME_OF_DAY.sub("", narrow(value).strip())).rstrip(".。")
    if (match := _PACKED.fullmatch(text)) or (match := _PARTS.fullmatch(text)):
        year, month, day = match.groups()
    elif re.fullmatch(r"(1[89]|2[01])\d\d年?", text):
        raise DateError(f"只有年份，请补上月份，如 {text[:4]}.03", "unreadable_date")
    else:
        raise _unreadable()
    return _build(year, month, day)


def _build(year: str, month: str, day: str | None) -> tuple[dt.date, bool]:
    if len(year) != 4:
        raise DateError("年份应写四位，请改为如 1985.03", "unreadable_date")
    if year == "0000" or len(month) > 2 or not 1 <= int(month) <= 12:
        known = year if year != "0000" else "2009"
        raise DateError(f"月份应在 01–12 之间，请改为如 {known}.03")
    if day is None:
        return dt.date(int(year), int(month), 1), True
    try:
        return dt.date(int(year), int(month), int(day)), False
    except ValueError:
        raise DateError(f"{year} 年 {int(month)} 月没有 {int(day)} 日，请改正日期") from None


def _from_number(value: float) -> tuple[dt.date, bool]:
    """A number cell: 199312, 19931203, 1985.03 typed without a text format, or a serial."""
    if value != value or abs(value) > 99_999_999:
        raise _unreadable()
    whole = int(value)
    if whole in _SERIALS:
        return _SERIAL_EPOCH + dt.timedelta(days=whole), False
    if value == whole and whole >= 100_000:
        return _from_text(str(whole))
    if 1800 <= whole <= 2199:
        return _from_decimal(value, whole)
    raise _unreadable()


def _from_decimal(value: float, year: int) -> tuple[dt.date, bool]:
    month = f"{value:.6f}".split(".")[1].rstrip("0")
    if not month:
        raise DateError(f"只有年份，请补上月份，如 {year}.03", "unreadable_date")
    if month == "1":  # Excel drops the last nought of 1985.10
        raise DateError(
            f"可能是 {year} 年 1 月，也可能是 10 月（数字格式去掉了末尾的 0），"
            f"请按文本填写 {year}.01 或 {year}.10"
        )
    return _build(str(year), month, None)


def _unreadable() -> DateError:
    return DateError("不是日期，请改为如 2022-03-05 或 2022.03", "unreadable_date")
