"""Pages as a browser draws them: nothing that the CSP refuses, no error, nothing off the host,
readable for everybody, fit for a phone.
"""

import re
from pathlib import Path

import pytest

from tests.e2e.browsing import DESK, PHONE
from tests.e2e.test_crawl import Crawler, pattern_of

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations']})"
WAY = "(found) => found.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`)"
# The main pages, by who opens them.
MAIN = {
    "home": ("staff", "/"),
    "people": ("staff", "/talents/person/"),
    "people-found": (
        "staff",
        "/talents/person/?sex=2&education__at_least=21&sort=-work_started_on",
    ),
    "people-none": ("staff", "/talents/person/?q=没有这个人"),
    "person": ("staff", "/talents/person/{person}/"),
    "person-edit": ("staff", "/talents/person/{person}/edit/"),
    "person-new": ("staff", "/talents/person/new/"),
    "classes": ("staff", "/training/trainingclass/"),
    "class": ("staff", "/training/trainingclass/{trainingclass}/"),
    "import": ("staff", "/import/"),
    "metrics": ("staff", "/metrics/"),
    "metric": ("staff", "/metrics/{metric}/"),
    "metric-new": ("staff", "/metrics/new/"),
    "reports": ("head", "/reports/"),
    "report-new": ("head", "/reports/new/"),
    "report": ("head", "/reports/{report}/"),
    "log": ("auditor", "/accounts/log/"),
    "users": ("sysadmin", "/accounts/users/"),
    "grants": ("secadmin", "/accounts/grants/"),
    "password": ("staff", "/accounts/password/"),
    "sign-in": ("", "/accounts/login/"),
    "refused": ("clerk1", "/accounts/log/"),
    "not-there": ("staff", "/talents/person/999999/"),
}
REFUSED = {"refused": ("status of 403",), "not-there": ("status of 404",)}


@pytest.fixture(scope="module")
def keys(playwright, demo):
    """A record of each kind to look at, and a report that has been drafted."""
    demo.manage("build_report", "--year", "2022", "--out", str(demo.folder / "reports"))
    return {
        "person": key_in(demo, playwright, "staff", "/talents/person/"),
        "trainingclass": key_in(demo, playwright, "staff", "/training/trainingclass/"),
        "report": key_in(demo, playwright, "head", "/reports/"),
        "metric": "gdp",
    }


def key_in(demo, playwright, role, path):
    """The number of the first record that a list leads to."""
    crawler = Crawler(demo, demo.state(playwright, role))
    links = crawler.open(path).links
    return next(found[1] for link in links if (found := re.search(rf"^{path}(\d+)/$", link)))


@pytest.mark.parametrize("name", MAIN)
def test_main_page_is_readable_for_everybody(demo, window, keys, name):
    role, path = MAIN[name]
    page = window(demo, role)
    page.watch.expected = REFUSED.get(name, ())
    page.goto(path.format(**keys))
    page.evaluate(AXE)

    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        faults = page.evaluate(f"{RULES}.then(result => ({WAY})(result.violations))")
        assert faults == [], size
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, size


def test_every_page_keeps_to_the_csp_and_to_the_host(playwright, demo, window, keys):
    """All pages that the head of the office reaches, one of each pattern, in a real browser."""
    crawler = Crawler(demo, demo.state(playwright, "head")).run(["/"])
    paths = {
        pattern_of(answer.path).rpartition("?")[0]: answer.path
        for answer in crawler.answers.values()
        if answer.status == 200 and answer.kind == "text/html" and "/admin/" not in answer.path
    }
    page = window(demo, "head")
    for path in paths.values():
        page.goto(path)

    assert len(paths) > 60
    assert page.watch.faults == []
