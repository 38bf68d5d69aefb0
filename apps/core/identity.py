"""Numbers that carry their own check: 公民身份号码 GB 11643, 统一社会信用代码 GB 32100."""

import datetime as dt
import operator
import re
from dataclasses import dataclass

from apps.core.errors import DomainError
from apps.core.text import squeeze

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = sum(_WEIGHTS) * ord("0")  # what seventeen noughts weigh as bytes
_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_ID_18 = re.compile(r"[0-9]{17}[0-9X]")
_QUOTES = "'’‘`\""

MALE, FEMALE = "1", "2"


class IdentityError(DomainError):
    """A number that cannot be right; `kind` says why, for the importer and its tests."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class IdNumber:
    """An identity number (18 characters) and what it says about its holder."""

    number: str
    birth_date: dt.date
    sex: str


def id_check_character(first_17: str) -> str:
    """The last character of an identity number."""
    total = sum(map(operator.mul, first_17.encode(), _WEIGHTS)) - _ZEROS
    return _CHECKS[total % 11]


def parse_id_number(value: str | float, *, today: dt.date | None = None) -> IdNumber:
    """Check an identity number of 18 or (old) 15 characters; raise IdentityError."""
    number = _id_text(value)
    if len(number) == 15 and number.isdigit():
        number = f"{number[:6]}19{number[6:]}"
        number += id_check_character(number)
    if len(number) != 18:
        raise IdentityError(f"身份证号应为 18 位，现为 {len(number)} 位，请核对", "id_length")
    if not _ID_18.fullmatch(number):
        raise IdentityError("身份证号只能是数字，末位可为 X，请核对", "id_characters")
    born = _birth_date(number)
    if id_check_character(number[:17]) != number[17]:
        if number.endswith("000"):
            raise _ruined()
        raise IdentityError("身份证号校验位不符，可能有一位写错，请对照证件核对", "id_checksum")
    if born > (today or dt.date.today()):  # noqa: DTZ011 -- a calendar day of this office
        raise IdentityError(f"身份证号中的出生日期 {born} 晚于今天，请核对", "id_future")
    return IdNumber(number, born, MALE if int(number[16]) % 2 else FEMALE)


def _id_text(value: str | float) -> str:
    """The characters of the number; a number cell keeps 15 digits and ruins the rest."""
    if isinstance(value, int | float):
        whole = int(value) if value == value and abs(value) < 1e30 else 0
        if len(str(whole)) != 15 or whole != value:
            raise _ruined()
        return str(whole)
    if _ID_18.fullmatch(value):
        return value
    text = squeeze(value).strip(_QUOTES).upper()
    if _SCIENTIFIC.fullmatch(text):
        raise _ruined()
    return text


def _birth_date(number: str) -> dt.date:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    try:
        born = dt.date(year, month, day)
    except ValueError:
        born = None
    if born is None or year < 1850:
        if number.endswith("000"):
            raise _ruined()
        raise IdentityError(
            f"身份证号第 7–14 位“{number[6:14]}”不是日期，请对照证件核对", "id_date"
        )
    return born


def _ruined() -> IdentityError:
    return IdentityError(
        "身份证号已被 Excel 按数字存成近似值，末几位已丢失，请把该列设为文本格式后重新录入完整号码",
        "id_ruined_by_excel",
    )


def credit_check_character(first_17: str) -> str:
    """The last character of a 统一社会信用代码."""
    values = map(_CREDIT_ALPHABET.index, first_17)
    return _CREDIT_ALPHABET[-sum(map(int.__mul__, values, _CREDIT_WEIGHTS)) % 31]


def parse_credit_code(value: str) -> str:
    """Check a 统一社会信用代码 and return it in capitals; raise IdentityError."""
    code = squeeze(str(value)).strip(_QUOTES).upper()
    if len(code) != 18:
        message = f"统一社会信用代码应为 18 位，现为 {len(code)} 位，请核对"
        raise IdentityError(message, "credit_code_length")
    if wrong := sorted(set(code) - set(_CREDIT_ALPHABET)):
        message = f"统一社会信用代码不能含“{''.join(wrong)}”（不使用 I、O、S、V、Z），请核对"
        raise IdentityError(message, "credit_code_characters")
    if credit_check_character(code[:17]) != code[17]:
        message = "统一社会信用代码校验位不符，可能有一位写错，请核对"
        raise IdentityError(message, "credit_code_checksum")
    return code


def parse_mobile(value: str | float) -> str:
    """A mobile number without blanks, dashes and +86; raise IdentityError."""
    if isinstance(value, int | float):
        value = str(int(value)) if value == value and abs(value) < 1e15 else ""
    text = re.sub(r"[-–—()（）]", "", squeeze(value)).strip(_QUOTES)
    text = re.sub(r"^(\+?86|0086)(?=1\d{10}$)", "", text)
    if not re.fullmatch(r"1[3-9]\d{9}", text):
        raise IdentityError("手机号码应为 1 开头的 11 位数字，请核对", "mobile")
    return text
