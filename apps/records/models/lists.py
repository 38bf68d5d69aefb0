from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ListLayout(models.Model):
    """Which columns a user has chosen for a list, and how many rows a page shows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    record_type = models.CharField("记录类型", max_length=60)
    columns = models.JSONField("列", default=list)
    page_size = models.PositiveSmallIntegerField("每页条数", default=20)

    class Meta:
        verbose_name = verbose_name_plural = "列设置"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "record_type"], name="list_layout_once")
        ]

    def __str__(self) -> str:
        return self.record_type


class SavedFilter(models.Model):
    """A list as somebody keeps it: conditions, order and columns under a name; shared or not.

    ``params`` is what stands in the address, ``{name: [values]}``. Scope always applies anew.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="保存人"
    )
    record_type = models.CharField("记录类型", max_length=60)
    name = models.CharField("名称", max_length=40)
    params = models.JSONField("条件", default=dict, blank=True)
    columns = models.JSONField("列", default=list, blank=True)
    is_shared = models.BooleanField("共享给其他用户", default=False)
    created_at = models.DateTimeField("保存时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["name"]
        default_permissions = ()
        permissions = [("manage_savedfilter", "删除他人共享的常用筛选")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "record_type", "name"], name="saved_filter_once",
                violation_error_message="您已有同名的常用筛选，请换一个名称。",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_named"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
