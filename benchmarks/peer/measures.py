"""The peer's figures, under the names of ours that they stand beside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from tablib import Dataset

from apps.core.fields import Protected
from apps.records import registry
from apps.talents.models import Person
from benchmarks.district import DistrictMaker
from benchmarks.measuring import NotMeasured, Page, Span, page, span
from benchmarks.pages import somebody
from benchmarks.peer.site import FIELDS, PersonResource

EXPORTED, IMPORTED = 10_000, 1_000  # rows at most: it takes them one by one


def _list(**params: str) -> Callable[[Client], Page]:
    def measure(client: Client) -> Page:
        return page(client, f"{reverse('peer:talents_person_changelist')}?{urlencode(params)}")

    return measure


def _person(client: Client) -> Page:
    return page(client, reverse("peer:talents_person_change", args=[somebody().pk]))


PAGES: dict[str, Callable[[Client], Page]] = {
    "列表首页 50 条": _list(),
    "两个条件筛选": _list(education__exact="21", sex__exact="2"),
    "按姓名一部分搜索“伟”": _list(q="伟"),
    "按全拼搜索“zhangwei”": _list(q="zhangwei"),
    "按首字母搜索“zw”": _list(q="zw"),
    "人才详情页": _person,
}


def export() -> tuple[Span, int]:
    """A workbook of everybody, without the page around it."""
    rows = Person.objects.order_by("pk")[:EXPORTED]
    with span() as taken:
        PersonResource().export(queryset=rows).export("xlsx")
    return taken, len(rows)


def _value(person: Person, name: str) -> str:
    value: Any = getattr(person, name)
    if isinstance(value, Protected):
        return value.reveal()
    return "" if value is None else str(value)


def _workbook(path: Path, maker: DistrictMaker, rows: int) -> None:
    """New people with the stored forms of their values, which is all that it reads."""
    data = Dataset(headers=FIELDS)
    for _ in range(rows):
        person = maker.person()
        registry.of(Person).prepare(person)
        data.append([_value(person, name) for name in FIELDS])
    path.write_bytes(data.export("xlsx"))


def imports(folder: Path, maker: DistrictMaker, rows: int) -> tuple[Span, Span, int]:
    """A dry run, which is its preview, and the import."""
    rows, path = min(rows, IMPORTED), folder / "peer.xlsx"
    _workbook(path, maker, rows)
    spans = []
    for is_dry in (True, False):
        with span() as taken:
            data = Dataset().load(path.read_bytes(), format="xlsx")
            result = PersonResource().import_data(data, dry_run=is_dry)
        if result.totals["new"] != rows:
            raise NotMeasured(f"{rows} 行中只有 {result.totals['new']} 行导入")
        spans.append(taken)
    return spans[0], spans[1], rows
