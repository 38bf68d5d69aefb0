"""All measurements in order. What cannot be measured says why; nothing is made up."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.test import Client

from apps.core import planner
from apps.organizations.models import Unit
from benchmarks import cross, excel, pages, reporting, serving
from benchmarks.district import DistrictMaker
from benchmarks.measuring import NotMeasured, Page
from benchmarks.peer import measures as peer
from benchmarks.table import Row


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def measured(name: str, measure: Callable[[], Row | list[Row]]) -> list[Row]:
    """Rows of one measurement, or the reason why there is none."""
    say(name)
    try:
        found = measure()
    except NotMeasured as reason:
        return [Row(name, f"未测：{reason}", "—")]
    return found if isinstance(found, list) else [found]


class Run:
    """One benchmark: a tenth of the people first, for the growth of the list; then the rest."""

    def __init__(self, folder: Path, people: int) -> None:
        self.folder, self.people = folder, people
        self.maker = self.set_up()
        self.client: Client = pages.client_of("staff")

    def set_up(self) -> DistrictMaker:
        say("建立空库")
        call_command("setup_district", name="云岭区", stdout=io.StringIO())
        return DistrictMaker(Unit.objects.get(parent=None))

    def fill(self, people: int) -> None:
        say(f"写入 {people:,} 人及其入库、学历、职称、培训")
        started = time.perf_counter()
        self.maker.add(people)
        planner.recount(apps.get_models())  # as after an import
        say(f"　用时 {time.perf_counter() - started:.0f} 秒")

    def rows(self) -> Iterable[Row]:
        self.maker.write_the_year()
        few = max(self.people // 10, 1)
        self.fill(few)
        before = self.first_page()
        self.fill(self.people - few)
        for figure in pages.FIGURES:
            yield from measured(figure.name, partial(self.page_row, figure))
        yield from measured("列表时间增长", lambda: self.growth(few, before))
        yield from measured("浏览后内存", lambda: serving.memory_row(self.client))
        yield from measured("全部指标", reporting.catalogue)
        yield from measured("交叉表：法定统计表一", cross.statutory)
        yield from measured("交叉表：学历 × 职称级别", cross.plain)
        yield from measured("年度报告", reporting.report)
        yield from measured("导出", lambda: excel.export_rows(self.client))
        yield from measured("导入", lambda: excel.import_rows(self.folder, self.maker, self.people))
        yield from measured("导入预览页", lambda: excel.preview_row(self.client, self.folder))

    def page_row(self, figure: pages.Figure) -> Row:
        ours = figure.measure(self.client)
        row = Row(figure.name, str(ours), figure.target, figure.peer)
        if figure.name not in peer.PAGES:
            return row
        beside = peer.PAGES[figure.name](self.client)
        return replace(row, admin=str(beside), times=beside.worked / ours.worked)

    def first_page(self) -> Page | None:
        try:
            return pages.first_page(self.client)
        except NotMeasured:
            return None

    def growth(self, few: int, before: Page | None) -> Row:
        if before is None:
            raise NotMeasured("没有列表页")
        after = pages.first_page(self.client)
        name = f"列表时间增长 {few:,} → {self.people:,} 人"
        ours = f"× {after.ms / before.ms:.2f}（CPU × {after.busy / before.busy:.2f}）"
        return Row(name, ours, "≤ × 1.3", "× 28–66（1 千 → 10 万）")
