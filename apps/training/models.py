from django.db import models
from django.db.models import F, Q

from apps.core.fields import CodeField, SearchField
from apps.records.models import Record
from apps.talents.models import Person


class TrainingClass(Record):
    """A training class (培训班), planned, held or cancelled. Its head count is authoritative;
    names may be fewer.
    """

    class Kind(models.TextChoices):
        MAIN = "main", "主体班"
        SPECIAL = "special", "专题班"
        AWAY = "away", "外出培训"
        VISIT = "visit", "参观见学"
        LECTURE = "lecture", "讲座"
        ROTATION = "rotation", "轮训"
        STUDY = "study", "进修"
        ASSIGNED = "assigned", "调训"

    class Form(models.TextChoices):
        ON_SITE = "on_site", "线下"
        ONLINE = "online", "线上"
        MIXED = "mixed", "线上线下结合"

    class State(models.TextChoices):
        PLANNED = "planned", "计划"
        HELD = "held", "已举办"
        CANCELLED = "cancelled", "取消"

    code = models.CharField("班次编号", max_length=30, unique=True)
    name = models.CharField("班次名称", max_length=100)
    level = CodeField("主办层级", table="honour_level")
    organiser = models.CharField("主办单位", max_length=100, blank=True)
    kind = models.CharField("类型", max_length=10, choices=Kind)
    form = models.CharField("形式", max_length=10, choices=Form, default=Form.ON_SITE)
    topic = CodeField("主题", table="training_topic", blank=True)
    trade = models.CharField("工种", max_length=40, blank=True)
    place = models.CharField("举办地", max_length=100, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    days = models.PositiveSmallIntegerField("天数", null=True, blank=True)
    status = models.CharField("计划/实际", max_length=10, choices=State, default=State.HELD)
    in_plan = models.BooleanField("列入年度计划", default=True)
    head_count = models.PositiveIntegerField("人数", default=0)
    cost = models.DecimalField("经费（元）", max_digits=14, decimal_places=2, default=0)
    budget = models.DecimalField("预算（元）", max_digits=14, decimal_places=2, default=0)
    search = SearchField("检索", sources=("code", "name"))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "培训班"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="training_class_ends_after_start",
                violation_error_message="结束日期不得早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0) & Q(budget__gte=0),
                name="training_class_cost_not_negative",
                violation_error_message="经费和预算不能是负数。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-starts_on", "-id"], name="training_class_by_start")]

    def __str__(self) -> str:
        return self.name


class ClassAudience(Record):
    """How many of a class's participants are of one category of people (培训对象)."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="audiences", verbose_name="培训班"
    )
    category = CodeField("培训对象", table="talent_audience")
    person_times = models.PositiveIntegerField("人次", default=0)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "培训对象"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "category"], name="class_audience_once",
                violation_error_message="该班次的这一培训对象已登记。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.training_class} · {self.label_of('category')}"


class Enrolment(Record):
    """A person's part in a class (学员), with the rank and team held then."""

    class Result(models.TextChoices):
        EXCELLENT = "excellent", "优秀"
        PASSED = "passed", "合格"
        FAILED = "failed", "不合格"

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="enrolments", verbose_name="培训班"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="enrolments", verbose_name="人才"
    )
    result = models.CharField("结果", max_length=10, choices=Result, blank=True)
    certificate = models.CharField("取得证书", max_length=60, blank=True)
    is_employed = models.BooleanField("培训后就业", default=False)
    rank_then = CodeField("当时职务层次", table="rank_level", blank=True)
    category = CodeField("学员类别", table="talent_audience", blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "学员"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "person"], name="enrolment_once",
                violation_error_message="该学员已在这个班次中。",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["person", "-id"], name="enrolment_of_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.training_class}"
