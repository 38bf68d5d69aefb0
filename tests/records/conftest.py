"""Two units, people in both, and somebody for every role; pages are read as text."""

import html
import re

import pytest


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
