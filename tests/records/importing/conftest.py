import pytest

from apps.talents.models import Pool
from tests.factories import root_unit

TEAMS = (
    "党政人才",
    "企业经营管理人才",
    "专业技术人才",
    "高技能人才",
    "农村实用人才",
    "社会工作人才",
)


@pytest.fixture
def office(db):
    """A top unit and the six teams: with the code tables, what an import finds in an office."""
    root_unit()
    Pool.objects.bulk_create(
        Pool(code=f"team-{place}", name=name, kind=Pool.Kind.TEAM, order=place)
        for place, name in enumerate(TEAMS)
    )
