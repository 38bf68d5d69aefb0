"""Files come to a record, go from it and are read: encrypted on disk, each deed in the log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from apps.core import crypto
from apps.core.errors import DomainError
from apps.core.numbers import file_size
from apps.records import history, registry, saving, vault
from apps.records.actors import Actor
from apps.records.attachments import kinds
from apps.records.attachments.kinds import AttachmentRefused, Kind, Unfit
from apps.records.models import Attachment, ChangeLog, Tracked

PHOTO = "photo"
PHOTO_MEGABYTES = 5
SMALLEST, LARGEST = (120, 160), (6_000, 8_000)  # of a photo, in pixels: width, height
MEGABYTE = 1024 * 1024
Action = ChangeLog.Action


def attach(row: Tracked, *, name: str, data: bytes, by: Actor, slot: str = "") -> Attachment:
    """Add a file to a record, or put it into a place in place of the one there.

    AttachmentRefused says what is wrong with the file. A clerk's file reopens a reviewed record.
    """
    record_type = registry.of(type(row))
    if slot and slot not in record_type.slots:
        raise AttachmentRefused(f"{record_type.name}没有这个附件位置，请从页面上选择。")
    name = kinds.clean_name(name)
    kind = _check(name, data, slot)
    with transaction.atomic():
        saving.touch(record_type, row, by=by)
        files = list(of_record(row))
        former = next((file for file in files if slot and file.slot == slot), None)
        digest = crypto.fingerprint(data)
        _check_beside(files, former, name, digest)
        if former is not None:
            _discard(former)
        made = _store(row, name=name, data=data, by=by, slot=slot, kind=kind, digest=digest)
        _log(Action.ATTACH, row, by, slot, former.name if former else "", name)
    return made


def of_record(row: Tracked) -> Any:
    """The files of a record, those in named places first."""
    files = Attachment.objects.filter(record_type=row._meta.label, object_id=row.pk)
    return files.order_by("-slot", "pk").select_related("created_by")


def _check(name: str, data: bytes, slot: str) -> Kind:
    if len(data) > settings.UPLOAD_MAX_MB * MEGABYTE:
        raise AttachmentRefused(
            f"“{name}”有 {file_size(len(data))}，超过 {settings.UPLOAD_MAX_MB} 兆字节的上限，"
            "请压缩图片或拆成几个文件后再上传。"
        )
    kind = kinds.identify(data, name)
    if slot == PHOTO:
        _check_photo(name, data, kind)
    return kind


def _check_photo(name: str, data: bytes, kind: Kind) -> None:
    if not kind.is_image:
        raise AttachmentRefused(f"“{name}”是{kinds.apart(kind.name)}，照片请上传 JPG 或 PNG 图片。")
    if len(data) > PHOTO_MEGABYTES * MEGABYTE:
        raise AttachmentRefused(f"照片“{name}”超过 {PHOTO_MEGABYTES} 兆字节，请缩小后再上传。")
    try:
        width, height = kinds.picture_size(data)
    except Unfit as unfit:
        raise AttachmentRefused(f"“{name}”{unfit}") from None
    if width < SMALLEST[0] or height < SMALLEST[1]:
        raise AttachmentRefused(
            f"照片“{name}”只有 {width}×{height} 像素，看不清楚，"
            f"请上传不小于 {SMALLEST[0]}×{SMALLEST[1]} 像素的照片。"
        )
    if width > LARGEST[0] or height > LARGEST[1]:
        raise AttachmentRefused(
            f"照片“{name}”有 {width}×{height} 像素，过大，"
            f"请缩小到 {LARGEST[0]}×{LARGEST[1]} 像素以内再上传。"
        )


def _check_beside(
    files: list[Attachment], former: Attachment | None, name: str, digest: str
) -> None:
    """Against the files that the record has already."""
    twin = next((file for file in files if file.digest == digest), None)
    if twin is not None:
        raise AttachmentRefused(f"“{name}”与已有的附件“{twin.name}”内容相同，没有再次上传。")
    most = settings.ATTACHMENTS_PER_RECORD
    if former is None and len(files) >= most:
        raise AttachmentRefused(
            f"“{name}”没有上传：一条记录最多 {most} 个附件，请先删去不用的，或合并成一个文件。"
        )


def _store(
    row: Tracked, *, name: str, data: bytes, by: Actor, slot: str, kind: Kind, digest: str
) -> Attachment:
    made = Attachment(
        record_type=row._meta.label, object_id=row.pk, slot=slot, name=name, size=len(data),
        content_type=kind.media_type, digest=digest, created_by=by.user,
    )  # fmt: skip
    vault.put(made.file, data)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except Exception:  # whatever it was: no file stays without its row
        made.file.delete(save=False)
        raise
    return made


def remove(file: Attachment, row: Tracked, *, by: Actor) -> None:
    """Take a file away; a clerk's doing so reopens a reviewed record."""
    record_type = registry.of(type(row))
    with transaction.atomic():
        saving.touch(record_type, row, by=by)
        _discard(file)
        _log(Action.DETACH, row, by, file.slot, file.name, "")


def _discard(file: Attachment) -> None:
    """The row now, the file when that has come to stay."""
    storage, path = file.file.storage, str(file.file.name)
    deleted, _ = Attachment.objects.filter(pk=file.pk).delete()
    if not deleted:
        raise DomainError(f"附件“{file.name}”刚刚已被删除。")
    transaction.on_commit(lambda: storage.delete(path))


def read(file: Attachment) -> bytes:
    """The content in clear; DomainError when it cannot be read."""
    try:
        return vault.take(file.file)
    except OSError:
        raise DomainError(
            f"附件“{file.name}”的文件不在服务器上，可能没有随数据库一起恢复，请联系系统管理员。"
        ) from None
    except ValueError:
        raise DomainError(
            f"附件“{file.name}”无法解密：文件已损坏，或缺少当时的密钥，请联系系统管理员。"
        ) from None


def hand_out(file: Attachment, row: Tracked, *, by: Actor) -> HttpResponse:
    """The file, to be saved: it leaves the system, which the log tells."""
    data = read(file)
    _log(Action.EXPORT, row, by, file.slot, "", file.name)
    response = HttpResponse(data, content_type=file.content_type)
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _log(action: str, row: Tracked, by: Actor, slot: str, old: str, new: str) -> None:
    changes = {"file": [old, new]}
    if slot:
        changes["slot"] = ["", registry.of(type(row)).slots.get(slot, "")]
    history.log_change(action, by=by, record=row, changes=changes)
