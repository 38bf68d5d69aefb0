"""Form fields of what the office added, and their values on the way to a record and back."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.records.extras import values
from apps.records.extras.definitions import NOT_A_NUMBER, TAGS, TAGS_LABEL, Extras
from apps.records.formfields import form_field


class TagBoxes(forms.CheckboxSelectMultiple):
    """The tags side by side, each with its box."""

    template_name = "forms/tags.html"


def form_fields(extras: Extras) -> dict[str, forms.Field]:
    """A form field for each added field in use, and one to tick the tags."""
    made: dict[str, Any] = {key: form_field(extra.field) for key, extra in extras.fields.items()}
    if extras.tags:
        made[TAGS] = forms.MultipleChoiceField(
            label=TAGS_LABEL,
            choices=list(extras.tags.items()),
            required=False,
            widget=TagBoxes,
            error_messages={"invalid_choice": "有的标签已删除，请刷新页面后重新勾选。"},
        )
        made[TAGS].is_owed = False
    for key, field in made.items():
        field.is_wide = key == TAGS
        field.misread = NOT_A_NUMBER
    return made


def initial(row: Any, extras: Extras) -> dict[str, Any]:
    """What a record holds, for its form."""
    held = {key: values.read(row, key) for key in extras.names}
    return held | ({TAGS: list(held[TAGS])} if TAGS in held else {})


def take(row: Any, extras: Extras, cleaned: dict[str, Any]) -> None:
    """Write what was typed; a field that could not be read leaves its value."""
    for key in extras.names:
        if key in cleaned:
            values.put(row, key, cleaned[key])
