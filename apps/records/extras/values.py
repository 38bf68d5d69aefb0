"""What a record holds of added fields and tags: read, written and checked in one place.

Values are strings, numbers (``Decimal``) and days; of the tags it is the tuple of their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from apps.records.extras import definitions
from apps.records.extras.definitions import JOINED, TAGS, Extras, is_tag

# Beside setting them: what a bulk edit does to the tags of each row.
ADD_TAGS, DROP_TAGS = "tags.add", "tags.drop"
TAG_WORDS = {ADD_TAGS: "加上", DROP_TAGS: "去掉"}
Messages = dict[str, list[ValidationError]]
Check = Callable[[Any], Messages]
Texts = dict[str, list[str]]


def read(row: Any, key: str) -> Any:
    """The value of one key; None where there is none."""
    known = definitions.of(row._meta.label)
    if key == TAGS:
        return tuple(tag for tag in known.tags if tag in row.extra)
    stored = row.extra.get(key)
    return None if stored is None else known.every[key].plain(stored)


def put(row: Any, key: str, value: Any) -> None:
    """Write one value; nothing (None, an empty text, no tags) takes it away."""
    known = definitions.of(row._meta.label)
    if key in TAG_WORDS:
        held, said = set(read(row, TAGS)), set(value or ())
        key, value = TAGS, held | said if key == ADD_TAGS else held - said
    if key == TAGS:
        rest = {name: held for name, held in row.extra.items() if name not in known.tags}
        row.extra = rest | {tag: True for tag in known.tags if tag in (value or ())}
        return
    rest = {name: held for name, held in row.extra.items() if name != key}
    stored = known.every[key].stored(value)
    row.extra = rest if stored is None else {**rest, key: stored}


def raw(row: Any, key: str) -> Any:
    """What is stored, as JSON: an import keeps it, so that an undo can put it back."""
    return list(read(row, TAGS)) if key == TAGS else row.extra.get(key)


def restore(row: Any, key: str, stored: Any) -> None:
    """Put back what ``raw`` gave. What has been removed since is left out."""
    known = definitions.of(row._meta.label)
    if key == TAGS:
        put(row, key, stored or ())
    elif key in known.every:
        put(row, key, None if stored is None else known.every[key].plain(stored))


def text(row: Any, key: str) -> str:
    """One value in words."""
    return definitions.of(row._meta.label).columns[key].text(row)


def checker(label: str) -> Check:
    """What is wrong with the added values of rows of one type: no query a row."""
    known = definitions.of(label)

    def check(row: Any) -> Messages:
        found: Messages = {}
        for key, stored in row.extra.items():
            for place, message in _faults(known, key, stored):
                found.setdefault(place, []).append(ValidationError(message))
        return found

    return check


def _faults(known: Extras, key: str, stored: Any) -> Iterable[tuple[str, str]]:
    if is_tag(key):
        if stored is not True or key not in known.tags:
            yield TAGS, "有的标签已删除或不能用于这类记录，请刷新页面后重新勾选。"
        return
    extra = known.every.get(key)
    if extra is None:
        yield NON_FIELD_ERRORS, "有的自设字段已删除，请刷新页面后重新填写。"
        return
    try:
        extra.field.clean(extra.plain(stored), None)
    except ValidationError as error:
        for message in error.messages:
            yield key, message
    except ValueError:
        wanted = {"number": "数字", "date": "日期，如 2022-03-05"}.get(extra.kind, "文字")
        yield key, f"“{extra.label}”应为{wanted}，请改正。"


def differences(label: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Texts:
    """Changed values as texts, ``{key: [old, new]}``, the tags together."""
    if old == new:
        return {}
    known, found = definitions.of(label), {}
    before, after = _Holder(old), _Holder(new)
    for key in [*known.every, TAGS]:
        texts = [known.columns[key].text(before), known.columns[key].text(after)]
        if texts[0] != texts[1]:
            found[key] = texts
    return found


class _Holder:
    """Values without a record."""

    def __init__(self, extra: Mapping[str, Any]) -> None:
        self.extra = extra


def tags_meant(label: str, words: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Keys of the tags that some words name, in the usual order, and the words that name none."""
    known = {name: key for key, name in definitions.of(label).tags.items()}
    wanted = [word.strip() for word in words if word.strip()]
    found = {known[word] for word in wanted if word in known}
    ordered = tuple(key for key in known.values() if key in found)
    return ordered, [word for word in wanted if word not in known]


def tags_in_words(label: str, keys: Iterable[str]) -> str:
    """The names of some tags, in the usual order."""
    wanted = set(keys)
    return JOINED.join(name for key, name in definitions.of(label).tags.items() if key in wanted)


def as_data(row: Any) -> dict[str, Any]:
    """The values in use as JSON, for programs: label → text, number or day; the tags as a list."""
    known = definitions.of(row._meta.label)
    found = {e.label: row.extra[key] for key, e in known.fields.items() if key in row.extra}
    tags = [name for key, name in known.tags.items() if key in row.extra]
    return {**found, known.columns[TAGS].label: tags} if known.tags else found
