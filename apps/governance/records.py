from apps.core.periods import Event
from apps.governance.models import Measure, PlanItem, Policy, Problem
from apps.records.filters import RecordFilterSet
from apps.records.registry import RecordType, register


class PolicyFilterSet(RecordFilterSet):
    class Meta:
        model = Policy
        fields = {
            "kind": ["exact"], "status": ["exact"], "level": ["exact"], "topic": ["exact"],
            "issued_on": ["year", "gte", "lte"],
        }  # fmt: skip


@register
class PolicyRecords(RecordType):
    model, filterset = Policy, PolicyFilterSet
    fields = (
        "title", "number", "issuer", "level", "kind", "topic", "issued_on", "status", "basis",
        "supersedes", "compiled_by",
    )  # fmt: skip
    columns = ("title", "number", "issuer", "kind", "issued_on", "status")
    card = ("number", "issued_on", "status")
    quick = ("kind", "status", "issued_on__gte", "issued_on__lte")
    period = Event("issued_on")
    import_key = ("title", "issued_on")
    lookup = ("title", "number")
    slots = {"document": "政策文件"}
    area, icon = "governance", "file-text"
    purpose = "登记出台、起草和废止的人才政策文件，报告据此列出当年文件目录。"


class MeasureFilterSet(RecordFilterSet):
    class Meta:
        model = Measure
        fields = {"year": ["exact"], "section": ["exact"], "status": ["exact"]}


@register
class MeasureRecords(RecordType):
    model, filterset = Measure, MeasureFilterSet
    fields = ("year", "section", "order", "title", "text", "units", "status", "evidence")
    columns = ("title", "year", "section", "units", "status")
    quick = ("year", "section", "status")
    period = Event("year", is_year=True)
    import_key = ("year", "section", "title")
    lookup = ("title",)
    area, icon = "governance", "list"
    purpose = "登记不能计数的工作举措，写进报告“主要做法和成效”；文中可引用指标。"


class ProblemFilterSet(RecordFilterSet):
    class Meta:
        model = Problem
        fields = {"year": ["exact"], "theme": ["exact"]}


@register
class ProblemRecords(RecordType):
    model, filterset = Problem, ProblemFilterSet
    fields = ("year", "theme", "order", "title", "text", "evidence_metric")
    columns = ("title", "year", "theme", "evidence_metric")
    quick = ("year", "theme")
    period = Event("year", is_year=True)
    import_key = ("year", "title")
    lookup = ("title",)
    area, icon = "governance", "alert-triangle"
    purpose = "登记当年存在的问题及佐证指标，写进报告“存在的问题”。"


class PlanItemFilterSet(RecordFilterSet):
    class Meta:
        model = PlanItem
        fields = {
            "year": ["exact"], "theme": ["exact"], "progress": ["exact"], "lead_unit": ["exact"],
        }  # fmt: skip


@register
class PlanItemRecords(RecordType):
    model, filterset = PlanItem, PlanItemFilterSet
    fields = ("year", "theme", "order", "title", "text", "lead_unit", "due_on", "progress")
    columns = ("title", "year", "theme", "lead_unit", "due_on", "progress")
    quick = ("year", "theme", "progress")
    period = Event("year", is_year=True)
    import_key = ("year", "theme", "title")
    lookup = ("title",)
    area, icon = "governance", "target"
    purpose = "登记下一年度工作打算及责任单位、时限，写进报告“下一步打算”。"
