import io

import pytest
from django.core.management import call_command

from apps.accounts.services import load_roles
from tests.factories import UnitFactory, root_unit


@pytest.fixture(autouse=True)
def roles(db):
    call_command("load_codes", stdout=io.StringIO())
    load_roles()


@pytest.fixture
def root(db):
    return root_unit()


@pytest.fixture
def hospital(root):
    return UnitFactory(name="区人民医院", parent=root)


@pytest.fixture
def school(root):
    return UnitFactory(name="区第一中学", parent=root)
