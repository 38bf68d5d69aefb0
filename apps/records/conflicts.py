"""Two people changed one record: who changed what since the form was opened, and what to keep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.forms import CheckboxInput
from django.http import QueryDict

from apps.records.formfields import MaskedFormField, ReferenceFormField
from apps.records.forms import RecordForm, shown, snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else changed meanwhile. ``mine`` is empty text where I left it."""

    label: str
    before: str
    theirs: str
    mine: str
    is_both: bool


def merge(form: RecordForm, stored: RecordForm) -> tuple[list[Difference], QueryDict]:
    """What the other changed, and the typed data with it taken over where I changed nothing.

    ``form`` is what was sent, ``stored`` an unbound form of the record as it is now.
    """
    base, theirs = _base(form), snapshot(stored)
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    differences = []
    for name in theirs:
        if name not in base or theirs[name] == base[name]:
            continue
        mine = _typed(form, name)
        touched = mine != _bare(base[name])
        same = touched and mine == _bare(theirs[name])
        if not touched:
            for key, value in _posted(stored, name, data).items():
                data[key] = value
        differences.append(
            Difference(
                label=str(stored.fields[name].label),
                before=_bare(base[name]),
                theirs=_bare(theirs[name]),
                mine=_masked(form, name, mine) if touched else "",
                is_both=touched and not same,
            )
        )
    data["version"] = str(stored.instance.version)
    data["base"] = json.dumps(theirs, ensure_ascii=False)
    return differences, data


def _base(form: RecordForm) -> dict[str, str]:
    try:
        base = json.loads(form.data.get("base") or "{}")
        json.dumps(base, ensure_ascii=False).encode()  # half a character can be shown nowhere
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in base.items()} if isinstance(base, dict) else {}


def _bare(text: str) -> str:
    """Without the mark that tells two protected values of one mask apart."""
    head, mark, _ = text.rpartition("#")
    return head if mark and "*" in head else text


def _typed(form: RecordForm, name: str) -> str:
    """What I sent, as text: as it was typed where it cannot be read."""
    field = form.fields[name]
    raw = form[name].value()
    if isinstance(field, MaskedFormField):
        return str(raw or "").strip()
    if isinstance(field, ReferenceFormField):
        return str(raw[0])
    if name in form.errors:
        return str(raw or "")
    return shown(form.instance, name)


def _masked(form: RecordForm, name: str, text: str) -> str:
    return "新填写的号码" if text and isinstance(form.fields[name], MaskedFormField) else text


def _posted(stored: RecordForm, name: str, data: QueryDict) -> dict[str, str]:
    """The stored value of a field in the form in which a browser would send it."""
    bound = stored[name]
    value: Any = bound.value()
    if isinstance(bound.field, ReferenceFormField):
        text, key, known = value
        return {name: text, f"{name}.key": key, f"{name}.known": known}
    if isinstance(bound.field.widget, CheckboxInput):
        data.pop(name, None)
        return {name: "on"} if value else {}
    shown_value = bound.field.widget.format_value(value)
    if isinstance(shown_value, list):
        shown_value = shown_value[0] if shown_value else ""
    return {name: "" if shown_value is None else str(shown_value)}
