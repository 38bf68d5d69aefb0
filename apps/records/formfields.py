"""Form fields that read what office staff type, and the field that points to another record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.core.amounts import parse_amount, parse_count
from apps.core.errors import DomainError
from apps.core.fields import (
    CodeField,
    DayFormField,
    EncryptedField,
    MonthField,
    MonthFormField,
    ProtectedFormField,
)
from apps.core.identity import parse_mobile
from apps.core.keys import parse_key
from apps.records import lookups
from apps.records.finding import facts
from apps.records.scope import Scope

if TYPE_CHECKING:
    from apps.records.registry import RecordType

LONG_TEXT = 150  # longer texts take the whole width


class AmountFormField(forms.DecimalField):
    """A number with or without thousands: 24,000, 1.2万, ￥300."""

    widget = forms.TextInput
    misread = ""  # what is said in place of the sentence about amounts

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        try:
            return super().to_python(str(parse_amount(str(value))))
        except DomainError as error:
            raise ValidationError(f"{self.misread or error.message}。") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal"}


class CountFormField(forms.IntegerField):
    """A whole number with or without thousands: 1,605, 38 人."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return super().to_python(parse_count(str(value)))
        except DomainError as error:
            raise ValidationError(f"{error.message}。") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric"}


class MaskedFormField(ProtectedFormField):
    """A protected value: its mask stands in the field; left as it is, the stored value stays."""

    stored: Any = ""

    def __init__(self, *, kind: str = "", **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        if self.stored and text == str(self.stored):
            return self.stored
        if "*" in text:
            raise ValidationError(
                "请填写完整号码；不修改的请恢复为原来的掩码，或重新打开本页。", code="masked"
            )
        if text and self.kind == "mobile":
            text = self._mobile(text)
        return super().clean(text)

    def _mobile(self, text: str) -> str:
        try:
            return parse_mobile(text)
        except DomainError as error:
            raise ValidationError(f"{error.message}。", code="mobile") from None


class ReferenceWidget(forms.Widget):
    """A text box for name or number. The script beside it offers records and keeps the key hidden;
    without script the server looks up what was typed and, where several are meant, lets choose.
    """

    template_name = "forms/reference.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.source = ""
        self.options: list[tuple[Any, str, str]] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        text, key, known = value or ("", "", "")
        context["widget"].update(
            text=text, key=key, known=known, source=self.source, options=self.options
        )
        return context

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return (
            (data.get(name) or "").strip(),
            (data.get(f"{name}.key") or "").strip(),
            (data.get(f"{name}.known") or "").strip(),
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data


class ReferenceFormField(forms.Field):
    """Another record, within the scope of the user. Its value in a form is (text, key, known):
    the key holds as long as the text is the one it was given with.
    """

    widget = ReferenceWidget

    def __init__(self, *, target: RecordType, **kwargs: Any) -> None:
        self.target = target
        self.scope = Scope.nothing()
        self.current: Any = None
        super().__init__(**kwargs)

    def bind(self, scope: Scope, current: Any, source: str) -> None:
        """Who asks, the record pointed to so far, and the address that offers records."""
        self.scope, self.current = scope, current
        self.widget.source = source

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return value
        row = self.row(value) if value else None
        return (str(row), str(row.pk), str(row)) if row is not None else ("", "", "")

    def row(self, key: Any) -> Any:
        """The record of a key: the present one, or one within the scope; None otherwise."""
        if isinstance(key, models.Model):
            return key
        if self.current is not None and str(self.current.pk) == str(key):
            return self.current
        return self.target.queryset(self.scope).filter(pk=parse_key(str(key))).first()

    def clean(self, value: Any) -> Any:
        text, key, known = value if isinstance(value, tuple) else ("", str(value or ""), "")
        if not text and (isinstance(value, tuple) or not key):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if key and text == known and (row := self.row(key)) is not None:
            return row
        return self.resolve(text)

    def resolve(self, text: str) -> Any:
        """The one record that the text means; ValidationError names what might be meant."""
        found = lookups.meant(self.target, text, self.scope)
        if len(found) == 1:
            return found[0]
        near = found or lookups.similar(self.target, text, self.scope)
        name = self.target.name
        self.widget.options = [(r.pk, str(r), facts(self.target, r)) for r in near]
        if found:
            raise ValidationError(f"“{text}”对应多条{name}，请在下面选定一条。", code="ambiguous")
        if near:
            raise ValidationError(
                f"没有名为“{text}”的{name}，请在下面选定一条或改正名称。", code="unknown"
            )
        raise ValidationError(
            f"没有找到{name}“{text}”，请核对名称；不在您权限范围内的请联系人才办。", code="unknown"
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        key = data[1] if isinstance(data, tuple) and data[0] == data[2] else None
        return str(getattr(initial, "pk", initial) or "") != str(key or "")


def form_field(field: models.Field, **kwargs: Any) -> Any:
    """Form field of a model field: a text box that reads any spelling, a list, another record."""
    made = _make(field, **kwargs)
    if made is None:
        return None
    made.error_messages["required"] = required_message(field)
    if field.max_length:
        made.error_messages["max_length"] = too_long(field.max_length)
    made.is_owed = not field.blank and not isinstance(field, models.BooleanField)
    if not isinstance(made, ReferenceFormField):
        made.required = False  # the write path asks for it, after filling what follows from others
    _dress(field, made)
    return made


def required_message(field: models.Field) -> str:
    chosen = isinstance(field, CodeField | models.ForeignKey) or field.choices
    return f"请{'选择' if chosen else '填写'}{field.verbose_name}。"


def too_long(most: int) -> str:
    """What is said of a text with too many letters; Django puts their number in."""
    return f"最多 {most} 个字，现在有 %(show_value)d 个，请改短一些。"


def _make(field: Any, **kwargs: Any) -> Any:
    common: dict[str, Any] = {
        "required": not field.blank,
        "label": str(field.verbose_name),
        "help_text": field.help_text,
    }
    if field.has_default():
        common["initial"] = field.get_default()
    if isinstance(field, models.ForeignKey):
        target = _target(field)
        if target:
            return ReferenceFormField(target=target, **common)
        return field.formfield(**{"empty_label": "请选择", **kwargs})
    if isinstance(field, EncryptedField):
        return MaskedFormField(kind=field.kind, **common)
    if isinstance(field, CodeField) or field.choices:
        made = field.formfield(**kwargs)
        made.choices = _options(made.choices, owed=not field.blank and field.has_default())
        return made
    if isinstance(field, MonthField):
        return MonthFormField(**common)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return DayFormField(**common)
    if isinstance(field, models.DecimalField):
        limits: dict[str, Any] = {
            "max_digits": field.max_digits,
            "decimal_places": field.decimal_places,
        }
        return AmountFormField(**common, **limits)
    if isinstance(field, models.IntegerField):
        return field.formfield(**{"form_class": CountFormField, **kwargs})
    return field.formfield(**kwargs)


def _target(field: models.ForeignKey) -> RecordType | None:
    from apps.records import registry  # noqa: PLC0415 -- app ready

    try:
        return registry.of(field.related_model)
    except KeyError:
        return None


def _options(given: Any, *, owed: bool) -> Callable[[], list[tuple[Any, Any]]]:
    """The options with an empty one that says what to do, unless there is always a value."""

    def options() -> list[tuple[Any, Any]]:
        rows = [option for option in given if option[0] not in ("", None)]
        return rows if owed else [("", "请选择"), *rows]

    return options


def _dress(field: models.Field, made: Any) -> None:
    """Classes of the framework and hints for the keyboard."""
    attrs = made.widget.attrs
    if isinstance(made.widget, forms.CheckboxInput):
        attrs["class"] = "form-check-input"
    elif isinstance(made.widget, forms.Select):
        attrs["class"] = "form-select"
    else:
        attrs["class"] = "form-control"
        attrs.setdefault("autocomplete", "off")
    if isinstance(made, MonthFormField):
        attrs |= {"placeholder": "如 1985.03", "data-date": "month", "inputmode": "decimal"}
    elif isinstance(made, DayFormField):
        attrs |= {"placeholder": "如 2022-03-05", "data-date": "day"}
    elif isinstance(field, models.TextField) and isinstance(made.widget, forms.Textarea):
        attrs["rows"] = 3
    made.is_wide = (
        isinstance(made.widget, forms.Textarea)
        or (getattr(field, "max_length", None) or 0) >= LONG_TEXT
    )
