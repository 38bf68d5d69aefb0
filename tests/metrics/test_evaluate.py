"""Each aggregate and period rule on a few rows that can be counted by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from apps.core.periods import Period
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate, growth
from apps.records.models import Record
from apps.records.scope import Scope
from tests.factories import (
    ClassAudienceFactory,
    IndicatorFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TrainingClassFactory,
)

YEAR = Period.year(2022)
ALL = Scope.everything()


@pytest.fixture(autouse=True)
def code_tables(db):
    call_command("load_codes")


def metric(**fields) -> Metric:
    number = len(fields) and fields.pop("number", 1)
    defaults = {
        "key": f"m{number}",
        "label": f"指标{number}",
        "definition": "口径",
        "record_type": "training.TrainingClass",
        "version": 1,
    }
    return Metric(**{**defaults, **fields})


def ask(period=YEAR, scope=ALL, **fields):
    return evaluate([metric(**fields)], period, scope)["m1"]


def held(day, people=10, **fields):
    return TrainingClassFactory(starts_on=day, ends_on=day, head_count=people, **fields)


def test_count_counts_the_rows_of_the_period():
    held(date(2022, 1, 1))
    held(date(2022, 12, 31))
    held(date(2021, 12, 31))

    assert ask(aggregate="count").value == 2
