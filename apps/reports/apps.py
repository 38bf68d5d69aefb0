from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"
    label = "reports"
    verbose_name = "工作报告"

    def ready(self) -> None:
        from apps.records import menu  # noqa: PLC0415 -- app ready

        menu.add("reports", "年度报告", "reports-list", permission="reports.view_report")
