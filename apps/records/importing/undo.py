"""Takes an import back, as long as nobody has touched what it made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from apps.core.errors import DomainError
from apps.records import history, registry, saving
from apps.records.actors import Actor
from apps.records.extras import values
from apps.records.extras.definitions import is_key
from apps.records.models import ChangeLog, ImportBatch
from apps.records.registry import RecordType

BATCH = 500
_SHOWN = 5


class UndoRefused(DomainError):
    """Records of the import were changed or are used since; `reasons` says which."""

    def __init__(self, reasons: list[str]) -> None:
        shown = "；".join(reasons[:_SHOWN])
        more = f"；等共 {len(reasons)} 处" if len(reasons) > _SHOWN else ""
        super().__init__(f"不能撤销这次导入：{shown}{more}。请先处理这些记录，或逐条改正。")
        self.reasons = reasons


def undo(batch: ImportBatch, *, by: Actor) -> None:
    """Delete what the import created and put back what it changed, in one transaction."""
    by = by.in_batch(batch)
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != ImportBatch.State.DONE:
            raise DomainError(f"这次导入的状态是“{locked.get_state_display()}”，不能撤销。")
        data: dict[str, Any] = locked.summary.get("undo", {})
        made = {label: _held(registry.get(label), part) for label, part in data.items()}
        reasons = [r for label, part in data.items() for r in _touched(made[label], part)]
        reasons = reasons or _used(made, data)
        if reasons:
            raise UndoRefused(reasons)
        for label in reversed(_in_order(data)):
            _take_back(registry.get(label), made[label], data[label], by)
        locked.state = ImportBatch.State.UNDONE
        locked.save(update_fields=["state"])
        history.log_change(ChangeLog.Action.UNDO, by=by, object_text=locked.file_name)
    batch.refresh_from_db()


def _in_order(data: dict[str, Any]) -> list[str]:
    """Record types as they are declared: what others point to comes first. (A jsonb column does
    not keep the order of its keys.)
    """
    return [record_type.label for record_type in registry.types() if record_type.label in data]


def _held(record_type: RecordType, part: dict[str, Any]) -> dict[str, Any]:
    keys = [int(pk) for pk in (*part["created"], *part["changed"])]
    rows = record_type.model._base_manager.select_for_update(of=("self",)).select_related(
        *record_type.references(record_type.model)
    )
    found: dict[str, Any] = {}
    for start in range(0, len(keys), BATCH):
        for row in rows.filter(pk__in=keys[start : start + BATCH]):
            found[str(row.pk)] = row
    return found


def _touched(held: dict[str, Any], part: dict[str, Any]) -> list[str]:
    versions = {**part["created"], **{pk: kept[0] for pk, kept in part["changed"].items()}}
    reasons = []
    for pk, version in versions.items():
        row = held.get(pk)
        if row is None:
            reasons.append(f"编号 {pk} 的记录已被删除")
        elif row.version != version:
            who = row.updated_by or "他人"
            reasons.append(f"{row._meta.verbose_name}“{row}”在导入后被{who}修改")
    return reasons


def _used(made: dict[str, dict[str, Any]], data: dict[str, Any]) -> list[str]:
    """Rows from elsewhere that point to what the import created."""
    created: dict[type[models.Model], set[int]] = {
        registry.get(label).model: set(map(int, data[label]["created"])) for label in made
    }
    reasons = []
    for model, keys in created.items():
        for relation in model._meta.related_objects:
            users = relation.related_model
            if not keys or users._meta.label == "records.ChangeLog":
                continue
            name = relation.field.name
            own = created.get(users, set()) | _restored(data.get(users._meta.label, {}), name)
            count = _count_users(users, name, keys, own)
            if count:
                what = users._meta.verbose_name
                reasons.append(f"另有 {count} 条{what}用到本次导入的{model._meta.verbose_name}")
    return reasons


def _restored(part: dict[str, Any], name: str) -> set[int]:
    """Records of which the undo puts back this column."""
    return {int(pk) for pk, (_, before) in part.get("changed", {}).items() if name in before}


def _count_users(users: type[models.Model], name: str, keys: set[int], own: Iterable[int]) -> int:
    ordered, found = sorted(keys), set()
    for start in range(0, len(ordered), BATCH):
        part = {f"{name}__in": ordered[start : start + BATCH]}
        found |= set(users._base_manager.filter(**part).values_list("pk", flat=True))
    return len(found - set(own))


def _take_back(
    record_type: RecordType, held: dict[str, Any], part: dict[str, Any], by: Actor
) -> None:
    changed = []
    for pk, (_, before) in part["changed"].items():
        row = held[pk]
        for name, value in before.items():
            _restore(row, name, value)
        changed.append(row)
    if changed:
        record_type.save_many(changed, by=by)
    gone = [held[pk] for pk in part["created"]]
    history.log_changes(
        history.entry(
            ChangeLog.Action.UNDO,
            by=by,
            record=row,
            changes={k: [new, ""] for k, (_, new) in history.differences(None, row).items()},
        )
        for row in gone
    )
    manager = record_type.model._base_manager
    for start in range(0, len(gone), BATCH):
        manager.filter(pk__in=[row.pk for row in gone[start : start + BATCH]]).delete()
    saving.note_waiting(gone)
    if gone:
        record_type.after_delete(gone, by=by)


def _restore(row: Any, name: str, value: Any) -> None:
    if is_key(name):
        values.restore(row, name, value)
        return
    target: Any = row._meta.get_field(name)
    if hasattr(target, "from_db_value"):
        setattr(row, name, target.from_db_value(value, None, None))
    else:
        setattr(row, target.attname, target.to_python(value))
