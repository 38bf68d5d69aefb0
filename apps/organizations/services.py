"""What happens to several units at once."""

from collections.abc import Sequence

from django.core.cache import cache
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from apps.organizations.models import Unit


def root_unit() -> Unit | None:
    """The unit at the top, under which a new unit without a parent is put; None in an empty
    database.
    """
    return Unit.objects.filter(parent=None).order_by("pk").first()


def district_name() -> str:
    """Name of the unit at the top, for the top bar; asked once in ten minutes."""
    name: str | None = cache.get("organizations.district_name")
    if name is None:
        root = root_unit()
        name = root.name if root else ""
        cache.set("organizations.district_name", name, 600)
    return name


def move_subtrees(units: Sequence[Unit]) -> None:
    """Give the units below each of these the paths that follow from its own."""
    for unit in units:
        if isinstance(unit.before, Unit) and unit.before.path == unit.path:
            continue
        child = Unit.objects.filter(parent=unit).first()
        if child is None or child.path.startswith(unit.path):
            continue
        old = child.path[: -len(f"{child.node}/")]
        below = Unit.objects.filter(path__startswith=old).exclude(pk=unit.pk)
        below.update(path=Concat(Value(unit.path), Substr(F("path"), len(old) + 1)))
