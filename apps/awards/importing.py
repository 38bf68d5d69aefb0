"""Who received an award, as a row of a list of awards says it."""

from collections.abc import Sequence

from apps.awards.models import Award
from apps.records.importing.rows import Derived, ImportRow

NUMBER = "recipients.person.id_number"
KIND = Award.RecipientKind


def read_year(row: ImportRow) -> None:
    """A list without years means the years of its days."""
    day = row.get("conferred_on")
    if day and "conferred_on" not in row.months and not row.match.column_of("year"):
        row.values["year"] = day.year


def refer_to_recipient(row: ImportRow) -> None:
    """A person is known by the identity number only: many who receive an award are in no list,
    and names are not unique. A unit is known by its name.
    """
    number, text = row.get(NUMBER), row.get("recipient")
    if number and "recipient_kind" not in row.values:
        row.values["recipient_kind"] = KIND.PERSON
    kind = row.get("recipient_kind")
    if number and kind != KIND.PERSON:
        row.fault(NUMBER, "number_of_no_person", "获奖对象不是个人，请清空号码或把对象改为个人")
    elif number and text:
        row.refer("recipients.person", {"": text, "id_number": number}, said_in="recipient")
    elif kind == KIND.UNIT and text and "、" in text:
        row.fault(
            "recipient", "several_recipients", "有多个单位，请每个单位填一行，或把对象改为团队"
        )
    elif kind == KIND.UNIT and text:
        row.refer("recipients.unit", {"": text}, said_in="recipient")


def recipients(row: ImportRow) -> Sequence[Derived]:
    """The person or unit found is a recipient of the award. Two people of one name are two
    awards, which the certificate must tell apart.
    """
    for name in ("person", "unit"):
        found = row.get(f"recipients.{name}")
        if found is None:
            continue
        held = row.record.__dict__.setdefault("_received_by", found)
        if held is not found:
            row.fault(
                "recipient", "same_name",
                "与另一行同名同奖但身份证号不同，请在姓名后注明单位以便区分，如“张三（区一中）”",
            )  # fmt: skip
            return ()
        values = {"award": row, name: found}
        return (Derived("awards.AwardRecipient", values, key=("award", name)),)
    return ()
