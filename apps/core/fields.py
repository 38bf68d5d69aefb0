"""Model fields that the record types share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.core import codes, crypto, dates, pinyin
from apps.core.errors import DomainError


class CodeField(models.CharField):
    """Stores the code of a row of a code table; shows and reads its label."""

    def __init__(self, *args: Any, table: str = "", **kwargs: Any) -> None:
        self.table = table
        kwargs.setdefault("max_length", 20)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["table"] = self.table
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, f"get_{name}_display", lambda row: codes.label(self.table, getattr(row, name)))

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if value and value not in codes.labels(self.table):
            raise ValidationError(f"“{value}”不在{self.verbose_name}的代码表里，请从列表中选择。")

    def formfield(self, **kwargs: Any) -> forms.Field:
        def options() -> list[tuple[str, str]]:
            return [("", ""), *codes.choices(self.table)]

        return forms.ChoiceField(
            choices=options,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
            initial=self.get_default(),
        )


class DayFormField(forms.DateField):
    """A day typed in any of the office's ways: 2022-03-05, 2022.3.5, 2022年3月5日."""

    month_only = False

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            day, is_month = dates.parse_date(value)
        except DomainError as error:
            raise ValidationError(error.message) from None
        if is_month and not self.month_only:
            raise ValidationError(f"“{value}”缺少日，请写成如 2022-03-05。")
        return day.replace(day=1) if self.month_only else day


class MonthFormField(DayFormField):
    """A month: 1985.03, 1985年3月, 198503; a full date gives its month."""

    month_only = True
    widget = forms.TextInput

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y.%m}" if isinstance(value, date) else value


class MonthField(models.DateField):
    """A month, stored as its first day and shown as 1985.03."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        return day.replace(day=1) if day else None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        return value.replace(day=1) if value else value

    def formfield(self, **kwargs: Any) -> forms.Field:
        field = super().formfield(**{"form_class": MonthFormField, **kwargs})
        assert field is not None  # noqa: S101 -- only a field without a form has none
        return field


class Protected:
    """An encrypted value: ``str()`` is its mask; the plain text comes only by ``reveal``."""

    __slots__ = ("_digest", "_plain", "_token", "mask")

    def __init__(self, token: str, mask: str) -> None:
        self._token, self.mask = token, mask
        self._plain = self._digest = ""

    @classmethod
    def seal(cls, plain: str, kind: str) -> Protected:
        """Protect a text that was just typed: it is encrypted when it is to be stored, and need
        not be decrypted to be checked.
        """
        sealed = cls("", mask(plain, kind))
        sealed._plain = plain
        return sealed

    @property
    def token(self) -> str:
        """The ciphertext, one and the same from the first asking on."""
        if not self._token:
            self._token = crypto.encrypt(self._plain)
        return self._token

    def __reduce__(self) -> tuple[type[Protected], tuple[str, str]]:
        return Protected, (self.token, self.mask)  # a copy or pickle holds no plain text

    def reveal(self) -> str:
        """The plain text. Callers record why (``history.log_change`` with action reveal)."""
        return self._plain or crypto.decrypt(self.token)

    @property
    def digest(self) -> str:
        if not self._digest:
            self._digest = crypto.digest(self.reveal())
        return self._digest

    def __str__(self) -> str:
        return self.mask

    def __repr__(self) -> str:
        return f"<Protected {self.mask}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Protected):
            return False
        return bool(self._token and self._token == other._token) or self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def mask(plain: str, kind: str) -> str:
    """How a protected value is shown: 520398********1234, 138****1234, last four of an account."""
    if kind == "id_number" and len(plain) == 18:
        return plain[:6] + "*" * 8 + plain[-4:]
    if kind == "mobile" and len(plain) == 11:
        return plain[:3] + "****" + plain[-4:]
    shown = plain[-4:] if len(plain) > 8 else plain[-2:] if len(plain) > 4 else ""
    return "*" * max(len(plain) - len(shown), 4) + shown


class EncryptedField(models.TextField):
    """Text kept encrypted with its mask beside it; never filtered or sorted on in clear.

    Exact search goes through a ``DigestField`` of the same source. ``kind`` chooses the mask:
    id_number, mobile or account.
    """

    def __init__(self, *args: Any, kind: str = "account", **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["kind"] = self.kind
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _SealingAttribute(self))

    def from_db_value(self, value: str | None, *_: Any) -> Protected | str:
        if not value:
            return ""
        token, shown = value.rsplit("$", 1)
        return Protected(token, shown)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, Protected):
            return f"{value.token}${value.mask}"
        return ""

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> forms.Field:
        return ProtectedFormField(
            required=not self.blank, label=self.verbose_name, help_text=self.help_text
        )


class _SealingAttribute:
    """Seals a plain text that is assigned to an encrypted field."""

    def __init__(self, field: EncryptedField) -> None:
        self.field = field

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
        return row.__dict__[self.field.attname]

    def __set__(self, row: Any, value: Any) -> None:
        if isinstance(value, str) and value:
            value = Protected.seal(value, self.field.kind)
        row.__dict__[self.field.attname] = value or ""


class ProtectedFormField(forms.CharField):
    """Shows the mask; a mask that comes back untouched keeps the stored value."""

    def prepare_value(self, value: Any) -> Any:
        return str(value) if value else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


class CounterField(models.DecimalField):
    """An amount that the database alone keeps: a new row begins at nought, conditional updates move
    it, and saving a row leaves it as it stands, however old the row at hand is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"editable": False, "default": Decimal(0)}
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return Decimal(0) if add else models.F(self.attname)


class DerivedField(models.CharField):
    """A column computed from others of the same row, on every write path."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def derive(self, row: models.Model) -> str:
        raise TypeError("a derived field says how it is derived")

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.derive(model_instance)
        setattr(model_instance, self.attname, value)
        return value


class DigestField(DerivedField):
    """Keyed digest of an encrypted column, for exact search and uniqueness; empty when that is
    empty.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs

    def derive(self, row: models.Model) -> str:
        value = getattr(row, self.source)
        return value.digest if isinstance(value, Protected) else ""


class SearchField(DerivedField):
    """What the search box looks through: the sources, their full pinyin and initials."""

    def __init__(self, *args: Any, sources: Iterable[str] = ("name",), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        kwargs.setdefault("max_length", 600)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["sources"] = self.sources
        return name, path, args, kwargs

    def derive(self, row: models.Model) -> str:
        texts = [str(getattr(row, source) or "") for source in self.sources]
        return " ".join(pinyin.search_text(t) for t in texts if t)[: self.max_length]


def derive(row: models.Model) -> None:
    """Fill the derived columns of a row, before it is validated."""
    for field in _derived_fields(type(row)):
        setattr(row, field.attname, field.derive(row))


@cache
def _derived_fields(model: type[models.Model]) -> list[DerivedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, DerivedField)]
