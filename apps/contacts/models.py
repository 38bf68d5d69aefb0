from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from apps.core.fields import CodeField, SearchField
from apps.organizations.models import Unit
from apps.records.models import Record, Reference
from apps.talents.models import Person


def one_of(first: str, second: str, *, name: str, message: str) -> models.CheckConstraint:
    """Exactly one of two references is given."""
    either = Q(**{f"{first}__isnull": False, f"{second}__isnull": True})
    other = Q(**{f"{first}__isnull": True, f"{second}__isnull": False})
    return models.CheckConstraint(
        condition=either | other, name=name, violation_error_message=message
    )


def in_order(first: str, then: str, message: str) -> models.CheckConstraint:
    """A day that may be open does not lie before another one."""
    condition = Q(**{f"{then}__isnull": True}) | Q(**{f"{then}__gte": F(first)})
    name = f"{first}_before_{then}"
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=message)


def one_open(who: str, whom: str) -> models.UniqueConstraint:
    """No two open links of the same pair."""
    return models.UniqueConstraint(
        fields=[who, whom], condition=Q(ends_on__isnull=True), name=f"open_link_{who}_{whom}",
        violation_error_message="双方已有未结束的结对联系，请先填写它的终止日期。",
    )  # fmt: skip


class Leader(Reference):
    """A leader (领导) who keeps in touch with experts. ``user`` is the account that sees 我的联系
    专家.
    """

    name = models.CharField(
        "领导姓名", max_length=40, unique=True, help_text="有同名的，在姓名后加注区分"
    )
    post = models.CharField("领导职务", max_length=80, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=100)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="leader",
        limit_choices_to={"family": "business"}, verbose_name="登录账号",
        help_text="领导用这个账号登录，查看“我的联系专家”",
    )  # fmt: skip
    search = SearchField("检索", sources=("name", "post"))

    class Meta(Reference.Meta):
        verbose_name = verbose_name_plural = "领导"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class ContactLink(Record):
    """A leader or a department that keeps in touch with an expert or a unit (结对联系)."""

    leader = models.ForeignKey(
        Leader, models.PROTECT, null=True, blank=True, related_name="links", verbose_name="联系领导"
    )
    department = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="联系部门"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="links", verbose_name="联系专家"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结对单位"
    )
    starts_on = models.DateField("起始日期")
    ends_on = models.DateField("终止日期", null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "结对联系"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            one_of(
                "leader", "department", name="link_has_one_side",
                message="联系领导和联系部门须填一个，且只填一个。",
            ),
            one_of(
                "person", "unit", name="link_has_other_side",
                message="联系专家和结对单位须填一个，且只填一个。",
            ),
            one_open("leader", "person"), one_open("leader", "unit"),
            one_open("department", "person"), one_open("department", "unit"),
            in_order("starts_on", "ends_on", "终止日期不得早于起始日期。"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["leader", "starts_on", "ends_on"], name="link_of_leader")]

    def __str__(self) -> str:
        return f"{self.leader or self.department} · {self.person or self.unit}"


class Visit(Record):
    """A visit, call or talk under a link (走访). ``solved`` counts what this visit got solved;
    ``solved_earlier`` is the part of it that earlier visits had raised, so that every difficulty
    counts in the year in which it was solved.
    """

    link = models.ForeignKey(
        ContactLink, models.CASCADE, related_name="visits", verbose_name="结对联系"
    )
    visited_on = models.DateField("走访日期")
    form = CodeField("方式", table="visit_form")
    opinions = models.PositiveIntegerField("意见建议（条）", default=0)
    difficulties = models.PositiveIntegerField("反映困难（件）", default=0)
    solved = models.PositiveIntegerField("解决困难（件）", default=0)
    solved_earlier = models.PositiveIntegerField(
        "其中以前反映（件）", default=0, help_text="解决的困难中，以前走访时反映的件数"
    )
    summary = models.CharField("内容摘要", max_length=300, blank=True)

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "走访"
        ordering = ["-visited_on", "-pk"]
        permissions = [("note_visit", "登记本人走访")]
        constraints = [
            models.UniqueConstraint(
                fields=["link", "visited_on", "form"], name="visit_once",
                violation_error_message="同一天同一方式的走访已登记，请在那一条上修改。",
            ),
            models.CheckConstraint(
                condition=Q(solved__lte=F("difficulties") + F("solved_earlier")),
                name="visit_solves_what_was_raised",
                violation_error_message="解决困难不能多于反映困难；解决以前反映的，请把件数填在“其中以前反映”。",
            ),
            models.CheckConstraint(
                condition=Q(solved_earlier__lte=F("solved")), name="visit_earlier_is_a_part",
                violation_error_message="“其中以前反映”不能多于解决困难的件数。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.link} {self.visited_on:%Y-%m-%d}"

    def clean(self) -> None:
        link: Any = self._state.fields_cache.get("link") or (self.link if self.link_id else None)
        if link is None or not self.visited_on or not link.starts_on:
            return
        if self.visited_on < link.starts_on or (link.ends_on and self.visited_on > link.ends_on):
            until = f"至 {link.ends_on:%Y-%m-%d}" if link.ends_on else "起"
            raise ValidationError(
                {
                    "visited_on": f"走访日期不在结对期间（{link.starts_on:%Y-%m-%d} {until}）内，"
                    "请核对，或先修改结对联系的起止日期。"
                }
            )


class ServiceRequest(Record):
    """What an expert or a unit asks of the talent service (服务诉求), until it is closed."""

    class Satisfaction(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        FAIR = "fair", "基本满意"
        DISSATISFIED = "dissatisfied", "不满意"

    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="requests",
        verbose_name="诉求人",
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="诉求单位"
    )
    topic = CodeField("诉求类别", table="service_topic")
    content = models.CharField("诉求内容", max_length=300, blank=True)
    channel = CodeField("受理渠道", table="service_channel")
    received_on = models.DateField("受理日期")
    due_on = models.DateField("办理期限", null=True, blank=True)
    handler = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办单位"
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    days = models.PositiveIntegerField("办结天数", null=True, editable=False)
    result = models.CharField("办理结果", max_length=300, blank=True)
    satisfaction = models.CharField("满意度", max_length=14, choices=Satisfaction, blank=True)
    search = SearchField("检索", sources=("content",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "服务诉求"
        ordering = ["-received_on", "-pk"]
        constraints = [
            one_of(
                "person", "unit", name="request_has_one_side",
                message="诉求人和诉求单位须填一个，且只填一个。",
            ),
            in_order("received_on", "closed_on", "办结日期不得早于受理日期。"),
            in_order("received_on", "due_on", "办理期限不得早于受理日期。"),
            models.CheckConstraint(
                condition=Q(satisfaction="") | Q(closed_on__isnull=False), name="rated_when_closed",
                violation_error_message="办结后才能填写满意度，请先填写办结日期。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["closed_on", "due_on"], name="request_open")]

    def __str__(self) -> str:
        return f"{self.person or self.unit} · {self.label_of('topic')}"
