"""Amounts of money and counts as they stand in Excel cells."""

import re
from decimal import Decimal

from apps.core.errors import DomainError
from apps.core.text import squeeze

Number = Decimal | float | int | str

_SIGNS = str.maketrans("，．－＋", ",.-+")
_FIGURE = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?(万亿|千万|百万|亿|万|千|百)?")
_UNITS = {"百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_UNITS["万亿"] = 10**12
_WRITTEN_DIGITS = ("零〇", "壹一", "贰二两", "叁三", "肆四", "伍五", "陆六", "柒七", "捌八", "玖九")
_DIGITS = {sign: value for value, signs in enumerate(_WRITTEN_DIGITS) for sign in signs}
_PLACES = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_WRITTEN = re.compile(
    r"([零〇壹一贰二两叁三肆四伍五陆六柒七捌八玖九拾十佰百仟千万亿]+)"
    r"(?:[元圆](?:([^元角分]{1,2})角)?(?:零?([^元角分]{1,2})分)?)?"
)
_DIGITS_AT_MOST = 18
_COUNT_TAIL = re.compile(r"(人次|人|名|个|件|条|次|项|期|天|户|家|套|场|篇|份)$")


class AmountError(DomainError):
    """A cell that holds no amount; `kind` is `unreadable_amount` or `unreadable_count`."""

    def __init__(self, message: str, kind: str = "unreadable_amount") -> None:
        super().__init__(message)
        self.kind = kind


def parse_amount(value: Number, *, unit: int = 1) -> Decimal:
    """An amount in yuan: `24,000`, `1.2万`, `壹万贰仟元整`; raise AmountError.

    `unit` is the unit of the column (10,000 for 万元); a text naming its own unit overrides it.
    """
    if isinstance(value, bool):
        raise _unreadable()
    if isinstance(value, Decimal | int):
        return Decimal(value) * unit
    if isinstance(value, float):
        if value != value or abs(value) > 1e15:
            raise _unreadable()
        return _plain(Decimal(repr(round(value, 8))) * unit)
    return _plain(_amount_from_text(value, unit))


def _amount_from_text(value: str, unit: int) -> Decimal:
    text = re.sub(r"^(人民币|RMB|CNY|[¥￥])[:：]?", "", squeeze(value).translate(_SIGNS))
    bare = re.sub(r"[整正]$", "", text)
    names_unit = bare.endswith(("元", "圆"))
    if match := _FIGURE.fullmatch(bare.rstrip("元圆") if names_unit else bare):
        sign, whole, fraction, scale = match.groups()
        amount = Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}")
        if scale:
            return amount * _UNITS[scale]
        return amount if names_unit else amount * unit
    if match := _WRITTEN.fullmatch(bare):
        yuan, jiao, fen = match.groups()
        cents = _digit(jiao) * 10 + _digit(fen)
        return Decimal(_written_number(yuan)) + Decimal(cents) / 100
    raise _unreadable()


def _digit(sign: str | None) -> int:
    if sign and sign[-1] not in _DIGITS:
        raise _unreadable()
    return _DIGITS[sign[-1]] if sign else 0


def _written_number(text: str) -> int:
    """`壹佰贰拾万叁仟` to 1,203,000; refuses digits in a row (`一二`) and rising places."""
    total = section = 0
    digit: int | None = None
    last_place = 10**4
    for sign in text:
        if sign in _DIGITS:
            if digit:
                raise _unreadable()
            digit = _DIGITS[sign]
        elif sign in _PLACES:
            place = _PLACES[sign]
            leading_ten = place == 10 and digit is None and not section
            if place >= last_place or not (digit or leading_ten):
                raise _unreadable()
            section, digit, last_place = section + (digit or 1) * place, None, place
        else:
            part = section + (digit or 0)
            if not (total or part):
                raise _unreadable()
            total = total + part * 10**4 if sign == "万" else (total + part) * 10**8
            section, digit, last_place = 0, None, 10**4
    return total + section + (digit or 0)


def _plain(amount: Decimal) -> Decimal:
    """Without exponent or trailing noughts; what no column holds is refused."""
    if amount.adjusted() >= _DIGITS_AT_MOST:
        raise AmountError("数字过大，请核对")
    amount = amount.normalize()
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


def _unreadable() -> AmountError:
    return AmountError("不是金额，请改为数字，如 12000 或 1.2万")


def parse_count(value: Number) -> int:
    """A whole number: 38.0, `1,605`, `38 人`; raise AmountError."""
    failure = AmountError("应为整数，请改为如 38", "unreadable_count")
    if isinstance(value, bool):
        raise failure
    if isinstance(value, int):
        return value
    if isinstance(value, float | Decimal):
        if not abs(float(value)) <= 1e12 or value != int(value):
            raise failure
        return int(value)
    text = _COUNT_TAIL.sub("", squeeze(value).translate(_SIGNS))
    if not re.fullmatch(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?", text):
        raise failure
    whole = text.replace(",", "").split(".")[0]
    if len(whole.lstrip("+-0")) > _DIGITS_AT_MOST:
        raise AmountError("数字过大，请核对", "unreadable_count")
    return int(whole)
