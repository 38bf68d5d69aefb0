from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.fields import CodeField, SearchField
from apps.records.models import Record

YEAR_RANGE = [
    MinValueValidator(1990, message="年度应在 1990—2100 之间。"),
    MaxValueValidator(2100, message="年度应在 1990—2100 之间。"),
]


class Policy(Record):
    """A policy document (政策文件)."""

    class Kind(models.TextChoices):
        PLAN = "plan", "规划"
        SYSTEM = "system", "制度"
        SCHEME = "scheme", "方案"
        OPINION = "opinion", "实施意见"
        METHOD = "method", "办法"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        TRIAL = "trial", "试行"
        IN_FORCE = "in_force", "施行"
        ABOLISHED = "abolished", "废止"

    title = models.CharField("文件名称", max_length=150)
    number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文单位", max_length=100, blank=True)
    level = CodeField("级别", table="honour_level", blank=True)
    kind = models.CharField("性质", max_length=10, choices=Kind, default=Kind.METHOD)
    topic = models.CharField("主题", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True, help_text="起草中的文件可不填")
    status = models.CharField("状态", max_length=10, choices=State, default=State.IN_FORCE)
    basis = models.CharField("上位依据", max_length=200, blank=True)
    supersedes = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name="替代的文件"
    )
    compiled_by = models.CharField("被上级汇编", max_length=100, blank=True)
    search = SearchField("检索", sources=("title", "number"))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "政策文件"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="policy_number_once",
                violation_error_message="文号相同的政策文件已存在。",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(issued_on__isnull=False),
                name="policy_issued_has_date",
                violation_error_message="已印发的文件须填写印发日期。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"《{self.title}》"


class Measure(Record):
    """A piece of work done (工作举措) in words: most of a report's text is not counted."""

    class Section(models.TextChoices):
        MECHANISM = "mechanism", "体制机制"
        TEAM = "team", "队伍建设"
        EFFICACY = "efficacy", "助力效能"
        ENVIRONMENT = "environment", "发展环境"

    class State(models.TextChoices):
        EXPLORING = "exploring", "探索"
        BUILDING = "building", "建立"
        RUNNING = "running", "运行"

    year = models.PositiveSmallIntegerField("年度", validators=YEAR_RANGE)
    section = models.CharField("报告章节", max_length=12, choices=Section)
    order = models.PositiveSmallIntegerField("次序", default=100)
    title = models.CharField("小标题", max_length=60)
    text = models.TextField("举措内容")
    units = models.CharField("责任单位", max_length=200, blank=True)
    status = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    evidence = models.TextField("佐证", blank=True)
    search = SearchField("检索", sources=("title",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "工作举措"
        ordering = ["-year", "section", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "section", "title", "owner"], name="measure_once",
                violation_error_message="该年度这一章节已有同名举措。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}年 · {self.title}"


class Problem(Record):
    """A problem that the year showed (存在问题), with the figure that shows it."""

    year = models.PositiveSmallIntegerField("年度", validators=YEAR_RANGE)
    theme = CodeField("主题", table="plan_theme")
    order = models.PositiveSmallIntegerField("次序", default=100)
    title = models.CharField("小标题", max_length=60)
    text = models.TextField("问题表述")
    evidence_metric = models.ForeignKey(
        "metrics.Metric", models.PROTECT, null=True, blank=True, verbose_name="佐证指标"
    )
    search = SearchField("检索", sources=("title",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "存在问题"
        ordering = ["-year", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "title", "owner"], name="problem_once",
                violation_error_message="该年度已有同名问题。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}年 · {self.title}"


class PlanItem(Record):
    """An intended piece of work (工作打算) of a year."""

    class Progress(models.TextChoices):
        NOT_STARTED = "not_started", "未开始"
        UNDER_WAY = "under_way", "进行中"
        DONE = "done", "已完成"
        DROPPED = "dropped", "取消"

    year = models.PositiveSmallIntegerField("年度", validators=YEAR_RANGE)
    theme = CodeField("主题", table="plan_theme")
    order = models.PositiveSmallIntegerField("次序", default=100)
    title = models.CharField("小标题", max_length=60)
    text = models.TextField("工作内容")
    lead_unit = models.ForeignKey(
        "organizations.Unit", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="责任单位",
    )  # fmt: skip
    due_on = models.DateField("完成时限", null=True, blank=True)
    progress = models.CharField(
        "进度", max_length=12, choices=Progress, default=Progress.NOT_STARTED
    )
    search = SearchField("检索", sources=("title",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "工作打算"
        ordering = ["-year", "theme", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "theme", "title", "owner"], name="plan_item_once",
                violation_error_message="该年度这一主题已有同名打算。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}年 · {self.title}"
