"""Which records a user may see: those whose owner lies in one of the granted subtrees of units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from apps.records.errors import FilterError

_PATH = re.compile(r"[0-9A-Za-z]{1,40}(/[0-9A-Za-z]{1,40})*")


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

    @classmethod
    def parse(cls, key: str) -> Scope:
        """Scope of a key in an address; FilterError when it is none."""
        if key == "all":
            return cls.everything()
        paths = key.split("-")
        if not all(_PATH.fullmatch(path) for path in paths):
            raise FilterError("地址中的统计范围不正确，请从页面上的链接重新进入。")
        return cls(tuple(f"{path}/" for path in paths))

    def __and__(self, other: Scope) -> Scope:
        """What lies in both; the other one's words describe it."""
        both = {
            max(mine, theirs, key=len)
            for mine in self.paths
            for theirs in other.paths
            if mine.startswith(theirs) or theirs.startswith(mine)
        }
        return Scope(tuple(sorted(both)), other.label or self.label)

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
