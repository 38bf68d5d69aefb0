from django.conf import settings
from django.db import models
from django.utils import timezone


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


class ImportMemory(models.Model):
    """What a heading, or a word in a column, was taken to mean when an import was confirmed.

    ``word`` empty: ``heading`` is the column ``meaning`` (empty: left out). Else cells saying
    ``word`` in the column ``heading`` mean the stored value ``meaning``. ``unit`` empty: for the
    whole office; else for the imports of that unit alone.
    """

    record_type = models.CharField("记录类型", max_length=60)
    heading = models.CharField("列标题", max_length=100)
    word = models.CharField("单元格内容", max_length=100, blank=True)
    meaning = models.CharField("含义", max_length=100, blank=True)
    unit = models.ForeignKey(
        "organizations.Unit", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name="只用于",
    )  # fmt: skip
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    updated_at = models.DateTimeField("确认时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "导入对应记忆"
        ordering = ["record_type", "heading", "word", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "heading", "word"], condition=models.Q(unit=None),
                name="import_memory_once",
            ),
            models.UniqueConstraint(
                fields=["record_type", "heading", "word", "unit"],
                condition=models.Q(unit__isnull=False), name="import_memory_once_a_unit",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.heading}：{self.word or self.meaning}"
