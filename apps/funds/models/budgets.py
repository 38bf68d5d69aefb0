from django.db import models
from django.db.models import Q

from apps.core.fields import CodeField, DerivedField, SearchField
from apps.funds.models.base import (
    amount_field,
    not_above,
    paid_field,
    pointer,
    positive,
    within,
    year_field,
)
from apps.organizations.models import Unit
from apps.records.models import Record


class Fund(Record):
    """A pot of money that lasts (专项资金、基金), from its first day until it is wound up."""

    class Stage(models.TextChoices):
        INTENDED = "intended", "拟设"
        RAISING = "raising", "募集"
        RUNNING = "running", "运行"
        WITHDRAWING = "withdrawing", "退出"

    name = models.CharField("资金（基金）名称", max_length=80, unique=True)
    kind = CodeField("类别", table="funds_fund_kind")
    stage = models.CharField("阶段", max_length=12, choices=Stage, default=Stage.RUNNING)
    platform = models.CharField("依托平台", max_length=80, blank=True)
    unit = pointer(Unit, "管理单位", "funds")
    size_yuan = amount_field("规模（元）")
    started_on = models.DateField("起始日期", help_text="拟设的填提出日期")
    ended_on = models.DateField("终止日期", null=True, blank=True)
    search = SearchField("检索", sources=("name", "platform"))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "专项资金和基金"
        ordering = ["kind", "name"]
        constraints = [
            positive("size_yuan", name="fund_size_not_negative", message="规模不能是负数。"),
            not_above(
                "started_on", "ended_on", name="fund_ends_after_start",
                message="终止日期不得早于起始日期。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class BudgetName(DerivedField):
    """Year and item of a budget in one: what a column of another sheet calls it."""

    def derive(self, row: models.Model) -> str:
        name, year = str(getattr(row, "name", "")), str(getattr(row, "year", ""))
        return name if year and year in name else f"{year}年{name}"


LIMITS = [
    positive(
        "budgeted_yuan", "allocated_yuan", "disbursed_yuan", "used_yuan",
        name="budget_not_negative",
        message="预算、分配、拨付、使用金额不能是负数。",
    ),
    not_above(
        "allocated_yuan", "budgeted_yuan", name="budget_allocated_within_budgeted",
        message="分配金额不能超过预算金额。",
    ),
    not_above(
        "disbursed_yuan", "allocated_yuan", name="budget_disbursed_within_allocated",
        message="拨付金额不能超过分配金额。",
    ),
    not_above(
        "used_yuan", "disbursed_yuan", name="budget_used_within_disbursed",
        message="使用金额不能超过拨付金额。",
    ),
    within(
        "allocated_yuan", name="budget_paid_within_allocated",
        message="分配金额不能少于已登记的兑现总额，请先核对兑现记录。",
    ),
]  # fmt: skip


class Budget(Record):
    """An item of a year's budget (年度预算) with its four amounts. An amount that nobody knows is
    empty, which is not nought. Payments are limited by what was allocated; ``paid_yuan`` is the sum
    of those that are entered, whatever their review says.
    """

    year = year_field("年度")
    name = models.CharField("预算项目", max_length=80)
    fund = pointer(Fund, "所属资金", "budgets")
    use = CodeField("用途", table="funds_use")
    source = CodeField("资金来源", table="funds_source")
    unit = pointer(Unit, "主管单位", "budgets")
    budgeted_yuan = amount_field("预算（元）", null=True, blank=True)
    allocated_yuan = amount_field(
        "分配（元）", null=True, blank=True, help_text="兑现总额不能超过分配金额"
    )
    disbursed_yuan = amount_field("拨付（元）", null=True, blank=True)
    used_yuan = amount_field("使用（元）", null=True, blank=True)
    paid_yuan = paid_field()
    full_name = BudgetName("预算全称", max_length=90)
    search = SearchField("检索", sources=("full_name",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "年度预算"
        ordering = ["-year", "use", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "name", "unit"], name="budget_of_unit_once",
                violation_error_message="该单位这一年度的这一预算项目已登记。",
            ),
            models.UniqueConstraint(
                fields=["year", "name"], condition=Q(unit__isnull=True), name="budget_once",
                violation_error_message="这一年度的这一预算项目已登记。",
            ),
            *LIMITS,
        ]  # fmt: skip
        indexes = [models.Index(fields=["-year", "use"], name="budget_by_year")]

    def __str__(self) -> str:
        return self.full_name
