"""Fields of record types, looked up by name or by path."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from apps.records.registry import RecordType

AnyField: TypeAlias = "models.Field[Any, Any]"


def field_of(model: type[models.Model], name: str) -> AnyField:
    """A column of a model by its name."""
    return cast(AnyField, model._meta.get_field(name))


def label_of(model: type[models.Model], name: str) -> str:
    """The Chinese name of a column."""
    return str(field_of(model, name).verbose_name)


def target_field(record_type: RecordType, path: str) -> AnyField | None:
    """The model field that a path ends in: `name`, `person.id_number`, `audiences.category`."""
    model: Any = record_type.model
    target: Any = None
    for part in path.split("."):
        try:
            target = model._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return None
        model = getattr(target, "related_model", None)
    return target if isinstance(target, models.Field) else None
