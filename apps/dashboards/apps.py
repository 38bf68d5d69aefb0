from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "apps.dashboards"
    label = "dashboards"
    verbose_name = "首页"

    def ready(self) -> None:
        from apps.records import menu, review, waiting  # noqa: PLC0415 -- app ready

        menu.add("home", "首页", "home")
        menu.add(
            "home", "领导看板", "dashboards-board", permission="metrics.view_metric",
            icon="chart-bar",
        )  # fmt: skip
        menu.add("home", "待审核", "review", permission=review.PERMISSION, icon="check")
        menu.add("home", "我的报送", "review-mine", icon="upload", when=waiting.submits)
        menu.add(
            "home", "我的联系专家", "dashboards-mine", permission="contacts.note_visit",
            icon="heart-handshake",
        )  # fmt: skip
        menu.register_due(waiting.due)
