"""After many rows were written, the database counts their tables and so plans for their size."""

import sys

import pytest
from django.db import connection

from apps.core import planner
from apps.organizations.models import Unit
from apps.records.actors import Actor
from apps.records.importing import commit
from apps.records.models import ChangeLog
from apps.talents.models import Person
from tests.factories import UnitFactory, root_unit
from tests.records.importing.workbooks import WOMAN, person, planned, roster

pytestmark = pytest.mark.django_db


def counted(model):
    """How many rows the database takes a table to have; None before it has counted them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
            if cursor.fetchone() is None:
                return None
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [table])
            return max((int(stat.split()[0]) for (stat,) in cursor.fetchall()), default=None)
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])


def test_tables_are_counted_when_the_transaction_is_over(django_capture_on_commit_callbacks):
    root_unit()
    UnitFactory.create_batch(6, parent=root_unit())
    with django_capture_on_commit_callbacks(execute=True):
        planner.recount([Unit, Unit])
        before = counted(Unit)

    assert before != 7
    assert counted(Unit) == 7


@pytest.mark.parametrize(("least", "times"), [(2, 1), (1_000, 0)])
def test_a_large_import_has_its_tables_counted(
    monkeypatch, django_capture_on_commit_callbacks, least, times
):
    root_unit()
    monkeypatch.setattr(sys.modules["apps.records.importing.commit"], "MANY", least)
    plan = planned(roster(person(), person("李四", WOMAN)))
    with django_capture_on_commit_callbacks() as calls:
        commit(plan, by=Actor.system(), file_name="名单.xlsx")
    counting = [call for call in calls if call.__module__ == planner.__name__]
    for call in counting:
        call()

    assert Person.objects.count() == 2
    assert len(counting) == times
    if times:
        assert (counted(Person), counted(ChangeLog)) == (2, ChangeLog.objects.count())
