from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from apps.core.fields import DerivedField
from apps.core.periods import Period
from apps.organizations.models import Unit
from apps.records.models import Record, Reference

word = RegexValidator(
    r"^[^\W\d_]\w*$",
    "指标名称要能直接写进报告的句子：只用汉字、字母和数字，不以数字开头，不含空格和标点，如“培训人次”。",
)


YEAR_RANGE = [
    MinValueValidator(1990, message="年度应在 1990—2100 之间。"),
    MaxValueValidator(2100, message="年度应在 1990—2100 之间。"),
]


class Metric(Reference):
    """A saved question about one record type: filter, aggregate and period rule. Data, not code.

    A share is the part of ``denominator``'s rows that also pass ``filter``; with ``group_by`` the
    same question is asked for each group too. A formula names metrics by their keys in braces.
    A reported one is never counted: units report its figures (``ReportedFigure``).
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
        REPORTED = "reported", "上报数"
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

    @property
    def is_reported(self) -> bool:
        return self.aggregate == self.Aggregate.REPORTED


class PeriodKeyField(DerivedField):
    """The key of the period that year and part make, such as 2022 or 2022Q3."""

    def derive(self, row: models.Model) -> str:
        year, part = getattr(row, "year", None), getattr(row, "part", "")
        return f"{year}{'' if part == ReportedFigure.Part.YEAR else part}"


class ReportedFigure(Record):
    """What a unit reports of a metric for a period (上报), for all of what lies below it: a number
    where the office has no records, or where only a survey has any.
    """

    class Part(models.TextChoices):
        YEAR = "year", "全年"
        H1 = "H1", "上半年"
        H2 = "H2", "下半年"
        Q1 = "Q1", "第一季度"
        Q2 = "Q2", "第二季度"
        Q3 = "Q3", "第三季度"
        Q4 = "Q4", "第四季度"

    class Basis(models.TextChoices):
        FULL = "full", "全数"
        SAMPLE = "sample", "抽样推算"

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="reported", verbose_name="指标")
    unit = models.ForeignKey(
        Unit, models.PROTECT, blank=True, related_name="reported_figures", verbose_name="单位",
        help_text="留空时为本单位；数值包括这个单位及其下级单位",
    )  # fmt: skip
    year = models.PositiveSmallIntegerField("年度", validators=YEAR_RANGE)
    part = models.CharField("时段", max_length=4, choices=Part, default=Part.YEAR)
    period = PeriodKeyField("统计时段", max_length=8)
    value = models.DecimalField(
        "数值", max_digits=18, decimal_places=4, help_text="按指标的计量单位填写，比例填百分数"
    )
    basis = models.CharField("取数方式", max_length=6, choices=Basis, default=Basis.FULL)
    source = models.CharField("数据来源", max_length=100, blank=True)
    as_of = models.DateField("截止日期", null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "上报数据"
        ordering = ["-year", "metric__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "unit", "year", "part"], name="reported_figure_once",
                violation_error_message="这个单位这一时段的这个指标已上报，请在原来的记录上修改。",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["period", "metric"], name="reported_figure_of_period")]

    def __str__(self) -> str:
        return f"{self.unit} · {Period.parse(self.period).label}{self.metric}"


class CrossTable(Reference):
    """A saved cross table: ``definition`` is what ``apps.metrics.cross`` counts."""

    class Chart(models.TextChoices):
        NONE = "none", "不画图"
        COLUMNS = "columns", "柱形图"
        STACKED = "stacked", "堆叠柱形图"
        BARS = "bars", "条形图"
        LINES = "lines", "折线图"

    key = models.SlugField("标识", max_length=60, unique=True)
    title = models.CharField("表名", max_length=80, unique=True)
    theme = models.CharField("类别", max_length=40, default="自设统计表")
    note = models.TextField("说明", blank=True)
    unit_of_measure = models.CharField("计量单位", max_length=20, blank=True)
    chart = models.CharField("图", max_length=10, choices=Chart, default=Chart.NONE)
    order = models.PositiveSmallIntegerField("次序", default=100)
    record_type = models.CharField("统计对象", max_length=60, editable=False)
    definition = models.JSONField("行列和口径", default=dict, editable=False)
    is_builtin = models.BooleanField("内置", default=False, editable=False)

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "交叉表"
        ordering = ["order", "key"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(record_type=""), name="cross_table_counts_something",
                violation_error_message="请在“交叉表”页面选好行和列，再点“保存”。",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title
