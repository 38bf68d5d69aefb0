from collections.abc import Sequence
from typing import Any

from apps.awards import importing, services
from apps.awards.models import Award, AwardRecipient, AwardScheme
from apps.core.periods import Event
from apps.records.actors import Actor
from apps.records.filters import ChoiceFilter, RecordFilterSet, RelatedFilter, TextFilter
from apps.records.registry import RecordType, register


class AwardSchemeFilterSet(RecordFilterSet):
    class Meta:
        model = AwardScheme
        fields = {"kind": ["exact"], "status": ["exact"], "effect": ["exact"]}


@register
class AwardSchemeRecords(RecordType):
    model, filterset = AwardScheme, AwardSchemeFilterSet
    fields = ("name", "kind", "status", "effect", "cycle")
    columns = fields
    card = ("kind", "status", "effect")
    quick = ("kind", "status", "effect")
    import_key = ("name",)
    aliases = {"奖项": "name", "名称": "name"}
    natural_key = "name"
    create_missing = True
    area, icon = "awards", "award"
    purpose = "登记本区在设、拟设和停设的奖项，以及获奖后是否记入干部考核；获奖记录都归到某个奖项。"

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.follow_scheme_names(rows, by=by)


class AwardFilterSet(RecordFilterSet):
    scheme_name = TextFilter(field_name="scheme__name", label="奖项名称含")
    scheme_kind = ChoiceFilter(
        field_name="scheme__kind", choices=AwardScheme.Kind.choices, label="奖项性质"
    )
    person = RelatedFilter(
        target="awards.AwardRecipient", via="award", inner="person", label="获奖人才"
    )
    unit = RelatedFilter(
        target="awards.AwardRecipient", via="award", inner="unit", label="获奖单位"
    )
    member_unit = RelatedFilter(
        target="awards.AwardRecipient", via="award", inner="unit__is_member",
        label="获奖者为成员单位",
    )  # fmt: skip

    class Meta:
        model = Award
        fields = {
            "scheme": ["exact"], "year": ["exact"],
            "level": ["exact", "at_least"], "recipient_kind": ["exact"], "status": ["exact"],
            "appraisal": ["exact"], "conferred_on": ["year", "gte", "lte"],
            "amount_yuan": ["gte", "lte"],
        }  # fmt: skip


@register
class AwardRecords(RecordType):
    model, filterset = Award, AwardFilterSet
    fields = (
        "scheme", "year", "level", "rank", "edition", "field", "project",
        "recipient", "recipient_kind", "appraisal",
        "status", "conferred_on", "conferring_body", "amount_yuan",
    )  # fmt: skip
    sections = (
        ("奖项", fields[:7]),
        ("获奖者", fields[7:10]),
        ("授予", fields[10:]),
    )
    columns = (
        "recipient", "recipient_kind", "scheme", "year", "level", "project", "amount_yuan",
        "conferred_on", "appraisal", "status",
    )  # fmt: skip
    sums = ("amount_yuan",)
    card = ("scheme", "level", "amount_yuan")
    quick = ("scheme", "level", "recipient_kind", "conferred_on__gte", "conferred_on__lte")
    period = Event("conferred_on")
    import_key = ("scheme", "year", "recipient", "project", "conferred_on")
    weak_key = ("scheme", "year", "recipient", "conferred_on")
    filled = ("year",)
    lookup = ("name",)
    aliases = {
        "对象": "recipient_kind", "获奖者": "recipient", "奖金": "amount_yuan",
        "是否记优先要素": "appraisal", "是否计入考核": "appraisal",
        "获奖日期": "conferred_on", "获奖等次": "rank",
        "身份证号": importing.NUMBER,
    }  # fmt: skip
    synonyms = {"appraisal": {"是": "priority", "优先要素": "priority", "否": "none"}}
    area, icon = "awards", "award"
    purpose = "登记个人、单位、社区和本区获得的表彰奖励及奖金，创建中的荣誉也在这里登记。"

    def prepare(self, row: Award) -> None:
        if row.year is None and row.conferred_on:
            row.year = row.conferred_on.year
        more = [row.project, f"{row.conferred_on:%Y-%m-%d}" if row.conferred_on else ""]
        tail = "，".join(part for part in more if part) or row.get_status_display()
        scheme = row.scheme if row.scheme_id or row._state.fields_cache.get("scheme") else ""
        row.name = f"{row.year}年{scheme}·{row.recipient}（{tail}）"[:400]

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.link_units(rows, by=by)

    def refer(self, row: Any) -> None:
        importing.read_year(row)
        importing.refer_to_recipient(row)

    def derived_rows(self, row: Any) -> Sequence[Any]:
        return importing.recipients(row)

    def detail_facts(self, row: Award) -> list[str]:
        return [row.label_of("level"), row.get_recipient_kind_display(), row.rank]


class AwardRecipientFilterSet(RecordFilterSet):
    class Meta:
        model = AwardRecipient
        fields = {
            "award": ["exact"], "person": ["exact"], "unit": ["exact"],
            "unit__is_member": ["exact"], "award__scheme": ["exact"],
            "award__level": ["exact", "at_least"], "award__status": ["exact"],
        }  # fmt: skip


@register
class AwardRecipientRecords(RecordType):
    model, filterset = AwardRecipient, AwardRecipientFilterSet
    fields = ("award", "person", "unit", "name", "order")
    columns = ("award", "who", "order")
    computed = {"who": ("获奖者", "text")}
    named_by = ("person", "unit", "award")
    searched = ("award__search", "person__search", "unit__search")
    card = ("who", "order")
    quick = ("award__scheme", "award__level", "person", "unit")
    period = Event("award__conferred_on")
    import_key = ("award", "person", "unit", "name")
    area, icon = "awards", "user"
    purpose = "登记每个奖由哪些人才、单位或其他获奖者获得，一个奖可有几个获奖者。"

    def who(self, row: AwardRecipient) -> str:
        return row.who
