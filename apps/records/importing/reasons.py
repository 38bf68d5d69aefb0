"""Why an import cannot be taken back: which of its records were changed, are gone or in use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from apps.records import registry
from apps.records.deleting import Deletion
from apps.records.models import ChangeLog, Tracked
from apps.records.scope import Scope

BATCH = 500
NAMED = 3  # records of one kind that a sentence names
Made = dict[str, dict[str, Any]]  # record type → key → the record as it is now
Kept = dict[str, Any]  # record type → what the import noted


def reasons_of(made: Made, data: Kept, scope: Scope) -> list[str]:
    """Sentences without a full stop, each naming the records it is about; empty when it can be."""
    touched = [r for label, part in data.items() for r in _touched(label, made[label], part)]
    return touched or [*_used(made, data), *_held_back(made, data, scope)]


def _touched(label: str, held: dict[str, Any], part: dict[str, Any]) -> list[str]:
    versions = {**part["created"], **{pk: kept[0] for pk, kept in part["changed"].items()}}
    gone = [pk for pk in versions if pk not in held]
    reasons = _deleted(label, gone)
    for pk, version in versions.items():
        row = held.get(pk)
        if row is not None and row.version != version:
            who = row.updated_by or "他人"
            reasons.append(f"{row._meta.verbose_name}“{row}”在导入后被{who}修改")
    return reasons


def _deleted(label: str, keys: list[str]) -> list[str]:
    """Records that are gone, by the name under which the log knows them."""
    told: dict[str, ChangeLog] = {}
    for start in range(0, len(keys), BATCH):
        part = list(map(int, keys[start : start + BATCH]))
        lines = ChangeLog.objects.filter(
            record_type=label, object_id__in=part,
            action__in=(ChangeLog.Action.DELETE, ChangeLog.Action.UNDO),
        )  # fmt: skip
        told |= {str(line.object_id): line for line in lines.order_by("pk")}
    name = registry.get(label).name
    return [
        f"{name}“{told[pk].object_text}”已被{told[pk].user_name}删除"
        if pk in told
        else f"编号 {pk} 的{name}已被删除"
        for pk in keys
    ]


def _used(made: Made, data: Kept) -> list[str]:
    """What the import created and rows from elsewhere point to."""
    created: dict[type[models.Model], set[int]] = {
        registry.get(label).model: set(map(int, data[label]["created"])) for label in made
    }
    reasons = []
    for model, keys in created.items():
        for pointer in _pointers(model) if keys else ():
            users = pointer.model
            part = data.get(users._meta.label, {})
            own = created.get(users, set()) | _restored(part, pointer.name)
            count, wanted = _users(pointer, keys, own)
            if count:
                names = _names(made[model._meta.label], wanted)
                reasons.append(f"{names}被别处的 {count} 条{users._meta.verbose_name}用到")
    return reasons


def _pointers(model: type[models.Model]) -> Iterable[Any]:
    """Foreign keys to a model, those without a way back included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        pointer: Any = relation.field  # type: ignore[union-attr]
        goes_along = pointer.remote_field.on_delete is models.CASCADE
        is_record = issubclass(pointer.model, Tracked)
        if pointer.model is not ChangeLog and (is_record or not goes_along):
            yield pointer


def _restored(part: dict[str, Any], name: str) -> set[int]:
    """Records of which the undo puts back this column."""
    return {int(pk) for pk, (_, before) in part.get("changed", {}).items() if name in before}


def _users(pointer: Any, keys: set[int], own: set[int]) -> tuple[int, list[int]]:
    """How many rows from elsewhere point to some records, and to which of these."""
    ordered, count, wanted = sorted(keys), 0, set()
    for start in range(0, len(ordered), BATCH):
        part = {f"{pointer.attname}__in": ordered[start : start + BATCH]}
        for pk, key in pointer.model._base_manager.filter(**part).values_list(
            "pk", pointer.attname
        ):
            if pk not in own:
                count += 1
                wanted.add(key)
    return count, sorted(wanted)


def _names(held: dict[str, Any], keys: list[int]) -> str:
    rows = [held[str(key)] for key in keys[:NAMED]]
    more = f"等 {len(keys)} 条" if len(keys) > NAMED else ""
    return f"{rows[0]._meta.verbose_name}“{'”“'.join(map(str, rows))}”{more}"


def _held_back(made: Made, data: Kept, scope: Scope) -> list[str]:
    """What a record type itself forbids to delete."""
    reasons = []
    for label, part in data.items():
        record_type = registry.get(label)
        for pk in part["created"]:
            plan = Deletion(made[label][pk])
            record_type.weigh_delete(plan, scope)
            if plan.is_refused:
                reasons.append(f"{record_type.name}{plan.sentence.rstrip('。')}")
    return reasons
