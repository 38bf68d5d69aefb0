from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.core import planner
from apps.organizations.models import Unit
from apps.setup import services
from apps.setup.demo import contacts, loading
from apps.talents.models import Person


class Command(BaseCommand):
    """Fill a new database: code tables, roles, pools, metrics, outlines, first accounts; with
    --demo the demo district.
    """

    help = "初始化：装载代码表、角色、人才库、指标、报告提纲和首批账号"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="空库时装入演示区“云岭区”")
        parser.add_argument("--name", default="", help="本区名称，例如 云岭区")

    def handle(self, *args: Any, **options: Any) -> None:
        for command in ("load_codes", "load_roles", "load_metrics", "load_outlines"):
            call_command(command, stdout=self.stdout)
        demo = options["demo"] and not Person.objects.exists()
        root = services.ensure_root(options["name"] or ("云岭区" if demo else "本区"))
        if made := services.load_pools():
            self.stdout.write(f"已建立 {made} 个人才库。")
        if demo:
            counts = loading.load(root)
            self.stdout.write(
                "已装入演示数据：" + "、".join(f"{n} {c} 条" for n, c in counts.items()) + "。"
            )
        if not User.objects.exists():
            self._accounts(demo)
        planner.recount(apps.get_models())

    def _accounts(self, demo: bool) -> None:
        units = [services.office(), *(Unit.objects.filter(name__in=loading.CLERKS) if demo else ())]
        made = accounts.create_demo_accounts(units)
        if demo:
            contacts.give_account("leader")
        self.stdout.write("首批账号（密码只显示这一次，首次登录须修改）：")
        for username, name, role, password in made:
            self.stdout.write(f"  {role:<8}\t{username}\t{password}\t{name}")
