import datetime
from collections.abc import Sequence
from typing import Any

from apps.contacts import services
from apps.contacts.filters import (
    DueFilter,
    LateFilter,
    OpenFilter,
    SideFilter,
    TargetFilter,
    VisitedFilter,
    VisitedQuarterlyFilter,
)
from apps.contacts.models import ContactLink, Leader, ServiceRequest, Visit
from apps.core.periods import Event, Span
from apps.records.actors import Actor
from apps.records.filters import RecordFilterSet, RelatedFilter
from apps.records.registry import RecordType, register


class LeaderFilterSet(RecordFilterSet):
    target = RelatedFilter(
        target="contacts.ContactLink", via="leader", inner="target", label="联系对象"
    )

    class Meta:
        model = Leader
        fields = {"post": ["exact"]}


@register
class LeaderRecords(RecordType):
    model, filterset = Leader, LeaderFilterSet
    fields = ("name", "post", "order", "user")
    columns = ("name", "post", "user", "order")
    quick = ("post", "target")
    import_key = ("name",)
    natural_key = "name"
    create_missing = True
    aliases = {"姓名": "name", "领导": "name", "职务": "post"}
    area, icon = "contacts", "user"
    purpose = "登记联系专家和企业的领导；选了登录账号，领导登录后就能看到“我的联系专家”。"

    def detail_facts(self, row: Leader) -> list[str]:
        return [row.post]


class ContactLinkFilterSet(RecordFilterSet):
    side = SideFilter(label="联系方")
    target = TargetFilter(label="联系对象")
    due = DueFilter(label="走访情况")
    visited = VisitedFilter(label="时段内走访过")
    visited_quarterly = VisitedQuarterlyFilter(label="每季度都走访过")
    visit_form = RelatedFilter(target="contacts.Visit", via="link", inner="form", label="走访方式")

    class Meta:
        model = ContactLink
        fields = {
            "leader": ["exact"], "department": ["exact"], "person": ["exact"], "unit": ["exact"],
            "unit__type": ["exact"], "starts_on": ["gte", "lte"], "ends_on": ["gte", "lte"],
        }  # fmt: skip


@register
class ContactLinkRecords(RecordType):
    model, filterset = ContactLink, ContactLinkFilterSet
    fields = ("leader", "department", "person", "unit", "starts_on", "ends_on")
    columns = ("who", "whom", "starts_on", "ends_on")
    computed = {"who": ("联系方", "text"), "whom": ("联系对象", "text")}
    card = ("whom", "starts_on", "ends_on")
    quick = ("leader", "target", "due", "unit__type")
    period = Span("starts_on", "ends_on")
    import_key = ("leader", "department", "person", "unit", "starts_on")
    lookup = named_by = ("leader", "department", "person", "unit")
    searched = ("leader__search", "person__search", "unit__search", "department__search")
    aliases = {
        "领导": "leader", "专家": "person", "联系单位": "unit", "联系企业": "unit",
        "工作单位": "person.unit", "单位": "person.unit", "专家单位": "person.unit",
        "开始日期": "starts_on", "结束日期": "ends_on",
    }  # fmt: skip
    area, icon = "contacts", "heart-handshake"
    purpose = "登记哪位领导或哪个部门从什么时候起联系哪位专家或哪家单位，走访都记在它下面。"

    def who(self, row: ContactLink) -> str:
        return str(row.leader or row.department)

    def whom(self, row: ContactLink) -> str:
        return str(row.person or row.unit)

    def detail_facts(self, row: ContactLink) -> list[str]:
        until = f"至 {row.ends_on:%Y-%m-%d}" if row.ends_on else "起"
        return [f"{row.starts_on:%Y-%m-%d} {until}"]

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.follow_link_owner(rows, by=by)


class VisitFilterSet(RecordFilterSet):
    side = SideFilter(path="link__", label="联系方")
    target = TargetFilter(path="link__", label="联系对象")

    class Meta:
        model = Visit
        fields = {
            "link": ["exact"], "link__leader": ["exact"], "link__department": ["exact"],
            "link__person": ["exact"], "link__unit": ["exact"], "link__unit__type": ["exact"],
            "form": ["exact"], "visited_on": ["gte", "lte"], "difficulties": ["gte"],
        }  # fmt: skip


@register
class VisitRecords(RecordType):
    model, filterset = Visit, VisitFilterSet
    fields = (
        "link", "visited_on", "form", "opinions", "difficulties", "solved", "solved_earlier",
        "summary",
    )  # fmt: skip
    columns = (
        "link", "visited_on", "form", "opinions", "difficulties", "solved", "summary",
    )  # fmt: skip
    sums = ("opinions", "difficulties", "solved")
    card = ("visited_on", "form", "solved")
    quick = ("link__leader", "target", "form", "visited_on__gte", "visited_on__lte")
    period = Event("visited_on")
    import_key = ("link", "visited_on", "form")
    searched = ("link__leader__search", "link__person__search", "link__unit__search")
    aliases = {"日期": "visited_on", "走访方式": "form", "联系方式": "form", "内容": "summary"}
    area, icon = "contacts", "message"
    purpose = "登记每次走访、座谈、慰问的日期和方式，听到几条意见、几件困难，解决了几件。"

    def counts_at_once(self, row: Visit, by: Actor) -> bool:
        known = row.link if row.link_id else None  # none was named, or one that is not there
        return by.counts_at_once or (known is not None and services.is_own(known, by.user))


class ServiceRequestFilterSet(RecordFilterSet):
    target = TargetFilter(label="诉求方")
    open = OpenFilter(label="办理中")
    late = LateFilter(label="已超期")

    class Meta:
        model = ServiceRequest
        fields = {
            "topic": ["exact"], "channel": ["exact"], "satisfaction": ["exact"],
            "person": ["exact"], "unit": ["exact"], "unit__type": ["exact"], "handler": ["exact"],
            "received_on": ["gte", "lte"], "closed_on": ["gte", "lte"], "days": ["gte", "lte"],
        }  # fmt: skip


@register
class ServiceRequestRecords(RecordType):
    model, filterset = ServiceRequest, ServiceRequestFilterSet
    fields = (
        "person", "unit", "topic", "content", "channel", "received_on", "due_on", "handler",
        "closed_on", "result", "satisfaction",
    )  # fmt: skip
    columns = (
        "asker", "topic", "content", "channel", "received_on", "due_on", "closed_on", "days",
        "progress", "satisfaction",
    )  # fmt: skip
    computed = {"asker": ("诉求方", "text"), "progress": ("办理情况", "text")}
    card = ("topic", "received_on", "progress")
    quick = ("topic", "channel", "open", "late")
    period, second_period = Event("received_on"), Event("closed_on")
    import_key = ("person", "unit", "topic", "received_on")
    named_by = ("person", "unit")
    searched = ("person__search", "unit__search")
    aliases = {"工作单位": "person.unit", "单位": "person.unit", "类别": "topic", "渠道": "channel"}
    area, icon = "contacts", "bell"
    purpose = "登记人才和企业提出的诉求、由谁承办、何时办结、是否满意，超期未办的会标出来。"

    def asker(self, row: ServiceRequest) -> str:
        return str(row.person or row.unit)

    def progress(self, row: ServiceRequest) -> str:
        if row.closed_on:
            return "已办结"
        today = datetime.date.today()  # noqa: DTZ011 -- the office's calendar day
        return "已超期" if row.due_on and row.due_on < today else "办理中"

    def prepare(self, row: ServiceRequest) -> None:
        row.days = None
        if row.closed_on and row.received_on:
            row.days = max((row.closed_on - row.received_on).days, 0)

    def detail_facts(self, row: ServiceRequest) -> list[str]:
        return [f"{row.received_on:%Y-%m-%d} 受理", self.progress(row)]
