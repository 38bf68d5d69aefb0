"""The left menu: work areas with their pages; upper apps add theirs to the record types'.

An app adds its pages when it is ready::

    menu.add("reports", "年度报告", "reports-list", permission="reports.view_report")

An entry whose page does not exist, or which its reader may not open, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from apps.records import registry

# key → (label, icon), in the order of the menu; an area without entries is not shown
AREAS = {
    "home": ("首页", "home"),
    "talents": ("人才队伍", "users"),
    "selection": ("选任交流", "user-plus"),
    "training": ("教育培训", "school"),
    "awards": ("表彰奖励", "award"),
    "contacts": ("联系服务", "heart-handshake"),
    "funds": ("政策资金", "coin"),
    "introduction": ("引才引智", "briefcase"),
    "platforms": ("平台载体", "building-factory-2"),
    "outreach": ("宣传活动", "speakerphone"),
    "governance": ("体制机制", "gavel"),
    "organizations": ("区划单位", "sitemap"),
    "metrics": ("统计指标", "chart-bar"),
    "reports": ("工作报告", "report"),
    "system": ("系统管理", "settings"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One page. ``permission`` empty: open to everybody signed in; several: any one of them is
    enough. ``when`` asks further of the user; ``icon`` stands where the area has no heading.
    """

    label: str
    url_name: str
    permission: tuple[str, ...] = ()
    args: tuple[Any, ...] = ()
    icon: str = ""
    when: Callable[[Any], bool] | None = None


@dataclass(slots=True)
class ShownEntry:
    label: str
    url: str
    icon: str = ""
    is_current: bool = False


@dataclass(slots=True)
class ShownArea:
    key: str
    label: str
    icon: str
    entries: list[ShownEntry] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return any(entry.is_current for entry in self.entries)


_added: dict[str, list[Entry]] = {}
_due: list[Callable[[HttpRequest], tuple[int, str] | None]] = []
_place: list[Callable[[], str]] = []


def add(
    area: str,
    label: str,
    url_name: str,
    *,
    permission: str | Iterable[str] = (),
    args: Any = (),
    icon: str = "",
    when: Callable[[Any], bool] | None = None,
) -> None:
    """Put a page into an area, behind the record types; adding it twice changes nothing."""
    if area not in AREAS:
        raise ValueError(f"no such area: {area}")
    wanted = (permission,) if isinstance(permission, str) else tuple(permission)
    entry = Entry(label, url_name, wanted, tuple(args), icon, when)
    entries = _added.setdefault(area, [])
    if entry not in entries:
        entries.append(entry)


def register_due(function: Callable[[HttpRequest], tuple[int, str] | None]) -> None:
    """``function(request) -> (number of things due, address)`` for the top bar."""
    _due[:] = [function]


def register_place(function: Callable[[], str]) -> None:
    """``function() -> name of the district`` for the top bar; it should answer without a query."""
    _place[:] = [function]


def due(request: HttpRequest) -> tuple[int, str] | None:
    return _due[0](request) if _due else None


def place() -> str:
    return _place[0]() if _place else ""


def shown(user: Any, path: str) -> list[ShownArea]:
    """The areas a user may open, the page at ``path`` marked; no queries beyond the user's
    rights.
    """
    areas = {key: ShownArea(key, label, icon) for key, (label, icon) in AREAS.items()}
    for area, entry in _entries():
        url = _address(entry)
        if url and area in areas and _allowed(user, entry):
            areas[area].entries.append(ShownEntry(entry.label, url, entry.icon))
    entries = [entry for area in areas.values() for entry in area.entries]
    current = max(
        (e for e in entries if path == e.url or (e.url != "/" and path.startswith(e.url))),
        key=lambda e: len(e.url),
        default=None,
    )
    if current:
        current.is_current = True
    return [area for area in areas.values() if area.entries]


def _entries() -> Iterable[tuple[str, Entry]]:
    for record_type in registry.types():
        if not record_type.in_menu:
            continue
        meta = record_type.model._meta
        name = f"{meta.app_label}-{meta.model_name}-list"
        yield record_type.area, Entry(record_type.name, name, (record_type.permission("view"),))
    for area, entries in _added.items():
        for entry in entries:
            yield area, entry


def _address(entry: Entry) -> str:
    try:
        return reverse(entry.url_name, args=entry.args)
    except NoReverseMatch:
        return ""


def _allowed(user: Any, entry: Entry) -> bool:
    if entry.when is not None and not entry.when(user):
        return False
    return not entry.permission or any(user.has_perm(code) for code in entry.permission)
