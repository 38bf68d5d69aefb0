import pytest

from tests.factories import UnitFactory, root_unit


@pytest.fixture(autouse=True)
def roles(db):
    """Every test here needs the database, where the roles are."""


@pytest.fixture
def root(db):
    return root_unit()


@pytest.fixture
def hospital(root):
    return UnitFactory(name="区人民医院", parent=root)


@pytest.fixture
def school(root):
    return UnitFactory(name="区第一中学", parent=root)
