"""Items that exclude one another: nobody has two of them with one and the same year of approval.

What counts as having an item is a payment, or an application that was approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Q

from apps.core.errors import DomainError
from apps.funds.models import Application, Disbursement, ItemExclusion, PolicyItem
from apps.organizations.models import Unit
from apps.talents.models import Person

Claim: TypeAlias = Application | Disbursement
Holder: TypeAlias = tuple[str, int, int]  # person or unit, its key, the year of approval
Pairs: TypeAlias = dict[int, dict[int, str]]
BATCH = 500


def refuse(rows: Sequence[Claim]) -> None:
    """After saving: DomainError with both items named. The recipients are locked first, so that of
    two writers the second one sees what the first has saved.
    """
    pairs = _pairs(rows)
    holders = [holder for row in rows if row.item_id in pairs and (holder := _holder(row))]
    if not holders:
        return
    for kind, model in (("person", Person), ("unit", Unit)):
        keys = sorted({key for name, key, _ in holders if name == kind})
        _lock(model, keys)
    for sentence in conflicts(rows, pairs).values():
        raise DomainError(sentence)


def names(item: PolicyItem) -> list[str]:
    """The items that one excludes."""
    pairs = ItemExclusion.objects.filter(Q(item=item) | Q(other=item))
    return sorted(
        pair.other.name if pair.item_id == item.pk else pair.item.name
        for pair in pairs.select_related("item", "other")
    )


def _lock(model: type[models.Model], keys: Sequence[int]) -> None:
    for start in range(0, len(keys), BATCH):
        rows = model._base_manager.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def conflicts(rows: Sequence[Claim], pairs: Pairs | None = None) -> dict[int, str]:
    """Rows whose recipient has an item that excludes theirs, among what is stored and the rows
    before them, by index.
    """
    pairs = _pairs(rows) if pairs is None else pairs
    asked = [(index, row, _holder(row)) for index, row in enumerate(rows) if row.item_id in pairs]
    holders = {holder for _, _, holder in asked if holder}
    had = _had(holders, rows) if holders else {}
    found = {}
    for index, row, holder in asked:
        if holder is None:
            continue
        items = had.setdefault(holder, set())
        other = next((name for pk, name in pairs[row.item_id].items() if pk in items), "")
        if other:
            who = row.person or row.unit
            found[index] = (
                f"“{who}”批准年度 {row.approval_year} 年已有“{other}”，与“{row.item}”不可兼得，"
                "请核对后只保留一项。"
            )
        else:
            items.add(row.item_id)
    return found


def _holder(row: Claim) -> Holder | None:
    """Whose claim it is, where it is one."""
    if row.approval_year is None:
        return None  # an application that is not approved
    if row.person_id is not None:
        return ("person", row.person_id, row.approval_year)
    return ("unit", row.unit_id, row.approval_year) if row.unit_id is not None else None


def _pairs(rows: Iterable[Claim]) -> Pairs:
    """Item → the items that it excludes, with their names."""
    keys = {row.item_id for row in rows}
    found: Pairs = {}
    either = Q(item__in=keys) | Q(other__in=keys)
    for pair in ItemExclusion.objects.filter(either).select_related("item", "other"):
        found.setdefault(pair.item_id, {})[pair.other_id] = pair.other.name
        found.setdefault(pair.other_id, {})[pair.item_id] = pair.item.name
    return found


def _had(holders: set[Holder], rows: Sequence[Claim]) -> dict[Holder, set[int]]:
    """The items that recipients have, apart from what the rows at hand say."""
    found: dict[Holder, set[int]] = {}
    for kind in ("person", "unit"):
        keys = sorted({key for name, key, _ in holders if name == kind})
        for start in range(0, len(keys), BATCH):
            part: dict[str, Any] = {f"{kind}__in": keys[start : start + BATCH]}
            for model in (Application, Disbursement):
                own = {row.pk for row in rows if isinstance(row, model)}
                claims = model._base_manager.filter(approval_year__isnull=False, **part)
                columns = claims.values_list("pk", kind, "approval_year", "item")
                for pk, who, year, item in columns:
                    if pk not in own:
                        found.setdefault((kind, who, year), set()).add(item)
    return found
