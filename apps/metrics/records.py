from typing import Any

from apps.core.periods import Event
from apps.metrics.models import CrossTable, Metric, ReportedFigure
from apps.metrics.services import new_key
from apps.records import columns
from apps.records.actors import Actor
from apps.records.columns import Column
from apps.records.filters import RecordFilterSet, ReferenceFilter
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


class ReportedFigureFilterSet(RecordFilterSet):
    # ``metric`` itself is the address parameter that shows the rows behind a figure
    of = ReferenceFilter(target="metrics.Metric", field_name="metric", label="指标")

    class Meta:
        model = ReportedFigure
        fields = {
            "unit": ["exact"], "year": ["exact", "gte", "lte"], "part": ["exact"],
            "basis": ["exact"],
        }  # fmt: skip


@register
class ReportedFigureRecords(RecordType):
    model, filterset = ReportedFigure, ReportedFigureFilterSet
    fields = ("metric", "unit", "year", "part", "value", "basis", "source", "as_of")
    columns = ("metric", "unit", "year", "part", "value", "measure", "basis", "source")
    computed = {"measure": ("计量单位", "text")}
    card = ("unit", "year", "value")
    quick = ("of", "unit", "year", "basis", "state")
    period = Event("year", is_year=True)
    import_key = ("metric", "unit", "year", "part")
    filled = ("unit",)
    aliases = {
        "指标名称": "metric", "单位名称": "unit", "上报单位": "unit", "年份": "year",
        "数据": "value", "数量": "value", "上报数": "value", "来源": "source",
        "数据口径": "basis",
    }  # fmt: skip
    synonyms = {"basis": {"全数调查": "full", "抽样": "sample", "抽样调查": "sample"}}
    area, icon = "metrics", "upload"
    purpose = "各单位上报的数：没有逐条登记的指标，按单位汇总上报数，注明“上报”。"

    def column(self, name: str) -> Column:
        if name == "value":  # figures of any unit of measure: no places after the point for people
            return columns.computed(name, "数值", "number", lambda row: row.value)
        return super().column(name)

    def detail_facts(self, row: ReportedFigure) -> list[str]:
        value = self.column("value").text(row)
        return [f"{value} {self.measure(row)}", row.get_basis_display()]

    def measure(self, row: ReportedFigure) -> str:
        return row.metric.unit_of_measure if row.metric_id else ""

    def default_owner(self, row: ReportedFigure, by: Actor) -> Any:
        return row.unit if row.unit_id else super().default_owner(row, by)

    def prepare(self, row: ReportedFigure) -> None:
        if row.unit_id is None and row._state.fields_cache.get("unit") is None:
            row.unit = row.owner
        row.owner = row.unit  # who reports and whose figure it is are one and the same


class CrossTableFilterSet(RecordFilterSet):
    class Meta:
        model = CrossTable
        fields = {"theme": ["exact"], "chart": ["exact"]}


@register
class CrossTableRecords(RecordType):
    """Gives cross tables their save path and history; their pages are in ``views.cross``."""

    model, filterset = CrossTable, CrossTableFilterSet
    fields = ("title", "theme", "note", "unit_of_measure", "chart", "order")
    columns = ("title", "theme", "unit_of_measure", "chart", "order")
    import_key = ("title",)
    natural_key = "key"
    lookup = ("title", "key")
    area, icon, in_menu, extendable = "metrics", "chart-bar", False, False
    purpose = "交叉表按行、列两个角度统计一类记录，每个数字都能点到记录。"

    def prepare(self, row: CrossTable) -> None:
        row.key = row.key or new_key()
        row.record_type = row.definition.get("record_type", "")
