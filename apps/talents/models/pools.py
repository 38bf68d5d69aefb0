from django.db import models
from django.db.models import F, Q

from apps.core.fields import CodeField
from apps.records.models import Record, Reference
from apps.talents.models.people import Person


class Pool(Reference):
    """A talent pool (人才库). The six teams make up the total of talents and overlap."""

    class Kind(models.TextChoices):
        TEAM = "team", "六支队伍"
        SPECIAL = "special", "专门库"

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind, default=Kind.SPECIAL)
    category = CodeField("对应队伍", table="talent_category", blank=True)
    order = models.PositiveSmallIntegerField("次序", default=100)
    description = models.TextField("说明", blank=True)

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "人才库"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class PoolMembership(Record):
    """A person's membership of a pool (入库), from one day until another."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="memberships", verbose_name="人才"
    )
    pool = models.ForeignKey(
        Pool, models.PROTECT, related_name="memberships", verbose_name="人才库"
    )
    field = models.CharField("领域", max_length=60, blank=True)
    level = CodeField("层次", table="honour_level", blank=True)
    is_main_team = models.BooleanField("主统计口径", default=False)
    joined_on = models.DateField("入库日期")
    left_on = models.DateField("出库日期", null=True, blank=True)
    leave_reason = models.CharField("出库原因", max_length=100, blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "入库记录"
        ordering = ["-joined_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "pool"], condition=Q(left_on__isnull=True),
                name="open_membership_once",
                violation_error_message="该人才已在这个人才库中，请先办理出库。",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="membership_leaves_after_joining",
                violation_error_message="出库日期不得早于入库日期。",
            ),
        ]  # fmt: skip
        indexes = [
            # With the pool, or a pool asked for would be read whole for each person in turn.
            models.Index(
                fields=["person", "pool", "joined_on", "left_on"], name="membership_of_person"
            ),
            models.Index(fields=["pool", "joined_on", "left_on"], name="membership_of_pool"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.pool}"
