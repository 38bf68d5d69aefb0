from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from apps.records.models import Reference

word = RegexValidator(
    r"^[^\W\d_]\w*$",
    "指标名称要能直接写进报告的句子：只用汉字、字母和数字，不以数字开头，不含空格和标点，如“培训人次”。",
)


class Metric(Reference):
    """A saved question about one record type: filter, aggregate and period rule. Data, not code.

    A share is the part of ``denominator``'s rows that also pass ``filter``; with ``group_by`` the
    same question is asked for each group too. A formula names metrics by their keys in braces.
    """

    class Aggregate(models.TextChoices):
        COUNT = "count", "计数"
        DISTINCT = "distinct", "去重计数"
        SUM = "sum", "求和"
        AVG = "avg", "平均"
        MIN = "min", "最小"
        MAX = "max", "最大"
        SHARE = "share", "占比"
        COMPLETION = "completion", "完成率"
        LATEST = "latest", "最新值"
        FORMULA = "formula", "公式"

    class PeriodRule(models.TextChoices):
        TYPE = "type", "按记录的日期"
        START = "start", "在时段内开始"
        END = "end", "在时段内结束"
        NEXT = "next", "下一年度"
        SECOND = "second", "按记录的另一时间"
        ALL = "all", "不限时间"

    key = models.SlugField("标识", max_length=60, unique=True)
    label = models.CharField("指标名称", max_length=60, unique=True, validators=[word])
    definition = models.TextField("口径")
    unit_of_measure = models.CharField("计量单位", max_length=20, blank=True)
    theme = models.CharField("主题", max_length=40, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=100)
    record_type = models.CharField("记录类型", max_length=60, blank=True)
    filter = models.JSONField("筛选条件", default=dict, blank=True)
    aggregate = models.CharField(
        "统计方式", max_length=12, choices=Aggregate, default=Aggregate.COUNT
    )
    field = models.CharField("统计字段", max_length=60, blank=True)
    group_by = models.CharField("分组字段", max_length=60, blank=True)
    denominator = models.JSONField("分母条件", default=dict, blank=True)
    formula = models.CharField("公式", max_length=200, blank=True)
    period_rule = models.CharField(
        "时段规则", max_length=10, choices=PeriodRule, default=PeriodRule.TYPE
    )
    facts = models.JSONField("事实编号", default=list, blank=True)
    is_builtin = models.BooleanField("内置", default=False, editable=False)
    aliases = models.JSONField("曾用名称", default=list, blank=True)

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "指标"
        ordering = ["order", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(aggregate="formula") | ~Q(record_type=""),
                name="metric_counts_something",
                violation_error_message="请在记录列表中筛选后点“存为指标”，由列表决定统计哪一类记录。",
            ),
            models.CheckConstraint(
                condition=~Q(aggregate="formula") | ~Q(formula=""),
                name="metric_formula_written",
                violation_error_message="请写出公式，如 {talents} / {staff}。",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_share(self) -> bool:
        return self.aggregate in (self.Aggregate.SHARE, self.Aggregate.COMPLETION)

    @property
    def is_formula(self) -> bool:
        return self.aggregate == self.Aggregate.FORMULA
