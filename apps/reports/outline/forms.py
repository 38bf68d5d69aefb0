"""The closed set of forms in which a figure can be written, and how each is written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from apps.core import numbers

LISTED = 8  # names that a list shows at most


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name in the language, what it does and an example."""

    name: str
    meaning: str
    example: str


FORMS = {
    form.name: form
    for form in (
        Form("余", "向下取整，加“余”", "1164 → 1160余"),
        Form("近", "向上取整，加“近”", "1164 → 近1200"),
        Form("万", "以万为单位，最多两位小数", "12345 → 1.23万"),
        Form("亿", "以亿为单位，最多两位小数", "234567890 → 2.35亿"),
        Form("百分比", "写成百分数", "0.356 → 35.6%"),
        Form("同比", "与上年相比", "同比增长12.3%"),
        Form("上年", "上年的数，可再加取整写法", "1042"),
        Form("列表", "列出记录名称", "《甲办法》《乙方案》"),
        Form("分组", "按组列出", "主体班3期、专题班5期"),
    )
}
_ROUNDING = ("余", "近", "万", "亿", "百分比")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a cited figure: its value now and a year before, its parts and names.

    ``kind`` says how it is written: a plain ``number``, ``money`` in yuan, or a ``ratio``.
    ``given_growth`` is a published growth in percent, which stands before a computed one.
    """

    kind: str = "number"
    unit: str = ""
    value: Decimal | None = None
    previous: Decimal | None = None
    given_growth: Decimal | None = None
    groups: tuple[tuple[str, Decimal, str], ...] | None = None  # name, value, address
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A figure in words. ``missing`` is the year without a value: "now", "before" or nothing."""

    text: str
    value: Decimal | None = None
    missing: str = ""
    parts: tuple[tuple[str, str], ...] = ()  # text and address, where parts have their own

    @property
    def is_zero(self) -> bool:
        return not self.missing and not self.value


def check_forms(forms: tuple[str, ...]) -> str:
    """What is wrong with a combination of forms, as a sentence; empty when nothing is."""
    if len(forms) < 2:
        return ""
    if len(forms) == 2 and forms[0] == "上年" and forms[1] in _ROUNDING:
        return ""
    return "写法一般只用一种，只有“上年”之后可再加“余、近、万、亿、百分比”。"


def write(reading: Reading, forms: tuple[str, ...]) -> Written:
    """A reading in the asked form."""
    first = forms[0] if forms else ""
    if first == "列表":
        return _names(reading)
    if first == "分组":
        return _groups(reading)
    if first == "同比":
        return _growth(reading)
    value, when = (reading.previous, "before") if first == "上年" else (reading.value, "now")
    if value is None:
        return Written("", None, when)
    rounding = forms[-1] if forms and forms[-1] in _ROUNDING else ""
    return Written(_number(reading.kind, value, rounding), value)


def _number(kind: str, value: Decimal, rounding: str) -> str:
    if kind == "ratio" or rounding == "百分比":
        return numbers.percent(value)
    if kind == "money":
        return _money(value, rounding)
    if rounding in ("余", "近"):
        return numbers.over(value) if rounding == "余" else numbers.near(value)
    if rounding in ("万", "亿"):
        scale = numbers.WAN if rounding == "万" else numbers.YI
        return f"{numbers.plain(value / scale)}{rounding}"
    return numbers.plain(value)


def _money(value: Decimal, rounding: str) -> str:
    """Yuan as an amount with its unit; 余 and 近 round in 万元 from there on."""
    if rounding in ("万", "亿"):
        return numbers.money(value, "万元" if rounding == "万" else "亿元")
    if rounding:
        scale, unit = (numbers.WAN, "万元") if value >= numbers.WAN else (Decimal(1), "元")
        amount = value / scale
        return (numbers.over(amount) if rounding == "余" else numbers.near(amount)) + unit
    return numbers.money(value)


def _growth(reading: Reading) -> Written:
    if reading.value is not None and reading.given_growth is not None:
        return Written(numbers.growth(100 + reading.given_growth, 100), reading.value)
    compare = numbers.growth_points if reading.kind == "ratio" else numbers.growth
    missing = "now" if reading.value is None else "" if reading.previous else "before"
    return Written(compare(reading.value, reading.previous), reading.value, missing)


def _names(reading: Reading) -> Written:
    names = reading.names or ()
    text = numbers.join_list(names[:LISTED])
    return Written(text, Decimal(len(names)), "" if names else "now")


def _groups(reading: Reading) -> Written:
    """``主体班3期、专题班5期``; groups of zero are not written, each figure has its address."""
    groups = [group for group in reading.groups or () if group[1]]
    unit = reading.unit if reading.kind == "number" else ""
    parts: list[tuple[str, str]] = []
    for name, value, url in groups:
        parts += [("、" + name if parts else name, ""), (_number(reading.kind, value, ""), url)]
        parts += [(unit, "")] if unit else []
    text = "".join(text for text, _ in parts)
    return Written(text, Decimal(len(groups)), "" if groups else "now", tuple(parts))
