"""Made-up requests out of the API's own description: none is a fault of the server, none shows a
record of another unit.
"""

import json
import random
import re

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from schemathesis import GenerationMode

from apps.records import registry
from apps.records.actors import Actor
from apps.records.api.schema import document
from apps.records.api.serializers import serializer_class
from apps.reports.services.outlines import load_outlines
from tests.api import Api, list_url
from tests.contract.test_doors import marked

SECRET = "绝密石榴"
CHINESE = re.compile("[\u4e00-\u9fff]")
EXAMPLES = 2  # of each operation: as described, and faulty on purpose
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
QUIET = hypothesis.settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def one_connection():
    """As the test client does: the transaction of the test goes on from request to request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(world, one_connection):
    """The API with a record of each type in both units, and the rows by address."""
    load_outlines(by=Actor.system())
    rows = {}
    for record_type in registry.types():
        ours = world.make(record_type, world.ours)
        if record_type.model.scope_path:
            theirs, _ = marked(world, record_type, world.theirs)
        else:  # shared by everybody
            theirs = world.make(record_type, world.theirs)
        rows[list_url(record_type)] = (record_type, ours.pk, theirs.pk)
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document())))
    schema.app = get_wsgi_application()
    return schema, rows


@pytest.mark.parametrize("role", ["staff", "clerk"])
def test_made_up_requests(world, described, role, settings):
    settings.API_RATE_PER_MINUTE = 0
    schema, rows = described
    api = Api(world.user(role, world.ours if role == "clerk" else None))
    asking = Asking(api, rows, sees_all=role == "staff")

    for number, operation in enumerate(schema.get_all_operations()):
        for mode in MODES if role == "staff" else [MODES[number % 2]]:
            asking.run(operation.ok(), mode)

    assert asking.faults == []
    assert set(asking.answered) >= {200, 400, 404}, asking.answered


class Asking:
    """Sends the requests of one user and keeps what must not be."""

    def __init__(self, api, rows, *, sees_all):
        self.api, self.rows, self.sees_all = api, rows, sees_all
        self.faults, self.answered, self.random = [], {}, random.Random(2022)

    def run(self, operation, mode):
        @hypothesis.settings(QUIET, max_examples=EXAMPLES)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            self.ask(case)

        ask()

    def ask(self, case):
        self.aim(case)
        response = case.call(headers={"Authorization": f"Bearer {self.api.value}"})
        status, text = response.status_code, response.text
        self.answered[status] = self.answered.get(status, 0) + 1
        where = (case.method, case.formatted_path, status)
        if status >= 500:
            self.faults.append((*where, case.body))
        elif status >= 400 and not CHINESE.search(response.json()["detail"]):
            self.faults.append((*where, text))
        if not self.sees_all and SECRET in text:
            self.faults.append((*where, "another unit's record"))

    def aim(self, case):
        """Most requests are about records that are there, with bodies that nearly fit."""
        known = next((self.rows[p] for p in self.rows if case.path.startswith(p)), None)
        if known is None or self.random.random() < 0.3:
            return
        record_type, ours, theirs = known
        if "pk" in (case.path_parameters or {}):
            case.path_parameters["pk"] = self.random.choice([ours, theirs])
        if isinstance(case.body, dict) and "review" not in case.path:
            kept = {name: v for name, v in case.body.items() if self.random.random() < 0.3}
            case.body = {**body_of(record_type, ours), **kept}


def body_of(record_type, pk):
    """What a reader of the record would send back."""
    row = record_type.model.objects.filter(pk=pk).first()
    return {} if row is None else dict(serializer_class(record_type)(row).data)
