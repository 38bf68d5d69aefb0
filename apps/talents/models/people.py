import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from apps.core.errors import DomainError
from apps.core.fields import (
    CodeField,
    DigestField,
    EncryptedField,
    MonthField,
    Protected,
    SearchField,
)
from apps.core.identity import parse_id_number
from apps.records.models import Record
from apps.talents.retirement import retirement_month


def age_on(born: datetime.date, day: datetime.date) -> int:
    """Whole years lived on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def number_of(person: "Person") -> str:
    """The identity number in clear, for checking it; empty when there is none."""
    return person.id_number.reveal() if isinstance(person.id_number, Protected) else ""


class Person(Record):
    """A talent (人才). Education, degree, title and post here are those of now; the dated ones
    are records of their own.
    """

    class IdType(models.TextChoices):
        RESIDENT = "resident", "居民身份证"
        HKMT = "hkmt", "港澳台居民居住证"
        FOREIGN = "foreign", "外国人永久居留身份证"
        PASSPORT = "passport", "护照"
        OTHER = "other", "其他证件"

    class Belonging(models.TextChoices):
        LOCAL = "local", "本区"
        STATIONED = "stationed", "驻区"
        FLEXIBLE = "flexible", "柔性"
        AWAY = "away", "在外"
        HIRED = "hired", "外聘"
        RETIRED = "retired", "离退休"

    name = models.CharField("姓名", max_length=60)
    id_type = models.CharField("证件类型", max_length=10, choices=IdType, default=IdType.RESIDENT)
    id_number = EncryptedField("身份证号", kind="id_number", blank=True)
    id_number_digest = DigestField("身份证号摘要", source="id_number")
    sex = CodeField("性别", table="gb2261_1_sex")
    birth_date = models.DateField("出生日期", null=True, blank=True)
    recognised_birth = MonthField(
        "认定出生年月", null=True, blank=True, help_text="档案认定与身份证不一致时填写"
    )
    birth_override = models.CharField(
        "与证件不符的理由",
        max_length=100,
        blank=True,
        help_text="性别或出生日期与身份证号不符时必填",
    )
    ethnic = CodeField("民族", table="gb3304_ethnic", blank=True)
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    birth_place = models.CharField("出生地", max_length=60, blank=True)
    political_status = CodeField("政治面貌", table="gb4762_political_status", blank=True)
    second_political_status = CodeField(
        "第二政治面貌",
        table="gb4762_political_status",
        blank=True,
        help_text="交叉党员填写，如 民盟",
    )
    joined_party_on = MonthField("入党时间", null=True, blank=True)
    work_started_on = MonthField("参加工作时间", null=True, blank=True)
    education = CodeField("学历", table="gb4658_education", blank=True)
    degree = CodeField("学位", table="gb6864_degree", blank=True)
    school = models.CharField("毕业院校", max_length=100, blank=True)
    major = models.CharField("专业", max_length=100, blank=True)
    full_time_education = CodeField("全日制学历", table="gb4658_education", blank=True)
    full_time_degree = CodeField("全日制学位", table="gb6864_degree", blank=True)
    full_time_school = models.CharField("全日制毕业院校及专业", max_length=160, blank=True)
    title = models.CharField("职称", max_length=60, blank=True)
    title_level = CodeField("职称级别", table="title_level", blank=True)
    skill_level = CodeField("技能等级", table="skill_level", blank=True)
    unit = models.ForeignKey(
        "organizations.Unit", models.PROTECT, verbose_name="工作单位", related_name="people"
    )
    post = models.CharField("职务", max_length=100, blank=True)
    rank = CodeField("职务层次", table="rank_level", blank=True)
    grade = CodeField("职级", table="rank_level", blank=True)
    belonging = models.CharField(
        "人员范围", max_length=10, choices=Belonging, default=Belonging.LOCAL
    )
    mobile = EncryptedField("手机号码", kind="mobile", blank=True)
    speciality = models.CharField("专长", max_length=200, blank=True)
    is_overseas = models.BooleanField("海外人才", default=False)
    entered_on = models.DateField("入册日期")
    left_on = models.DateField("离开日期", null=True, blank=True)
    leave_reason = models.CharField("离开原因", max_length=100, blank=True)
    search = SearchField("检索", sources=("name",))

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "人才"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_digest"], condition=~Q(id_number_digest=""),
                name="person_id_number_once",
                violation_error_message="身份证号相同的人才已存在，请联系人才办核对。",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")),
                name="person_leaves_after_entering",
                violation_error_message="离开日期不得早于入册日期。",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["owner", "-id"], name="person_of_owner"),
            models.Index(fields=["unit", "-id"], name="person_of_unit"),
            models.Index(fields=["education"], name="person_education"),
            models.Index(fields=["birth_date"], name="person_birth"),
            models.Index(fields=["work_started_on"], name="person_work_started"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def age(self) -> int | None:
        """Age today, from the recognised birth where there is one."""
        born = self.recognised_birth or self.birth_date
        return age_on(born, datetime.date.today()) if born else None  # noqa: DTZ011 -- calendar day

    @property
    def retires_on(self) -> datetime.date | None:
        """Month of retirement by the rule of 2025 (``retirement.retirement_month``)."""
        born = self.recognised_birth or self.birth_date
        return retirement_month(born, self.sex) if born else None

    def clean(self) -> None:
        if isinstance(self.id_number, Protected) and self.id_type == self.IdType.RESIDENT:
            self._agree_with_number()
        if self.birth_date and self.work_started_on and self.work_started_on <= self.birth_date:
            raise ValidationError({"work_started_on": "参加工作时间不能早于出生日期。"})

    def fill_from_number(self) -> None:
        """Write the number in its 18-character form; sex and birth date follow from it where
        they are empty.
        """
        if not isinstance(self.id_number, Protected) or self.id_type != self.IdType.RESIDENT:
            return
        plain = self.id_number.reveal()
        try:
            number = parse_id_number(plain)
        except DomainError:
            return  # ``clean`` says what is wrong
        if number.number != plain:
            self.id_number = number.number
        self.sex = self.sex or number.sex
        self.birth_date = self.birth_date or number.birth_date

    def _agree_with_number(self) -> None:
        """Sex and birth must agree with the number (GB 11643); another value needs a reason."""
        try:
            number = parse_id_number(number_of(self))
        except DomainError as error:
            raise ValidationError({"id_number": error.message}) from None
        if self.birth_override:
            return
        wrong = {}
        if self.sex != number.sex:
            wrong["sex"] = "性别与身份证号不符，请核对；确需保留的，请填写“与证件不符的理由”。"
        if self.birth_date != number.birth_date:
            wrong["birth_date"] = (
                "出生日期与身份证号不符，请核对；确需保留的，请填写“与证件不符的理由”。"
            )
        if wrong:
            raise ValidationError(wrong)
