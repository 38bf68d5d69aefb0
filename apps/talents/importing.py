"""What a roster says between the lines: education by degree, birth by number, its pool."""

import datetime
from collections.abc import Sequence

from django.db.models import Q

from apps.core.identity import IdNumber, parse_id_number
from apps.core.text import squeeze
from apps.records.importing.rows import Derived, ImportRow
from apps.talents.models import Person

# A bare 研究生 is told apart by the degree beside it.
EDUCATION_OF_DEGREE = {"2": "11", "3": "14"}
_OTHER_DOCUMENTS = (Person.IdType.PASSPORT, Person.IdType.OTHER)


def read_person(row: ImportRow) -> None:
    """Settle what one cell alone cannot say; sex and birth must agree with the identity number."""
    _read_number(row)
    meant = EDUCATION_OF_DEGREE.get(row.get("degree") or "")
    if meant in row.options.get("education", ()):
        row.resolve("education", meant)
    text = row.get("id_number")
    is_resident = row.get("id_type") in (None, Person.IdType.RESIDENT)
    if isinstance(text, str) and is_resident:
        _agree(row, parse_id_number(text))
    if "birth_date" in row.months:  # known to the month only, and no number to complete it
        month = row.values.pop("birth_date")
        row.months -= {"birth_date"}
        row.values.setdefault("recognised_birth", month)
    if row.as_of:
        row.defaults["entered_on"] = row.as_of


def _read_number(row: ImportRow) -> None:
    """Passports follow no rule of the identity number."""
    raw = row.raw("id_number")
    if row.get("id_type") in _OTHER_DOCUMENTS and isinstance(raw, str) and squeeze(raw):
        row.resolve("id_number", squeeze(raw))


def _agree(row: ImportRow, number: IdNumber) -> None:
    if row.get("birth_override"):
        return
    sex, born = row.get("sex"), row.get("birth_date")
    if sex is None and "sex" not in row.faults:
        row.values["sex"] = number.sex
    elif sex is not None and sex != number.sex:
        word = "女" if number.sex == "2" else "男"
        row.fault("sex", "sex_contradicts_id", f"而身份证号表明为{word}，请核对性别和身份证号")
    if born is None:
        if "birth_date" not in row.faults:
            row.values["birth_date"] = number.birth_date
    elif born == number.birth_date or _same_month(row, born, number):
        row.resolve("birth_date", number.birth_date)
    else:
        row.fault(
            "birth_date",
            "birth_contradicts_id",
            f"而身份证号中为 {number.birth_date}，请核对；档案认定不同的请填“认定出生年月”",
        )
        row.months -= {"birth_date"}
        row.values.pop("birth_date")


def _same_month(row: ImportRow, born: datetime.date, number: IdNumber) -> bool:
    told = (born.year, born.month)
    return "birth_date" in row.months and told == (number.birth_date.year, number.birth_date.month)


def memberships(row: ImportRow) -> Sequence[Derived]:
    """A roster of a pool makes everyone on it a member, from the day of the roster."""
    pool = row.settings.get("pool")
    if pool is None:
        return ()
    joined = row.as_of or datetime.date.today()  # noqa: DTZ011 -- calendar day
    return (
        Derived(
            "talents.PoolMembership",
            {"person": row, "pool": pool},
            key=("person", "pool"),
            among=Q(left_on__isnull=True),
            defaults={"joined_on": joined},
        ),
    )
