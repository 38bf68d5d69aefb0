from apps.metrics.models import Metric
from apps.metrics.services import new_key
from apps.records.filters import RecordFilterSet
from apps.records.registry import RecordType, register


class MetricFilterSet(RecordFilterSet):
    class Meta:
        model = Metric
        fields = {"theme": ["exact"], "aggregate": ["exact"], "label": ["exact"]}


@register
class MetricRecords(RecordType):
    """Gives metrics their save path and history; their pages are in ``apps.metrics.views``."""

    model, filterset = Metric, MetricFilterSet
    fields = ("label", "definition", "unit_of_measure", "theme", "order")
    columns = ("label", "definition", "unit_of_measure", "theme", "aggregate")
    import_key = ("label",)
    natural_key = "key"
    lookup = ("label", "key")
    area, icon, in_menu, extendable = "metrics", "chart-bar", False, False
    purpose = "指标是对某类记录的一个统计口径，报告中的每个数字都引用一个指标。"

    def prepare(self, row: Metric) -> None:
        row.key = row.key or new_key()
