"""Words that a code table or a list of choices does not know: what the user takes them to mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.core import codes
from apps.core.fields import CodeField
from apps.core.text import clean_text, normalise
from apps.records.importing.cells import CellError, plain
from apps.records.importing.fields import AnyField

Read = Callable[[Any], Any]
UNKNOWN = ("unknown_code", "unknown_education", "unknown_choice")
AMBIGUOUS = ("ambiguous_code", "ambiguous_education")
LONGEST = 100


@dataclass(slots=True)
class Word:
    """A word that was met, how often, and what it is taken to mean; ``meaning`` empty: undecided.

    ``source`` is `chosen` (on the page, for this import) or `memory` (of an earlier one).
    """

    text: str
    is_ambiguous: bool
    count: int = 0
    meaning: str = ""
    source: str = ""


@dataclass(slots=True)
class Words:
    """The words of one column. ``chosen`` and ``remembered`` are meanings by normalised word; a
    chosen empty meaning sets memory aside. An ambiguous word is never settled by memory.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    met: dict[str, Word] = field(default_factory=dict)

    def reading(self, convert: Read) -> Read:
        """The conversion of cells, with the words that it refuses noted and translated."""

        def read(cell: Any) -> Any:
            try:
                return convert(cell)
            except CellError as error:
                if error.kind not in UNKNOWN + AMBIGUOUS:
                    raise
                word = self._meet(clean_text(plain(cell)), error.kind in AMBIGUOUS)
                if not word.meaning:
                    raise
                return word.meaning

        return read

    def _meet(self, text: str, is_ambiguous: bool) -> Word:
        key = normalise(text)
        if key not in self.met:
            word = self.met[key] = Word(text, is_ambiguous)
            if key in self.chosen:
                word.meaning, word.source = self.chosen[key], "chosen"
            elif key in self.remembered and not is_ambiguous:
                word.meaning, word.source = self.remembered[key], "memory"
        self.met[key].count += 1
        return self.met[key]


def meanings_of(target: AnyField | None) -> dict[str, str]:
    """Stored value → label of what a word may be taken to mean; none where words are free."""
    if isinstance(target, CodeField):
        return dict(codes.choices(target.table))
    if target is not None and target.choices:
        return {str(value): str(label) for value, label in target.flatchoices if value != ""}
    return {}


def usable(target: AnyField | None, given: Mapping[str, str]) -> dict[str, str]:
    """Meanings by normalised word, without those that the field does not have (any more)."""
    known = meanings_of(target)
    return {normalise(w): m for w, m in given.items() if m == "" or m in known}
