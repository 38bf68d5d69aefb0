from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.fields import CodeField, SearchField
from apps.organizations.models import Unit
from apps.records.models import Record, Reference
from apps.talents.models import Person


class AwardScheme(Reference):
    """What is awarded (奖项): a prize, an honour or a selection, and what it means for the
    appraisal of a cadre.
    """

    class Kind(models.TextChoices):
        PRIZE = "prize", "奖励"
        HONOUR = "honour", "荣誉"
        SELECTION = "selection", "评选"

    class State(models.TextChoices):
        IN_PLACE = "in_place", "在设"
        INTENDED = "intended", "拟设"
        STOPPED = "stopped", "停设"

    class Effect(models.TextChoices):
        PRIORITY = "priority", "优先要素"
        ON_RECORD = "on_record", "记录在册"
        NONE = "none", "无"

    name = models.CharField("奖项名称", max_length=60, unique=True)
    kind = models.CharField("性质", max_length=10, choices=Kind, default=Kind.PRIZE)
    status = models.CharField("状态", max_length=10, choices=State, default=State.IN_PLACE)
    effect = models.CharField("对考核的作用", max_length=10, choices=Effect, default=Effect.NONE)
    cycle = models.CharField(
        "评选周期", max_length=20, blank=True, help_text="如 每年、每两年、不定期"
    )
    search = SearchField("检索", sources=("name",))

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "奖项"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Award(Record):
    """An award conferred, or an honour that is still worked for (获奖). ``recipient`` stands as
    on the certificate; who that is in the records say the ``recipients``.
    """

    class State(models.TextChoices):
        CREATING = "creating", "创建中"
        CONFERRED = "conferred", "已获"

    class RecipientKind(models.TextChoices):
        PERSON = "person", "个人"
        UNIT = "unit", "单位"
        TEAM = "team", "团队"
        COMMUNITY = "community", "社区"
        PLATFORM = "platform", "平台"
        DISTRICT = "district", "本区"

    class Appraisal(models.TextChoices):
        PRIORITY = "priority", "记优先要素"
        ON_RECORD = "on_record", "记录在册"
        NONE = "none", "不计入"

    scheme = models.ForeignKey(
        AwardScheme, models.PROTECT, related_name="awards", verbose_name="奖项"
    )
    year = models.PositiveSmallIntegerField(
        "年度",
        validators=[
            MinValueValidator(1990, message="年度应在 1990—2100 之间。"),
            MaxValueValidator(2100, message="年度应在 1990—2100 之间。"),
        ],
    )
    edition = models.CharField("批次", max_length=30, blank=True)
    level = CodeField("级别", table="honour_level")
    rank = models.CharField("等次", max_length=20, blank=True, help_text="如 一等奖")
    project = models.CharField("获奖项目", max_length=150, blank=True)
    field = models.CharField("领域", max_length=40, blank=True)
    recipient = models.CharField("获奖人/单位", max_length=100, help_text="与证书、文件上的一致")
    recipient_kind = models.CharField("获奖对象", max_length=10, choices=RecipientKind)
    status = models.CharField("状态", max_length=10, choices=State, default=State.CONFERRED)
    conferred_on = models.DateField("表彰日期", null=True, blank=True, help_text="创建中的可不填")
    conferring_body = models.CharField("授予单位", max_length=100, blank=True)
    amount_yuan = models.DecimalField(
        "奖金（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    appraisal = models.CharField(
        "计入考核", max_length=10, choices=Appraisal, default=Appraisal.NONE
    )
    name = models.CharField("名称", max_length=400, editable=False)
    search = SearchField("检索", sources=("name",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "获奖记录"
        ordering = ["-conferred_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "year", "recipient", "project", "conferred_on"],
                name="award_once",
                violation_error_message="该获奖者同一天的这一奖项已登记；获奖项目不同的请填写获奖项目。",
            ),
            models.UniqueConstraint(
                fields=["scheme", "year", "recipient", "project"],
                condition=Q(conferred_on__isnull=True), name="award_sought_once",
                violation_error_message="该获奖者这一年度创建中的这一奖项已登记。",
            ),
            models.CheckConstraint(
                condition=Q(status="creating") | Q(conferred_on__isnull=False),
                name="award_conferred_has_date",
                violation_error_message="已获的奖项须填写表彰日期；还没有获得的，状态请选“创建中”。",
            ),
            models.CheckConstraint(
                condition=Q(amount_yuan__gte=0), name="award_amount_not_negative",
                violation_error_message="奖金不能是负数。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-conferred_on", "-id"], name="award_by_day"),
            models.Index(fields=["year"], name="award_by_year"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.conferred_on and self.year and self.conferred_on.year < self.year:
            raise ValidationError(
                {"conferred_on": f"表彰日期早于奖项的年度（{self.year}年），请核对。"}
            )


class AwardRecipient(Record):
    """One of those who received an award (获奖者): a person, a unit, or somebody who is in
    neither list and has a name only.
    """

    award = models.ForeignKey(
        Award, models.CASCADE, related_name="recipients", verbose_name="获奖记录"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="awards", verbose_name="人才"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name="单位"
    )
    name = models.CharField(
        "其他获奖者", max_length=100, blank=True, help_text="不在人才和单位中的，如团队、社区"
    )
    order = models.PositiveSmallIntegerField("排名", default=1)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "获奖者"
        ordering = ["-award_id", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True, name="")
                | Q(person__isnull=True, unit__isnull=False, name="")
                | (Q(person__isnull=True, unit__isnull=True) & ~Q(name="")),
                name="award_recipient_is_one",
                violation_error_message="人才、单位、其他获奖者须填写其中一项，且只填一项。",
            ),
            models.UniqueConstraint(
                fields=["award", "person"], name="award_recipient_person_once",
                violation_error_message="该人才已登记为这个奖的获奖者。",
            ),
            models.UniqueConstraint(
                fields=["award", "unit"], name="award_recipient_unit_once",
                violation_error_message="该单位已登记为这个奖的获奖者。",
            ),
            models.UniqueConstraint(
                fields=["award", "name"], condition=~Q(name=""), name="award_recipient_name_once",
                violation_error_message="该名称已登记为这个奖的获奖者。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.who} · {self.award}"

    @property
    def who(self) -> str:
        return str(self.person or self.unit or self.name)
