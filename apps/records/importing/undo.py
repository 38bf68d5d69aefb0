"""Takes an import back, as long as nobody has touched what it made."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from apps.core.errors import DomainError
from apps.records import history, registry, saving
from apps.records.actors import Actor
from apps.records.extras import values
from apps.records.extras.definitions import is_key
from apps.records.importing.reasons import BATCH, reasons_of
from apps.records.models import ChangeLog, ImportBatch
from apps.records.registry import RecordType

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
        if reasons := reasons_of(made, data, by.scope):
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
