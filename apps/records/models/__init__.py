from apps.records.models.attachments import Attachment
from apps.records.models.base import (
    RECORD_PERMISSIONS,
    Record,
    RecordQuerySet,
    Reference,
    Tracked,
    TrackedQuerySet,
)
from apps.records.models.custom import CustomField, Tag
from apps.records.models.imports import ImportBatch, ImportMemory
from apps.records.models.lists import ListLayout, SavedFilter
from apps.records.models.log import ChangeBlock, ChangeLog

__all__ = [
    "RECORD_PERMISSIONS",
    "Attachment",
    "ChangeBlock",
    "ChangeLog",
    "CustomField",
    "ImportBatch",
    "ImportMemory",
    "ListLayout",
    "Record",
    "RecordQuerySet",
    "Reference",
    "SavedFilter",
    "Tag",
    "Tracked",
    "TrackedQuerySet",
]
