import secrets
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from apps.core.errors import DomainError
from apps.core.fields import CodeField, SearchField
from apps.core.identity import parse_credit_code
from apps.records.models import Record, Reference


class District(Reference):
    """An administrative division (行政区划): a district, a town, a village. Towns group units
    for 镇街 figures.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "区县级"
        TOWN = "town", "镇街"
        VILLAGE = "village", "村（社区）"

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level, default=Level.TOWN)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="上级区划"
    )
    search = SearchField("检索", sources=("name",))

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


def new_node() -> str:
    """A unit's own step in the path of its subtree."""
    return secrets.token_hex(4)


class Unit(Reference):
    """A unit (单位). ``path`` is the parent's path and the unit's own node: a subtree is a
    prefix.
    """

    class Ownership(models.TextChoices):
        PUBLIC = "public", "公有"
        PRIVATE = "private", "非公有"

    class Affiliation(models.TextChoices):
        CENTRAL = "central", "省部属"
        CITY = "city", "市属"
        DISTRICT = "district", "区属"
        PRIVATE = "private", "非公"

    scope_path: ClassVar[str] = "path"

    name = models.CharField("单位名称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=60, blank=True)
    former_names = models.CharField(
        "曾用名", max_length=200, blank=True, help_text="多个用顿号隔开"
    )
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    type = CodeField("单位类型", table="unit_type", blank=True)
    ownership = models.CharField("所有制", max_length=10, choices=Ownership, blank=True)
    affiliation = models.CharField("隶属关系", max_length=10, choices=Affiliation, blank=True)
    industry = CodeField("所属行业", table="industry", blank=True)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, verbose_name="所在镇街"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name="上级单位"
    )
    is_member = models.BooleanField("人才工作成员单位", default=False)
    staff_count = models.PositiveIntegerField("在职人数", null=True, blank=True)
    party_eligible = models.BooleanField("符合组建党组织条件", default=False)
    has_party = models.BooleanField("已建党组织", default=False)
    party_member_count = models.PositiveIntegerField("党员人数", null=True, blank=True)
    active_party_member_count = models.PositiveIntegerField(
        "正常参加组织生活的党员数", null=True, blank=True
    )
    node = models.CharField("节点", max_length=8, default=new_node, unique=True, editable=False)
    path = models.CharField("路径", max_length=200, db_index=True, editable=False)
    search = SearchField("检索", sources=("name", "short_name", "former_names"))

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "单位"
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="unit_credit_code_once",
                violation_error_message="统一社会信用代码相同的单位已存在。",
            ),
            models.CheckConstraint(
                condition=Q(party_member_count__isnull=True)
                | Q(active_party_member_count__isnull=True)
                | Q(active_party_member_count__lte=models.F("party_member_count")),
                name="unit_party_members_add_up",
                violation_error_message="正常参加组织生活的党员数不能多于党员人数。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.credit_code:
            try:
                self.credit_code = parse_credit_code(self.credit_code)
            except DomainError as error:
                raise ValidationError({"credit_code": error.message}) from None
        if self.pk and self.parent is not None and f"{self.node}/" in self.parent.path:
            raise ValidationError({"parent": "上级单位不能是本单位或本单位的下级。"})


class Indicator(Record):
    """A figure of the district that nobody can count from records (区情指标): GDP, staff, an
    index and its rank.
    """

    name = models.CharField("指标名称", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField(
        "截至月份", null=True, blank=True, help_text="全年数据留空"
    )
    value = models.DecimalField("数值", max_digits=18, decimal_places=4)
    unit_of_measure = models.CharField("计量单位", max_length=20)
    base_year = models.PositiveSmallIntegerField("基期年份", null=True, blank=True)
    is_estimate = models.BooleanField("预计数", default=False)
    growth = models.DecimalField("同比（%）", max_digits=8, decimal_places=2, null=True, blank=True)
    annual_plan = models.DecimalField(
        "年度计划", max_digits=18, decimal_places=4, null=True, blank=True
    )
    rank = models.PositiveSmallIntegerField("位次", null=True, blank=True)
    rank_of = models.PositiveSmallIntegerField("参评总数", null=True, blank=True)
    source = models.CharField("数据来源", max_length=100, blank=True)
    search = SearchField("检索", sources=("name",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "区情指标"
        ordering = ["-year", "name", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "year", "month", "is_estimate", "owner"],
                name="indicator_once_a_month",
                violation_error_message="同一指标、年度和月份的数据已存在。",
            ),
            models.UniqueConstraint(
                fields=["name", "year", "is_estimate", "owner"],
                condition=Q(month__isnull=True),
                name="indicator_once_a_year",
                violation_error_message="同一指标和年度的全年数据已存在。",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="indicator_month",
                violation_error_message="截至月份应在 1—12 之间。",
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__lte=models.F("rank_of")),
                name="indicator_rank_in_range",
                violation_error_message="位次不能大于参评总数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.name}"
