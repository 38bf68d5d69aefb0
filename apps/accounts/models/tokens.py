from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models.users import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def working(self) -> ApiTokenQuerySet:
        """Neither revoked nor past their date."""
        return self.filter(revoked_at=None, expires_on__gte=timezone.localdate())


class ApiToken(models.Model):
    """Lets a program act for a user (接口令牌). Only a keyed digest of its value is stored; the
    first letters are kept to tell tokens apart.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name="用户")
    name = models.CharField("用途", max_length=40)
    digest = models.CharField("令牌摘要", max_length=64, unique=True, editable=False)
    prefix = models.CharField("令牌开头", max_length=8, editable=False)
    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    expires_on = models.DateField("有效期至")
    last_used_at = models.DateTimeField("最近使用", null=True, editable=False)
    revoked_at = models.DateTimeField("停用时间", null=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=Q(revoked_at__isnull=True),
                name="api_token_name_once",
                violation_error_message="您已有同样用途的令牌，请换一个名称，或先停用原来的。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user}：{self.name}（{self.prefix}…）"

    @property
    def is_expired(self) -> bool:
        return self.expires_on < timezone.localdate()

    @property
    def is_working(self) -> bool:
        return self.revoked_at is None and not self.is_expired

    @property
    def state(self) -> str:
        if self.revoked_at is not None:
            return "已停用"
        return "已过期" if self.is_expired else "有效"
