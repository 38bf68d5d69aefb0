import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.periods import Period
from apps.metrics.coverage import Covered, coverage


class Command(BaseCommand):
    """List every fact with its metrics, their values and where these come from.

    Fails when a fact whose record types are all there has no metric, or a metric without a value.
    """

    help = "指标覆盖：逐条列出事实、指标、数值和来源"

    def add_arguments(self, parser: CommandParser) -> None:
        last = datetime.date.today().year - 1  # noqa: DTZ011 -- the office's calendar day
        parser.add_argument("--year", type=int, default=last, help="统计年度，默认上一年")

    def handle(self, *args: Any, **options: Any) -> None:
        found = coverage(Period.year(options["year"]))
        for covered in found:
            self._show(covered)
        stated = sum(bool(covered.figures) for covered in found)
        waiting = sum(bool(covered.unregistered) for covered in found)
        self.stdout.write(
            f"共 {len(found)} 条事实：有指标的 {stated} 条，缺记录类型的 {waiting} 条。"
        )
        faulty = [covered.fact.key for covered in found if covered.sentence]
        if faulty:
            raise CommandError(f"有 {len(faulty)} 条事实缺指标或缺数：{'、'.join(faulty)}。")

    def _show(self, covered: Covered) -> None:
        fact = covered.fact
        self.stdout.write(f"{fact.key}  {fact.text}")
        for figure in covered.figures:
            value = "无数据" if figure.is_missing else figure.screen
            self.stdout.write(f"      {figure.label}：{value}（{figure.provenance.label}）")
        if covered.unregistered:
            self.stdout.write(f"      还缺记录类型：{'、'.join(covered.unregistered)}")
        if covered.sentence:
            self.stdout.write(f"      ！{covered.sentence}")
