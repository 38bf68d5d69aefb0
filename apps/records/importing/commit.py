"""Writes a plan in one transaction, through the one write path, as a batch that can be undone."""

from __future__ import annotations

from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core import planner
from apps.core.errors import DomainError
from apps.records import history, registry
from apps.records.actors import Actor
from apps.records.importing.entries import Entry
from apps.records.importing.memory import learn
from apps.records.importing.plan import Plan
from apps.records.models import ChangeLog, ImportBatch

Mode = Literal["all", "valid"]
MANY = 500  # written records after which the database counts its tables anew


def commit(
    plan: Plan,
    *,
    by: Actor,
    mode: Mode = "all",
    batch: ImportBatch | None = None,
    file_name: str = "",
) -> ImportBatch:
    """Save what was planned; DomainError (and nothing saved) when it cannot be.

    `all` takes every row or none, `valid` leaves the faulty rows out.
    """
    if mode == "all" and plan.faults:
        raise DomainError(
            f"有 {plan.faulty_rows} 行存在错误，没有导入任何数据。"
            "请改正后重新上传，或选择只导入无误的行。"
        )
    if not plan.writes:
        raise DomainError("没有需要新增或更新的记录，未作任何改动。")
    try:
        with transaction.atomic():
            if plan.writes >= MANY:
                planner.recount([ChangeLog, *(registry.get(t).model for t in plan.entries)])
            return _write(plan, by, batch or ImportBatch(), file_name)
    except IntegrityError:
        raise DomainError(
            "导入期间有人录入了相同的记录，没有导入任何数据。请重新预览后再确认。"
        ) from None


def _write(plan: Plan, by: Actor, batch: ImportBatch, file_name: str) -> ImportBatch:
    labels = [m.record_type.label for m in plan.matches if m.record_type]
    batch.file_name = (file_name or batch.file_name)[:200]
    batch.record_type = labels[0] if len(set(labels)) == 1 else ""
    batch.created_by = by.user
    _claim(batch)
    by = by.in_batch(batch)
    undo: dict[str, Any] = {}
    for label, entries in plan.entries.items():
        todo = [entry for entry in entries if entry.status != "unchanged"]
        if todo:
            registry.get(label).save_many([e.record for e in todo], by=by, checked=True)
            undo[label] = _undo_data(todo)
    learn(plan.matches, by=by)
    batch.summary = {**summary_of(plan), "undo": undo}
    batch.save(update_fields=["summary"])
    history.log_change(
        ChangeLog.Action.IMPORT, by=by, object_text=batch.file_name,
        changes={"counts": plan.counts()},
    )  # fmt: skip
    return batch


def _claim(batch: ImportBatch) -> None:
    """A batch is imported once, also when its button is pressed twice."""
    done: dict[str, Any] = {"state": ImportBatch.State.DONE, "done_at": timezone.now()}
    if batch.pk is not None:
        open_ones = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEW)
        if not open_ones.update(**done):
            raise DomainError("这个文件已经导入过了，没有再次导入。")
    batch.state, batch.done_at = done["state"], done["done_at"]
    batch.save()


def _undo_data(entries: list[Entry]) -> dict[str, Any]:
    """What an undo needs: versions as they are now, and the stored form of overwritten values."""
    created = {str(e.record.pk): e.record.version for e in entries if e.status == "new"}
    changed = {
        str(e.record.pk): [e.record.version, {n: _json(v) for n, v in e.before.items()}]
        for e in entries
        if e.status == "changed"
    }
    return {"created": created, "changed": changed}


def _json(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)


def summary_of(plan: Plan) -> dict[str, Any]:
    """Figures of a plan, for the result page and the list of batches."""
    return {
        "counts": plan.counts(),
        "faults": len(plan.faults),
        "faulty_rows": plan.faulty_rows,
        "duplicates": len(plan.duplicates),
        "ignored_rows": plan.ignored_rows,
        "accepted_rows": plan.accepted_rows,
        "created_on_the_way": [
            f"{e.record._meta.verbose_name}：{e.record}" for e in plan.proposals
        ],
    }
