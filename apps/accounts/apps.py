from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = "账号权限"

    def ready(self) -> None:
        from apps.records import menu  # noqa: PLC0415 -- app ready

        for module in ("receivers", "checks"):
            import_module(f"apps.accounts.{module}")
        menu.add("system", "账号", "accounts-users", permission="accounts.view_user")
        menu.add("system", "授权", "accounts-grants", permission="accounts.view_grant")
        menu.add("system", "操作日志", "accounts-log", permission="records.view_changelog")
