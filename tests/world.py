"""Two units with one record of every type each, and somebody for every role."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Grant, Role, User
from apps.records.models import Record
from apps.records.registry import RecordType
from tests.factories import FACTORIES, UnitFactory, root_unit

ROLES = ("sysadmin", "secadmin", "auditor", "head", "staff", "clerk", "leader")
MANAGERS = ("sysadmin", "secadmin", "auditor")


@dataclass
class World:
    """``ours`` is the clerk's unit, ``theirs`` another one."""

    root: Any
    ours: Any
    theirs: Any

    def make(self, record_type: RecordType, home: Any, /, **more: Any) -> Any:
        """A record that belongs to a unit."""
        if record_type.label == "organizations.Unit":
            return FACTORIES[record_type.label](**{"parent": home, **more})
        if issubclass(record_type.model, Record):
            more.setdefault("owner", home)
        if record_type.label == "talents.Person":
            more.setdefault("unit", home)
        return FACTORIES[record_type.label](**more)

    def user(self, role: str, unit: Any = None) -> User:
        """Somebody with one approved grant, whose password need not be changed. Written as it
        stands, without the way there, which tests/accounts goes.
        """
        user = User.objects.create_user(
            f"{role}-{User.objects.count()}", name=f"测试{role}", unit=unit,
            family=role if role in MANAGERS else "business",
        )  # fmt: skip
        Grant.objects.create(
            user=user, role=Role.objects.get(key=role), unit=unit,
            state=Grant.State.APPROVED, approved_at=timezone.now(),
        )  # fmt: skip
        return user

    def client(self, role: str, unit: Any = None) -> Client:
        client = Client(headers={"accept-language": "zh-CN"})
        client.force_login(self.user(role, unit), backend="apps.accounts.backends.GrantBackend")
        return client


@pytest.fixture
def world(db):
    root = root_unit()
    return World(
        root,
        UnitFactory(name="区第一人民医院", parent=root),
        UnitFactory(name="云岭中学", parent=root),
    )


@pytest.fixture
def staff(world):
    return world.client("staff")


@pytest.fixture
def clerk(world):
    return world.client("clerk", world.ours)
