"""Finds records that have no name of their own by the records they join: a link by its leader and
its expert, each found by its own columns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from apps.core.periods import Span
from apps.records.importing.cells import CellError
from apps.records.importing.fields import label_of, parts_of
from apps.records.importing.references import BATCH, Finder, same_record
from apps.records.importing.rows import Reference
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.scope import Scope

Find = Callable[[type[models.Model]], Finder]


class JointFinder(Finder):
    """Where several records join the same ones, the one that lasts on the day of the row."""

    def __init__(self, target: RecordType, scope: Scope, find: Find) -> None:
        super().__init__(target, scope)
        self.parts = parts_of(target)
        self.finders: dict[str, Finder] = {}
        for name in self.parts:
            model: Any = target.model._meta.get_field(name).related_model
            self.finders[name] = find(model)
        self.joined: dict[tuple[str, Any], list[Any]] = {}
        self.looks_at_days = isinstance(target.period, Span)

    def load(self, references: Iterable[Reference]) -> None:
        for row in self._planned:
            self._join(row)
        self._planned.clear()
        split = [self._split(reference) for reference in references]
        for name, finder in self.finders.items():
            finder.load([said[name] for said in split if name in said])
        wanted: dict[str, set[Any]] = {}
        for said in split:
            name, record = self._last_known(said)
            if record is not None and record.pk is not None:
                wanted.setdefault(name, set()).add(record.pk)
        for name, keys in wanted.items():
            self._fetch_joined(name, sorted(k for k in keys if (name, k) not in self._asked))

    def _split(self, reference: Reference) -> dict[str, Reference]:
        """What is said about each of the records that are joined."""
        found: dict[str, Reference] = {}
        for path, text in reference.texts.items():
            name, _, rest = path.partition(".")
            if name in self.finders:
                found.setdefault(name, Reference()).texts[rest] = text
        return found

    def _last_known(self, said: dict[str, Reference]) -> tuple[str, Any]:
        for name in reversed(self.parts):
            if name in said:
                try:
                    return name, self.finders[name].find(said[name], propose=False)
                except CellError:
                    continue
        return "", None

    def _fetch_joined(self, name: str, keys: list[Any]) -> None:
        self._asked.update((name, key) for key in keys)
        rows = self.target.queryset(self.scope)
        owner = ["owner"] if issubclass(self.target.model, Record) else []
        rows = rows.select_related(*self.parts, *owner)
        for start in range(0, len(keys), BATCH):
            for row in rows.filter(**{f"{name}__in": keys[start : start + BATCH]}):
                self._join(row)

    def _join(self, row: Any) -> None:
        for name in self.parts:
            if getattr(row, name) is not None:
                known = self.joined.setdefault((name, _key(getattr(row, name))), [])
                if not any(same_record(row, other) for other in known):
                    known.append(row)

    def find(self, reference: Reference, *, propose: bool = True) -> Any:
        """The one record that joins all that are named; CellError when none or several do."""
        said = self._split(reference)
        if not said:
            labels = "、".join(label_of(self.target.model, name) for name in self.parts)
            reason = f"请分列填写{labels}，据此找到{self.target.name}"
            raise CellError("unknown_reference", reason)
        records = {}
        for name, part in said.items():
            try:
                records[name] = self.finders[name].find(part, propose=False)
            except CellError as error:
                error.part = name
                raise
        hits = self._joining(records)
        if len(hits) > 1 and reference.day is not None:
            hits = [row for row in hits if self._lasts(row, reference.day)] or hits
        if len(hits) == 1:
            return hits[0]
        words = "和".join(f"“{record}”" for record in records.values())
        if not hits:
            name = self.target.name
            reason = f"没有登记{words}的{name}，请先录入或导入该{name}，再导入这一行"
            raise CellError("unknown_reference", reason, part=next(reversed(records)))
        others = [label_of(self.target.model, n) for n in self.parts if n not in records]
        reason = f"{words}有 {len(hits)} 条{self.target.name}，请补充{'或'.join(others)}以便区分"
        raise CellError("ambiguous_reference", reason, part=next(iter(records)))

    def _joining(self, records: dict[str, Any]) -> list[Any]:
        found: list[Any] | None = None
        for name, record in records.items():
            rows = self.joined.get((name, _key(record)), [])
            found = rows if found is None else [r for r in found if any(r is o for o in rows)]
        return found or []

    def _lasts(self, row: Any, day: dt.date) -> bool:
        """Whether a record lasts on a day, its last one included."""
        rule: Any = self.target.period
        ended = getattr(row, rule.end)
        return bool(getattr(row, rule.start) <= day and (ended is None or day <= ended))


def _key(record: Any) -> Any:
    return record.pk if record.pk is not None else ("new", id(record))
