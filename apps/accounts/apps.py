from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = "账号权限"

    def ready(self) -> None:
        for module in ("receivers", "checks"):
            import_module(f"apps.accounts.{module}")
