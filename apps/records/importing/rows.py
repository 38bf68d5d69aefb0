"""One row of a sheet on its way to a record: values, faults, what the hooks may do to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from apps.core.periods import Event

if TYPE_CHECKING:
    from apps.records.importing.match import SheetMatch

QUOTED = 60  # characters of a cell that a message quotes


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one cell: where, what, and a sentence that says how to mend it."""

    sheet: str
    row: int
    column: str
    value: str
    kind: str
    message: str
    place: int = -1  # number of the column, counted from 0


@dataclass(slots=True)
class Reference:
    """What a row says about another record: its texts by lookup field ("" for any of them).

    ``said`` goes into the record where it has to be made first; ``day`` tells records of the same
    texts apart that last at different times.
    """

    texts: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    day: dt.date | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        texts = self.texts
        found = tuple(sorted(texts.items()) if len(texts) > 1 else texts.items())
        return found if self.day is None else (*found, self.day)

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return " ".join(str(text) for name, text in self.texts.items() if name != "id_number")


@dataclass(frozen=True, slots=True)
class Masked:
    """A protected value that came back from an export as its mask."""

    mask: str


@dataclass(slots=True)
class Derived:
    """A further record that stands in the same Excel row.

    `values` name its fields; a value may be the row itself (the record made of it). It is the
    stored record that agrees in `key` (default: the type's import key) and satisfies `among`;
    `defaults` are set only where it is new.
    """

    label: str
    values: dict[str, Any]
    key: tuple[str, ...] = ()
    among: Q = field(default_factory=Q)
    defaults: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class ImportRow:
    """Values by field (or `foreign_key.field`, `related_name.field`); an empty cell has none.

    `months` names the day fields of which only the month is known; `options` the codes that an
    ambiguous text may mean; `defaults` are set only where the record is new.
    """

    match: SheetMatch
    number: int
    cells: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    months: frozenset[str] = frozenset()
    options: dict[str, set[str]] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    said_in: dict[str, str] = field(default_factory=dict)  # path of a reference → its column
    record: Any = None

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the sheet as a whole says: `as_of`, and the records of `sheet_lookups`."""
        return self.match.settings

    @property
    def as_of(self) -> dt.date | None:
        return self.settings.get("as_of")

    @property
    def day(self) -> dt.date | None:
        """The day on which what the row is about happened."""
        rule = self.match.record_type.period if self.match.record_type else None
        value = self.values.get(rule.field) if isinstance(rule, Event) else None
        return value if isinstance(value, dt.date) else None

    def get(self, path: str) -> Any:
        return self.values.get(path)

    def raw(self, path: str) -> Any:
        """The cell as it was read; empty when the sheet has no such column."""
        column = self.match.column_of(path)
        return self.cells[column.column] if column and column.column < len(self.cells) else ""

    def resolve(self, path: str, value: Any) -> None:
        """Settle a field: its value, and no fault any more."""
        self.values[path] = value
        self.faults.pop(path, None)
        self.months -= {path}
        self.options.pop(path, None)

    def refer(self, path: str, texts: dict[str, Any], *, said_in: str) -> None:
        """Name a record elsewhere by texts of several cells; faults show in the column
        ``said_in``.
        """
        self.values[path] = Reference(texts)
        self.said_in[path] = said_in

    def fault(self, path: str, kind: str, reason: str) -> None:
        """Note a fault of one field; the first one of a field stays."""
        path = self.said_in.get(path, path)
        if path in self.faults:
            return
        column = self.match.column_of(path)
        shown = self.match.shown(path, self.raw(path))
        heading = column.heading if column else self.match.label_of(path)
        reason = reason.rstrip("。")
        if shown:
            cut = shown if len(shown) <= QUOTED else f"{shown[:QUOTED]}…"
            message = f"第 {self.number} 行“{heading}”为“{cut}”，{reason}。"
        elif kind.startswith("missing_"):
            message = f"第 {self.number} 行缺少“{heading}”，请补填。"
        else:
            message = (
                f"第 {self.number} 行“{heading}”：{reason}。"
                if heading
                else (f"第 {self.number} 行：{reason}。")
            )
        self.faults[path] = Fault(
            self.match.sheet.name, self.number, heading, shown, kind, message,
            column.column if column else -1,
        )  # fmt: skip
