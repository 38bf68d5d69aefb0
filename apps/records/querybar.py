"""The query form above a list, made from the filters of a record type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.core.dates import parse_date
from apps.core.errors import DomainError
from apps.core.fields import DayFormField
from apps.records.filters import (
    ChoiceFilter,
    CodeFilter,
    CompareFilter,
    NumberFilter,
    RecordFilter,
    ReferenceFilter,
    RelatedFilter,
    YearFilter,
    YesNoFilter,
)
from apps.records.listing import Listing
from apps.records.registry import RecordType

# Endings of the two filters that make a range, with the words that their labels end in.
PAIRS = (("__gte", "__lte"), ("_from", "_to"))
ENDINGS = ("不少于", "不超过", "不小于", "不大于", "起", "止")


@dataclass(slots=True)
class Part:
    """One control: ``kind`` is multi, single, reference, text, search, range or number."""

    kind: str
    name: str
    label: str
    options: list[tuple[str, str, bool]] = field(default_factory=list)
    value: str = ""
    chosen: str = ""
    url: str = ""
    type: str = "text"
    to_name: str = ""
    to_value: str = ""
    hint: str = ""

    @property
    def is_active(self) -> bool:
        return bool(self.value or self.chosen or self.to_value)


@dataclass(slots=True)
class QueryBar:
    """The controls of the first row and those behind 展开."""

    quick: list[Part]
    more: list[Part]

    @property
    def is_open(self) -> bool:
        return any(part.is_active for part in self.more)

    @property
    def active_count(self) -> int:
        return sum(part.is_active for part in self.more)


def query_bar(listing: Listing, *, with_values: bool = True) -> QueryBar:
    """The form with what is asked; ``with_values=False`` for an address that is faulty."""
    known: dict[str, RecordFilter] = listing.record_type.all_filters
    texts = listing.texts if with_values else {}
    params = listing.params if with_values else {}
    names = list(dict.fromkeys(["q", *listing.record_type.quick, *known]))
    parts: dict[str, Part] = {}
    for name in names:
        if name in known and not _is_second(name, known):
            parts[name] = _part(name, known, params, texts)
    quick = [_first_of(name) for name in ("q", *listing.record_type.quick)]
    shown = [name for name in dict.fromkeys(quick) if name in parts] or list(parts)[:4]
    if "q" in parts:
        parts["q"].label = _search_label(listing.record_type)
    return QueryBar(
        [parts[name] for name in shown],
        [part for name, part in parts.items() if name not in shown],
    )


def _search_label(record_type: RecordType) -> str:
    """What the search box looks through: the name in this type's own word, and its pinyin."""
    if record_type.searched:
        return "姓名、名称或拼音"
    field: Any = record_type.model._meta.get_field(record_type.search_field)
    source: Any = record_type.model._meta.get_field(field.sources[-1])
    return f"{source.verbose_name}或拼音" if len(field.sources) == 1 else "名称或拼音"


def _first_of(name: str) -> str:
    for first, second in PAIRS:
        if name.endswith(second):
            return name.removesuffix(second) + first
    return name


def _second_of(name: str, known: dict[str, RecordFilter]) -> str:
    for first, second in PAIRS:
        other = name.removesuffix(first) + second
        if name.endswith(first) and other in known:
            return other
    return ""


def _is_second(name: str, known: dict[str, RecordFilter]) -> bool:
    return _first_of(name) != name and _first_of(name) in known


def _part(
    name: str,
    known: dict[str, RecordFilter],
    params: dict[str, list[str]],
    texts: dict[str, list[str]],
) -> Part:
    found = known[name]
    values = params.get(name, [])
    label = str(found.label)
    inner = found.inner if isinstance(found, RelatedFilter) else found
    if isinstance(inner, ReferenceFilter):
        chosen = texts.get(name, [])
        options = [(value, text, True) for value, text in zip(values, chosen, strict=False)]
        url = inner.target.url("autocomplete")
        return Part("reference", name, label, options, chosen="、".join(chosen), url=url)
    if isinstance(inner, CodeFilter | ChoiceFilter | YesNoFilter):
        return _choice(name, label, inner, values, texts.get(name, []))
    value = values[-1] if values else ""
    if isinstance(inner, CompareFilter) and not isinstance(inner, YearFilter):
        return _range(name, label, inner, value, _second_of(name, known), params)
    if isinstance(inner, YearFilter | NumberFilter):
        return Part("number", name, label, value=value, type="number")
    return Part("search" if name == "q" else "text", name, label, value=value)


def _choice(name: str, label: str, found: Any, values: list[str], texts: list[str]) -> Part:
    options = [
        (str(value), str(text), str(value) in values)
        for value, text in found.field.choices
        if value != ""
    ]
    if getattr(found, "at_least", False):
        options = [(value, f"{text}及以上", chosen) for value, text, chosen in options]
    if isinstance(found, YesNoFilter) or getattr(found, "at_least", False):
        return Part("single", name, label, options, value=values[-1] if values else "")
    return Part("multi", name, label, options, chosen="、".join(texts))


def _range(
    name: str, label: str, found: CompareFilter, value: str, second: str, params: dict[str, Any]
) -> Part:
    is_day = issubclass(found.field_class, DayFormField)
    if second:
        for ending in ENDINGS:
            label = label.removesuffix(ending)
    kind = "range" if second else "number"
    to_value = (params.get(second) or [""])[-1]
    if is_day:
        value, to_value = _iso(value), _iso(to_value)
    return Part(
        kind, name, label, value=value, type="text" if is_day else "number",
        to_name=second, to_value=to_value, hint="年-月-日" if is_day else "",
    )  # fmt: skip


def _iso(text: str) -> str:
    """A day as it is written everywhere: 2022-03-05."""
    try:
        return f"{parse_date(text)[0]:%Y-%m-%d}" if text else ""
    except DomainError:
        return ""
