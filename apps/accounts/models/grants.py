"""Roles, and the grants that give them to somebody for a subtree of units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Aggregate, F, Q, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from apps.accounts.models.users import Family, Held, Standing, User

TWICE = "该用户已有相同角色和单位的授权。"


class Role(models.Model):
    """What somebody does (角色), as data: its permissions stand in a group of Django.

    ``rules`` is the small language of ``apps.accounts.rules``; ``load_roles`` works it out.
    """

    key = models.SlugField("代号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=40, unique=True)
    description = models.CharField("说明", max_length=200, blank=True)
    family = models.CharField("账号类别", max_length=10, choices=Family, default=Family.BUSINESS)
    whole = models.BooleanField("可授权全区", default=False)
    maintains = models.BooleanField("可进入维护页面", default=False)
    rules = models.JSONField("权限规则", default=list)
    rank = models.PositiveSmallIntegerField("次序", default=0)
    group = models.OneToOneField(Group, models.PROTECT, verbose_name="权限组")

    class Meta:
        verbose_name = verbose_name_plural = "角色"
        ordering = ["rank", "key"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name

    @property
    def holds_data(self) -> bool:
        """May hold business data; none of the three administrators may."""
        return self.family == Family.BUSINESS


class _Joined(Aggregate):
    """The values of a group as one comma separated text, on both databases."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="STRING_AGG",
            template="%(function)s(%(expressions)s, ',')", **context,
        )  # fmt: skip


class GrantQuerySet(models.QuerySet["Grant"]):
    def working(self, on: date | None = None) -> GrantQuerySet:
        """Approved and within its dates. What ``Grant.clean`` refuses never works either."""
        day = on or timezone.localdate()
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=day),
            ~Q(role__family=Family.BUSINESS) | Q(role__whole=True) | Q(unit__isnull=False),
            state=Grant.State.APPROVED,
            valid_from__lte=day,
            role__family=F("user__family"),
        )

    def open(self) -> GrantQuerySet:
        """Neither refused nor taken back."""
        return self.filter(state__in=[Grant.State.PENDING, Grant.State.APPROVED])

    def standing(self, user: User) -> Standing:
        """The grants of a user that work today, each with its permissions, in one query."""
        code = "role__group__permissions__"
        named = Concat(f"{code}content_type__app_label", Value("."), f"{code}codename")
        rows = (
            self.working()
            .filter(user=user)
            .order_by("role__rank", "unit__path", "pk")
            .values_list(
                "role__key", "role__name", "role__family", "role__maintains",
                "unit__name", "unit__path", "unit__parent", "valid_to",
            )
            .annotate(codes=_Joined(named))
        )  # fmt: skip
        return Standing(tuple(_held(*row) for row in rows))


def _held(*row: Any) -> Held:
    role, name, family, maintains, unit_name, path, parent, valid_to, codes = row
    subtree = path if parent else ""  # the root's subtree is everything
    permissions = frozenset((codes or "").split(",")) - {"", "."}
    return Held(
        role, name, family, maintains, unit_name or "", subtree or "", valid_to, permissions
    )


class Grant(models.Model):
    """A role that somebody has for a subtree of units (授权); works once 安全管理员 approved it."""

    class State(models.TextChoices):
        PENDING = "pending", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        REVOKED = "revoked", "已收回"

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="用户")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants", verbose_name="角色")
    unit = models.ForeignKey(
        "organizations.Unit", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="授权单位", help_text="含下级单位；留空为全区",
    )  # fmt: skip
    valid_from = models.DateField("生效日期", default=timezone.localdate)
    valid_to = models.DateField("失效日期", null=True, blank=True, help_text="长期有效的留空")
    state = models.CharField(
        "状态", max_length=10, choices=State, default=State.PENDING, editable=False
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="申请人"
    )
    created_at = models.DateTimeField("申请时间", default=timezone.now, editable=False)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="批准人"
    )
    approved_at = models.DateTimeField("批准时间", null=True, editable=False)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="收回人"
    )
    ended_at = models.DateTimeField("收回时间", null=True, editable=False)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        ordering = ["-pk"]
        default_permissions = ("view", "add")
        permissions = [("approve_grant", "批准授权")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(state__in=["pending", "approved"]),
                name="grant_once",
                violation_error_message=TWICE,
            ),
            models.UniqueConstraint(  # SQLite takes two empty units for different ones
                fields=["user", "role"],
                condition=Q(state__in=["pending", "approved"], unit__isnull=True),
                name="grant_of_everything_once",
                violation_error_message=TWICE,
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="grant_ends_after_start",
                violation_error_message="失效日期不得早于生效日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False),
                name="grant_approval_has_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("user")) & ~Q(approved_by=F("created_by"))),
                name="grant_approved_by_another",
                violation_error_message="授权不能由本人或申请人批准。",
            ),
        ]

    def __str__(self) -> str:
        where = f"（{self.unit_label}）" if self.unit_label else ""
        return f"{self.user}：{self.role}{where}"

    @property
    def unit_label(self) -> str:
        if self.unit_id:
            return str(self.unit)
        return "全区" if self.role.holds_data else ""

    @property
    def is_working(self) -> bool:
        """In force today."""
        today = timezone.localdate()
        return (
            self.state == Grant.State.APPROVED
            and self.valid_from <= today
            and (self.valid_to is None or self.valid_to >= today)
        )

    def clean(self) -> None:
        if not self.user_id or not self.role_id:
            return
        user, role = self.user, self.role
        if user.family != role.family:
            raise ValidationError(
                f"{user.get_family_display()}不能授予“{role}”角色："
                "系统管理员、安全管理员、审计管理员与业务账号互不兼任，请另建账号。"
            )
        if not role.holds_data and self.unit_id:
            raise ValidationError({"unit": f"{role}不接触业务数据，请不要选择单位。"})
        if role.holds_data and not self.unit_id and not role.whole:
            raise ValidationError({"unit": f"“{role}”须指明单位，请选择授权单位。"})
