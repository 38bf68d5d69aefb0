"""Nasty values at every door: each is answered in Chinese, none is a fault of the server."""

import re
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.urls import URLPattern, get_resolver, reverse

from apps.records import registry
from apps.reports.models import Outline, Report
from tests.factories import MetricFactory, PersonFactory, TrainingClassFactory

NUL, LONG_NUMBER, HALF = "甲\x00乙", "9" * 5000, '{"name": "\\ud800", "title": "\\ud800"}'
NASTY = (
    NUL, LONG_NUMBER, HALF, "9" * 30, "1e400", "-1", "NaN", "²", "0001-01-01", "9999-12-31",
    "0001-01-01..9999-12-31", "\u202e\ufffe\x0b人" * 400,
    "<script>alert(1)</script>'\"{{ 7|add:1 }}",
    "=cmd|'/c calc'!A1", "𠮷👩‍👩‍👧‍👧",
)  # fmt: skip
OWN = ("page", "size", "sort", "period", "as_of", "scope", "fields", "purpose", "metric", "x")
FRAGMENT = {"hx-request": "true"}
# What the pages that are not about one record type read, in addresses and in forms.
READ = (
    "q", "page", "period", "scope", "metric", "from", "year", "status", "theme", "show", "tab",
    "state", "after", "first", "last", "action", "next",
)  # fmt: skip
SENT = (
    *READ, "version", "level", "kind", "source", "text", "reason", "node", "mode", "create", "unit",
    "outline", "part", "title", "signature", "signed_on", "label", "definition", "aggregate",
    "formula", "username", "password", "old_password", "new_password1",
)  # fmt: skip
KEPT = {"accounts-logout", "reports-delete", "reports-block-delete"}  # they would end the walk


def answered(response, where):
    """Chinese wherever something is refused; never a fault of the server."""
    assert response.status_code < 500, where
    if response.status_code in (400, 409) and not response.headers["Content-Type"].startswith(
        "app"
    ):
        assert re.search("[\u4e00-\u9fff]", response.content.decode()), where


def some(number):
    """Endless nasty values, beginning at another one each time."""
    return islice(cycle(NASTY), number % len(NASTY), None)


def form(values):
    """Sent as a browser sends it, so that every sign arrives."""
    return {"data": urlencode(values), "content_type": "application/x-www-form-urlencoded"}


def test_addresses_of_a_type_take_anything(world, staff, record_type):
    row = world.make(record_type, world.ours)
    names = [*OWN, *record_type.filterset.base_filters]

    for number, name in enumerate(names):
        where = {name: next(some(number))}
        answered(staff.get(record_type.url("list"), where, headers=FRAGMENT), where)
    for number, action in enumerate(("export", "new", "autocomplete", "detail", "history")):
        keys = [row.pk] if action in ("detail", "history") else []
        where = dict.fromkeys(("q", "tab", "page", *record_type.fields), next(some(number)))
        answered(staff.get(record_type.url(action, *keys), where), (action, where["q"]))


def test_forms_of_a_type_take_anything(world, staff, record_type):
    row = world.make(record_type, world.ours)
    names = [*record_type.fields, "owner", "remarks"]
    hidden = ("base", "pk", "checked", "parent", "field", "reason", "query", "page_size", "version")
    first = registry.types().index(record_type)

    for value, action in zip(islice(some(first), 6), cycle(("new", "check", "edit")), strict=False):
        sent = dict.fromkeys((*names, *hidden), value)
        sent |= {f"{name}.{part}": value for name in names for part in ("key", "known")}
        keys = [row.pk] if action == "edit" else []
        answered(staff.post(record_type.url(action, *keys), **form(sent)), (action, value))
    for value, action in zip(islice(some(first), 3), ("review", "reveal", "layout"), strict=True):
        sent = dict.fromkeys(hidden, value) | {"move": "approve"}
        keys = [] if action == "layout" else [row.pk]
        answered(staff.post(record_type.url(action, *keys), **form(sent)), (action, value))


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_every_field_of_a_class_takes_anything(world, staff, value):
    """One type in full: each value in every field, and as the key and the version of a record."""
    row = TrainingClassFactory(owner=world.ours)
    records = registry.get("training.TrainingClass")
    sent = dict.fromkeys((*records.fields, "owner", "remarks", "base", "pk", "version"), value)
    sent |= {"owner.key": value, "owner.known": value}

    answered(staff.post(records.url("new"), **form(sent)), value)
    answered(staff.post(records.url("check"), **form(sent)), value)
    answered(staff.post(records.url("edit", row.pk), **form(sent)), value)
    review = {"move": "approve", "version": value, "reason": value}
    answered(staff.post(records.url("review", row.pk), **form(review)), value)
    answered(staff.post("/year/", **form({"year": value, "next": value})), value)


def test_a_prefilled_key_is_found_or_left_out(world, staff):
    education = registry.get("talents.Education")

    for value in NASTY:
        answered(staff.get(education.url("new"), {"person": value}), value)


def test_nul_is_refused_in_words(staff):
    for response in (staff.get("/search/", {"q": NUL}), staff.post("/search/", **form({"q": NUL}))):
        assert response.status_code == 400
        assert "有不能识别的字符" in response.content.decode()


@pytest.fixture
def report(world, staff):
    call_command("load_outlines")
    TrainingClassFactory()
    PersonFactory(unit=world.ours)
    outline = Outline.objects.get(key="standard")
    sent = {"year": 2022, "part": "", "unit": "", "outline": outline.pk, "kind": "summary"}
    staff.post("/reports/new/", sent)
    found = Report.objects.get()
    staff.post(f"/reports/{found.pk}/prepare/3/")
    found.refresh_from_db()
    return found


def other_pages(report):
    """Addresses of the pages beside those of the record types, for rows that are there."""
    block = report.blocks.filter(kind="paragraph").first()
    known = {
        "pk": report.pk, "block": block.pk, "node": report.figures.first().node, "gap": 1,
        "step": 2, "kind": "word", "way": "up", "key": MetricFactory().key,
    }  # fmt: skip
    types = {f"{t.model._meta.app_label}-{t.model._meta.model_name}-" for t in registry.types()}
    for pattern in get_resolver().url_patterns[3:]:  # behind those of the maintenance entrance
        for page in getattr(pattern, "url_patterns", [pattern]):
            name = (isinstance(page, URLPattern) and page.name) or ""
            # the API has tests of its own
            if name and name not in KEPT and not name.startswith(("api-", *types)):
                wanted = page.pattern.converters or page.pattern.regex.groupindex
                if "action" not in wanted:  # buttons without a form
                    yield name, reverse(name, kwargs={key: known[key] for key in wanted})


def test_other_pages_take_anything(world, staff, report):
    for number, (name, address) in enumerate(other_pages(report)):
        for value in islice(some(number), 2):
            answered(staff.get(address, dict.fromkeys(READ, value), headers=FRAGMENT), name)
            answered(staff.post(address, **form(dict.fromkeys(SENT, value))), (name, value))


def test_numbers_of_report_forms_take_anything(report, staff):
    block = report.blocks.filter(kind="paragraph").first()
    pages = ("status/", "adopt/", "blocks/new/", f"blocks/{block.pk}/")

    for value in NASTY:
        sent = {"source": "甲。", "kind": "heading", "status": "consulting"}
        sent |= dict.fromkeys(("version", "level", "after", "node"), value)
        for page in pages:
            answered(staff.post(f"/reports/{report.pk}/{page}", **form(sent)), (page, value))


@pytest.mark.parametrize("period", ["0001-01-01..0001-12-31", "9999-01-01..9999-12-31", "0999"])
def test_figures_of_impossible_years_are_refused(staff, period):
    metric = MetricFactory(period_rule="next", record_type="training.TrainingClass")
    pages = (
        "/metrics/",
        f"/metrics/{metric.key}/",
        f"/training/trainingclass/?metric={metric.key}",
    )

    for page in pages:
        response = staff.get(page, query_params={"period": period, "metric": metric.key})
        assert response.status_code == 400, page
        assert "统计时段" in response.content.decode(), page


def test_unknown_state_of_a_report_is_refused(staff, report):
    response = staff.post(f"/reports/{report.pk}/status/", {"status": "xyz"})

    assert response.status_code == 409
    assert "不能改为“xyz”" in response.content.decode()
    assert Report.objects.get(pk=report.pk).status == report.status
