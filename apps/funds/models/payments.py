from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from apps.core.fields import CodeField, DerivedField, SearchField
from apps.funds.models.base import (
    amount_field,
    not_above,
    one_of,
    paid_field,
    pointer,
    positive,
    within,
    year_field,
)
from apps.funds.models.budgets import Budget
from apps.funds.models.policies import PolicyItem
from apps.organizations.models import Unit
from apps.records.models import Record
from apps.talents.models import Person


class Application(Record):
    """What somebody asks for by an item (申报), and what was decided. ``paid_yuan`` is the sum of
    the payments that are entered for it.
    """

    class Status(models.TextChoices):
        ASKED = "asked", "待审定"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    class Route(models.TextChoices):
        REGULAR = "regular", "常规"
        CASE = "case", "一事一议"

    item = models.ForeignKey(
        PolicyItem, models.PROTECT, related_name="applications", verbose_name="政策条款"
    )
    person = pointer(Person, "申报人", "applications")
    unit = pointer(Unit, "申报单位", "applications")
    team = models.CharField(
        "团队名称", max_length=80, blank=True, help_text="团队申报的填写，申报人填负责人"
    )
    title = models.CharField(
        "申报事项", max_length=160, blank=True, help_text="留空时按申报人和条款自动生成"
    )
    asked_on = models.DateField("申报日期")
    asked_yuan = amount_field("申报金额（元）")
    route = models.CharField("办理方式", max_length=10, choices=Route, default=Route.REGULAR)
    meeting = models.CharField("议定会议", max_length=120, blank=True, help_text="一事一议的填写")
    status = models.CharField("结果", max_length=10, choices=Status, default=Status.ASKED)
    decided_on = models.DateField("审定日期", null=True, blank=True)
    approved_yuan = amount_field("核定金额（元）", null=True, blank=True)
    approval_year = year_field(
        "批准年度", null=True, blank=True, help_text="留空时取审定日期的年度"
    )
    opinion = models.CharField("意见", max_length=200, blank=True)
    paid_yuan = paid_field()
    search = SearchField("检索", sources=("title",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "政策申报"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            one_of(
                "person", "unit", name="application_of_one",
                message="申报人和申报单位须填写其中一项，且只填一项。",
            ),
            models.UniqueConstraint(
                fields=["person", "item", "asked_on"], name="application_of_person_once",
                violation_error_message="该申报人同一天的这一申报已登记。",
            ),
            models.UniqueConstraint(
                fields=["unit", "item", "asked_on"], name="application_of_unit_once",
                violation_error_message="该申报单位同一天的这一申报已登记。",
            ),
            positive(
                "asked_yuan", "approved_yuan", least="gt", name="application_amounts_positive",
                message="申报金额和核定金额应大于 0。",
            ),
            not_above(
                "approved_yuan", "asked_yuan", name="application_approved_within_asked",
                message="核定金额不能超过申报金额。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="approved", approved_yuan__isnull=False, approval_year__isnull=False,
                    decided_on__isnull=False,
                )
                | (
                    ~Q(status="approved")
                    & Q(approved_yuan__isnull=True, approval_year__isnull=True)
                ),
                name="application_approved_in_full",
                violation_error_message="已批准的须填写核定金额和审定日期；未批准的不能有核定金额。",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | Q(decided_on__isnull=False),
                name="application_refused_on_a_day",
                violation_error_message="未批准的须填写审定日期。",
            ),
            not_above(
                "asked_on", "decided_on", name="application_decided_after_asked",
                message="审定日期不得早于申报日期。",
            ),
            models.CheckConstraint(
                condition=~Q(route="case", status="approved", meeting=""),
                name="application_case_has_meeting",
                violation_error_message="一事一议批准的须填写议定会议。",
            ),
            within(
                "approved_yuan", name="application_paid_within_approved",
                message="已有兑现的申报不能改为未批准，核定金额也不能少于已登记的兑现金额。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-asked_on", "-id"], name="application_by_day"),
            models.Index(fields=["approval_year"], name="application_by_approval"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def claimant(self) -> Person | Unit | None:
        return self.person or self.unit

    def clean(self) -> None:
        item = self._state.fields_cache.get("item")
        if item is None:
            return
        if self.team and not item.for_team:
            raise ValidationError({"team": f"“{item}”不面向团队，请核对政策条款。"})
        if not self.team:
            check_claimant(self, for_person=item.for_person, for_unit=item.for_unit)


class RecipientName(DerivedField):
    """The person or unit that is paid, as they were called then."""

    def derive(self, row: models.Model) -> str:
        return str(getattr(row, "person", None) or getattr(row, "unit", None) or "")


FOLLOWS = "选定后，条款、领取人和批准年度可留空"
INDEXES = [
    models.Index(fields=["-paid_on", "-id"], name="disbursement_by_day"),
    models.Index(fields=["approval_year"], name="disbursement_by_approval"),
]
ONCE = [
    one_of(
        "person", "unit", name="disbursement_to_one",
        message="领取人和领取单位须填写其中一项，且只填一项。",
    ),
    models.UniqueConstraint(
        fields=["person", "item", "period_label"], name="disbursement_to_person_once",
        violation_error_message="该领取人这一条款、这一期次的兑现已登记，不能重复发放。",
    ),
    models.UniqueConstraint(
        fields=["unit", "item", "period_label"], name="disbursement_to_unit_once",
        violation_error_message="该单位这一条款、这一期次的兑现已登记，不能重复发放。",
    ),
    positive(
        "amount_yuan", least="gt", name="disbursement_amount_positive",
        message="兑现金额应大于 0。",
    ),
]  # fmt: skip


class Disbursement(Record):
    """One payment (兑现). The year of approval and the day of payment are two facts."""

    item = models.ForeignKey(
        PolicyItem, models.PROTECT, related_name="disbursements", verbose_name="政策条款"
    )
    application = pointer(Application, "所依据的申报", "disbursements", FOLLOWS)
    person = pointer(Person, "领取人", "disbursements")
    unit = pointer(Unit, "领取单位", "disbursements")
    amount_yuan = amount_field("金额（元）")
    paid_on = models.DateField("兑现日期")
    period_label = models.CharField(
        "发放期次",
        max_length=40,
        blank=True,
        default="",
        help_text="如 2022年第1期；一次性的可留空",
    )
    approval_year = year_field("批准年度")
    source = CodeField("资金来源", table="funds_source")
    budget = pointer(Budget, "列支预算", "disbursements", "选定后，资金来源可留空")
    tier = CodeField("享受层次", table="recognition_tier", blank=True)
    recipient = RecipientName("领取对象", max_length=120)
    search = SearchField("检索", sources=("recipient",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "资金兑现"
        ordering = ["-paid_on", "-pk"]
        constraints = ONCE
        indexes = INDEXES

    def __str__(self) -> str:
        period = f"（{self.period_label}）" if self.period_label else ""
        return f"{self.recipient or self.person or self.unit} · {self.item}{period}"

    def clean(self) -> None:
        check_payment(self)


def check_payment(row: Disbursement) -> None:
    """What a payment says agrees with the records at hand that it points to."""
    known = row._state.fields_cache
    item, asked, budget = known.get("item"), known.get("application"), known.get("budget")
    if asked is not None:
        _agree(row, asked)
    elif item is not None:
        check_claimant(
            row,
            for_person=item.for_person or item.for_team,
            for_unit=item.for_unit or item.for_team,
        )
    if budget is not None and row.source != budget.source:
        source = budget.label_of("source")
        raise ValidationError({"source": f"列支预算“{budget}”的资金来源是{source}，请改为一致。"})


def _agree(row: Disbursement, asked: Application) -> None:
    """A payment for an application is for its item, its claimant and its year of approval."""
    wrong = {}
    if asked.status != Application.Status.APPROVED:
        wrong["application"] = f"“{asked}”{asked.get_status_display()}，不能兑现。"
    elif row.item_id != asked.item_id:
        wrong["item"] = f"申报“{asked}”的条款是“{asked.item}”，请改为一致。"
    elif row.approval_year != asked.approval_year:
        wrong["approval_year"] = f"申报“{asked}”的批准年度是 {asked.approval_year}，请改为一致。"
    elif asked.person_id and row.person_id != asked.person_id:
        wrong["person"] = f"申报“{asked}”的申报人是“{asked.person}”，领取人应为同一人。"
    elif asked.unit_id and row.unit_id not in (None, asked.unit_id):
        wrong["unit"] = f"申报“{asked}”的申报单位是“{asked.unit}”，请改为一致。"
    if wrong:
        raise ValidationError(wrong)


def check_claimant(row: Application | Disbursement, *, for_person: bool, for_unit: bool) -> None:
    """An item that is not for persons, or not for units, is claimed by none."""
    known = row._state.fields_cache
    if (row.person_id or known.get("person")) and not for_person:
        raise ValidationError({"person": f"“{row.item}”不面向个人，请核对政策条款。"})
    if (row.unit_id or known.get("unit")) and not for_unit:
        raise ValidationError({"unit": f"“{row.item}”不面向单位，请核对政策条款。"})
