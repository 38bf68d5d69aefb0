"""Units and towns as choices of what figures are about."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.organizations.models import Unit
from apps.records import registry
from apps.records.scope import Scope

MOST = 500  # units that a list of choices offers


@dataclass(slots=True)
class Place:
    """A unit with all below it, or the units of a town."""

    label: str
    paths: tuple[str, ...]


@dataclass(slots=True)
class Places:
    """What a scope may be narrowed to, by key."""

    units: dict[int, Place] = field(default_factory=dict)
    towns: dict[int, Place] = field(default_factory=dict)


def places(scope: Scope) -> Places:
    """The units of a scope and the towns they lie in; one query."""
    rows = registry.of(Unit).queryset(scope).order_by("district__code", "path")
    found = Places()
    columns = ("pk", "name", "path", "parent", "district", "district__name")
    for pk, name, path, parent, town, town_name in rows.values_list(*columns)[:MOST]:
        if parent is not None:
            found.units[pk] = Place(name, (path,))
        if town is not None:
            place = found.towns.setdefault(town, Place(town_name, ()))
            place.paths = (*place.paths, path)
    return found
