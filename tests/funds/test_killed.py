"""A run of payments that is killed half way leaves nothing behind, and nobody waiting."""

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from apps.funds.models import Application, Budget, Disbursement
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from tests.factories import ApplicationFactory, BudgetFactory

ROOT = Path(__file__).parents[2]
RUN = """
import sys, time, django
django.setup()
from apps.funds import limits
from apps.records import registry
from apps.records.actors import Actor
from tests.funds.test_killed import payments

move = limits.move
def move_and_wait(new, old):
    move(new, old)
    print("counted, not committed", flush=True)
    time.sleep(60)
limits.move = move_and_wait
registry.get("funds.Disbursement").save_many(payments(*map(int, sys.argv[1:])), by=Actor.system())
"""


def payments(application, budget):
    """A thousand payments for one application out of one budget."""
    return [
        Disbursement(
            application_id=application, budget_id=budget, amount_yuan=Decimal("10.01"),
            paid_on="2022-06-01", period_label=f"第{number}期",
        )
        for number in range(1000)
    ]  # fmt: skip


def database_url():
    """The address of the database of this test."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.mark.usefixtures("committing")
def test_killed_run_leaves_nothing(tmp_path):
    asked, budget = ApplicationFactory(), BudgetFactory()
    env = {
        **os.environ, "DATABASE_URL": database_url(), "TMPDIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "talentwork.settings_test",
    }  # fmt: skip
    command = [sys.executable, "-c", RUN, str(asked.pk), str(budget.pk)]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "counted, not committed\n"
        run.send_signal(signal.SIGKILL)

    assert run.returncode == -signal.SIGKILL
    assert Disbursement.objects.count() == 0
    assert Application.objects.get().paid_yuan == Budget.objects.get().paid_yuan == 0
    assert not ChangeLog.objects.filter(record_type="funds.Disbursement").exists()

    rows = payments(asked.pk, budget.pk)
    registry.get("funds.Disbursement").save_many(rows, by=Actor.system())
    assert Disbursement.objects.count() == 1000
    assert Application.objects.get().paid_yuan == Budget.objects.get().paid_yuan == 10_010
