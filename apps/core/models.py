from django.db import models
from django.db.models import Q


class Code(models.Model):
    """One row of a code table (代码表), national or local.

    ``rank`` orders a table from high to low, so that “本科及以上” is a comparison of ranks.
    ``synonyms`` are other spellings that offices use; one that stands at two codes is ambiguous.
    """

    table = models.CharField("代码表", max_length=40)
    code = models.CharField("代码", max_length=20)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=60, blank=True)
    rank = models.PositiveIntegerField("次序", default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级代码"
    )
    synonyms = models.JSONField("别名", default=list, blank=True)
    definition = models.TextField("说明", blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "代码"
        ordering = ["table", "rank", "code"]
        constraints = [
            models.UniqueConstraint(fields=["table", "code"], name="code_once_in_table"),
            models.CheckConstraint(condition=~Q(name=""), name="code_has_name"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name
