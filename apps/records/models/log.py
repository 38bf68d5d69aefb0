from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.records.models.imports import ImportBatch


class ChangeLog(models.Model):
    """One thing that was done, by whom, from where. Only ever added to: triggers refuse the rest.

    ``changes`` holds ``{field: [old, new]}``; protected fields stand in it as masks.
    """

    class Action(models.TextChoices):
        CREATE = "create", "新增"
        UPDATE = "update", "修改"
        DELETE = "delete", "删除"
        IMPORT = "import", "导入"
        UNDO = "undo", "撤销导入"
        EXPORT = "export", "导出"
        ATTACH = "attach", "上传附件"
        DETACH = "detach", "删除附件"
        REVEAL = "reveal", "查看明文"
        REVIEW = "review", "审核"
        LOGIN = "login", "登录"
        LOGIN_FAILED = "login_failed", "登录失败"
        LOGOUT = "logout", "退出"
        GRANT = "grant", "授权"
        REPORT = "report", "报告"

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    action = models.CharField("操作", max_length=12, choices=Action)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="用户"
    )
    user_name = models.CharField("姓名", max_length=60)
    address = models.CharField("地址", max_length=45, blank=True)
    request_id = models.CharField("请求号", max_length=32, blank=True)
    record_type = models.CharField("记录类型", max_length=60, blank=True)
    object_id = models.BigIntegerField("记录号", null=True)
    object_text = models.CharField("记录", max_length=200, blank=True)
    changes = models.JSONField("变更", default=dict)
    reason = models.CharField("理由", max_length=300, blank=True)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, related_name="log", verbose_name="导入批次"
    )
    digest = models.CharField("内容摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "操作日志"
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["record_type", "object_id"], name="changelog_of_record")]
        permissions = [
            ("review_records", "审核填报记录"),
            ("reveal_protected", "查看证件号码等明文"),
        ]

    def __str__(self) -> str:
        return f"{self.user_name}{self.get_action_display()}{self.object_text}"


class ChangeBlock(models.Model):
    """A seal over a run of log rows: a digest over their digests and the seal before."""

    first = models.BigIntegerField("首条")
    last = models.BigIntegerField("末条", unique=True)
    count = models.PositiveIntegerField("条数")
    digest = models.CharField("封印", max_length=64)
    sealed_at = models.DateTimeField("封存时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "日志封印"
        ordering = ["last"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="block_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.first}—{self.last}"
