"""What the office adds to record types: fields and tags, kept like any other record."""

from apps.records.filters import RecordFilterSet
from apps.records.models import CustomField, Tag
from apps.records.registry import RecordType, register


class CustomFieldFilterSet(RecordFilterSet):
    class Meta:
        model = CustomField
        fields = {"record_type": ["exact"], "kind": ["exact"], "is_active": ["exact"]}


@register
class CustomFieldRecords(RecordType):
    model, filterset = CustomField, CustomFieldFilterSet
    fields = ("record_type", "label", "kind", "options", "help_text", "order", "is_active")
    columns = ("label", "record_type", "kind", "help_text", "order", "is_active")
    quick = ("record_type", "kind")
    import_key = ("record_type", "label")
    lookup = ("label",)
    area, icon, extendable = "system", "forms", False
    purpose = "给某类记录增加本单位自己要用的字段，随即出现在表单、列表、筛选、导入导出和指标里。"


class TagFilterSet(RecordFilterSet):
    class Meta:
        model = Tag
        fields = {"record_type": ["exact"]}


@register
class TagRecords(RecordType):
    model, filterset = Tag, TagFilterSet
    fields = ("name", "record_type")
    columns = fields
    quick = ("record_type",)
    import_key = ("name",)
    natural_key = "name"
    area, icon, extendable = "system", "tag", False
    purpose = "给记录贴上标签，便于以后一起找出来。"
