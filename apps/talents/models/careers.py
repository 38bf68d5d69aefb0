from django.db import models
from django.db.models import F, Q

from apps.core.fields import CodeField, MonthField
from apps.organizations.models import Unit
from apps.records.models import Record
from apps.talents.models.people import Person


class OrganisationKind(models.TextChoices):
    """Kinds of workplaces between which people move; told by the type of the unit."""

    OFFICE = "office", "机关"
    INSTITUTION = "institution", "事业单位"
    COMPANY = "company", "企业"
    SOCIAL = "social", "社会组织"
    RURAL = "rural", "村（社区）"
    OTHER = "other", "其他"

    @classmethod
    def of_unit_type(cls, code: str) -> str:
        """The kind that a code of the table unit_type belongs to; empty when there is none."""
        known = {"1": cls.OFFICE, "2": cls.INSTITUTION, "3": cls.COMPANY, "9": cls.OTHER}
        rural = {"51": cls.RURAL, "52": cls.RURAL, "53": cls.COMPANY, "41": cls.SOCIAL}
        return str(rural.get(code) or known.get(code[:1]) or "")


class Career(Record):
    """A post held from one month until another (任职经历); ``origin`` is the kind of workplace
    that the person came from.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="careers", verbose_name="人才")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区内单位",
        help_text="单位名录中有的在这里选，单位名称自动带出",
    )  # fmt: skip
    unit_name = models.CharField(
        "任职单位", max_length=100, blank=True, help_text="区外单位或当时的名称"
    )
    post = models.CharField("职务", max_length=100)
    rank = CodeField("职务层次", table="rank_level", blank=True)
    kind = models.CharField(
        "单位性质", max_length=12, choices=OrganisationKind, help_text="区内单位可不填，按单位类型"
    )
    origin = models.CharField(
        "来自", max_length=12, choices=OrganisationKind, blank=True,
        help_text="此前单位的性质；留空时按已登记的上一段任职",
    )  # fmt: skip
    starts_on = MonthField("任职时间")
    ends_on = MonthField("离任时间", null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "任职经历"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit_name", "post", "starts_on"], name="career_once",
                violation_error_message="该人才的这一段任职已登记。",
            ),
            models.CheckConstraint(
                condition=~Q(unit_name=""), name="career_has_workplace",
                violation_error_message="请选择区内单位，或填写任职单位的名称。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="career_ends_after_start",
                violation_error_message="离任时间不得早于任职时间。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="career_lasts")]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit_name}{self.post}"

    def fill_workplace(self) -> None:
        """The name and kind of a unit of the register, where they are empty."""
        if not (self.unit_name and self.kind) and self.unit is not None:
            self.unit_name = self.unit_name or self.unit.name
            self.kind = self.kind or OrganisationKind.of_unit_type(self.unit.type)


class PublicRole(Record):
    """A seat in a people's congress, CPPCC or party congress (代表委员), while it lasts. Somebody
    recommended and not elected has no day of election, and counts as recommended only.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="public_roles", verbose_name="人才"
    )
    role = CodeField("代表委员", table="public_role")
    level = CodeField("级别", table="honour_level")
    term = models.CharField("届次", max_length=40, blank=True, help_text="如 第十八届")
    recommended_on = models.DateField("推荐日期", null=True, blank=True)
    elected_on = models.DateField("当选日期", null=True, blank=True, help_text="推荐而未当选的不填")
    ends_on = models.DateField("届满日期", null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "代表委员"
        ordering = ["-elected_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "level", "elected_on"], name="public_role_once",
                violation_error_message="该人才的这一代表委员身份已登记。",
            ),
            models.CheckConstraint(
                condition=Q(elected_on__isnull=False) | Q(recommended_on__isnull=False),
                name="public_role_has_day",
                violation_error_message="请填写当选日期；推荐而未当选的请填写推荐日期。",
            ),
            models.CheckConstraint(
                condition=Q(recommended_on__isnull=True)
                | Q(elected_on__isnull=True)
                | Q(elected_on__gte=F("recommended_on")),
                name="public_role_elected_after_recommended",
                violation_error_message="当选日期不得早于推荐日期。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("elected_on")),
                name="public_role_ends_after_election",
                violation_error_message="届满日期不得早于当选日期。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["elected_on", "ends_on"], name="public_role_lasts")]

    def __str__(self) -> str:
        return f"{self.person} · {self.label_of('level')}{self.label_of('role')}"
