"""A clerk sees figures of the own unit, and no name of another one in their words."""

import pytest

from tests.factories import EducationFactory, MetricFactory, PersonFactory

pytestmark = pytest.mark.django_db

LIST = "/talents/education/"


@pytest.fixture
def grouped():
    return MetricFactory(record_type="talents.Education", group_by="person", period_rule="all")


def shown(client, metric, group):
    return client.get(LIST, {"metric": metric.key, "group": group})


def test_group_of_another_unit_is_not_named(world, clerk, grouped):
    theirs = PersonFactory(unit=world.theirs, name="石榴甲")
    ours = PersonFactory(unit=world.ours, name="石榴乙")
    for person in (theirs, ours):
        EducationFactory(person=person)

    assert "石榴甲" not in shown(clerk, grouped, theirs.pk).content.decode()
    assert "石榴乙" in shown(clerk, grouped, ours.pk).content.decode()


@pytest.mark.parametrize("group", ["abc", "9" * 5000, "²"])
def test_impossible_group_is_refused(clerk, grouped, group):
    response = shown(clerk, grouped, group)

    assert response.status_code == 400
    assert "地址中的分组不正确" in response.content.decode()


def test_definition_names_no_record_of_another_unit(world, clerk, staff):
    theirs = PersonFactory(unit=world.theirs, name="石榴甲")
    metric = MetricFactory(record_type="talents.Education", filter={"person": [str(theirs.pk)]})

    assert "石榴甲" not in clerk.get(f"/metrics/{metric.key}/").content.decode()
    assert "石榴甲" in staff.get(f"/metrics/{metric.key}/").content.decode()
