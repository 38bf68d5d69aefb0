from django.core.management.base import BaseCommand

from apps.accounts.models import Role
from apps.accounts.services import load_roles


class Command(BaseCommand):
    """Load the roles of ``fixtures/roles.json``; loadable again and again."""

    help = "装载角色及其权限"

    def handle(self, *args: object, **options: object) -> None:
        for rule in load_roles():
            self.stderr.write(f"没有这样的权限，已略过：{rule}")
        self.stdout.write(f"已装载 {Role.objects.count()} 个角色。")
