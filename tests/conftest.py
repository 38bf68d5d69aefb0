"""What every test gets."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.world import clerk, staff, world  # noqa: F401 -- fixtures of every test

E2E = Path(__file__).parent / "e2e"


def pytest_report_header():
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_unconfigure():
    """Workers of xdist end without the clean-up at exit."""
    shutil.rmtree(settings.SCRATCH, ignore_errors=True)


def pytest_collection_modifyitems(items):
    """Whatever drives a browser is marked so, wherever it is collected from."""
    for item in items:
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True)
def empty_cache():
    """No test sees what another one has cached."""
    cache.clear()
