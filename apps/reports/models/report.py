from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.periods import Period
from apps.records.models import Record
from apps.records.scope import Scope
from apps.reports.models.outline import Outline


class Report(Record):
    """A report (报告) that cites figures of one period and one unit's subtree (none = all).

    ``owner`` is the unit whose report it is; ``status`` is where it stands from 准备中 to 定稿.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary", "总结"
        BRIEFING = "briefing", "汇报"
        EXPERIENCE = "experience", "经验材料"

    class Status(models.TextChoices):
        PREPARING = "preparing", "准备中"
        DRAFTING = "drafting", "起草"
        CONSULTING = "consulting", "征求意见"
        REVIEWING = "reviewing", "审核"
        FINAL = "final", "定稿"

    EDITABLE = (Status.DRAFTING, Status.CONSULTING, Status.REVIEWING)

    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.SUMMARY)
    title = models.TextField("标题", blank=True, help_text="标题较长时可分行，按行居中")
    addressee = models.CharField("主送机关", max_length=100, blank=True)
    period_key = models.CharField("统计时段", max_length=30)
    unit = models.ForeignKey(
        "organizations.Unit", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="统计范围",
    )  # fmt: skip
    outline = models.ForeignKey(
        Outline, models.PROTECT, null=True, related_name="reports", verbose_name="提纲"
    )
    switches = models.JSONField("写法开关", default=dict, blank=True)
    signature = models.CharField("署名单位", max_length=100, blank=True)
    signed_on = models.DateField("成文日期", null=True, blank=True)
    status = models.CharField(
        "状态", max_length=12, choices=Status, default=Status.PREPARING, editable=False
    )
    step = models.PositiveSmallIntegerField("向导步骤", default=1, editable=False)
    drafted_at = models.DateTimeField("取数时间", null=True, editable=False)
    next_node = models.PositiveIntegerField("下一数字编号", default=1, editable=False)
    frozen_at = models.DateTimeField("定稿时间", null=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="定稿人",
    )  # fmt: skip
    frozen_text = models.TextField("定稿文本", blank=True, editable=False)
    frozen_digest = models.CharField("定稿摘要（SM3）", max_length=64, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "报告"
        ordering = ["-pk"]
        permissions = [("finalise_report", "报告定稿")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="final") | ~Q(frozen_digest=""),
                name="report_final_has_digest",
                violation_error_message="定稿的报告须有内容摘要。",
            )
        ]

    def __str__(self) -> str:
        return self.title.replace("\n", "") or f"{self.period.label}{self.get_kind_display()}"

    @property
    def period(self) -> Period:
        return Period.parse(self.period_key)

    @property
    def year(self) -> int:
        return self.period.end.year

    @property
    def is_whole(self) -> bool:
        """Whether it is about the whole district."""
        return self.unit is None or self.unit.parent_id is None

    @property
    def scope(self) -> Scope:
        """What the report's figures are counted over, whoever looks at it."""
        if self.unit is None or self.is_whole:
            return Scope.everything()
        return Scope((self.unit.path,), self.unit.name)

    @property
    def is_editable(self) -> bool:
        return self.status in self.EDITABLE

    @property
    def is_final(self) -> bool:
        return self.status == self.Status.FINAL

    @property
    def facts(self) -> dict[str, Any]:
        """What the words of the outline that are no metrics stand for: 年度, 地区 …"""
        place = self.unit.name if self.unit else self.owner.name
        end = self.period.end
        whole = f"全{place[-1]}" if place[-1] in "区县市州盟旗" else "辖区"
        return {
            "年度": str(self.year),
            "上年度": str(self.year - 1),
            "下年度": str(self.year + 1),
            "时段": self.period.label,
            "地区": place,
            "范围": whole if self.is_whole else "本单位",
            "截止日期": f"{end.year}年{end.month}月{end.day}日",
        }
