"""What ``manage.py check --database default`` (and every ``migrate``) looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from apps.accounts.models import User


@register(Tags.database)
def no_superuser(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Nobody may stand above roles, scope and log."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if User._meta.db_table not in connections[alias].introspection.table_names():
            continue
        names = (
            User.objects.using(alias).filter(is_superuser=True).values_list("username", flat=True)
        )
        if names:
            found.append(
                Warning(
                    f"存在超级用户：{'、'.join(names)}。正式环境不得有超级用户。",
                    hint="请把其 is_superuser 改为否，改用角色授权。",
                    id="accounts.W001",
                )
            )
    return found
