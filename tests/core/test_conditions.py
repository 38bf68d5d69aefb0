import datetime

import pytest
from django.db.models import F, Q

from apps.core.conditions import holds
from apps.training.models import TrainingClass


def held(**values):
    return TrainingClass(
        starts_on=datetime.date(2022, 5, 2), ends_on=datetime.date(2022, 5, 3), **values
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
    ],
)
def test_condition_is_decided_as_the_database_would(condition, expected):
    assert holds(condition, held()) is expected


def test_condition_it_cannot_decide_is_an_error():
    with pytest.raises(TypeError, match="regex"):
        holds(Q(name__regex="x"), held())
