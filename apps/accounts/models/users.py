"""Who may sign in, and what somebody's grants come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from apps.core.fields import EncryptedField
from apps.records.scope import Scope


class Family(models.TextChoices):
    """What an account is for. The three administrators exclude each other and all business."""

    BUSINESS = "business", "业务账号"
    SYSADMIN = "sysadmin", "系统管理员"
    SECADMIN = "secadmin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


@dataclass(frozen=True, slots=True)
class Held:
    """A grant that works today, with what its role allows."""

    role: str
    role_name: str
    family: str
    maintains: bool
    unit_name: str
    unit_path: str
    valid_to: date | None
    permissions: frozenset[str]

    @property
    def unit_label(self) -> str:
        return self.unit_name or ("全区" if self.family == Family.BUSINESS else "")


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a user's grants give: permissions and scope, read in one query."""

    held: tuple[Held, ...] = ()

    @property
    def permissions(self) -> set[str]:
        return set().union(*(held.permissions for held in self.held))

    @property
    def scope(self) -> Scope:
        """Subtrees of the business grants; an administrator's grant opens no data."""
        business = [held for held in self.held if held.family == Family.BUSINESS]
        if any(held.unit_path == "" for held in business):
            return Scope.everything()
        names = {held.unit_path: held.unit_name for held in business}
        tops = [p for p in names if not any(p != q and p.startswith(q) for q in names)]
        return Scope(tuple(sorted(tops)), "、".join(names[path] for path in sorted(tops)))


class UserManager(BaseUserManager["User"]):
    """Creates accounts. Everyday code goes through ``services.create_user``, which logs it."""

    def create_user(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> User:
        """An account; ``email`` stands where Django's callers expect it and is not kept."""
        user = self.model(username=self.model.normalize_username(username), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> User:
        """For development only: ``manage.py check --database default`` warns when one exists."""
        return self.create_user(username, password=password, **{**extra, "is_superuser": True})


class User(AbstractUser):
    """Someone who signs in (用户). Rights come from approved grants, never from the account."""

    # Not ours: one name field, no mail on an intranet, no rights beside the grants.
    first_name = last_name = email = groups = user_permissions = None  # type: ignore[assignment]

    name = models.CharField("姓名", max_length=40)
    family = models.CharField("账号类别", max_length=10, choices=Family, default=Family.BUSINESS)
    unit = models.ForeignKey(
        "organizations.Unit", models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name="所在单位",
    )  # fmt: skip
    mobile = EncryptedField("手机号码", kind="mobile", blank=True)
    expires_on = models.DateField(
        "账号有效期至", null=True, blank=True, help_text="到期次日起不能登录；长期有效的留空"
    )
    must_change_password = models.BooleanField("须修改密码", default=False, editable=False)
    password_changed_at = models.DateTimeField("密码修改时间", default=timezone.now, editable=False)
    sign_in_mark = models.CharField("登录标记", max_length=32, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_once",
                violation_error_message="用户名已被使用（不区分大小写），请换一个。",
            ),
            models.CheckConstraint(
                condition=Q(family=Family.BUSINESS) | Q(unit__isnull=True),
                name="administrator_has_no_unit",
                violation_error_message="三员账号不属于任何单位，请不要填写所在单位。",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        self.username = self.normalize_username(self.username)

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    @property
    def is_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def is_administrator(self) -> bool:
        """One of the three administrators (三员)."""
        return self.family != Family.BUSINESS

    @cached_property
    def standing(self) -> Standing:
        """What the grants that work today give; the one query behind roles, rights and scope."""
        if not self.pk or not self.is_active or self.is_expired:
            return Standing()
        return self.grants.standing(self)

    @property
    def scope(self) -> Scope:
        return self._scope

    @cached_property
    def _scope(self) -> Scope:
        return self.standing.scope

    @property
    def roles(self) -> list[Held]:
        return list(self.standing.held)

    @property
    def role_keys(self) -> set[str]:
        return {held.role for held in self.standing.held}

    @property
    def is_staff(self) -> bool:  # type: ignore[override]
        """May enter the maintenance pages (Django admin)."""
        return self.is_superuser or any(held.maintains for held in self.standing.held)


class PasswordHistory(models.Model):
    """Hashes of a user's last passwords, so that none is used again soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="用户")
    password = models.CharField("密码摘要", max_length=128)
    created_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "历史密码"
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
