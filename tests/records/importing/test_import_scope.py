"""Imports of somebody who sees one unit only."""

import pytest

from apps.organizations.models import Unit
from apps.records.actors import Actor
from apps.talents.models import Person
from tests.records.importing.workbooks import person, planned, roster


@pytest.fixture
def clerk_by(world):
    return Actor(user=world.user("clerk", world.ours))


def test_unit_of_others_is_one_that_is_not_found(world, clerk_by):
    result = planned(roster(person(工作单位=world.theirs.name)), by=clerk_by)

    (fault,) = result.faults
    assert fault.kind == "outside_scope"
    assert fault.message == (
        "第 2 行“工作单位”为“云岭中学”，没有找到单位“云岭中学”，请核对名称；"
        "不在您权限范围内的请联系人才办。"
    )
    assert result.accepted_rows == 0


def test_long_cell_is_quoted_in_part(world):
    result = planned(roster(person(学历="甲" * 300)))

    (fault,) = result.faults
    assert f"“{'甲' * 60}…”" in fault.message
    assert fault.value == "甲" * 300
    assert not Person.objects.exists()
    assert Unit.objects.filter(name="区教育局").count() == 0
