"""Accounts for tests: ``user_with("clerk", unit)`` is a user whose grant is approved."""

import datetime
from typing import Any

import factory

from apps.accounts.models import Family, Grant, Role, User
from apps.accounts.services import approve_grant, grant, load_roles
from apps.records.actors import Actor

PASSWORD = "Qinghe-2026-lu"


class UserFactory(factory.django.DjangoModelFactory):
    """An account without any grant; its password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"钱{'一二三四五六七八九十'[n % 10]}")
    password = factory.django.Password(PASSWORD)


def grant_to(user: User, key: str, unit: Any = None, **dates: datetime.date) -> Grant:
    """An approved grant of a role, as the system gives the first ones."""
    by = Actor.system()
    return approve_grant(grant(user=user, role=key, unit=unit, by=by, **dates), by=by)


def user_with(key: str, over: Any = None, **facts: Any) -> User:
    """A user of a role over a unit, None being everything; loads the roles if there are none."""
    if not Role.objects.exists():
        load_roles()
    family = key if key in Family.values else Family.BUSINESS
    user = UserFactory(family=family, **facts)
    grant_to(user, key, over)
    return User.objects.get(pk=user.pk)
