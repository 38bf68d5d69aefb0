"""Expert titles, recognitions, careers and public roles: their rules, and who counts when."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.records import registry
from apps.records.actors import Actor
from apps.records.scope import Scope
from apps.talents.models import Career, ExpertTitle, OrganisationKind, Person, PublicRole
from tests.factories import (
    CareerFactory,
    ExpertTitleFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    PublicRoleFactory,
    RecognitionFactory,
    UnitFactory,
    root_unit,
)
from tests.factories.numbers import id_number
from tests.records.importing.workbooks import book, committed, faults, planned

pytestmark = pytest.mark.django_db

ALL, BY = Scope.everything(), Actor.system()


def found(model, day, **params):
    """Rows of a type that pass filters on a day, those that last as of it."""
    record_type = registry.of(model)
    rows = record_type.queryset(ALL).filter(
        record_type.q({k: [v] for k, v in params.items()}, scope=ALL, as_of=day, counted=True)
    )
    return set(rows.counted())


# -- rules of one row ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factory", "changes", "sentence"),
    [
        (ExpertTitleFactory, {"managed_until": date(2021, 1, 1)}, "管理期不得早于入选日期。"),
        (
            ExpertTitleFactory,
            {"left_on": date(2021, 1, 1), "exit_reason": "1"},
            "退出日期不得早于入选日期。",
        ),
        (ExpertTitleFactory, {"left_on": date(2023, 1, 1)}, "退出日期和退出原因须同时填写。"),
        (ExpertTitleFactory, {"exit_reason": "1"}, "退出日期和退出原因须同时填写。"),
        (RecognitionFactory, {"ends_on": date(2021, 1, 1)}, "失效日期不得早于认定日期。"),
        (CareerFactory, {"ends_on": date(2018, 2, 1)}, "离任时间不得早于任职时间。"),
        (CareerFactory, {"unit_name": ""}, "请选择区内单位，或填写任职单位的名称。"),
        (PublicRoleFactory, {"ends_on": date(2021, 1, 1)}, "届满日期不得早于当选日期。"),
        (PublicRoleFactory, {"recommended_on": date(2022, 1, 1)}, "当选日期不得早于推荐日期。"),
        (PublicRoleFactory, {"elected_on": None}, "推荐而未当选的请填写推荐日期。"),
    ],
)
def test_impossible_row_is_refused_by_form_and_database(factory, changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        factory(**changes)

    row = factory.build(**changes, person=PersonFactory(), owner=root_unit())
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save_base(raw=True)


@pytest.mark.parametrize(
    ("factory", "same", "sentence"),
    [
        (ExpertTitleFactory, {"kind": "04"}, "请先填写上一次的退出日期和原因"),
        (RecognitionFactory, {"catalogue": "1"}, "请先填写上一次的失效日期"),
        (PublicRoleFactory, {"role": "1"}, "这一代表委员身份已登记"),
        (CareerFactory, {"post": "科长"}, "这一段任职已登记"),
    ],
)
def test_same_thing_stands_once(factory, same, sentence):
    first = factory(**same)

    with pytest.raises(ValidationError, match=sentence):
        factory(person=first.person, **same)


def test_expert_chosen_again_after_leaving_has_two_rows():
    first = ExpertTitleFactory(kind="04", left_on=date(2025, 3, 1), exit_reason="1")

    ExpertTitleFactory(kind="04", person=first.person, obtained_on=date(2025, 3, 1))

    assert ExpertTitle.objects.filter(person=first.person).count() == 2


def test_records_belong_to_the_unit_of_their_person():
    person = PersonFactory()

    for factory in (ExpertTitleFactory, RecognitionFactory, CareerFactory, PublicRoleFactory):
        assert factory(person=person).owner == person.unit


# -- careers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("11", "office"), ("13", "office"), ("21", "institution"), ("22", "institution"),
        ("31", "company"), ("53", "company"), ("41", "social"), ("51", "rural"), ("99", "other"),
        ("", ""),
    ],
)  # fmt: skip
def test_kind_follows_the_type_of_the_unit(code, kind):
    assert OrganisationKind.of_unit_type(code) == kind


def test_unit_of_the_register_gives_name_and_kind():
    unit = UnitFactory(name="区水务局", type="11", parent=root_unit())

    career = CareerFactory(unit=unit, unit_name="", kind="")

    assert (career.unit_name, career.kind) == ("区水务局", "office")


def test_unit_elsewhere_needs_a_kind():
    with pytest.raises(ValidationError) as error:
        CareerFactory(kind="")

    assert list(error.value.message_dict) == ["kind"]


def test_origin_is_the_post_left_last_before():
    person = PersonFactory()
    CareerFactory(person=person, starts_on=date(2010, 1, 1), ends_on=date(2014, 5, 1))
    CareerFactory(
        person=person, kind="company", starts_on=date(2014, 6, 1), ends_on=date(2018, 3, 1)
    )
    side_job = CareerFactory(person=person, kind="social", starts_on=date(2016, 1, 1))

    career = CareerFactory(person=person, kind="institution", starts_on=date(2018, 3, 1))

    assert side_job.origin == "office"  # the company's post still lasted then
    assert career.origin == "company"


def test_origin_that_was_typed_stays():
    person = PersonFactory()
    CareerFactory(person=person, starts_on=date(2010, 1, 1), ends_on=date(2014, 5, 1))

    assert CareerFactory(person=person, origin="company").origin == "company"


def test_origins_of_one_batch_are_found_in_any_order():
    person, other = PersonFactory(), PersonFactory()
    rows = [
        CareerFactory.build(person=person, kind="company", starts_on=date(2020, 1, 1)),
        CareerFactory.build(person=other, kind="company", starts_on=date(2020, 1, 1)),
        CareerFactory.build(person=person, starts_on=date(2015, 1, 1), ends_on=date(2020, 1, 1)),
    ]

    registry.of(Career).save_many(rows, by=BY)

    stored = Career.objects.order_by("pk").values_list("origin", flat=True)
    assert list(stored) == ["office", "", ""]
    assert [row.version for row in rows] == [1, 1, 1]


def test_moved_means_from_another_kind_of_workplace():
    moved = CareerFactory(kind="company", origin="office")
    CareerFactory(kind="company", origin="company")
    CareerFactory(kind="company", origin="")

    assert found(Career, date(2022, 12, 31), moved="1") == {moved}
    assert len(found(Career, date(2022, 12, 31), moved="0")) == 2


# -- who counts on a day ---------------------------------------------------------------------------


def test_person_filters_follow_the_dated_rows():
    expert = ExpertTitleFactory(
        kind="04", obtained_on=date(2020, 3, 1), left_on=date(2022, 12, 31), exit_reason="4"
    ).person
    tier = RecognitionFactory(
        catalogue="1", tier="D", starts_on=date(2021, 1, 1), ends_on=date(2024, 1, 1)
    ).person
    member = PublicRoleFactory(role="2", elected_on=date(2022, 1, 10)).person

    def people(day, **params):
        return found(Person, day, **params)

    assert people(date(2022, 12, 30), expert_title="04") == {expert}
    assert people(date(2022, 12, 31), expert_title="04") == set()
    assert people(date(2022, 12, 31), expert_title="05") == set()
    assert people(date(2023, 12, 31), recognition="1") == {tier}
    assert people(date(2023, 12, 31), recognition_tier="D") == {tier}
    assert people(date(2024, 1, 1), recognition_tier="D") == set()
    assert people(date(2022, 12, 31), public_role="2") == {member}
    assert people(date(2021, 12, 31), public_role="2") == set()


def test_unreviewed_title_counts_for_nobody():
    title = ExpertTitleFactory(kind="04")
    ExpertTitle.objects.filter(pk=title.pk).update(state="submitted")

    assert found(Person, date(2022, 12, 31), expert_title="04") == set()


def test_term_of_management_is_looked_at_on_the_day():
    limited = ExpertTitleFactory(kind="04", managed_until=date(2025, 2, 28))
    endless = ExpertTitleFactory(kind="07")

    assert found(ExpertTitle, date(2025, 2, 28), in_term="1") == {limited, endless}
    assert found(ExpertTitle, date(2025, 3, 1), in_term="1") == {endless}
    assert found(ExpertTitle, date(2025, 3, 1), in_term="0") == {limited}


def test_roles_are_found_by_the_pools_of_their_holders():
    role = PublicRoleFactory()
    PublicRoleFactory()
    PoolMembershipFactory(person=role.person, pool=PoolFactory(code="expert"))

    assert found(PublicRole, date(2022, 12, 31), pool="expert") == {role}
    assert found(PublicRole, date(2020, 12, 31), pool="expert") == set()


def test_recommended_only_is_nobody_in_office():
    PublicRoleFactory(role="1", elected_on=None, recommended_on=date(2022, 5, 1))

    assert found(Person, date(2022, 12, 31), public_role="1") == set()


# -- Excel -----------------------------------------------------------------------------------------


def test_list_of_experts_is_read_with_the_usual_headings():
    person = PersonFactory(name="单雄信", id_number=id_number(7))
    number = person.id_number.reveal()

    committed(
        book(
            专家称号=[
                ("姓名", "身份证号", "称号", "层级", "批次", "专业领域", "评选日期", "管理期"),
                ("单雄信", number, "县管拔尖人才", "区县级", "第四批", "医疗卫生", "2022.5.6",
                 "2025-05-05"),
            ]
        )
    )  # fmt: skip

    title = ExpertTitle.objects.get()
    assert (title.person, title.kind, title.level) == (person, "04", "4")
    assert (title.round, title.field) == ("第四批", "医疗卫生")
    assert (title.obtained_on, title.managed_until) == (date(2022, 5, 6), date(2025, 5, 5))


def test_careers_of_a_workbook_find_their_origins():
    person = PersonFactory(name="单雄信")
    UnitFactory(name="区水务局", type="11", parent=root_unit())

    committed(
        book(
            任职经历=[
                ("姓名", "工作单位", "单位性质", "职务", "起", "止"),
                ("单雄信", "云岭机械厂", "企业", "技术员", "2012.07", "2019.08"),
                ("单雄信", "望江县水利局", "机关", "副局长", "2019.09", ""),
            ]
        )
    )

    careers = Career.objects.filter(person=person).order_by("starts_on")
    assert [(c.unit_name, c.kind, c.origin) for c in careers] == [
        ("云岭机械厂", "company", ""),
        ("望江县水利局", "office", "company"),
    ]


def test_faults_of_a_workbook_are_named():
    PersonFactory(name="单雄信")

    plan = planned(
        book(
            人才认定=[
                ("姓名", "认定类别", "层次", "认定时间"),
                ("单雄信", "高层次人才", "甲等", "2022-05-01"),
                ("程咬金", "高层次人才", "D类", "2022-05-01"),
            ]
        )
    )

    assert faults(plan) == [(2, "层次", "unknown_code"), (3, "姓名", "unknown_reference")]
