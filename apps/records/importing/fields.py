"""Fields of record types, looked up by name or by path."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from apps.records import registry
from apps.records.extras.definitions import is_key
from apps.records.registry import RecordType

AnyField: TypeAlias = "models.Field[Any, Any]"


def field_of(model: type[models.Model], name: str) -> AnyField:
    """A column of a model by its name."""
    return cast(AnyField, model._meta.get_field(name))


def label_of(model: type[models.Model], name: str) -> str:
    """The Chinese name of a column."""
    return str(field_of(model, name).verbose_name)


def parts_of(record_type: RecordType) -> list[str]:
    """The references by which records of a type are found together; none for most types."""
    fields = {f.name: f for f in record_type.model._meta.fields}
    return [n for n in record_type.lookup if isinstance(fields.get(n), models.ForeignKey)]


def is_in_excel(field: AnyField) -> bool:
    """Whether a column of a workbook can hold a field: a reference to what is no record, such as
    an account, is chosen on the page alone.
    """
    target = field.remote_field.model if field.remote_field else None
    return target is None or target._meta.label in {t.label for t in registry.types()}


def target_field(record_type: RecordType, path: str) -> AnyField | None:
    """The field that a path ends in: `name`, `person.id_number`, `audiences.category`, `f12`."""
    if is_key(path):
        return record_type.extras.model_field(path)
    model: Any = record_type.model
    target: Any = None
    for part in path.split("."):
        try:
            target = model._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            return None
        model = getattr(target, "related_model", None)
    return target if isinstance(target, models.Field) else None
