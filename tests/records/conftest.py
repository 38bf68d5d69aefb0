"""Two units, people in both, and somebody for every role; pages are read as text."""

import datetime
import html
import re

import pytest
from django.utils import timezone

from apps.records import registry, review
from apps.records.actors import Actor


@pytest.fixture
def leader(world):
    return world.client("leader")


def text_of(response) -> str:
    """What a reader sees: no tags, one blank between words."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def read():
    return text_of


@pytest.fixture
def fields_of():
    """What a browser would send from a page's form, before anything is typed."""

    def collect(response) -> dict[str, str]:
        form = response.context["form"]
        sent = {}
        for bound in form:
            value = bound.value()
            if isinstance(value, tuple):
                text, key, known = value
                sent |= {
                    bound.html_name: text,
                    f"{bound.html_name}.key": key,
                    f"{bound.html_name}.known": known,
                }
            elif isinstance(value, bool):
                sent |= {bound.html_name: "on"} if value else {}
            elif value is not None:
                shown = bound.field.widget.format_value(value)
                sent[bound.html_name] = shown[0] if isinstance(shown, list) else shown
        return {name: "" if value is None else str(value) for name, value in sent.items()}

    return collect


@pytest.fixture
def by(world):
    """The clerk of our unit."""
    return Actor(world.user("clerk", world.ours))


@pytest.fixture
def hand_in(by):
    """Enter a record as the clerk and hand it in, some days ago."""

    def submit(factory, *, days=0, **values):
        row = factory(by=by, **values)
        record_type = registry.of(type(row))
        review.submit(row, by=by)
        at = timezone.now() - datetime.timedelta(days=days)
        record_type.model._base_manager.filter(pk=row.pk).update(updated_at=at)
        return record_type.model.objects.get(pk=row.pk)

    return submit
