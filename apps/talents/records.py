import datetime
from collections.abc import Sequence
from typing import Any

from apps.core.periods import Event, Span
from apps.records.actors import Actor
from apps.records.filters import ChoiceFilter, RecordFilterSet, RelatedFilter
from apps.records.registry import RecordType, register
from apps.talents import importing, services
from apps.talents.filters import (
    AgeFilter,
    InTermFilter,
    MinorityFilter,
    MovedFilter,
    PresentFilter,
)
from apps.talents.models import (
    Career,
    Education,
    ExpertTitle,
    Person,
    Pool,
    PoolMembership,
    PublicRole,
    Recognition,
    Title,
)


class PersonFilterSet(RecordFilterSet):
    pool = RelatedFilter(
        target="talents.PoolMembership", via="person", inner="pool", label="所在人才库"
    )
    team = RelatedFilter(
        target="talents.PoolMembership", via="person", inner="pool_kind", label="人才库类别"
    )
    expert_title = RelatedFilter(
        target="talents.ExpertTitle", via="person", inner="kind", label="专家称号"
    )
    recognition = RelatedFilter(
        target="talents.Recognition", via="person", inner="catalogue", label="人才认定"
    )
    recognition_tier = RelatedFilter(
        target="talents.Recognition", via="person", inner="tier", label="认定层次"
    )
    public_role = RelatedFilter(
        target="talents.PublicRole", via="person", inner="role", label="代表委员"
    )
    age_from = AgeFilter(lookup_expr="gte", label="年龄不小于")
    age_to = AgeFilter(lookup_expr="lte", label="年龄不大于")
    minority = MinorityFilter(label="少数民族")

    class Meta:
        model = Person
        fields = {
            "unit": ["exact"],
            "sex": ["exact"],
            "education": ["exact", "at_least"],
            "degree": ["exact"],
            "title_level": ["exact", "at_least"],
            "skill_level": ["exact", "at_least"],
            "political_status": ["exact"],
            "ethnic": ["exact"],
            "rank": ["exact"],
            "grade": ["exact"],
            "belonging": ["exact"],
            "is_overseas": ["exact"],
            "unit__industry": ["exact"],
            "unit__district": ["exact"],
            "unit__affiliation": ["exact"],
            "entered_on": ["gte", "lte"],
            "left_on": ["gte", "lte"],
            "work_started_on": ["gte", "lte"],
        }


@register
class PersonRecords(RecordType):
    model, filterset = Person, PersonFilterSet
    fields = (
        "name", "id_type", "id_number", "sex", "birth_date", "recognised_birth", "birth_override",
        "ethnic", "native_place", "birth_place", "political_status", "second_political_status",
        "joined_party_on", "mobile",
        "education", "degree", "school", "major",
        "full_time_education", "full_time_degree", "full_time_school",
        "title", "title_level", "skill_level",
        "unit", "post", "rank", "grade", "work_started_on", "belonging", "speciality",
        "is_overseas", "entered_on", "left_on", "leave_reason",
    )  # fmt: skip
    sections = (
        ("基本信息", fields[:14]),
        ("学历学位", fields[14:21]),
        ("专业技术与技能", fields[21:24]),
        ("工作情况", fields[24:]),
    )
    columns = (
        "name", "sex", "age", "unit", "post", "education", "title_level", "political_status",
        "work_started_on", "mobile",
    )  # fmt: skip
    computed = {"age": ("年龄", "number"), "retires_on": ("到龄年月", "month")}
    card = ("unit", "post", "education")
    quick = ("unit", "pool", "education__at_least", "title_level__at_least", "sex")
    period = Span("entered_on", "left_on")
    import_key = ("id_number",)
    weak_key = ("name", "birth_date")
    holder = "name"
    filled = ("sex", "entered_on")
    slots = {"photo": "照片"}
    sheet_lookups = {"pool": "talents.Pool"}
    aliases = {
        "出生年月": "birth_date",
        "证件号码": "id_number",
        "公民身份号码": "id_number",
        "手机": "mobile",
        "联系电话": "mobile",
        "单位": "unit",
        "现任职务": "post",
        "学校": "school",
        "所学专业": "major",
        "参加工作年月": "work_started_on",
        "学历层次": "education",
        "专业技术职务": "title",
    }
    lookup = ("id_number", "name")
    area, icon = "talents", "users"
    purpose = "一人一条，登记人才的基本信息、学历职称和工作单位；入库、培训等记录都挂在人才名下。"

    def age(self, row: Person) -> int | None:
        return row.age

    def retires_on(self, row: Person) -> datetime.date | None:
        return row.retires_on

    def detail_facts(self, row: Person) -> list[str]:
        facts = [
            row.label_of("sex"),
            f"{row.age}岁" if row.age is not None else "",
            str(row.unit),
        ]
        return [fact for fact in [*facts, row.post, row.title] if fact]

    def default_owner(self, row: Person, by: Actor) -> Any:
        return row.unit if row.unit_id else super().default_owner(row, by)

    def prepare(self, row: Person) -> None:
        row.fill_from_number()
        row.entered_on = row.entered_on or datetime.date.today()  # noqa: DTZ011 -- calendar day

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.follow_person_owner(rows, by=by)

    def read_row(self, row: Any) -> None:
        importing.read_person(row)

    def derived_rows(self, row: Any) -> Sequence[Any]:
        return importing.memberships(row)


class PoolFilterSet(RecordFilterSet):
    class Meta:
        model = Pool
        fields = {"kind": ["exact"], "category": ["exact"]}


@register
class PoolRecords(RecordType):
    model, filterset = Pool, PoolFilterSet
    fields = ("code", "name", "kind", "category", "order", "description")
    columns = ("name", "kind", "category", "description")
    import_key = ("code",)
    natural_key = "code"
    aliases = {"库名": "name"}
    area, icon = "talents", "database"
    purpose = "人才库是人才的分组：六支队伍和专家库、优秀年轻干部等专门库，可自行增加。"


class MembershipFilterSet(RecordFilterSet):
    pool_kind = ChoiceFilter(field_name="pool__kind", choices=Pool.Kind.choices, label="人才库类别")
    present = PresentFilter(label="本人仍在册")

    class Meta:
        model = PoolMembership
        fields = {
            "pool": ["exact"], "level": ["exact"], "field": ["exact"],
            "joined_on": ["gte", "lte"], "left_on": ["gte", "lte"], "person": ["exact"],
            "person__education": ["exact", "at_least"], "person__unit": ["exact"],
        }  # fmt: skip


@register
class PoolMembershipRecords(RecordType):
    model, filterset = PoolMembership, MembershipFilterSet
    fields = (
        "person", "pool", "field", "level", "is_main_team", "joined_on", "left_on", "leave_reason",
    )  # fmt: skip
    columns = ("person", "pool", "field", "level", "joined_on", "left_on")
    card = ("pool", "level", "joined_on")
    quick = ("pool", "field", "joined_on__gte", "joined_on__lte")
    period = Span("joined_on", "left_on")
    import_key = ("person", "pool", "joined_on")
    area, icon = "talents", "bookmark"
    purpose = "登记谁在什么时候进入、离开哪个人才库，据此统计某一天的在库人数。"


class EducationFilterSet(RecordFilterSet):
    class Meta:
        model = Education
        fields = {
            "person": ["exact"], "education": ["exact", "at_least"], "degree": ["exact"],
            "mode": ["exact"], "obtained_on": ["gte", "lte"],
        }  # fmt: skip


@register
class EducationRecords(RecordType):
    model, filterset = Education, EducationFilterSet
    fields = (
        "person", "mode", "education", "degree", "school", "major", "started_on", "obtained_on",
    )  # fmt: skip
    columns = ("person", "mode", "education", "degree", "school", "major", "obtained_on")
    quick = ("education", "mode")
    period = Event("obtained_on")
    import_key = ("person", "education", "mode")
    area, icon = "talents", "school"
    purpose = "登记每一段学历学位及取得时间；最高一段自动写到人才的“学历”栏。"

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.refresh_education({row.person_id for row in rows}, by=by)


class TitleFilterSet(RecordFilterSet):
    class Meta:
        model = Title
        fields = {
            "person": ["exact"], "level": ["exact", "at_least"], "route": ["exact"],
            "obtained_on": ["gte", "lte"],
        }  # fmt: skip


@register
class TitleRecords(RecordType):
    model, filterset = Title, TitleFilterSet
    fields = ("person", "name", "level", "obtained_on", "route")
    columns = fields
    quick = ("level", "route", "obtained_on__gte", "obtained_on__lte")
    period = Event("obtained_on")
    import_key = ("person", "name", "level")
    area, icon = "talents", "certificate"
    purpose = "登记职称的取得时间和方式，用于统计当年晋升人数；最高一级自动写到人才的“职称”栏。"

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.refresh_titles({row.person_id for row in rows}, by=by)


class ExpertTitleFilterSet(RecordFilterSet):
    in_term = InTermFilter(label="在管理期内")

    class Meta:
        model = ExpertTitle
        fields = {
            "person": ["exact"], "kind": ["exact"], "level": ["exact", "at_least"],
            "round": ["exact"], "field": ["exact"], "exit_reason": ["exact"],
            "obtained_on": ["gte", "lte"], "managed_until": ["gte", "lte"],
            "left_on": ["gte", "lte"],
        }  # fmt: skip


@register
class ExpertTitleRecords(RecordType):
    model, filterset = ExpertTitle, ExpertTitleFilterSet
    fields = (
        "person", "kind", "level", "round", "field", "obtained_on", "managed_until", "allowance",
        "left_on", "exit_reason",
    )  # fmt: skip
    columns = (
        "person", "kind", "level", "round", "field", "obtained_on", "managed_until", "left_on",
    )  # fmt: skip
    card = ("kind", "level", "obtained_on")
    quick = ("kind", "level", "in_term", "obtained_on__gte", "obtained_on__lte")
    period = Span("obtained_on", "left_on")
    import_key = ("person", "kind", "level", "obtained_on")
    aliases = {
        "称号": "kind", "荣誉称号": "kind", "层级": "level", "专业领域": "field",
        "入选时间": "obtained_on", "评选日期": "obtained_on", "管理期": "managed_until",
        "管理期满": "managed_until", "津贴": "allowance",
    }  # fmt: skip
    area, icon = "talents", "star"
    purpose = (
        "登记拔尖人才、区管专家、名师名医等称号的批次、管理期和退出，按入选和在管两种口径统计。"
    )


class RecognitionFilterSet(RecordFilterSet):
    class Meta:
        model = Recognition
        fields = {
            "person": ["exact"], "catalogue": ["exact"], "tier": ["exact", "at_least"],
            "issuer": ["exact"], "starts_on": ["gte", "lte"], "ends_on": ["gte", "lte"],
        }  # fmt: skip


@register
class RecognitionRecords(RecordType):
    model, filterset = Recognition, RecognitionFilterSet
    fields = ("person", "catalogue", "tier", "number", "issuer", "starts_on", "ends_on")
    columns = fields
    card = ("catalogue", "tier", "starts_on")
    quick = ("catalogue", "tier", "starts_on__gte", "starts_on__lte")
    period = Span("starts_on", "ends_on")
    import_key = ("person", "catalogue", "starts_on")
    aliases = {
        "认定目录": "catalogue", "类别": "catalogue", "层次": "tier", "等级": "tier",
        "认定时间": "starts_on", "证书号": "number",
    }  # fmt: skip
    area, icon = "talents", "certificate"
    purpose = "登记高层次人才、新型职业农民等认定的类别、层次和起止，待遇和补贴按认定兑现。"


class CareerFilterSet(RecordFilterSet):
    moved = MovedFilter(label="换了单位性质")

    class Meta:
        model = Career
        fields = {
            "person": ["exact"], "unit": ["exact"], "unit_name": ["exact"], "kind": ["exact"],
            "origin": ["exact"], "rank": ["exact", "at_least"], "starts_on": ["gte", "lte"],
            "ends_on": ["gte", "lte"],
        }  # fmt: skip


@register
class CareerRecords(RecordType):
    model, filterset = Career, CareerFilterSet
    fields = (
        "person", "unit", "unit_name", "post", "rank", "kind", "origin", "starts_on", "ends_on",
    )  # fmt: skip
    columns = ("person", "unit_name", "post", "kind", "origin", "starts_on", "ends_on")
    card = ("unit_name", "post", "starts_on")
    quick = ("kind", "origin", "starts_on__gte", "starts_on__lte")
    period = Span("starts_on", "ends_on")
    import_key = ("person", "unit_name", "post", "starts_on")
    filled = ("kind",)
    aliases = {
        "工作单位": "unit_name", "单位": "unit_name", "单位名称": "unit_name", "岗位": "post",
        "起始时间": "starts_on", "开始时间": "starts_on", "起": "starts_on",
        "终止时间": "ends_on", "结束时间": "ends_on", "止": "ends_on", "原单位性质": "origin",
    }  # fmt: skip
    area, icon = "talents", "briefcase"
    purpose = "按起止时间登记每一段任职和单位性质，用于统计机关、事业单位、企业之间的人才流动。"

    def prepare(self, row: Career) -> None:
        row.fill_workplace()

    def save(self, row: Career, *, by: Actor) -> Any:
        services.fill_origins([row])
        return super().save(row, by=by)

    def save_many(self, rows: Sequence[Any], *, by: Actor, checked: bool = False) -> None:
        services.fill_origins(rows)
        super().save_many(rows, by=by, checked=checked)


class PublicRoleFilterSet(RecordFilterSet):
    pool = RelatedFilter(
        target="talents.PoolMembership", via="person", inner="pool", outer="person",
        label="本人所在人才库",
    )  # fmt: skip

    class Meta:
        model = PublicRole
        fields = {
            "person": ["exact"], "role": ["exact"], "level": ["exact", "at_least"],
            "term": ["exact"], "elected_on": ["gte", "lte"], "recommended_on": ["gte", "lte"],
        }  # fmt: skip


@register
class PublicRoleRecords(RecordType):
    model, filterset = PublicRole, PublicRoleFilterSet
    fields = ("person", "role", "level", "term", "recommended_on", "elected_on", "ends_on")
    columns = fields
    card = ("role", "level", "elected_on")
    quick = ("role", "level", "pool", "elected_on__gte", "elected_on__lte")
    period = Span("elected_on", "ends_on")
    second_period = Event("recommended_on")
    import_key = ("person", "role", "level", "elected_on")
    aliases = {"身份": "role", "类别": "role", "当选时间": "elected_on", "任期": "term"}
    area, icon = "talents", "message"
    purpose = "登记担任人大代表、政协委员、党代表的人才，推荐而未当选的只填推荐日期。"
