"""Two people changed one record: who changed what since the form was opened, and what to keep.

What only one of them changed is merged. What both changed is asked, field by field: ``choose.NAME``
is ``theirs``, ``mine`` (sent along as ``mine.NAME``) or ``new`` (the field itself).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, SelectMultiple
from django.http import QueryDict

from apps.core.fields import mask
from apps.records.finding import facts
from apps.records.formfields import MaskedFormField, ReferenceFormField
from apps.records.forms import MARK, RecordForm, shown, snapshot

ASKED = "conflict"  # names of the fields that a page asked about
PARTS = ("", ".key", ".known")  # what a field may send
UNKNOWN = "（不详）"
Sent = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Value:
    """A field's text, and the mark that tells it from another of the same text."""

    text: str
    mark: str = ""

    @classmethod
    def read(cls, shown_text: str) -> _Value:
        text, _, sign = shown_text.partition(MARK)
        return cls(_plain(text), sign)

    def differs(self, other: _Value) -> bool:
        marked = bool(self.mark and other.mark)
        return self.text != other.text or (marked and self.mark != other.mark)


@dataclass(frozen=True, slots=True)
class Change:
    """A field that one of the two changed, and that is merged without a question."""

    label: str
    before: str
    after: str

    @classmethod
    def of(cls, label: str, before: _Value, after: _Value) -> Change:
        is_same = before.text == after.text
        return cls(label, before.text, f"{after.text}（已更换）" if is_same else after.text)

    def __str__(self) -> str:
        if not self.before:
            return f"“{self.label}”填为 {self.after}"
        if not self.after:
            return f"清除了“{self.label}”（原为 {self.before}）"
        return f"“{self.label}”由 {self.before} 改为 {self.after}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed. ``sent`` is what I had filled in, as a browser sends it."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    is_protected: bool = False
    control: BoundField | None = None


@dataclass(slots=True)
class Merge:
    """``data`` is what was typed, with what the other changed taken over."""

    data: QueryDict
    conflicts: list[Conflict] = field(default_factory=list)
    theirs: list[Change] = field(default_factory=list)
    mine: list[Change] = field(default_factory=list)


def choices(sent: QueryDict, stored: RecordForm) -> tuple[QueryDict, dict[str, str]]:
    """What a page of conflicts sent, as if it had been typed into a form; and the fields without a
    choice, with the values they had when the first form was opened.
    """
    data, open_ones = sent.copy(), {}
    for name in sent.getlist(ASKED):
        if name not in stored.fields:
            continue
        mine = {part: sent.getlist(f"mine.{name}{part}") for part in PARTS}
        choice = sent.get(f"choose.{name}")
        if choice == "theirs":
            _put(data, name, _posted(stored, name))
        elif not isinstance(stored.fields[name], MaskedFormField):
            if not choice and any(sent.getlist(f"{name}{part}") != mine[part] for part in PARTS):
                choice = "new"  # typed anew, and the tick forgotten
            if choice != "new":
                _put(data, name, mine)
        if choice not in ("theirs", "mine", "new"):
            open_ones[name] = sent.get(f"was.{name}", "")
    return data, open_ones


def merge(form: RecordForm, stored: RecordForm, open_ones: Collection[str] = ()) -> Merge:
    """Bring together what was sent (``form``) and the record as it is now (``stored``, unbound)."""
    base, now = _base(form), snapshot(stored)
    was: Any = open_ones if isinstance(open_ones, dict) else {}
    found = Merge(form.data.copy())  # type: ignore[attr-defined]
    for name, text in now.items():
        theirs, mine = _Value.read(text), _typed(form, name)
        before = _Value.read(base[name]) if name in base else None
        label = str(stored.fields[name].label)
        they_did = before is None or theirs.differs(before)
        i_did = mine.differs(theirs if before is None else before)
        if name in was or (they_did and i_did and mine.differs(theirs)):
            first = was.get(name, UNKNOWN if before is None else before.text)
            found.conflicts.append(_conflict(form, stored, name, (label, first, theirs.text)))
        elif before is not None and they_did and not i_did:
            found.theirs.append(Change.of(label, before, theirs))
            _put(found.data, name, _posted(stored, name))
        elif before is not None and i_did and mine.differs(theirs):
            found.mine.append(Change.of(label, before, _told(form, name)))
    found.data["version"] = str(stored.instance.version)
    found.data["base"] = json.dumps(now, ensure_ascii=False)
    return found


def _conflict(
    form: RecordForm, stored: RecordForm, name: str, texts: tuple[str, str, str]
) -> Conflict:
    keys = [f"{name}{part}" for part in PARTS]
    data: Any = form.data
    sent = [(key, value) for key in keys for value in data.getlist(key)]
    is_protected = isinstance(form.fields[name], MaskedFormField)
    label, before, theirs = texts
    mine = _told(form, name).text
    if mine == theirs and isinstance(form.fields[name], ReferenceFormField):
        theirs, mine = _apart(stored, name), _apart(form, name)  # two records of one name
    hidden = [] if is_protected else sent
    return Conflict(name, label, before, theirs, mine, hidden, is_protected, form[name])


def _apart(form: RecordForm, name: str) -> str:
    row, sent = getattr(form.instance, name), form.fields[name]
    told = facts(sent.target, row) if isinstance(sent, ReferenceFormField) else ""
    return f"{row}（{told}）" if told else str(row)


def _base(form: RecordForm) -> dict[str, str]:
    try:
        base = json.loads(form.data.get("base") or "{}")
        json.dumps(base, ensure_ascii=False).encode()  # half a character can be shown nowhere
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in base.items()} if isinstance(base, dict) else {}


def _plain(text: str) -> str:
    """Line ends as they are compared; a browser sends others than an import stores."""
    return text.replace("\r\n", "\n").strip()


def _typed(form: RecordForm, name: str) -> _Value:
    """What I sent: as it was typed where it cannot be read."""
    sent = form.fields[name]
    raw = form[name].value()
    if isinstance(sent, MaskedFormField):
        return _Value(_plain(str(raw or "")))
    if isinstance(sent, ReferenceFormField):
        row = form.cleaned_data.get(name)
        return _Value(_plain(str(raw[0])), str(row.pk) if row is not None else "")
    if name in form.errors:
        return _Value(_plain(str(raw or "")))
    return _Value.read(shown(form.instance, name))


def _told(form: RecordForm, name: str) -> _Value:
    """What I sent, as it may be shown."""
    typed, sent = _typed(form, name), form.fields[name]
    if isinstance(sent, MaskedFormField) and typed.text and "*" not in typed.text:
        return _Value(mask(typed.text, sent.kind))
    return typed


def _put(data: QueryDict, name: str, sent: Sent) -> None:
    """Replace everything that a field sent."""
    for part in PARTS:
        data.pop(f"{name}{part}", None)
        if values := sent.get(part):
            data.setlist(f"{name}{part}", values)


def _posted(stored: RecordForm, name: str) -> Sent:
    """The stored value of a field in the form in which a browser would send it."""
    bound = stored[name]
    value: Any = bound.value()
    if isinstance(bound.field, ReferenceFormField):
        return dict(zip(PARTS, ([text] for text in value), strict=True))
    if isinstance(bound.field.widget, CheckboxInput):
        return {"": ["on"]} if value else {}
    if isinstance(bound.field.widget, SelectMultiple | CheckboxSelectMultiple):
        return {"": [str(one) for one in value or ()]}
    written = bound.field.widget.format_value(value)
    if isinstance(written, list):
        written = written[0] if written else ""
    return {"": ["" if written is None else str(written)]}
