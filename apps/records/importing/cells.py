"""The value that a cell has for a model field; one converter with a memory reads a column."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Q

from apps.core import codes
from apps.core.amounts import AmountError, parse_amount, parse_count
from apps.core.dates import DateError, parse_date
from apps.core.fields import CodeField, EncryptedField, MonthField
from apps.core.identity import IdentityError, parse_id_number, parse_mobile
from apps.core.text import clean_name, clean_text, normalise, squeeze
from apps.records.extras.definitions import NOT_A_NUMBER, TagsField, is_key
from apps.records.extras.values import tags_meant
from apps.records.importing.fields import AnyField
from apps.records.importing.rows import Masked
from apps.records.registry import RecordType

Convert = Callable[[Any], Any]
_EDUCATION = "gb4658_education"
_BETWEEN_WORDS = re.compile("[、，,；;]")
_YES = frozenset(map(normalise, ("是", "有", "√", "对", "Y", "yes", "true", "1")))
_NO = frozenset(map(normalise, ("否", "无", "×", "不是", "N", "no", "false", "0", "没有")))
EXCEL_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
_YEARS = range(1900, 2101)


class CellError(Exception):
    """A cell that has no value for its field. `options` are the codes it may mean, `part` is the
    column that is wrong among several that find a record.
    """

    def __init__(
        self, kind: str, reason: str, options: set[str] | None = None, *, part: str = ""
    ) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.options, self.part = kind, reason, options or set(), part


class MonthOnly(Exception):
    """A month in a column of days: a hook may know the day, otherwise it is a fault."""

    def __init__(self, month: dt.date) -> None:
        super().__init__()
        self.month = month


class Converter:
    """From cell to value; it raises CellError or MonthOnly. ``known`` are the texts that it has
    converted.
    """

    def __init__(self, convert: Convert) -> None:
        self._convert = convert
        self.known: dict[str, Any] = {}
        self._failed: dict[str, CellError | MonthOnly] = {}

    def __call__(self, cell: Any) -> Any:
        if not isinstance(cell, str):
            return self._convert(cell)
        if cell in self.known:
            return self.known[cell]
        if cell in self._failed:
            raise self._failed[cell]
        if cell in EXCEL_ERRORS:
            raise CellError("error_cell", "是公式的错误值，请改为正确的内容，或清空单元格")
        try:
            value = self.known[cell] = self._convert(cell)
        except (CellError, MonthOnly) as error:
            self._failed[cell] = error
            raise
        return value


def converter(target: AnyField, record_type: RecordType, unit: int = 1) -> Converter:
    """What reads the cells of a column."""
    return Converter(_convert_for(target, record_type, unit))


def _convert_for(target: AnyField, record_type: RecordType, unit: int) -> Convert:
    if isinstance(target, TagsField):
        return _tags(record_type)
    if isinstance(target, CodeField):
        return _code(target)
    if isinstance(target, EncryptedField):
        return _protected(target)
    if target.choices:
        return _choice(target, record_type.synonyms.get(target.name, {}))
    if isinstance(target, MonthField):
        return lambda cell: _date(cell)[0].replace(day=1)
    if isinstance(target, models.DateTimeField):
        return lambda cell: cell if isinstance(cell, dt.datetime) else _day(cell)
    if isinstance(target, models.DateField):
        return _day
    if isinstance(target, models.BooleanField):
        return _boolean
    if isinstance(target, models.IntegerField):
        return _count(target)
    if isinstance(target, models.DecimalField):
        return _amount(target, unit)
    return _text(target)


def is_empty(cell: Any) -> bool:
    """Nothing there, or what people put for nothing."""
    return isinstance(cell, str) and (not cell or cell.strip() in ("", "-", "—", "——", "/", "／"))


def plain(cell: Any) -> str:
    """Any cell as text: 12.0 is 12, a date is 2022-03-05."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == dt.time() else f"{cell:%Y-%m-%d %H:%M}"
    return str(cell)


def _text(target: AnyField) -> Convert:
    lines = isinstance(target, models.TextField)
    if str(target.verbose_name) == "姓名":
        return lambda cell: clean_name(plain(cell))
    return lambda cell: clean_text(plain(cell), lines=lines)


def _code(target: CodeField) -> Convert:
    noun = "education" if target.table == _EDUCATION else "code"

    def convert(cell: Any) -> str:
        text = clean_text(plain(cell))
        found = codes.find(target.table, text)
        if len(found) == 1:
            return next(iter(found))
        names = codes.labels(target.table)
        if found:
            meant = " 或 ".join(names[code] for code in names if code in found)
            reason = f"可能指 {meant}，请写明是哪一个"
            raise CellError(f"ambiguous_{noun}", reason, found)
        raise CellError(
            f"unknown_{noun}", _suggest(text, dict(codes.choices(target.table)).values())
        )

    return convert


def _suggest(text: str, names: Any) -> str:
    names = list(names)
    near = difflib.get_close_matches(text, names, n=3, cutoff=0.3) or names[:4]
    more = "等" if len(names) > len(near) else ""
    return f"不是标准名称，请改为{'、'.join(near)}{more}之一" if near else "不在代码表中，请核对"


def _choice(target: AnyField, synonyms: Any) -> Convert:
    options = list(target.flatchoices)
    meant = {normalise(str(value)): value for value, _ in options}
    meant |= {normalise(word): value for word, value in synonyms.items()}
    meant |= {normalise(str(label)): value for value, label in options}

    def convert(cell: Any) -> Any:
        text = clean_text(plain(cell))
        if (key := normalise(text)) in meant:
            return meant[key]
        raise CellError("unknown_choice", _suggest(text, [str(label) for _, label in options]))

    return convert


def _tags(record_type: RecordType) -> Convert:
    def convert(cell: Any) -> tuple[str, ...]:
        words = _BETWEEN_WORDS.split(clean_text(plain(cell)))
        found, unknown = tags_meant(record_type.label, words)
        if unknown:
            names = "、".join(unknown)
            reason = f"没有标签“{names}”，请改为已有的标签，或先在系统管理的“标签”中增加"
            raise CellError("unknown_tag", reason)
        return found

    return convert


def _date(cell: Any) -> tuple[dt.date, bool]:
    try:
        day, is_month = parse_date(cell)
    except DateError as error:
        raise CellError(error.kind, error.message) from None
    if day.year not in _YEARS:
        raise CellError("impossible_date", "年份应在 1900—2100 之间，请核对")
    return day, is_month


def _day(cell: Any) -> dt.date:
    day, is_month = _date(cell)
    if is_month:
        raise MonthOnly(day)
    return day


def _boolean(cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    key = normalise(plain(cell))
    if key in _YES or key in _NO:
        return key in _YES
    raise CellError("unknown_choice", "应填 是 或 否")


def _count(target: AnyField) -> Convert:
    positive = isinstance(target, models.PositiveIntegerField | models.PositiveSmallIntegerField)
    is_year = str(target.verbose_name).endswith(("年度", "年份", "年"))

    def convert(cell: Any) -> int:
        if is_year and isinstance(cell, str):
            cell = squeeze(cell).removesuffix("度").removesuffix("年")
        try:
            count = parse_count(cell)
        except AmountError as error:
            raise CellError(error.kind, error.message) from None
        if positive and count < 0:
            raise CellError("negative_count", "不能是负数，请核对")
        return count

    return convert


def _amount(target: models.DecimalField[Any, Any], unit: int) -> Convert:
    bounded, misread = _not_negative(target), NOT_A_NUMBER if is_key(target.name) else ""
    places = target.decimal_places

    def convert(cell: Any) -> Any:
        try:
            amount = parse_amount(cell, unit=unit)
        except AmountError as error:
            raise CellError(error.kind, misread or error.message) from None
        if bounded and amount < 0:
            raise CellError("negative_amount", "金额不能是负数，请核对；退款请按退款办理")
        rounded = round(amount, places)
        if rounded != amount:
            raise CellError("unreadable_amount", f"最多 {places} 位小数，请核对")
        return rounded

    return convert


def _not_negative(target: AnyField) -> bool:
    """Whether a constraint of the model forbids negative values of this column."""
    bounds = {(f"{target.name}__gte", 0), (f"{target.name}__gt", 0)}
    conditions = [
        c.condition for c in target.model._meta.constraints if isinstance(c, CheckConstraint)
    ]
    return any(
        isinstance(c, Q) and c.connector == Q.AND and not c.negated and bounds & set(_flat(c))
        for c in conditions
    )


def _flat(condition: Q) -> list[tuple[str, Any]]:
    return [
        child
        for child in condition.children
        if isinstance(child, tuple) and isinstance(child[1], int | float)
    ]


def _protected(target: EncryptedField) -> Convert:
    parse = {"id_number": _id_number, "mobile": _mobile}.get(target.kind, _account)

    def convert(cell: Any) -> Any:
        if isinstance(cell, str) and re.search(r"\*{4,}", cell):
            return Masked(squeeze(cell))
        try:
            return parse(cell)
        except IdentityError as error:
            raise CellError(error.kind, error.message) from None

    return convert


def _id_number(cell: Any) -> str:
    return parse_id_number(plain(cell) if isinstance(cell, dt.date) else cell).number


def _mobile(cell: Any) -> str:
    return parse_mobile(plain(cell) if isinstance(cell, dt.date) else cell)


def _account(cell: Any) -> str:
    if isinstance(cell, float) and abs(cell) >= 1e15:
        raise CellError(
            "account_ruined_by_excel",
            "号码已被 Excel 按数字存成近似值，请把该列设为文本格式后重新录入",
        )
    return squeeze(plain(cell))
