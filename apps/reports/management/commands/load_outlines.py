from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.reports.services.outlines import load_outlines


class Command(BaseCommand):
    """Load the outlines of ``fixtures/outlines``; loadable again and again."""

    help = "装载报告提纲"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_outlines(by=Actor.system("装载提纲"))
        except DomainError as error:
            raise CommandError(error.message) from None
        new, changed, same = (len(done[key]) for key in ("made", "changed", "same"))
        self.stdout.write(f"报告提纲：新增 {new} 个，更新 {changed} 个，未变 {same} 个。")
