"""Changing what the office added without losing what was entered: who uses it is counted first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from apps.core.text import heading_key
from apps.records.actors import Actor
from apps.records.models import CustomField, Tag

if TYPE_CHECKING:
    from apps.records.registry import RecordType

BATCH = 500
LONGEST_OPTION, MOST_OPTIONS = 60, 200
Faults = dict[str, str]


def faults_of_fields(rows: Sequence[CustomField]) -> dict[int, ValidationError]:
    """Changes that would leave entered values without a meaning, by index."""
    return _by_index(rows, _field_faults)


def faults_of_tags(rows: Sequence[Tag]) -> dict[int, ValidationError]:
    """Tags that would be kept for one record type while others bear them, by index."""
    return _by_index(rows, _tag_faults)


def _by_index(
    rows: Sequence[Any], find: Callable[[Any, Any], Faults]
) -> dict[int, ValidationError]:
    known = [row.pk for row in rows if row.pk is not None]
    stored = type(rows[0])._base_manager.in_bulk(known) if known else {}
    found = {index: find(stored.get(row.pk), row) for index, row in enumerate(rows)}
    return {index: ValidationError(faults) for index, faults in found.items() if faults}


def _field_faults(old: CustomField | None, row: CustomField) -> Faults:
    faults = _own_faults(row)
    if old is None:
        return faults
    for name in ("kind", "record_type"):
        if getattr(old, name) != getattr(row, name) and (users := field_users(old)):
            faults[name] = (
                f"已有{users}填写了“{old}”，不能再改。如需另一种填法，请停用它并新增一个字段。"
            )
    gone = [option for option in old.option_list if option not in row.option_list]
    counts = {option: _count(old.record_type, _is(old.key, option)) for option in gone}
    used = [f"“{option}”（{count:,} 条）" for option, count in counts.items() if count]
    if used and "kind" not in faults:
        faults["options"] = (
            f"选项{'、'.join(used)}已有记录选用，不能去掉，请先把这些记录改为其他选项。"
        )
    return faults


def _own_faults(row: CustomField) -> Faults:
    """What is wrong with a definition by itself. A heading of Excel must mean one field only."""
    from apps.records import registry  # noqa: PLC0415 -- app ready

    faults: Faults = {}
    record_type = registry.get(row.record_type)
    if heading_key(row.label) in record_type.taken_headings:
        faults["label"] = f"{record_type.name}已有“{row.label}”这一栏或同义的列标题，请换一个名称。"
    if any(len(option) > LONGEST_OPTION for option in row.option_list):
        faults["options"] = f"每个选项不超过 {LONGEST_OPTION} 字，请缩短。"
    elif len(row.option_list) > MOST_OPTIONS:
        faults["options"] = f"选项不超过 {MOST_OPTIONS} 个，请合并。"
    return faults


def _tag_faults(old: Tag | None, row: Tag) -> Faults:
    if old is None or not row.record_type or old.record_type == row.record_type:
        return {}
    counts = tag_counts(old)
    counts.pop(row.record_type, None)
    users = _words(counts)
    return {"record_type": f"还有{users}用着这个标签，请先从它们取下。"} if users else {}


def _is(key: str, option: str) -> Q:
    return Q(**{f"extra__{key}": option})


def field_users(row: CustomField) -> str:
    """How many records hold a value, in words: ``12 条人才``; empty for none."""
    return _words({row.record_type: _count(row.record_type, Q(extra__has_key=row.key))})


def tag_counts(row: Tag) -> dict[str, int]:
    """How many records of each type bear a tag."""
    return {each.label: _count(each.label, Q(extra__has_key=row.key)) for each in _types()}


def tag_users(row: Tag) -> str:
    """The same in words."""
    return _words(tag_counts(row))


def take_off(tags: Iterable[Tag], *, by: Actor) -> None:
    """Take deleted tags off every record, each change in its history."""
    keys = {tag.key for tag in tags}
    borne = Q()
    for key in keys:
        borne |= Q(extra__has_key=key)
    for record_type in _types():
        for rows in _batches(record_type, borne):
            for row in rows:
                row.extra = {k: held for k, held in row.extra.items() if k not in keys}
            record_type.save_many(rows, by=by, checked=True)


def _batches(record_type: RecordType, condition: Q) -> Iterator[list[Any]]:
    """What satisfies a condition, a batch at a time, until nothing does any more."""
    rows = record_type.model._base_manager.filter(condition).order_by("pk")
    rows = rows.select_related(*record_type.references(record_type.model))
    while found := list(rows[:BATCH]):
        yield found


def _types() -> Iterator[RecordType]:
    from apps.records import registry  # noqa: PLC0415 -- app ready

    return (each for each in registry.types() if each.extendable)


def _count(label: str, condition: Q) -> int:
    from apps.records import registry  # noqa: PLC0415 -- app ready

    return int(registry.get(label).model._base_manager.filter(condition).count())


def _words(counts: dict[str, int]) -> str:
    from apps.records import registry  # noqa: PLC0415 -- app ready

    parts = [f"{n:,} 条{registry.get(label).name}" for label, n in counts.items() if n]
    return " " + "、".join(parts) if parts else ""
