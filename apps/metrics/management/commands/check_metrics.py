from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from apps.metrics.checks import faults
from apps.metrics.models import Metric
from apps.metrics.services import catalogue


class Command(BaseCommand):
    """Check every stored and every shipped metric. An empty database in memory is filled first."""

    help = "检查指标：筛选条件、字段、公式是否都有效"

    def handle(self, *args: Any, **options: Any) -> None:
        if Metric._meta.db_table not in connection.introspection.table_names():
            if not str(connection.settings_dict["NAME"]).startswith(":memory:"):
                raise CommandError("数据库还没有建表，请先运行 migrate。")
            call_command("migrate", verbosity=0)
            call_command("load_codes", stdout=self.stdout)
        stored = list(Metric.objects.all())
        found = [*faults(stored), *faults(catalogue())]
        for fault in dict.fromkeys(str(fault) for fault in found):
            self.stderr.write(fault)
        if found:
            raise CommandError("有指标不能使用，改正前它们不参加统计。")
        self.stdout.write(f"指标检查通过：内置 {len(catalogue())} 个，已装载 {len(stored)} 个。")
