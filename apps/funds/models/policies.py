from django.db import models
from django.db.models import F, Q

from apps.core.fields import CodeField, SearchField
from apps.records.models import Reference


class PolicyItem(Reference):
    """One thing that a policy promises (政策条款): what, to whom, by which standard."""

    name = models.CharField("条款名称", max_length=80, unique=True)
    policy = models.ForeignKey(
        "governance.Policy", models.PROTECT, null=True, blank=True, related_name="items",
        verbose_name="政策文件",
    )  # fmt: skip
    kind = CodeField("类别", table="funds_item_kind", blank=True)
    standard = models.CharField("标准", max_length=200, blank=True, help_text="如 每人每月1000元")
    for_person = models.BooleanField("个人可申领", default=True)
    for_team = models.BooleanField("团队可申领", default=True)
    for_unit = models.BooleanField("单位可申领", default=True)
    instalments = models.PositiveSmallIntegerField(
        "发放期数", null=True, blank=True, help_text="一次性发放填 1，按期发放不限期数的留空"
    )
    is_active = models.BooleanField("执行中", default=True)
    search = SearchField("检索", sources=("name",))

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "政策条款"
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(for_person=True) | Q(for_team=True) | Q(for_unit=True),
                name="policy_item_has_claimant",
                violation_error_message="个人、团队、单位至少一类可以申领。",
            ),
            models.CheckConstraint(
                condition=Q(instalments__isnull=True) | Q(instalments__gte=1),
                name="policy_item_has_instalment",
                violation_error_message="发放期数至少为 1；不限期数的请留空。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ItemExclusion(Reference):
    """Two items of which a recipient has one only in the same year of approval (不可兼得). The
    pair is kept in the order of the keys, so that it stands once.
    """

    item = models.ForeignKey(
        PolicyItem, models.CASCADE, related_name="excludes", verbose_name="政策条款"
    )
    other = models.ForeignKey(
        PolicyItem, models.CASCADE, related_name="excluded_by", verbose_name="不可兼得的条款"
    )
    basis = models.CharField("依据", max_length=200, blank=True, help_text="如 办法第八条")

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "不可兼得条款"
        ordering = ["item", "other"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "other"], name="item_exclusion_once",
                violation_error_message="这两个条款已登记为不可兼得。",
            ),
            models.CheckConstraint(
                condition=Q(item__lt=F("other")), name="item_exclusion_of_two",
                violation_error_message="不可兼得的须是两个不同的条款。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.item} 与 {self.other}"
