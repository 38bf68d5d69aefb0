from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.records.scope import Scope

RECORD_PERMISSIONS = ("view", "add", "change", "delete", "import", "export")


class TrackedQuerySet(models.QuerySet):
    """Rows of a record type. Composable reads are methods; every read for a user starts from
    ``visible_to``.
    """

    def visible_to(self, scope: Scope) -> "TrackedQuerySet":
        path: str = getattr(self.model, "scope_path", "")
        return self.filter(scope.q(path)) if path else self if scope.paths else self.none()

    def counted(self) -> "TrackedQuerySet":
        """Rows that figures count: reviewed ones, where there is a review."""
        return self


class RecordQuerySet(TrackedQuerySet):
    def counted(self) -> "RecordQuerySet":
        return self.filter(state=Record.State.APPROVED)


class Tracked(models.Model):
    """What every row keeps: its version, who made and changed it, and the import it came with."""

    # column with the path of the owning unit; empty: shared by everybody
    scope_path: ClassVar[str] = ""
    # after a save: the row as it was stored before
    before: "Tracked | None" = None

    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False,
        related_name="+", verbose_name="创建人", db_index=False,
    )  # fmt: skip
    created_at = models.DateTimeField("创建时间", default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False,
        related_name="+", verbose_name="修改人", db_index=False,
    )  # fmt: skip
    updated_at = models.DateTimeField("修改时间", default=timezone.now, editable=False)
    batch = models.ForeignKey(
        "records.ImportBatch", models.SET_NULL, null=True, editable=False,
        related_name="+", verbose_name="导入批次",
    )  # fmt: skip
    remarks = models.TextField("备注", blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = RECORD_PERMISSIONS

    def label_of(self, name: str) -> str:
        """What a code or choice of this row is called."""
        label: str = getattr(self, f"get_{name}_display")()
        return label


class Reference(Tracked):
    """A row that everybody shares and nobody reviews: districts, pools, schemes."""

    class Meta(Tracked.Meta):
        abstract = True


class Record(Tracked):
    """A row that a unit reports. ``owner`` is the only column that scope looks at."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "已报送"
        APPROVED = "approved", "已审核"
        RETURNED = "returned", "退回"

    scope_path: ClassVar[str] = "owner__path"

    owner = models.ForeignKey(
        "organizations.Unit", models.PROTECT, related_name="+", verbose_name="填报单位"
    )
    state = models.CharField(
        "审核状态", max_length=10, choices=State, default=State.APPROVED, editable=False
    )

    objects = RecordQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Tracked.Meta):
        abstract = True


class ImportBatch(models.Model):
    """One confirmed import of a workbook: what it made, so that it can be undone."""

    class State(models.TextChoices):
        PREVIEW = "preview", "待确认"
        DONE = "done", "已导入"
        UNDONE = "undone", "已撤销"
        EXPIRED = "expired", "已过期"

    record_type = models.CharField("记录类型", max_length=60, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    upload = models.FileField("上传文件（加密）", upload_to="imports/", blank=True)
    options = models.JSONField("列对应与选项", default=dict, blank=True)
    summary = models.JSONField("结果", default=dict, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PREVIEW)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="导入人"
    )
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    done_at = models.DateTimeField("导入时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.file_name


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
