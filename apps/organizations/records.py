from collections.abc import Sequence
from typing import Any

from apps.core.periods import Event
from apps.organizations import services
from apps.organizations.filters import WholeTextFilter
from apps.organizations.models import District, Indicator, Unit
from apps.records.actors import Actor
from apps.records.filters import RecordFilterSet
from apps.records.registry import RecordType, register


class DistrictFilterSet(RecordFilterSet):
    class Meta:
        model = District
        fields = {"level": ["exact"], "parent": ["exact"]}


@register
class DistrictRecords(RecordType):
    model, filterset = District, DistrictFilterSet
    fields = ("code", "name", "level", "parent")
    columns = ("name", "code", "level", "parent")
    import_key = ("code",)
    natural_key = "code"
    area, icon = "organizations", "map-pin"
    purpose = "登记本区所辖镇街和村（社区），供单位归属和分镇街统计使用。"


class UnitFilterSet(RecordFilterSet):
    class Meta:
        model = Unit
        fields = {
            "type": ["exact"], "affiliation": ["exact"], "industry": ["exact"],
            "district": ["exact"], "ownership": ["exact"], "is_member": ["exact"],
            "party_eligible": ["exact"], "has_party": ["exact"],
        }  # fmt: skip


@register
class UnitRecords(RecordType):
    model, filterset = Unit, UnitFilterSet
    fields = (
        "name", "short_name", "former_names", "credit_code", "type", "ownership", "affiliation",
        "industry", "district", "parent", "is_member", "staff_count", "party_eligible", "has_party",
        "party_member_count", "active_party_member_count",
    )  # fmt: skip
    sections = (
        ("基本信息", fields[:10]),
        ("人才工作", ("is_member", "staff_count")),
        ("党建情况", fields[12:]),
    )
    columns = ("name", "type", "affiliation", "industry", "district", "staff_count", "is_member")
    sums = ("staff_count",)
    card = ("type", "district", "staff_count")
    quick = ("type", "affiliation", "industry", "district")
    import_key = ("name",)
    aliases = {"名称": "name", "工作单位": "name", "单位性质": "type", "行业": "industry"}
    natural_key = "name"
    lookup = ("name", "short_name", "former_names")
    create_missing = True
    area, icon = "organizations", "building"
    purpose = "登记区内各单位。人员和记录都归属某个单位，权限和统计按单位的上下级划分。"

    def prepare(self, row: Unit) -> None:
        if row.parent_id is None and row.pk is None:
            row.parent = services.root_unit()
        above = row.parent.path if row.parent is not None else ""
        row.path = f"{above}{row.node}/"

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.move_subtrees(rows)


class IndicatorFilterSet(RecordFilterSet):
    full_name = WholeTextFilter(field_name="name", label="指标全称")

    class Meta:
        model = Indicator
        fields = {"name": ["exact"], "year": ["exact", "gte", "lte"], "is_estimate": ["exact"]}


@register
class IndicatorRecords(RecordType):
    model, filterset = Indicator, IndicatorFilterSet
    fields = (
        "name", "year", "month", "value", "unit_of_measure", "base_year", "is_estimate", "growth",
        "annual_plan", "rank", "rank_of", "source",
    )  # fmt: skip
    columns = ("name", "year", "month", "value", "unit_of_measure", "growth", "rank", "source")
    quick = ("name", "year", "is_estimate")
    period = Event("year", is_year=True)
    import_key = ("name", "year", "month", "is_estimate")
    area, icon = "organizations", "chart-bar"
    purpose = "登记无法从记录中统计的区情数据，如地区生产总值、从业人员数、人才贡献率，供报告引用。"
