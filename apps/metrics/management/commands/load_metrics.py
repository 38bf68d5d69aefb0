from typing import Any

from django.core.management.base import BaseCommand

from apps.metrics.services import load_cross_tables, load_metrics


class Command(BaseCommand):
    """Load the built-in metrics and cross tables of ``fixtures/``, again and again."""

    help = "装载内置指标和统计表"

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_metrics()
        self.stdout.write(
            f"已装载内置指标：新增 {len(done.added)} 个，更新 {len(done.changed)} 个。"
        )
        if done.kept:
            self.stdout.write(f"本单位改过或同名的保留不动：{'、'.join(done.kept)}。")
        if count := load_cross_tables():
            self.stdout.write(f"已装载统计表 {count} 张。")
