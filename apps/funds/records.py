from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from apps.core import codes
from apps.core.periods import Event, Span
from apps.core.text import squeeze
from apps.funds import exclusions, importing, limits, services
from apps.funds.filters import GivenFilter, PaidFilter, RecipientFilter, recognised
from apps.funds.models import Application, Budget, Disbursement, Fund, ItemExclusion, PolicyItem
from apps.records.actors import Actor
from apps.records.filters import RecordFilterSet
from apps.records.registry import RecordType, register


class PolicyItemFilterSet(RecordFilterSet):
    paid = PaidFilter(label="时段内有兑现")

    class Meta:
        model = PolicyItem
        fields = {
            "kind": ["exact"], "policy": ["exact"], "is_active": ["exact"],
            "for_person": ["exact"], "for_team": ["exact"], "for_unit": ["exact"],
        }  # fmt: skip


@register
class PolicyItemRecords(RecordType):
    model, filterset = PolicyItem, PolicyItemFilterSet
    fields = (
        "name", "policy", "kind", "standard", "for_person", "for_team", "for_unit", "instalments",
        "is_active",
    )  # fmt: skip
    columns = ("name", "kind", "standard", "policy", "for_person", "for_team", "for_unit")
    card = ("kind", "standard", "policy")
    quick = ("kind", "paid", "is_active", "policy")
    import_key = ("name",)
    natural_key = "name"
    aliases = {"条款": "name", "政策项目": "name", "补贴项目": "name"}
    create_missing = True
    area, icon = "funds", "gavel"
    purpose = "登记政策允诺的每一项待遇：给谁、多少、分几期、与哪些条款不可兼得。"

    def prepare(self, row: PolicyItem) -> None:
        if not row.kind:  # an item called like a kind is of that kind
            found = codes.find("funds_item_kind", row.name)
            row.kind = next(iter(found)) if len(found) == 1 else ""

    def detail_facts(self, row: PolicyItem) -> list[str]:
        others = "、".join(exclusions.names(row))
        return [row.label_of("kind"), row.standard, f"与{others}不可兼得" if others else ""]


class ItemExclusionFilterSet(RecordFilterSet):
    class Meta:
        model = ItemExclusion
        fields = {"item": ["exact"], "other": ["exact"]}


@register
class ItemExclusionRecords(RecordType):
    model, filterset = ItemExclusion, ItemExclusionFilterSet
    fields = ("item", "other", "basis")
    columns = fields
    quick = ("item", "other")
    import_key = ("item", "other")
    area, icon, in_menu = "funds", "link", False
    purpose = "登记不可兼得的两个政策条款：同一领取人、同一批准年度只能享受其中一项。"

    def prepare(self, row: ItemExclusion) -> None:
        known = row._state.fields_cache
        first = known["item"].pk if known.get("item") else row.item_id
        second = known["other"].pk if known.get("other") else row.other_id
        if first and second and first > second:
            row.item, row.other = row.other, row.item


class FundFilterSet(RecordFilterSet):
    class Meta:
        model = Fund
        fields = {
            "kind": ["exact"], "stage": ["exact"], "platform": ["exact"], "unit": ["exact"],
            "started_on": ["gte", "lte"],
        }  # fmt: skip


@register
class FundRecords(RecordType):
    model, filterset = Fund, FundFilterSet
    fields = (
        "name", "kind", "stage", "platform", "unit", "size_yuan", "started_on", "ended_on",
    )  # fmt: skip
    columns = ("name", "kind", "stage", "platform", "unit", "started_on", "size_yuan")
    sums = ("size_yuan",)
    card = ("kind", "stage", "size_yuan")
    quick = ("kind", "stage", "unit")
    period = Span("started_on", "ended_on")
    import_key = ("name",)
    aliases = {
        "资金名称": "name",
        "基金名称": "name",
        "规模": "size_yuan",
        "设立日期": "started_on",
    }
    area, icon = "funds", "database"
    purpose = "登记专项资金、种子资金和产业引导基金：规模、阶段和依托的平台。"


class BudgetFilterSet(RecordFilterSet):
    class Meta:
        model = Budget
        fields = {
            "year": ["exact"], "use": ["exact"], "source": ["exact"], "unit": ["exact"],
            "fund": ["exact"],
        }  # fmt: skip


@register
class BudgetRecords(RecordType):
    model, filterset = Budget, BudgetFilterSet
    fields = (
        "year", "name", "fund", "use", "source", "unit", "budgeted_yuan", "allocated_yuan",
        "disbursed_yuan", "used_yuan",
    )  # fmt: skip
    columns = (
        "full_name", "use", "source", "budgeted_yuan", "allocated_yuan", "disbursed_yuan",
        "used_yuan", "paid_yuan",
    )  # fmt: skip
    computed = {"left": ("可兑现余额（元）", "money")}
    sums = ("budgeted_yuan", "allocated_yuan", "disbursed_yuan", "used_yuan", "paid_yuan")
    card = ("use", "allocated_yuan", "paid_yuan")
    quick = ("year", "use", "source", "unit")
    period = Event("year", is_year=True)
    import_key = ("year", "name", "unit")
    aliases = {
        "预算金额": "budgeted_yuan", "分配金额": "allocated_yuan", "拨付金额": "disbursed_yuan",
        "使用金额": "used_yuan", "项目名称": "name",
    }  # fmt: skip
    lookup = ("full_name", "name")
    area, icon = "funds", "report"
    purpose = "登记每年各项资金的预算、分配、拨付和使用；列支的兑现总额不能超过分配金额。"

    def left(self, row: Budget) -> Decimal | None:
        return None if row.allocated_yuan is None else row.allocated_yuan - row.paid_yuan

    def detail_facts(self, row: Budget) -> list[str]:
        return [row.label_of("use"), row.label_of("source"), *limits.said_of(row)]

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.keep_budgets(rows)


class ApplicationFilterSet(RecordFilterSet):
    claimant_kind = RecipientFilter(label="申报主体")

    class Meta:
        model = Application
        fields = {
            "item": ["exact"], "item__kind": ["exact"], "person": ["exact"], "unit": ["exact"],
            "status": ["exact"], "route": ["exact"], "approval_year": ["exact"],
            "asked_on": ["gte", "lte"], "decided_on": ["gte", "lte"],
        }  # fmt: skip


@register
class ApplicationRecords(RecordType):
    model, filterset = Application, ApplicationFilterSet
    fields = (
        "item", "person", "unit", "team", "title", "asked_on", "asked_yuan", "route", "meeting",
        "status", "decided_on", "approved_yuan", "approval_year", "opinion",
    )  # fmt: skip
    sections = (("申报", fields[:7]), ("审定", fields[7:]))
    columns = (
        "title", "item", "asked_on", "asked_yuan", "route", "status", "approved_yuan", "paid_yuan",
    )  # fmt: skip
    computed = {"left": ("可兑现余额（元）", "money")}
    sums = ("asked_yuan", "approved_yuan", "paid_yuan")
    card = ("status", "asked_on", "approved_yuan")
    quick = ("item", "status", "route", "asked_on__gte", "asked_on__lte")
    period = Event("asked_on")
    second_period = Event("approval_year", is_year=True)
    import_key = ("item", "person", "unit", "asked_on")
    aliases = {"政策项目": "item", "条款": "item", "核定金额": "approved_yuan"}
    lookup = ("title",)
    area, icon = "funds", "file-text"
    purpose = "登记谁申报了哪一条款、核定多少；兑现总额不能超过核定金额。"

    def left(self, row: Application) -> Decimal | None:
        return None if row.approved_yuan is None else row.approved_yuan - row.paid_yuan

    def prepare(self, row: Application) -> None:
        row.approval_year = row.approval_year or None
        if row.status == Application.Status.APPROVED and row.decided_on:
            row.approval_year = row.approval_year or row.decided_on.year
        if not row.title and row.claimant and row.asked_on:
            who = row.team or str(row.claimant)
            row.title = f"{who}{row.asked_on.year}年申报{row.item}"

    def detail_facts(self, row: Application) -> list[str]:
        facts = [row.get_status_display(), str(row.claimant), row.get_route_display()]
        return [*facts, *limits.said_of(row)]

    def faults_of(self, rows: Sequence[Any]) -> Mapping[int, ValidationError]:
        return services.faults_of_applications(rows)

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.keep_applications(rows)


class DisbursementFilterSet(RecordFilterSet):
    recipient_kind = RecipientFilter(label="领取对象")
    budgeted = GivenFilter(field_name="budget", label="已列支预算")
    recognition = recognised

    class Meta:
        model = Disbursement
        fields = {
            "item": ["exact"], "item__kind": ["exact"], "person": ["exact"], "unit": ["exact"],
            "paid_on": ["year", "gte", "lte"], "approval_year": ["exact"], "source": ["exact"],
            "budget": ["exact"], "budget__use": ["exact"], "application": ["exact"],
            "application__route": ["exact"], "tier": ["exact", "at_least"],
            "period_label": ["exact"], "amount_yuan": ["gte", "lte"],
        }  # fmt: skip


@register
class DisbursementRecords(RecordType):
    model, filterset = Disbursement, DisbursementFilterSet
    fields = (
        "application", "item", "person", "unit", "amount_yuan", "paid_on", "period_label",
        "approval_year", "source", "budget", "tier",
    )  # fmt: skip
    columns = ("recipient", "item", *fields[4:9])
    sums = ("amount_yuan",)
    card = ("item", "amount_yuan", "paid_on")
    quick = ("item", "source", "recipient_kind", "paid_on__gte", "paid_on__lte")
    period = Event("paid_on")
    second_period = Event("approval_year", is_year=True)
    import_key = ("item", "period_label", "person", "unit")
    repeat_fault = importing.TWICE
    filled = ("item", "approval_year", "source")
    aliases = importing.HEADINGS
    area, icon = "funds", "coin"
    purpose = "登记每一笔发放到个人或单位的资金；不超过申报的核定金额和预算的分配金额。"

    def prepare(self, row: Disbursement) -> None:
        services.complete_payment(row)

    def detail_facts(self, row: Disbursement) -> list[str]:
        amount = self.column("amount_yuan").text(row)
        return [f"{amount} 元", str(row.person or row.unit), f"{row.approval_year} 年批准"]

    def refer(self, row: Any) -> None:
        importing.drop_workplace(row)

    def read_row(self, row: Any) -> None:
        row.values["period_label"] = squeeze(row.get("period_label") or "")

    def faults_of(self, rows: Sequence[Any]) -> Mapping[int, ValidationError]:
        return services.faults_of_payments(rows)

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.keep_payments(rows)

    def after_delete(self, rows: Sequence[Any], *, by: Actor) -> None:
        services.forget_payments(rows)
