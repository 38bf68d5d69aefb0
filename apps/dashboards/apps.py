from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "apps.dashboards"
    label = "dashboards"
    verbose_name = "首页"

    def ready(self) -> None:
        from apps.records import menu  # noqa: PLC0415 -- app ready

        menu.add("home", "首页", "home")
