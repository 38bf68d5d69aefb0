from typing import Any

from django.core.management.base import BaseCommand

from apps.records import history


class Command(BaseCommand):
    """Seal the lines of the log since the last seal; meant to run every night."""

    help = "封存操作日志"

    def handle(self, *args: Any, **options: Any) -> None:
        block = history.seal_log()
        if block:
            self.stdout.write(f"已封存第 {block.first}—{block.last} 条日志，共 {block.count} 条。")
        else:
            self.stdout.write("没有新的日志需要封存。")
