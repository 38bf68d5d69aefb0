import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, Q

from apps.core.conditions import broken, holds
from apps.organizations.models import Unit
from apps.training.models import TrainingClass


def held(**values):
    return TrainingClass(
        starts_on=datetime.date(2022, 5, 2),
        ends_on=datetime.date(2022, 5, 3),
        cost=3,
        budget=4,
        **values,
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Q(ends_on__gte=F("starts_on")), True),
        (Q(ends_on__lt=F("starts_on")), False),
        (Q(head_count__gt=0) | Q(status="planned"), False),
        (~Q(status="planned"), True),
        (Q(status__in=["held", "planned"]), True),
        (Q(owner_id__isnull=True), True),
        (Q(pk__gt=3), True),  # NULL compares as unknown, which breaks nothing
        (Q(head_count__lt=F("cost") + F("budget")), True),
        (Q(cost__gt=F("head_count") + F("budget")), False),
        (Q(head_count__lt=F("days") + F("cost")), True),  # a sum with NULL is unknown
    ],
)
def test_condition_is_decided_as_the_database_would(condition, expected):
    assert holds(condition, held()) is expected


def test_reference_to_a_record_that_is_not_saved_yet_is_not_null():
    assert holds(Q(owner__isnull=False), held(owner=Unit(name="新单位"))) is True
    assert holds(Q(owner__isnull=False), held()) is False
    assert holds(Q(owner__lt=5), held(owner=Unit(name="新单位"))) is True  # it has no place yet


@pytest.mark.parametrize(
    ("condition", "word"),
    [(Q(name__regex="x"), "regex"), (Q(head_count__lt=F("cost") * F("budget")), r"\*")],
)
def test_condition_it_cannot_decide_is_an_error(condition, word):
    with pytest.raises(TypeError, match=word):
        holds(condition, held())


def faulty_class():
    return TrainingClass(
        name="班", starts_on=datetime.date(2022, 5, 2), ends_on=datetime.date(2022, 5, 1)
    )


def test_broken_condition_is_said_in_its_own_words():
    assert [fault.message for fault in broken(faulty_class())] == ["结束日期不得早于开始日期。"]


def test_condition_over_a_faulty_value_is_not_judged():
    assert list(broken(faulty_class(), exclude={"starts_on"})) == []
    assert len(list(broken(faulty_class(), exclude={"name"}))) == 1


def test_conditions_of_a_row_cost_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(ValidationError, match="结束日期不得早于"):
        faulty_class().validate_constraints(exclude={"code"})
