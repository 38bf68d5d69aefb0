"""What the office adds to record types: fields and tags, kept like any other record."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from apps.core.text import clean_text
from apps.records.actors import Actor
from apps.records.deleting import Deletion
from apps.records.extras import definitions, upkeep
from apps.records.filters import RecordFilterSet
from apps.records.models import CustomField, Tag
from apps.records.registry import RecordType, register
from apps.records.scope import Scope


class CustomFieldFilterSet(RecordFilterSet):
    class Meta:
        model = CustomField
        fields = {"record_type": ["exact"], "kind": ["exact"], "is_active": ["exact"]}


@register
class CustomFieldRecords(RecordType):
    model, filterset = CustomField, CustomFieldFilterSet
    fields = ("record_type", "label", "kind", "options", "help_text", "order", "is_active")
    columns = ("label", "record_type", "kind", "help_text", "order", "is_active")
    quick = ("record_type", "kind", "is_active")
    import_key = ("record_type", "label")
    lookup = ("label",)
    area, icon, extendable = "system", "forms", False
    purpose = "给某类记录增加本单位自己要用的字段，随即出现在表单、列表、筛选、导入导出和指标里。"

    def prepare(self, row: CustomField) -> None:
        row.label = clean_text(row.label)
        row.options = "\n".join(row.option_list) if row.kind == CustomField.Kind.CHOICE else ""

    def faults_of(self, rows: Sequence[CustomField]) -> dict[int, ValidationError]:
        return upkeep.faults_of_fields(rows)

    def after_save(self, rows: Sequence[CustomField], *, by: Actor) -> None:
        definitions.forget()

    def weigh_delete(self, plan: Deletion, scope: Scope) -> None:
        row: Any = plan.row
        if users := upkeep.field_users(row):
            plan.refusal = (
                f"还有{users}填写了它。不再使用的，请编辑它并取消“启用”：已填的内容会保留，"
                "表单、列表和筛选里不再出现。"
            )

    def after_delete(self, rows: Sequence[CustomField], *, by: Actor) -> None:
        definitions.forget()


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

    def prepare(self, row: Tag) -> None:
        row.name = clean_text(row.name)

    def faults_of(self, rows: Sequence[Tag]) -> dict[int, ValidationError]:
        return upkeep.faults_of_tags(rows)

    def after_save(self, rows: Sequence[Tag], *, by: Actor) -> None:
        definitions.forget()

    def weigh_delete(self, plan: Deletion, scope: Scope) -> None:
        row: Any = plan.row
        if users := upkeep.tag_users(row):
            plan.takes_others = not scope.is_everything
            plan.note = f"它会同时从{users}上取下。"

    def after_delete(self, rows: Sequence[Tag], *, by: Actor) -> None:
        upkeep.take_off(rows, by=by)
        definitions.forget()
