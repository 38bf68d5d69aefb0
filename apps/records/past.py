"""What the log tells of records that wait: who handed them in, why they came back, and what has
changed since they were last approved. One query for the records of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from apps.records import sentences
from apps.records.models import ChangeLog, Record
from apps.records.sentences import Sentence

Action = ChangeLog.Action
APPROVED, SUBMITTED = str(Record.State.APPROVED.label), str(Record.State.SUBMITTED.label)
_CHANGING = (Action.UPDATE, Action.ATTACH, Action.DETACH)


@dataclass(slots=True)
class Past:
    """``changes`` since the last approval; ``is_new`` where there was none."""

    is_new: bool = True
    who: str = ""
    when: str = ""
    reason: str = ""
    changes: list[Sentence] = field(default_factory=list)
    _fields: dict[str, list[str]] = field(default_factory=dict)
    _files: list[ChangeLog] = field(default_factory=list)

    def read(self, line: ChangeLog) -> None:
        """Take in the next line of the record's log."""
        state = line.changes.get("state", ["", ""])[1]
        if line.action == Action.REVIEW:
            self.reason = line.reason if state != SUBMITTED else self.reason
            if state == SUBMITTED:
                self.who, self.when = line.user_name, _time(line)
        if state == APPROVED:
            self.is_new, self.reason = False, ""
            self._fields, self._files = {}, []
        elif line.action in _CHANGING and not self.is_new:
            self._add(line)

    def _add(self, line: ChangeLog) -> None:
        if line.action != Action.UPDATE:
            self._files.append(line)
            return
        for name, (old, new) in line.changes.items():
            first = self._fields.setdefault(name, [old, new])
            first[1] = new

    def tell(self, model: type[Record]) -> None:
        """Put what changed into sentences; what was changed back is none."""
        fields = {n: v for n, v in self._fields.items() if n != "state" and v[0] != v[1]}
        lines = [ChangeLog(action=Action.UPDATE, changes=fields)] if fields else []
        self.changes = sentences.tell([*lines, *self._files], model)


def of(rows: Sequence[Any]) -> dict[tuple[str, Any], Past]:
    """``{(type, key): Past}`` of records; one query."""
    found = {(row._meta.label, row.pk): Past() for row in rows}
    for line in _lines(rows):
        found[line.record_type, line.object_id].read(line)
    for row in rows:
        found[row._meta.label, row.pk].tell(type(row))
    return found


def _lines(rows: Sequence[Any]) -> Iterable[ChangeLog]:
    by_type: dict[str, list[Any]] = {}
    for row in rows:
        by_type.setdefault(row._meta.label, []).append(row.pk)
    if not by_type:
        return []
    condition = Q()
    for label, keys in by_type.items():
        condition |= Q(record_type=label, object_id__in=keys)
    wanted = (Action.CREATE, Action.REVIEW, *_CHANGING)
    return ChangeLog.objects.filter(condition, action__in=wanted).order_by("pk")


def _time(line: ChangeLog) -> str:
    return f"{timezone.localtime(line.at):%Y-%m-%d %H:%M}"
