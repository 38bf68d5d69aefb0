from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.records import history


class Command(BaseCommand):
    """Check every sealed line of the log against its seal; a fault ends with an error."""

    help = "核验操作日志"

    def handle(self, *args: Any, **options: Any) -> None:
        faults = history.verify_log()
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("操作日志完整，与封印一致。")
