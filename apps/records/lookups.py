"""Find the record that somebody means by typing its name or number, within a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q

from apps.core import crypto
from apps.core.errors import DomainError
from apps.core.fields import DigestField, EncryptedField
from apps.core.identity import parse_id_number
from apps.core.text import clean_name, squeeze
from apps.records.finding import by_words
from apps.records.scope import Scope

if TYPE_CHECKING:
    from apps.records.registry import RecordType

MOST = 8  # more candidates than this are no help


def digest_column(field: EncryptedField) -> str:
    """The column that holds the digest of an encrypted one; empty when it cannot be searched."""
    columns = field.model._meta.concrete_fields
    return next(
        (c.name for c in columns if isinstance(c, DigestField) and c.source == field.name), ""
    )


def lookup_names(record_type: RecordType) -> list[str]:
    """The fields by which a record is found, without those that the model does not have."""
    names = [*record_type.lookup, record_type.natural_key]
    found = []
    for name in dict.fromkeys(names):
        try:
            found.append(record_type.model._meta.get_field(name).name)
        except FieldDoesNotExist:
            continue
    return found


def meant(record_type: RecordType, text: str, scope: Scope) -> list[Any]:
    """Records whose name or number is exactly this text."""
    condition = Q(pk__in=[])
    for name in lookup_names(record_type):
        condition |= _equals(record_type.model._meta.get_field(name), text)
    return _first(record_type, scope, condition)


def similar(record_type: RecordType, text: str, scope: Scope) -> list[Any]:
    """Records that the search box would find, to offer when none is meant exactly."""
    return list(by_words(record_type, text, scope)[:MOST]) if text.strip() else []


def _first(record_type: RecordType, scope: Scope, condition: Q) -> list[Any]:
    rows = record_type.queryset(scope).filter(condition)
    return list(rows.select_related(*record_type.references(record_type.model))[:MOST])


def _equals(field: Any, text: str) -> Q:
    if isinstance(field, EncryptedField):
        column = digest_column(field)
        plain = _number(field, text)
        return Q(**{column: crypto.digest(plain)}) if column and plain else Q(pk__in=[])
    if isinstance(field, models.CharField):
        return Q(**{f"{field.name}__in": {text.strip(), clean_name(text)}})
    return Q(pk__in=[])


def _number(field: EncryptedField, text: str) -> str:
    plain = squeeze(text)
    if field.kind != "id_number":
        return plain
    try:
        return parse_id_number(plain).number
    except DomainError:
        return ""
