"""What files records have: one query a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from apps.core.numbers import file_size
from apps.records import registry
from apps.records.attachments.keeping import PHOTO, of_record
from apps.records.models import Attachment, Tracked
from apps.records.registry import RecordType


@dataclass(frozen=True, slots=True)
class Item:
    """A file as the page shows it. ``place`` is the named place it stands in."""

    name: str
    place: str
    size: str
    who: str
    when: str
    url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of one record. ``photo_url`` is empty where there is none."""

    items: list[Item]
    slots: list[tuple[str, str]]
    has_photo_place: bool
    photo_url: str

    @property
    def count(self) -> int:
        return len(self.items)


def shelf_of(record_type: RecordType, row: Tracked) -> Shelf:
    """Everything attached to a record; one query."""
    files = list(of_record(row))
    return Shelf(
        items=[_item(record_type, file) for file in files],
        slots=list(record_type.slots.items()),
        has_photo_place=PHOTO in record_type.slots,
        photo_url=next((photo_url(record_type, file) for file in files if file.slot == PHOTO), ""),
    )


def _item(record_type: RecordType, file: Attachment) -> Item:
    at = timezone.localtime(file.created_at)
    keys = (file.object_id, file.pk)
    return Item(
        name=file.name,
        place=record_type.slots.get(file.slot, ""),
        size=file_size(file.size),
        who=str(file.created_by or "系统"),
        when=f"{at:%Y-%m-%d %H:%M}",
        url=record_type.url("attachment", *keys),
        remove_url=record_type.url("detach", *keys),
    )


def photo_url(record_type: RecordType, file: Attachment) -> str:
    """Address of a photo; another photo has another one."""
    return f"{record_type.url('photo', file.object_id)}?v={file.pk}"


def photos(rows: Iterable[Any]) -> dict[Any, str]:
    """``{pk: address of the photo}`` of the rows of one type that have one; one query.

    The rows are taken as visible to the reader; the address asks for the permission again.
    """
    held = list(rows)
    if not held:
        return {}
    record_type = registry.of(type(held[0]))
    files = Attachment.objects.filter(
        record_type=record_type.label, object_id__in=[row.pk for row in held], slot=PHOTO
    )
    return {file.object_id: photo_url(record_type, file) for file in files}
