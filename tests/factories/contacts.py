import datetime
from typing import Any

import factory

from apps.contacts.models import ContactLink, Leader, ServiceRequest, Visit
from tests.factories.base import OwnedFactory, RecordFactory
from tests.factories.talents import PersonFactory


class LeaderFactory(RecordFactory):
    class Meta:
        model = Leader

    name = factory.Sequence(lambda n: f"周{'一二三四五六七八九十'[n % 10]}{n // 10 or ''}")
    post = "副区长"


def _unless(other: str, made: type[RecordFactory]) -> Any:
    """A record, unless the other of two references is given."""
    return factory.LazyAttribute(lambda row: None if getattr(row, other) else made())


class ContactLinkFactory(OwnedFactory):
    """A leader and an expert; give ``department`` or ``unit`` for the other two sides."""

    class Meta:
        model = ContactLink

    department = None
    unit = None
    leader = _unless("department", LeaderFactory)
    person = _unless("unit", PersonFactory)
    starts_on = datetime.date(2021, 1, 1)


class VisitFactory(OwnedFactory):
    class Meta:
        model = Visit

    link = factory.SubFactory(ContactLinkFactory)
    visited_on = factory.Sequence(
        lambda n: datetime.date(2022, 1, 1) + datetime.timedelta(days=n % 300)
    )
    form = "1"
    opinions = 2
    difficulties = 1
    solved = 1


class ServiceRequestFactory(OwnedFactory):
    class Meta:
        model = ServiceRequest

    unit = None
    person = _unless("unit", PersonFactory)
    topic = "02"
    content = "子女转学"
    channel = "1"
    received_on = factory.Sequence(
        lambda n: datetime.date(2022, 1, 1) + datetime.timedelta(days=n % 300)
    )
    due_on = datetime.date(2022, 12, 31)
