"""Tests that really commit: several writers at once, and one that is killed."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from apps.records import triggers


@pytest.fixture
def refilled(django_db_setup, django_db_blocker):
    """The tables are emptied after a test that commits: what stands in them from the start, and
    the triggers that would not let the log be emptied, are put back.
    """
    yield
    with django_db_blocker.unblock():
        triggers.install(connection)
        for command in ("load_codes", "load_roles", "load_metrics"):
            call_command(command, stdout=io.StringIO())


@pytest.fixture
def committing(refilled, transactional_db):
    """As ``transactional_db``, in a database with an append-only log."""
    yield
    triggers.remove(connection)
