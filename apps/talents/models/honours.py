from django.db import models
from django.db.models import F, Q

from apps.core.fields import CodeField
from apps.records.models import Record
from apps.talents.models.people import Person


class ExpertTitle(Record):
    """A title of an expert (专家称号) from its award until the expert leaves the list. The term
    of management may run out before: the list is then due for review, the title still stands.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="expert_titles", verbose_name="人才"
    )
    kind = CodeField("专家称号", table="expert_title")
    level = CodeField("级别", table="honour_level")
    round = models.CharField("批次", max_length=40, blank=True, help_text="如 第三批")
    field = models.CharField("领域", max_length=60, blank=True)
    obtained_on = models.DateField("入选日期")
    managed_until = models.DateField("管理期至", null=True, blank=True)
    allowance = models.CharField(
        "津贴标准", max_length=100, blank=True, help_text="如 每月300元，按季发放"
    )
    left_on = models.DateField("退出日期", null=True, blank=True)
    exit_reason = CodeField("退出原因", table="expert_exit", blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "专家称号"
        ordering = ["-obtained_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "level", "obtained_on"], name="expert_title_once",
                violation_error_message="该人才的这一专家称号已登记。",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "level"], condition=Q(left_on__isnull=True),
                name="open_expert_title_once",
                violation_error_message="该人才仍有这一专家称号，请先填写上一次的退出日期和原因。",
            ),
            models.CheckConstraint(
                condition=Q(managed_until__isnull=True) | Q(managed_until__gte=F("obtained_on")),
                name="expert_title_term_after_start",
                violation_error_message="管理期不得早于入选日期。",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("obtained_on")),
                name="expert_title_leaves_after_start",
                violation_error_message="退出日期不得早于入选日期。",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, exit_reason="")
                | (Q(left_on__isnull=False) & ~Q(exit_reason="")),
                name="expert_title_exit_has_reason",
                violation_error_message="退出日期和退出原因须同时填写。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "obtained_on", "left_on"], name="expert_title_lasts")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.label_of('level')}{self.label_of('kind')}"


class Recognition(Record):
    """What somebody is recognised as by a catalogue (人才认定), in a tier, for a time."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="recognitions", verbose_name="人才"
    )
    catalogue = CodeField("认定类别", table="recognition_catalogue")
    tier = CodeField("认定层次", table="recognition_tier", blank=True)
    number = models.CharField("证书编号", max_length=60, blank=True)
    issuer = models.CharField("认定单位", max_length=100, blank=True)
    starts_on = models.DateField("认定日期")
    ends_on = models.DateField(
        "失效日期", null=True, blank=True, help_text="这一天起不再计入；有效期至年底的填次年1月1日"
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "人才认定"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "catalogue", "starts_on"], name="recognition_once",
                violation_error_message="该人才的这一认定已登记。",
            ),
            models.UniqueConstraint(
                fields=["person", "catalogue"], condition=Q(ends_on__isnull=True),
                name="open_recognition_once",
                violation_error_message="该人才的这一认定仍然有效，请先填写上一次的失效日期。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="recognition_ends_after_start",
                violation_error_message="失效日期不得早于认定日期。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["catalogue", "starts_on", "ends_on"], name="recognition_lasts")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.label_of('catalogue')}"
