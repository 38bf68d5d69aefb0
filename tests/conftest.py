"""What every test gets."""

from pathlib import Path

import pytest
from django.core.cache import cache

E2E = Path(__file__).parent / "e2e"


def pytest_collection_modifyitems(items):
    """Whatever drives a browser is marked so, wherever it is collected from."""
    for item in items:
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True)
def empty_cache():
    """No test sees what another one has cached."""
    cache.clear()
