"""What an installation starts with; every step may be repeated."""

import json
from pathlib import Path

from django.conf import settings

from apps.organizations.models import Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.talents.models import Pool

BY = "初始化"


def load_pools() -> int:
    """The six teams and the usual special pools; pools that are there stay as the office has
    them.
    """
    path = Path(settings.BASE_DIR) / "fixtures" / "pools.json"
    known = set(Pool.objects.values_list("code", flat=True))
    rows = [
        Pool(**row)
        for row in json.loads(path.read_text(encoding="utf-8"))
        if row["code"] not in known
    ]
    if rows:
        registry.of(Pool).save_many(rows, by=Actor.system(BY))
    return len(rows)


def ensure_root(name: str) -> Unit:
    """The unit at the top of the tree, made when there is none."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        root = registry.of(Unit).save(Unit(name=name, type="11"), by=Actor.system(BY))
    return root


def office() -> Unit:
    """The unit that the office's own accounts belong to: the department where it is entered,
    else the top.
    """
    found = Unit.objects.filter(name__endswith="组织部").order_by("pk").first()
    return found or Unit.objects.filter(parent=None).order_by("pk").get()
