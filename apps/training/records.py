from collections.abc import Sequence
from typing import Any

from apps.core.periods import Event
from apps.records.filters import RecordFilterSet, RelatedFilter
from apps.records.registry import RecordType, register
from apps.training import importing
from apps.training.filters import FilledFilter
from apps.training.models import ClassAudience, Enrolment, TrainingClass


class TrainingClassFilterSet(RecordFilterSet):
    audience = RelatedFilter(
        target="training.ClassAudience", via="training_class", inner="category", label="培训对象"
    )

    class Meta:
        model = TrainingClass
        fields = {
            "level": ["exact", "at_least"], "kind": ["exact"], "topic": ["exact"],
            "status": ["exact"], "in_plan": ["exact"], "starts_on": ["year", "gte", "lte"],
            "place": ["exact"],
        }  # fmt: skip


@register
class TrainingClassRecords(RecordType):
    model, filterset = TrainingClass, TrainingClassFilterSet
    fields = (
        "code", "name", "level", "organiser", "kind", "form", "topic", "trade", "place",
        "starts_on", "ends_on", "days", "status", "in_plan", "head_count", "cost", "budget",
    )  # fmt: skip
    columns = (
        "name", "level", "kind", "topic", "starts_on", "ends_on", "status", "head_count", "cost",
    )  # fmt: skip
    sums = ("head_count", "cost")
    card = ("level", "starts_on", "head_count")
    quick = ("level", "kind", "status", "starts_on__gte", "starts_on__lte")
    period = Event("starts_on")
    import_key = ("code",)
    aliases = {
        "培训班名称": "name", "级别": "level", "经费": "cost", "培训人数": "head_count",
        "培训对象": "audiences.category",
    }  # fmt: skip
    synonyms = {"status": {"实际": "held", "已办": "held", "未办": "planned"}}
    natural_key = "code"
    lookup = ("code", "name")
    area, icon = "training", "school"
    purpose = "登记计划和已举办的培训班；人数以班次填报为准，学员名单可以少于人数。"

    def derived_rows(self, row: Any) -> Sequence[Any]:
        return importing.audiences(row)

    def detail_facts(self, row: TrainingClass) -> list[str]:
        return [row.label_of("level"), row.get_kind_display(), f"{row.head_count} 人"]


class ClassAudienceFilterSet(RecordFilterSet):
    class Meta:
        model = ClassAudience
        fields = {
            "training_class": ["exact"], "category": ["exact"],
            "training_class__level": ["exact", "at_least"], "training_class__kind": ["exact"],
            "training_class__status": ["exact"],
        }  # fmt: skip


@register
class ClassAudienceRecords(RecordType):
    model, filterset = ClassAudience, ClassAudienceFilterSet
    fields = ("training_class", "category", "person_times")
    columns = fields
    sums = ("person_times",)
    quick = ("category", "training_class__level")
    period = Event("training_class__starts_on")
    import_key = ("training_class", "category")
    area, icon = "training", "users"
    purpose = "登记每个班次按人才类别的培训人次。"


class EnrolmentFilterSet(RecordFilterSet):
    certified = FilledFilter(field_name="certificate", label="取得证书")

    class Meta:
        model = Enrolment
        fields = {
            "training_class": ["exact"], "person": ["exact"], "result": ["exact"],
            "category": ["exact"], "rank_then": ["exact"], "is_employed": ["exact"],
            "training_class__level": ["exact", "at_least"], "training_class__kind": ["exact"],
            "training_class__status": ["exact"], "training_class__place": ["exact"],
            "person__unit__industry": ["exact"],
        }  # fmt: skip


@register
class EnrolmentRecords(RecordType):
    model, filterset = Enrolment, EnrolmentFilterSet
    fields = (
        "training_class", "person", "result", "certificate", "is_employed", "rank_then", "category",
    )  # fmt: skip
    columns = ("person", "training_class", "category", "rank_then", "result", "certificate")
    quick = ("training_class", "category", "result")
    period = Event("training_class__starts_on")
    import_key = ("training_class", "person")
    aliases = {"班次编号": "training_class", "姓名": "person", "结果": "result"}
    area, icon = "training", "user"
    purpose = "登记每个班次的学员名单、结业结果和证书。"

    def prepare(self, row: Enrolment) -> None:
        if row.pk is None and row.person_id and not row.rank_then:
            row.rank_then = row.person.rank  # what was true then is kept
