from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import User
from apps.accounts.services import reset_password
from apps.records.actors import Actor


class Command(BaseCommand):
    """Reset a password on the server: the only way for the three administrators."""

    help = "重置一个账号的密码（三员账号只能这样重置），新密码只显示一次"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="用户名")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的账号。")
        password = reset_password(user, by=Actor.system("在服务器上重置密码"))
        self.stdout.write(f"{user}（{username}）的新密码：{password}\n首次登录须修改。")
