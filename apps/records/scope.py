"""Which records a user may see: those whose owner lies in one of the granted subtrees of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Scope:
    """Granted subtrees as unit paths. The empty path is the root; no path at all sees nothing.

    ``label`` says in words what the figures of this scope were counted over.
    """

    paths: tuple[str, ...]
    label: str = ""

    @classmethod
    def of(cls, user: Any) -> Scope:
        """The scope that a user's grants give (``accounts.User.scope``)."""
        return getattr(user, "scope", None) or cls.nothing()

    @classmethod
    def everything(cls, label: str = "全区") -> Scope:
        return cls(("",), label)

    @classmethod
    def nothing(cls) -> Scope:
        return cls(())

    @property
    def is_everything(self) -> bool:
        return "" in self.paths

    @property
    def key(self) -> str:
        """How the scope stands in an address and in a snapshot."""
        return "all" if self.is_everything else "-".join(p.strip("/") for p in sorted(self.paths))

    def covers(self, path: str) -> bool:
        return any(path.startswith(granted) for granted in self.paths)

    def within(self, path: str, label: str) -> Scope:
        """The part of this scope that lies in one subtree."""
        if self.covers(path):
            return Scope((path,), label)
        return Scope(tuple(p for p in self.paths if p.startswith(path)), label)

    def q(self, prefix: str) -> Q:
        """Condition on the column that holds a unit's path, such as ``owner__path``."""
        if self.is_everything:
            return Q()
        condition = Q(pk__in=[])
        for path in self.paths:
            condition |= Q(**{f"{prefix}__startswith": path})
        return condition
