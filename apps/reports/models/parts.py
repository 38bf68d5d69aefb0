import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.reports.models.report import Report


class ReportBlock(models.Model):
    """A paragraph-sized piece of a report, in order.

    ``content`` of text is a list of sentences, each a list of nodes, text or ``{"figure": node}``;
    of a table or chart its caption, with head, rows and note in ``options`` as the same nodes.
    ``origin`` says what it was drafted from.
    """

    class Kind(models.TextChoices):
        HEADING = "heading", "标题"
        PARAGRAPH = "paragraph", "段落"
        POINT = "point", "要点"
        TABLE = "table", "表格"
        CHART = "chart", "图"

    report = models.ForeignKey(Report, models.CASCADE, related_name="blocks", verbose_name="报告")
    order = models.PositiveIntegerField("次序")
    kind = models.CharField("种类", max_length=10, choices=Kind, default=Kind.PARAGRAPH)
    level = models.PositiveSmallIntegerField("层级", default=0)
    content = models.JSONField("内容", default=list)
    options = models.JSONField("设置", default=dict, blank=True)
    origin = models.CharField("来源", max_length=80, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    updated_at = models.DateTimeField("修改时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "报告段落"
        ordering = ["order", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.order}"

    @property
    def is_text(self) -> bool:
        return self.kind in (self.Kind.HEADING, self.Kind.PARAGRAPH, self.Kind.POINT)


class ReportFigure(models.Model):
    """A figure as it was drafted: which metric, when, with what result, and what somebody put
    instead.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures", verbose_name="报告")
    node = models.PositiveIntegerField("编号")
    metric_key = models.CharField("指标标识", max_length=60)
    metric_version = models.PositiveIntegerField("指标版本", default=1)
    label = models.CharField("指标名称", max_length=60)
    forms = models.CharField("写法", max_length=20, blank=True)
    definition = models.TextField("口径", blank=True)
    unit_of_measure = models.CharField("计量单位", max_length=20, blank=True)
    period_key = models.CharField("统计时段", max_length=30)
    scope_key = models.CharField("统计范围代码", max_length=500)
    scope_label = models.CharField("统计范围", max_length=200, blank=True)
    value = models.DecimalField("数值", max_digits=24, decimal_places=6, null=True)
    text = models.TextField("写成")
    parts = models.JSONField("分项", default=list, blank=True)
    provenance = models.CharField("数据来源", max_length=20, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    url = models.CharField("记录地址", max_length=1000, blank=True)
    drafted_at = models.DateTimeField("取数时间", default=timezone.now)
    override = models.CharField("改写为", max_length=300, blank=True)
    reason = models.CharField("改写理由", max_length=300, blank=True)
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="改写人"
    )
    overridden_at = models.DateTimeField("改写时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "报告数字"
        ordering = ["node"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["report", "node"], name="report_figure_once"),
            models.CheckConstraint(
                condition=Q(override="") | ~Q(reason=""),
                name="report_override_has_reason",
                violation_error_message="改写数字须写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.shown}"

    @property
    def shown(self) -> str:
        """What the report prints."""
        return self.override or self.text

    @property
    def citation(self) -> str:
        """The figure in the language: ``{{ 培训人次.同比 }}``."""
        return "{{ " + ".".join(filter(None, (self.label, self.forms))) + " }}"


class ReportGap(models.Model):
    """What the draft could not say: a sentence without its figure, a section without records."""

    class Kind(models.TextChoices):
        MISSING = "missing", "缺数"
        LAST_YEAR = "last_year", "缺上年数"
        ZERO = "zero", "为零未写"
        RECORDS = "records", "缺记录"

    report = models.ForeignKey(Report, models.CASCADE, related_name="gaps", verbose_name="报告")
    block = models.ForeignKey(
        ReportBlock, models.SET_NULL, null=True, related_name="gaps", verbose_name="段落"
    )
    position = models.PositiveSmallIntegerField("句次", default=0)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    text = models.TextField("未写的话")
    reason = models.TextField("原因", blank=True)
    is_clause = models.BooleanField("只略去分句", default=False)
    labels = models.JSONField("指标", default=list)
    record_type = models.CharField("记录类型", max_length=60, blank=True)
    filters = models.JSONField("记录条件", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "未写内容"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.plain

    @property
    def is_fillable(self) -> bool:
        """Whether it can be written at its place: a sentence, a clause, or records."""
        return self.kind == self.Kind.RECORDS or "{{" in self.text

    @property
    def words(self) -> str:
        """The same for reading: 〔培训人次〕 where a figure would stand."""
        text = re.sub(r"\{\{ *(.*?) *\}\}", r"〔\1〕", self.plain)
        return re.sub("[][？]", "", text).lstrip("，；、")

    @property
    def plain(self) -> str:
        """The sentence or clause without the marks that made it optional."""
        text = self.text[1:-1] if self.is_clause else self.text
        return text.removeprefix("？").strip()
