"""Numbers, dates and lists in Chinese, per GB/T 15835 and the habits of office reports.

Two styles: "report" writes running text (`1164人`, no thousands separators), "screen" writes
pages (`1,164 人`). All arithmetic is exact Decimal with ROUND_HALF_UP.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

Style = Literal["report", "screen"]
Number = int | str | float | Decimal
MoneyUnit = Literal["auto", "元", "万元", "亿元"]

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
_MONEY_SCALE = {"元": Decimal(1), "万元": WAN, "亿元": YI}
_DIGITS = "零一二三四五六七八九"


def to_decimal(value: Number) -> Decimal:
    """The exact decimal of a number; a float counts as it prints. Raises ValueError otherwise."""
    if isinstance(value, bool):
        raise ValueError(f"不是数字：{value!r}")
    try:
        number = Decimal(str(value) if isinstance(value, float) else value)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise ValueError(f"不是数字：{value!r}") from error
    if not number.is_finite():
        raise ValueError(f"不是数字：{value!r}")
    return number


def round_half_up(value: Number, places: int = 0) -> Decimal:
    """The value rounded half away from zero to a number of decimal places."""
    return to_decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(value: Number, places: int = 2, *, style: Style = "report", trim: bool = True) -> str:
    """A number with at most `places` decimals; `trim` drops trailing zeros."""
    rounded = round_half_up(value, places)
    if rounded == 0:
        rounded = abs(rounded)  # never "-0"
    text = f"{rounded:,f}" if style == "screen" else f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if trim and "." in text else text


def count(value: Number, *, style: Style = "report") -> str:
    """A count of things: `1164` in a report, `1,164` on screen."""
    return plain(value, 0, style=style)


def quantity(value: Number, unit: str, *, style: Style = "report", places: int = 2) -> str:
    """A number with its unit: `1164人` in a report, `1,164 人` on screen."""
    return _attach(plain(value, places, style=style), unit, style)


def abbreviated(value: Number, unit: str = "", *, style: Style = "report") -> str:
    """A number in 万 or 亿 from there on, at most 2 decimals, no trailing zeros: `1.2万`."""
    number = to_decimal(value)
    for scale, word in ((YI, "亿"), (WAN, "万")):
        scaled = round_half_up(number / scale, 2)
        if abs(number) >= scale or (scale == YI and abs(scaled) >= 1):
            return _attach(plain(scaled, 2, style=style), word + unit, style)
    return _attach(plain(number, 2, style=style), unit, style)


def money(yuan: Number, unit: MoneyUnit = "auto", *, style: Style = "report") -> str:
    """An amount given in yuan, shown in 元, 万元 or 亿元 with at most 2 decimals."""
    amount = to_decimal(yuan)
    if unit == "auto":
        return abbreviated(amount, "元", style=style)
    return _attach(plain(amount / _MONEY_SCALE[unit], 2, style=style), unit, style)


def share(part: Number, whole: Number) -> Decimal | None:
    """part / whole as an exact ratio; None where the whole is zero."""
    divisor = to_decimal(whole)
    return to_decimal(part) / divisor if divisor else None


def percent(ratio: Number, places: int = 1) -> str:
    """A ratio (0.356) as a percentage with fixed decimals: `35.6%`."""
    return plain(to_decimal(ratio) * 100, places, trim=False) + "%"


def over(value: Number, step: int | None = None) -> str:
    """Rounded down with 余: 1164 → `1160余`. A value that is round already stays as it is."""
    number = to_decimal(value)
    if number < 10:
        return plain(number)
    size = Decimal(step) if step else _step(number, 3)
    floor = (number / size).to_integral_value(ROUND_FLOOR) * size
    if floor == number or floor == 0:
        return plain(number)
    return f"{plain(floor)}余"


def near(value: Number, step: int | None = None) -> str:
    """Rounded up with 近: 1164 → `近1200`. Without a step it never adds more than a twentieth."""
    number = to_decimal(value)
    if number < 10:
        return plain(number)
    steps = [Decimal(step)] if step else [_step(number, digits) for digits in (1, 2, 3)]
    for size in steps:
        ceiling = (number / size).to_integral_value(ROUND_CEILING) * size
        if ceiling == number:
            return plain(number)
        if step or number >= ceiling * Decimal("0.95"):
            return f"近{plain(ceiling)}"
    return plain(number)


def growth(
    current: Number | None, previous: Number | None, *, places: int = 1, style: Style = "report"
) -> str:
    """Growth against last year as a sentence fragment: `同比增长12.3%`, `与上年持平`, ...

    Where a percentage has no meaning (last year zero or negative) the fragment says so.
    """
    if current is None:
        return "本年无数据"
    if previous is None:
        return "上年无数据"
    now, before = to_decimal(current), to_decimal(previous)
    if now == before:
        return "与上年持平"
    if before == 0:
        return "上年为0"
    if before < 0:
        word = "增加" if now > before else "减少"
        return _attach(f"比上年{word}", plain(abs(now - before), style=style), style)
    change = round_half_up((now - before) / before * 100, places)
    if change == 0:
        return "与上年基本持平"
    word = "同比增长" if change > 0 else "同比下降"
    return _attach(word, plain(abs(change), places, style=style, trim=False) + "%", style)


def growth_points(
    current: Number | None, previous: Number | None, *, places: int = 1, style: Style = "report"
) -> str:
    """Change of a share (given as ratios) in percentage points: `同比提高1.2个百分点`."""
    if current is None:
        return "本年无数据"
    if previous is None:
        return "上年无数据"
    difference = to_decimal(current) - to_decimal(previous)
    change = round_half_up(difference * 100, places)
    if change == 0:
        return "与上年持平" if difference == 0 else "与上年基本持平"
    word = "同比提高" if change > 0 else "同比下降"
    points = _attach(plain(abs(change), places, trim=False), "个百分点", style)
    return _attach(word, points, style)


def chinese_date(day: date) -> str:
    """`2022年3月5日`: Arabic digits, full year, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_month(day: date) -> str:
    """`2022年3月`."""
    return f"{day.year}年{day.month}月"


def dotted_month(day: date) -> str:
    """`1985.03`, the form of cadre files."""
    return f"{day.year}.{day.month:02d}"


def file_size(size: int) -> str:
    """How large a file is: `512 字节`, `235 千字节`, `1.2 兆字节`."""
    for scale, unit, places in ((1024 * 1024, "兆字节", 1), (1024, "千字节", 0)):
        if size >= scale:
            return quantity(Decimal(size) / scale, unit, style="screen", places=places)
    return quantity(size, "字节", style="screen")


def iso_date(day: date) -> str:
    """`2022-03-05`, the form of lists on screen."""
    return day.isoformat()


def ordinal(number: int) -> str:
    """The Chinese numeral of 1 to 99 as headings use it: 一 … 十一 … 九十九."""
    if not 1 <= number <= 99:
        raise ValueError(f"序号应在1至99之间：{number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def join_list(items: Iterable[str]) -> str:
    """Items joined by 、, but nothing between adjacent 《》 or “” (GB/T 15834)."""
    text = "、".join(item for item in items if item)
    return re.sub("(?<=[》”])、(?=[《“])", "", text)


def _attach(left: str, right: str, style: Style) -> str:
    """Two parts side by side, with a space between them on screen."""
    return f"{left} {right}" if style == "screen" and right else left + right


def _step(number: Decimal, digits: int) -> Decimal:
    """The power of ten, at least 10, that keeps a number of leading digits."""
    return Decimal(10) ** max(1, number.adjusted() + 1 - digits)
