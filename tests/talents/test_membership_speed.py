"""Figures ask for the pools person by person: a few rows each time, never a whole pool."""

import pytest
from django.db import connection

from apps.records import registry
from apps.records.scope import Scope
from apps.talents.models import Person
from tests.factories import PoolFactory

sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="plan of SQLite")


@sqlite_only
@pytest.mark.parametrize("params", [{"pool": ["expert"]}, {"team": ["team"]}])
def test_pool_filters_find_memberships_by_person(db, params):
    PoolFactory(code="expert")
    people, scope = registry.of(Person), Scope.everything()
    rows = people.queryset(scope).filter(people.q(params, scope=scope, counted=True))

    plan = rows.explain()

    assert "person_id=?" in plan
    assert "membership_of_pool" not in plan
