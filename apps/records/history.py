"""The log of what was done: written in one place, sealed in blocks, checked on demand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models, transaction

from apps.core import crypto
from apps.core.fields import DerivedField
from apps.core.inserting import insert
from apps.records import columns
from apps.records.actors import Actor
from apps.records.columns import Column
from apps.records.extras import values
from apps.records.models import ChangeBlock, ChangeLog

Action = ChangeLog.Action
_LATEST = 200  # lines that the mark looks at
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_REPEATED = {"choice", "reference", "date", "month", "bool"}  # kinds of few values in many rows
_SILENT = {"id", "version", "created_by", "created_at", "updated_by", "updated_at", "batch"}
_HARMLESS = (Action.EXPORT, Action.REVEAL, Action.LOGIN, Action.LOGIN_FAILED, Action.LOGOUT)
Changes = dict[str, list[str]]


@cache
def logged_fields(model: type[models.Model]) -> list[models.Field]:
    """Fields whose change is worth a line: what people enter, and the review state."""
    return [
        field
        for field in model._meta.concrete_fields
        if (field.editable or field.name == "state")
        and field.name not in _SILENT
        and not isinstance(field, DerivedField)
    ]


def differences(
    old: models.Model | None, new: models.Model, *, labels: dict[Any, str] | None = None
) -> Changes:
    """Changed fields as texts, ``{field: [old, new]}``. Protected fields show their masks only.

    ``labels`` remembers words that stand in many rows of one type.
    """
    changes: Changes = {}
    for name, attribute, column in _logged_columns(type(new)):
        before = getattr(old, attribute) if old is not None else None
        after = getattr(new, attribute)
        if before == after or (before in (None, "") and after in (None, "")):
            continue
        shown = "" if old is None else _text(column, old, before, labels)
        changes[name] = [shown, _text(column, new, after, labels)]
        if column.kind == "protected" and changes[name][0] == changes[name][1]:
            changes[name][1] += "（已更换）"
    added: tuple[Any, Any] = (getattr(old, "extra", {}), getattr(new, "extra", {}))
    return changes | values.differences(new._meta.label, *added)


@cache
def _logged_columns(model: type[models.Model]) -> list[tuple[str, str, Column]]:
    """Name, attribute and column of each logged field."""
    return [
        (field.name, field.attname, columns.of_field(model, field.name))
        for field in logged_fields(model)
    ]


def _text(column: Column, row: models.Model, value: Any, labels: dict[Any, str] | None) -> str:
    if labels is None or column.kind not in _REPEATED:
        return column.text(row)
    key = (column.name, value)
    if key not in labels:
        labels[key] = column.text(row)
    return labels[key]


def entry(
    action: str,
    *,
    by: Actor,
    record: models.Model | None = None,
    record_type: str = "",
    object_text: str = "",
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> ChangeLog:
    """An unsaved line of the log, its payload digest filled in."""
    line = ChangeLog(
        action=action,
        user=by.user,
        user_name=by.name,
        address=by.address,
        request_id=by.request_id,
        record_type=record_type or (record._meta.label if record is not None else ""),
        object_id=record.pk if record is not None else None,
        object_text=(object_text or (str(record) if record is not None else ""))[:200],
        changes=changes or {},
        reason=(reason or by.reason)[:300],
        batch=by.batch,
    )
    line.digest = payload_digest(line)
    return line


def log_change(action: str, *, by: Actor, **what: Any) -> ChangeLog:
    """Write one line; arguments as of ``entry``."""
    line = entry(action, by=by, **what)
    line.save(force_insert=True)
    return line


def log_changes(lines: Iterable[ChangeLog]) -> None:
    """Write many lines at once."""
    insert(list(lines))


def mark() -> str:
    """What tells two states of the records apart, since all that is saved stands in the log; empty
    as long as nothing does. One query.

    It looks at the latest lines rather than the last, since transactions need not come to stay in
    the order of their lines.
    """
    lines = ChangeLog.objects.exclude(action__in=_HARMLESS).order_by("-pk")
    latest = list(lines.values_list("pk", flat=True)[:_LATEST])
    return f"{latest[0]}.{sum(latest)}" if latest else ""


def payload_digest(line: ChangeLog) -> str:
    """SM3 digest of what the line says, in hex."""
    payload = [
        line.at.isoformat(), line.action, line.user_id, line.user_name, line.address,
        line.request_id, line.record_type, line.object_id, line.object_text, line.changes,
        line.reason, line.batch_id,
    ]  # fmt: skip
    return crypto.fingerprint(_JSON.encode(payload).encode())


@transaction.atomic
def seal_log() -> ChangeBlock | None:
    """Seal the lines since the last block; None when there is none."""
    previous = ChangeBlock.objects.order_by("-last").first()
    lines = ChangeLog.objects.order_by("pk")
    if previous:
        lines = lines.filter(pk__gt=previous.last)
    rows = list(lines.values_list("pk", "digest"))
    if not rows:
        return None
    return ChangeBlock.objects.create(
        first=rows[0][0],
        last=rows[-1][0],
        count=len(rows),
        digest=_seal(previous.digest if previous else "", [digest for _, digest in rows]),
    )


def verify_log() -> list[str]:
    """What is wrong with the log, as sentences; empty when every sealed line is as it was
    written.
    """
    faults: list[str] = []
    before = ""
    for block in ChangeBlock.objects.order_by("last"):
        lines = ChangeLog.objects.filter(pk__gte=block.first, pk__lte=block.last).order_by("pk")
        digests = []
        for line in lines.iterator():
            digests.append(line.digest)
            if payload_digest(line) != line.digest:
                faults.append(f"第 {line.pk} 条日志的内容与写入时不一致。")
        if len(digests) != block.count:
            faults.append(f"第 {block} 条之间应有 {block.count} 条日志，现有 {len(digests)} 条。")
        elif _seal(before, digests) != block.digest:
            faults.append(f"第 {block} 条日志的封印对不上。")
        before = block.digest
    return faults


def _seal(before: str, digests: list[str]) -> str:
    return crypto.fingerprint("\n".join([before, *digests]).encode())
