"""Finds the records that columns point to: a fixed number of queries per column, not per row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from apps.core import crypto
from apps.core.errors import DomainError
from apps.core.fields import DigestField, EncryptedField
from apps.core.identity import parse_id_number
from apps.core.text import clean_name, clean_text, normalise
from apps.records.importing.cells import CellError, plain
from apps.records.importing.fields import label_of
from apps.records.importing.rows import Masked, Reference
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.scope import Scope

BATCH = 500
_BRACKETS = str.maketrans("（）()", "()（）")


def digest_column(model: type[models.Model], name: str) -> str:
    """The digest field of an encrypted field."""
    for column in model._meta.fields:
        if isinstance(column, DigestField) and column.source == name:
            return column.name
    return ""


class Finder:
    """Records of one type, those a scope may see and those of this import, by lookup field."""

    looks_at_days = False  # whether the day of a row may decide between records

    def __init__(self, target: RecordType, scope: Scope) -> None:
        self.target, self.scope = target, scope
        natural = [] if target.natural_key == "pk" else [target.natural_key]
        held = {f.name for f in target.model._meta.fields}
        self.fields = [n for n in dict.fromkeys([*target.lookup, *natural]) if n in held]
        self.index: dict[tuple[str, str], list[Any]] = {}
        self.proposals: dict[str, Any] = {}
        self._asked: set[tuple[str, str]] = set()
        self._planned: list[Any] = []

    def load(self, references: Iterable[Reference]) -> None:
        """Fetch what the references may mean and was not fetched before."""
        for row in self._planned:
            self.add(row)
        self._planned.clear()
        for name in self.fields:
            texts: dict[str, str] = {}
            for reference in references:
                for given in (name, ""):
                    text = reference.texts.get(given)
                    if isinstance(text, str) and (key := self._key(name, text)):
                        texts[key] = text
            wanted = {k: t for k, t in texts.items() if (name, k) not in self._asked}
            self._asked.update((name, key) for key in wanted)
            if wanted:
                self._fetch(name, wanted)

    def _fetch(self, name: str, wanted: dict[str, str]) -> None:
        rows = self.target.queryset(self.scope)
        if issubclass(self.target.model, Record):
            rows = rows.select_related("owner")
        if name.endswith("_names"):  # several names in one column, set apart by 、
            for row in rows.exclude(**{name: ""}):
                self.add(row)
            return
        column = digest_column(self.target.model, name) or name
        spellings = list(wanted)
        if column == name:
            spellings = [s for t in wanted.values() for s in (t, t.translate(_BRACKETS))]
            spellings = list(dict.fromkeys(map(clean_text, spellings)))
        for start in range(0, len(spellings), BATCH):
            for row in rows.filter(**{f"{column}__in": spellings[start : start + BATCH]}):
                self.add(row)

    def add_planned(self, rows: Iterable[Any]) -> None:
        """Records of this import; they are indexed when somebody asks."""
        self._planned += rows

    def add(self, row: Any) -> None:
        """Make a record known under all its lookup fields; one that is known stays as it is."""
        for name in self.fields:
            for key in self._keys_of(row, name):
                known = self.index.setdefault((name, key), [])
                if not any(same_record(row, other) for other in known):
                    known.append(row)

    def _keys_of(self, row: Any, name: str) -> list[str]:
        column = digest_column(self.target.model, name)
        if column:
            return [getattr(row, column)] if getattr(row, column) else []
        value = str(getattr(row, name) or "")
        parts = value.split("、") if name.endswith("_names") else [value]
        return [normalise(part) for part in parts if part]

    def _key(self, name: str, text: str) -> str:
        target = self.target.model._meta.get_field(name)
        if not isinstance(target, EncryptedField):
            return normalise(text)
        if not any(sign.isdigit() for sign in text):
            return ""
        if target.kind == "id_number":
            try:
                text = parse_id_number(text).number
            except DomainError:
                return ""
        return crypto.digest(text)

    def find(self, reference: Reference, *, propose: bool = True) -> Any:
        """The record meant, or a proposal to create it; CellError when none or several are."""
        for name in self.fields:
            explicit = reference.texts.get(name)
            text = explicit or reference.texts.get("")
            if not isinstance(text, str) or not text:
                continue
            hits = self.index.get((name, self._key(name, text)), [])
            if len(hits) > 1:
                hits = [row for row in hits if not self._contradiction(row, reference)]
            if len(hits) == 1:
                self._check(hits[0], reference)
                return hits[0]
            if hits or self._is_shared(name, text):
                count = len(self.index[name, self._key(name, text)])
                raise CellError(
                    "ambiguous_reference",
                    f"有 {count} 个{self.target.name}都符合，请补充{self._others(name)}以便区分",
                )
            if explicit:
                break
        return self._propose(reference, anew=propose)

    def _is_shared(self, name: str, text: str) -> bool:
        return len(self.index.get((name, self._key(name, text)), [])) > 1

    def _others(self, name: str) -> str:
        labels = [label_of(self.target.model, other) for other in self.fields if other != name]
        return "或".join(labels) or "编号"

    def _contradiction(self, row: Any, reference: Reference) -> str:
        """The lookup field in which a record is not what the reference says; empty if none."""
        for name, text in reference.texts.items():
            if name not in self.fields:
                continue
            if isinstance(text, Masked):
                differs = str(getattr(row, name)) != text.mask
            else:
                differs = bool(text) and self._key(name, text) not in self._keys_of(row, name)
            if differs:
                return name
        return ""

    def _check(self, row: Any, reference: Reference) -> None:
        """What else the row says about the record must be true of it."""
        if name := self._contradiction(row, reference):
            label = label_of(self.target.model, name)
            reason = f"系统中该{self.target.name}的{label}为“{getattr(row, name)}”，请核对"
            raise CellError("reference_contradicts", reason)
        first = reference.texts.get("")
        if not isinstance(first, str) or not first or len(reference.texts) == 1:
            return
        known = {key for name in self.fields for key in self._keys_of(row, name)}
        said = {normalise(clean_name(first)), *(self._key(name, first) for name in self.fields)}
        if not known & said:
            reason = f"系统中对应的{self.target.name}为“{row}”，请核对"
            raise CellError("reference_contradicts", reason)

    def _propose(self, reference: Reference, *, anew: bool) -> Any:
        """A record to be made, with what else the row says about it; one for all that mean it."""
        first = self.target.lookup[0]
        text = reference.texts.get(first) or reference.texts.get("")
        key = normalise(text) if isinstance(text, str) else ""
        if key in self.proposals:
            return self.proposals[key]
        if not self.target.create_missing or not key or not anew:
            raise CellError(
                "unknown_reference",
                f"没有找到这个{self.target.name}，请核对，或先录入该{self.target.name}后再导入",
            )
        values = {**reference.said, first: clean_text(plain(str(text)))}
        self.proposals[key] = self.target.model(**values)
        return self.proposals[key]


def same_record(one: Any, other: Any) -> bool:
    """Whether two objects are one record."""
    return one is other or (one.pk is not None and one.pk == other.pk)
