"""What every test gets."""

import io
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from tests.world import clerk, staff, world  # noqa: F401 -- fixtures of every test

E2E = Path(__file__).parent / "e2e"


def pytest_report_header():
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_unconfigure():
    """Workers of xdist end without the clean-up at exit."""
    shutil.rmtree(settings.SCRATCH, ignore_errors=True)


def pytest_collection_modifyitems(config, items):
    """Whatever drives a browser is marked so, wherever it is collected from. What asks no database
    has been tested on SQLite and is not repeated on another one.
    """
    for item in items:
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.e2e)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not asks_database(item)])
    items[:] = filter(asks_database, items)


def asks_database(item):
    """A browser test asks the one that its product runs on."""
    asks = {"db", "transactional_db", "install"} & set(item.fixturenames)
    return bool(asks) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Code tables, roles and metrics stand in the test database from the start."""
    with django_db_blocker.unblock():
        for command in ("load_codes", "load_roles", "load_metrics"):
            call_command(command, stdout=io.StringIO())


@pytest.fixture(autouse=True)
def empty_cache():
    """No test sees what another one has cached."""
    cache.clear()
