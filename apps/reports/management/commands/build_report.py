from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.organizations.models import Unit
from apps.records.actors import Actor
from apps.reports.services.exporting import write_annual_report


class Command(BaseCommand):
    """Draft the annual report of a year, or take the one there is, and write it as Word and PDF."""

    help = "生成年度人才工作总结并导出 Word 和 PDF"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="年度，例如 2022")
        parser.add_argument("--unit", default="", help="单位名称；不填为全区")
        parser.add_argument("--out", default="var/reports", help="存放目录")

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.system("命令行生成年度总结")
        try:
            unit = self._unit(options["unit"])
            folder = Path(options["out"])
            report, paths = write_annual_report(options["year"], folder, by=by, unit=unit)
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"《{report}》（{report.get_status_display()}）已写入：")
        for path in paths:
            self.stdout.write(f"  {path}")
        for gap in report.gaps.exclude(kind="zero"):
            self.stdout.write(f"  未写入：{gap}　{gap.reason}")

    def _unit(self, name: str) -> Unit | None:
        if not name:
            return None
        unit = Unit.objects.filter(name=name).first()
        if unit is None:
            raise CommandError(f"没有名为“{name}”的单位，请核对单位名称。")
        return unit
