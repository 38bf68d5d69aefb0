"""The two sample workbooks, compared with expected.json completely."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.records.actors import Actor
from apps.records.importing import commit, match, plan, read
from apps.records.scope import Scope
from apps.talents.models import Person, Pool, PoolMembership
from apps.training.models import ClassAudience, Enrolment, TrainingClass
from tests.factories import root_unit

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
ROSTER, TRAINING = EXPECTED["roster"], EXPECTED["training"]
POOLS = json.loads((Path(__file__).parents[3] / "fixtures" / "pools.json").read_text())

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(db):
    call_command("load_codes", verbosity=0)
    root_unit()
    Pool.objects.bulk_create(Pool(**row) for row in POOLS)


def planned(name):
    workbook = read(SAMPLES / name)
    return plan(match(workbook, scope=Scope.everything()), by=Actor.system())


def test_roster_plan_is_as_expected():
    result = planned("人才花名册.xlsx")

    found = [
        {"sheet": f.sheet, "row": f.row, "column": f.column, "kind": f.kind} for f in result.faults
    ]
    assert found == ROSTER["faults"]
    assert [
        {"sheet": d.sheet, "row": d.row, "of_row": d.of_row} for d in result.duplicates
    ] == ROSTER["duplicates"]
    assert all(d.sheet == d.of_sheet for d in result.duplicates)
    assert result.ignored_rows == ROSTER["ignored_rows"]
    assert result.accepted_rows == ROSTER["rows_without_fault"]
    assert result.unknown_columns == []
    assert result.unmatched_sheets == []
    assert Person.objects.count() == 0
