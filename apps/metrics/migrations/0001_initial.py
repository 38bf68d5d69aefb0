import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("records", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Metric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="创建时间"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="修改时间"
                    ),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="备注")),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="标识")),
                (
                    "label",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[^\\W\\d_]\\w*$",
                                "指标名称要能直接写进报告的句子：只用汉字、字母和数字，不以数字开头，不含空格和标点，如“培训人次”。",
                            )
                        ],
                        verbose_name="指标名称",
                    ),
                ),
                ("definition", models.TextField(verbose_name="口径")),
                (
                    "unit_of_measure",
                    models.CharField(blank=True, max_length=20, verbose_name="计量单位"),
                ),
                ("theme", models.CharField(blank=True, max_length=40, verbose_name="主题")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="次序")),
                (
                    "record_type",
                    models.CharField(blank=True, max_length=60, verbose_name="记录类型"),
                ),
                ("filter", models.JSONField(blank=True, default=dict, verbose_name="筛选条件")),
                (
                    "aggregate",
                    models.CharField(
                        choices=[
                            ("count", "计数"),
                            ("distinct", "去重计数"),
                            ("sum", "求和"),
                            ("avg", "平均"),
                            ("min", "最小"),
                            ("max", "最大"),
                            ("share", "占比"),
                            ("completion", "完成率"),
                            ("latest", "最新值"),
                            ("formula", "公式"),
                        ],
                        default="count",
                        max_length=12,
                        verbose_name="统计方式",
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=60, verbose_name="统计字段")),
                ("group_by", models.CharField(blank=True, max_length=60, verbose_name="分组字段")),
                (
                    "denominator",
                    models.JSONField(blank=True, default=dict, verbose_name="分母条件"),
                ),
                ("formula", models.CharField(blank=True, max_length=200, verbose_name="公式")),
                (
                    "period_rule",
                    models.CharField(
                        choices=[
                            ("type", "按记录的日期"),
                            ("start", "在时段内开始"),
                            ("end", "在时段内结束"),
                            ("next", "下一年度"),
                            ("all", "不限时间"),
                        ],
                        default="type",
                        max_length=10,
                        verbose_name="时段规则",
                    ),
                ),
                ("facts", models.JSONField(blank=True, default=list, verbose_name="事实编号")),
                (
                    "is_builtin",
                    models.BooleanField(default=False, editable=False, verbose_name="内置"),
                ),
                ("aliases", models.JSONField(blank=True, default=list, verbose_name="曾用名称")),
                (
                    "batch",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="records.importbatch",
                        verbose_name="导入批次",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="创建人",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="修改人",
                    ),
                ),
            ],
            options={
                "verbose_name": "指标",
                "verbose_name_plural": "指标",
                "ordering": ["order", "key"],
                "abstract": False,
                "default_permissions": ("view", "add", "change", "delete", "import", "export"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("aggregate", "formula"),
                            models.Q(("record_type", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="metric_counts_something",
                        violation_error_message="请在记录列表中筛选后点“存为指标”，由列表决定统计哪一类记录。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("aggregate", "formula"), _negated=True),
                            models.Q(("formula", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="metric_formula_written",
                        violation_error_message="请写出公式，如 {talents} / {staff}。",
                    ),
                ],
            },
        ),
    ]
