"""A bulk edit: which fields can be set for many rows at once, and the form for the value."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.records.actors import Actor
from apps.records.extras.definitions import TAGS
from apps.records.extras.values import TAG_WORDS
from apps.records.formfields import MaskedFormField
from apps.records.forms import HIDDEN, form_class
from apps.records.registry import RecordType
from apps.records.rendering import RENDERER

PREFIX = "to"  # its names in the page's form stay apart from the page's own
CHOOSE = ("", "请选择")


def offered(record_type: RecordType, actor: Actor) -> dict[str, forms.Field]:
    """The fields of the type's own form that may be the same for many rows, by name."""
    whole = form_class(record_type)(actor=actor)
    if tags := whole.fields.pop(TAGS, None):
        whole.fields |= {name: _tags(tags, word) for name, word in TAG_WORDS.items()}
    own = {
        *HIDDEN, *record_type.import_key, *record_type.weak_key, *record_type.lookup,
        record_type.natural_key,
    }  # fmt: skip
    return {
        name: field
        for name, field in whole.fields.items()
        if name not in own and not isinstance(field, MaskedFormField | forms.FileField)
        and not _is_unique(record_type, name)
    }  # fmt: skip


def _tags(field: forms.Field, word: str) -> forms.Field:
    """Tags are put on or taken off: what else a record bears stays."""
    made = copy.deepcopy(field)
    made.label, made.required, made.is_owed = f"{word}标签", True, True  # type: ignore[attr-defined]
    made.error_messages["required"] = "请勾选标签。"
    return made


def _is_unique(record_type: RecordType, name: str) -> bool:
    found = {f.name: f for f in record_type.model._meta.concrete_fields}.get(name)
    return found is not None and found.unique


class ValueForm(forms.Form):
    """Asks for the value of one field. Empty clears it, where it may be empty."""

    default_renderer = RENDERER
    use_required_attribute = False

    def __init__(self, name: str, field: forms.Field, data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX, label_suffix="")
        self.name, self.label = name, str(field.label)
        self.is_owed = getattr(field, "is_owed", False) or name == "owner"
        self.fields[name] = made = _plain(field)
        made.label = "标签" if name in TAG_WORDS else "改为"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.name in given and given[self.name] in (None, "") and self.is_owed:
            field = self.fields[self.name]
            verb = "选择" if hasattr(field, "choices") or hasattr(field, "target") else "填写"
            raise ValidationError({self.name: f"请{verb}{self.label}。"})
        return given

    @property
    def value(self) -> Any:
        return self.cleaned_data[self.name]

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was sent for the value, to be sent again when it is confirmed."""
        data: Any = self.data
        start = self.add_prefix(self.name)
        names = [key for key in data if key == start or key.startswith(f"{start}.")]
        return [(key, value) for key in names for value in data.getlist(key)]


def _plain(field: forms.Field) -> forms.Field:
    """The field without a value to begin with: nothing is set that nobody has chosen."""
    if isinstance(field, forms.BooleanField):
        return forms.TypedChoiceField(
            label=field.label, help_text=field.help_text, required=True,
            choices=[CHOOSE, ("1", "是"), ("0", "否")], coerce=lambda text: text == "1",
            error_messages={"required": f"请选择{field.label}。"},
            widget=forms.Select(attrs={"class": "form-select"}),
        )  # fmt: skip
    field.initial = None
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        options: Any = field.choices
        field.choices = [CHOOSE, *(one for one in options if one[0] not in ("", None))]
    return field
