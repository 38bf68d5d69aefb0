from django.db import models

from apps.records.models import Reference
from apps.reports.outline.parser import OutlineText, parse_outline


class Outline(Reference):
    """The plan of a report (提纲): headings, sentences that cite figures, switches."""

    key = models.SlugField("标识", max_length=40, unique=True)
    name = models.CharField("提纲名称", max_length=60, unique=True)
    kind = models.CharField("报告类型", max_length=12, default="summary")
    description = models.TextField("说明", blank=True)
    source = models.TextField("提纲内容")
    order = models.PositiveSmallIntegerField("次序", default=100)
    is_active = models.BooleanField("在用", default=True)
    is_builtin = models.BooleanField("内置", default=False, editable=False)

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "报告提纲"
        ordering = ["order", "key"]

    def __str__(self) -> str:
        return self.name

    def parsed(self) -> OutlineText:
        """The outline as blocks; OutlineErrors when its text cannot be read."""
        return parse_outline(self.source)
