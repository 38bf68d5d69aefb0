from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "apps.metrics"
    label = "metrics"
    verbose_name = "统计指标"

    def ready(self) -> None:
        from apps.metrics.cross import lens  # noqa: PLC0415 -- app ready
        from apps.metrics.lenses import USES, metric_lens  # noqa: PLC0415 -- app ready
        from apps.records import lenses, menu  # noqa: PLC0415 -- app ready

        lenses.register_lens("metric", metric_lens, uses=USES)
        lenses.register_lens("cross", lens.cross_lens, uses=lens.USES)
        menu.add("metrics", "年度指标", "metrics-list", permission="metrics.view_metric")
        menu.add("metrics", "交叉表", "metrics-cross-list", permission="metrics.view_crosstable")
