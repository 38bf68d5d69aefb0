"""Uploads on their way: kept encrypted beside their batch, planned again at each step, expiring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.core.errors import DomainError
from apps.records import registry, vault
from apps.records.actors import Actor
from apps.records.importing import match, plan, read
from apps.records.importing.memory import recall
from apps.records.importing.plan import Plan
from apps.records.importing.preview import preview_of
from apps.records.models import ImportBatch
from apps.records.registry import RecordType

KEPT_DAYS = 7
State = ImportBatch.State


def importable_types(by: Actor) -> list[RecordType]:
    """The record types that a user may import."""
    user = by.user
    return [t for t in registry.types() if user is None or user.has_perm(t.permission("import"))]


def stage(
    data: bytes, *, name: str, by: Actor, record_type: RecordType | None = None
) -> ImportBatch:
    """Take in an upload; ImportRefused when it is no workbook. Nothing is kept in clear."""
    batch = ImportBatch(
        file_name=name[:200],
        record_type=record_type.label if record_type else "",
        created_by=by.user,
    )
    refresh(batch, by=by, data=data)
    vault.put(batch.upload, data)
    batch.save()
    return batch


def data_of(batch: ImportBatch) -> bytes:
    """The upload in clear; DomainError when it has expired."""
    if not batch.upload:
        raise DomainError("上传的文件已过期删除，请重新上传。")
    return vault.take(batch.upload)


def plan_of(
    batch: ImportBatch, *, by: Actor, data: bytes | None = None, create: Sequence[str] | None = None
) -> Plan:
    """Plan the upload as the user has mapped it. What the user may not add is not proposed."""
    workbook = read(data if data is not None else data_of(batch), name=batch.file_name)
    types = importable_types(by)
    if batch.record_type:
        types = [t for t in types if t.label == batch.record_type]
    sheets: dict[str, Any] = batch.options.get("sheets", {})
    known = {} if batch.options.get("no_memory") else recall(by)
    matches = match(workbook, types, scope=by.scope, mapping=sheets, memory=known)
    result = plan(matches, by=by, create=create)
    allowed = [key for key in proposal_keys(result) if _may_add(by, key)]
    if len(allowed) < len(result.proposals):
        matches = match(workbook, types, scope=by.scope, mapping=sheets, memory=known)
        result = plan(matches, by=by, create=allowed)
    return result


def proposal_keys(result: Plan) -> list[str]:
    """How a proposed record is named in a form: "organizations.Unit:区教育局"."""
    return [f"{entry.record._meta.label}:{entry.record}" for entry in result.proposals]


def _may_add(by: Actor, key: str) -> bool:
    record_type = registry.get(key.partition(":")[0])
    return by.user is None or bool(by.user.has_perm(record_type.permission("add")))


def refresh(batch: ImportBatch, *, by: Actor, data: bytes | None = None) -> Plan:
    """Plan anew and keep what the preview shows."""
    result = plan_of(batch, by=by, data=data)
    batch.summary = preview_of(result)
    return result


def batches_of(by: Actor) -> QuerySet[ImportBatch]:
    """The imports of one user, those that expired left out."""
    return ImportBatch.objects.filter(created_by=by.user).exclude(state=State.EXPIRED)


def discard(batch: ImportBatch) -> None:
    """Drop an upload that will not be imported."""
    _drop_file(batch)
    batch.state, batch.summary, batch.options = State.EXPIRED, {}, {}
    batch.save(update_fields=["state", "summary", "options", "upload"])


def expire(now: dt.datetime | None = None) -> int:
    """Delete uploads older than a week: unfinished ones go, finished ones lose their file."""
    limit = (now or timezone.now()) - dt.timedelta(days=KEPT_DAYS)
    old = ImportBatch.objects.filter(created_at__lt=limit).exclude(upload="")
    count = 0
    for batch in old:
        count += 1
        if batch.state == State.PREVIEW:
            discard(batch)
        else:
            _drop_file(batch)
            batch.save(update_fields=["upload"])
    return count


def _drop_file(batch: ImportBatch) -> None:
    if batch.upload:
        batch.upload.delete(save=False)
