from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from apps.records.models.base import Reference

one_word = RegexValidator(
    r"^[^、，,；;\s]*$",
    "标签里不能有顿号、逗号、分号和空格：在 Excel 里几个标签用顿号隔开，请换一个写法。",
)


def extendable_types() -> list[tuple[str, str]]:
    """The record types that the office may add to, by label and Chinese name."""
    from apps.records import registry  # noqa: PLC0415 -- app ready

    return [(each.label, each.name) for each in registry.types() if each.extendable]


class CustomField(Reference):
    """A field that the office added to a record type; values stand in ``Tracked.extra``."""

    class Kind(models.TextChoices):
        TEXT = "text", "文字"
        NUMBER = "number", "数字"
        DATE = "date", "日期"
        CHOICE = "choice", "选项"

    record_type = models.CharField("记录类型", max_length=60, choices=extendable_types)
    label = models.CharField("名称", max_length=30)
    kind = models.CharField("类型", max_length=10, choices=Kind, default=Kind.TEXT)
    options = models.TextField("选项", blank=True, help_text="每行一个，只用于“选项”类型")
    help_text = models.CharField("填写说明", max_length=100, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "自设字段"
        ordering = ["record_type", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "label"], name="custom_field_once",
                violation_error_message="这类记录已有同名的自设字段。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="choice") | ~Q(options=""), name="custom_field_has_options",
                violation_error_message="选项类型的字段请至少写一个选项，每行一个。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """Its key in ``Tracked.extra``."""
        return f"f{self.pk}"

    @property
    def option_list(self) -> list[str]:
        """The options, one a line, each once."""
        lines = (line.strip() for line in self.options.splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class Tag(Reference):
    """A word that the office puts on records to find them again (标签)."""

    name = models.CharField("名称", max_length=20, unique=True, validators=[one_word])
    record_type = models.CharField(
        "只用于",
        max_length=60,
        blank=True,
        choices=extendable_types,
        help_text="不选则各类记录都可用",
    )

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "标签"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Its key in ``Tracked.extra``."""
        return f"t{self.pk}"
