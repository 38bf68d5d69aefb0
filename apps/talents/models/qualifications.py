from django.db import models
from django.db.models import F, Q

from apps.core.fields import CodeField, MonthField
from apps.records.models import Record
from apps.talents.models.people import Person


class Education(Record):
    """A finished course of education (学历学位), with the month it was obtained in."""

    class Mode(models.TextChoices):
        FULL_TIME = "full_time", "全日制教育"
        IN_SERVICE = "in_service", "在职教育"

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="educations", verbose_name="人才"
    )
    mode = models.CharField("教育形式", max_length=12, choices=Mode, default=Mode.FULL_TIME)
    education = CodeField("学历", table="gb4658_education")
    degree = CodeField("学位", table="gb6864_degree", blank=True)
    school = models.CharField("毕业院校", max_length=100, blank=True)
    major = models.CharField("专业", max_length=100, blank=True)
    started_on = MonthField("入学时间", null=True, blank=True)
    obtained_on = MonthField("毕业时间")

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "学历学位"
        ordering = ["-obtained_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "education", "mode"], name="education_once",
                violation_error_message="该人才的这一学历已登记。",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(obtained_on__gte=F("started_on")),
                name="education_ends_after_start",
                violation_error_message="毕业时间不得早于入学时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.label_of('education')}"


class Title(Record):
    """A professional title obtained (职称)."""

    class Route(models.TextChoices):
        REVIEW = "review", "评审"
        EXAM = "exam", "考试"
        RECOGNISED = "recognised", "初定认定"
        TOWN25 = "town25", "乡镇25年"
        OTHER = "other", "其他"

    person = models.ForeignKey(Person, models.CASCADE, related_name="titles", verbose_name="人才")
    name = models.CharField("职称", max_length=60)
    level = CodeField("职称级别", table="title_level")
    obtained_on = MonthField("取得时间")
    route = models.CharField("取得方式", max_length=12, choices=Route, default=Route.REVIEW)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "职称"
        ordering = ["-obtained_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name", "level"], name="title_once",
                violation_error_message="该人才的这一职称已登记。",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["obtained_on"], name="title_obtained")]

    def __str__(self) -> str:
        return f"{self.person} · {self.name}"
