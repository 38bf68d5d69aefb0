"""Finding records by what somebody types: names, pinyin, initials; identity numbers by digest."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from apps.core import crypto
from apps.core.errors import DomainError
from apps.core.fields import DigestField, EncryptedField
from apps.core.identity import parse_id_number
from apps.core.text import squeeze
from apps.records.listing import ID_NUMBER
from apps.records.registry import RecordType
from apps.records.scope import Scope


def looks_like_id_number(text: str) -> bool:
    return bool(ID_NUMBER.fullmatch(squeeze(text)))


def by_words(record_type: RecordType, text: str, scope: Scope) -> QuerySet:
    """Rows that hold every word in name, pinyin or initials; all rows for an empty text."""
    rows = record_type.queryset(scope).select_related(*record_type.references(record_type.model))
    return rows.filter(_words(record_type, text))


def _words(record_type: RecordType, text: str) -> Q:
    model, condition = record_type.model, Q()
    names = record_type.search_paths
    if not names:
        fields = {f.name: f for f in model._meta.concrete_fields}
        names = [n for n in record_type.lookup if _is_plain(fields.get(n))]
    for word in text.lower().split():
        found = Q(pk__in=[])
        for name in names:
            found |= Q(**{f"{name}__icontains": word})
        condition &= found
    return condition


def _is_plain(field: Any) -> bool:
    return isinstance(field, models.CharField) and not isinstance(field, DigestField)


def id_number_column(record_type: RecordType) -> str:
    """The column with the digests of identity numbers; empty when the type holds none."""
    fields = {f.name: f for f in record_type.model._meta.concrete_fields}
    for field in fields.values():
        source = fields.get(field.source) if isinstance(field, DigestField) else None
        if isinstance(source, EncryptedField) and source.kind == "id_number":
            return field.name
    return ""


def by_id_number(record_type: RecordType, text: str, scope: Scope) -> QuerySet:
    """Rows with exactly this identity number; DomainError says why it cannot be one."""
    try:
        number = parse_id_number(text).number
    except DomainError as error:
        sentence = error.message.rstrip("。")
        raise DomainError(f"“{_masked(text)}”不是有效的身份证号：{sentence}。") from None
    rows = record_type.queryset(scope).select_related(*record_type.references(record_type.model))
    return rows.filter(**{id_number_column(record_type): crypto.digest(number)})


def _masked(text: str) -> str:
    plain = squeeze(text)
    return plain[:6] + "*" * (len(plain) - 10) + plain[-4:]


def facts(record_type: RecordType, row: Any) -> str:
    """The few words that tell records of one name apart."""
    return "，".join(str(fact) for fact in record_type.detail_facts(row) if fact)
