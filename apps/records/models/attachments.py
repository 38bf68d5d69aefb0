from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Attachment(models.Model):
    """A file of a record (附件). Who may see the record may read it, nobody else.

    ``slot`` names a place that the record type offers, such as the photo of a person, and holds
    one file; empty: any file. ``content_type`` is what the content shows, not what the name says.
    """

    record_type = models.CharField("记录类型", max_length=60)
    object_id = models.BigIntegerField("记录号")
    slot = models.CharField("位置", max_length=20, blank=True)
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to="attachments/%Y/%m/")
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小（字节）")
    digest = models.CharField("内容摘要", max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["slot", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["record_type", "object_id"], name="attachment_of_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "object_id", "slot"], condition=~Q(slot=""),
                name="attachment_slot_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
