"""The main pages, and the records that are looked at on them."""

import re
from typing import Any

from tests.e2e.crawling import Crawler

# The main pages, by who opens them.
MAIN = {
    "home": ("staff", "/"),
    "board": ("head", "/board/"),
    "mine": ("leader", "/mine/"),
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
    "review": ("staff", "/review/"),
    "handing-in": ("clerk1", "/review/mine/"),
    "metrics": ("staff", "/metrics/"),
    "metric": ("staff", "/metrics/{metric}/"),
    "metric-new": ("staff", "/metrics/new/"),
    "cross-tables": ("staff", "/metrics/cross/"),
    "cross-table": ("staff", "/metrics/cross/statutory-teams/"),
    "cross-new": ("staff", "/metrics/cross/new/?from=talents.Person"),
    "payments": ("staff", "/funds/disbursement/"),
    "payment-new": ("staff", "/funds/disbursement/new/"),
    "links": ("staff", "/contacts/contactlink/"),
    "custom-fields": ("head", "/records/customfield/"),
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


def find_keys(playwright: Any, demo: Any) -> dict[str, str]:
    """A record of each kind to look at, and a report that has been drafted."""
    demo.manage("build_report", "--year", "2022", "--out", str(demo.folder / "reports"))
    people = "/talents/person/?education__at_least=21&title_level__at_least=412&pool=expert"
    return {
        "person": first_key(playwright, demo, "staff", people),
        "trainingclass": first_key(playwright, demo, "staff", "/training/trainingclass/"),
        "report": first_key(playwright, demo, "head", "/reports/"),
        "metric": "talents-by-team",
    }


def first_key(playwright: Any, demo: Any, role: str, path: str) -> str:
    """The number of the first record that a list leads to."""
    start = path.partition("?")[0]
    links = Crawler(demo, demo.state(playwright, role)).open(path).links
    return next(found[1] for link in links if (found := re.search(rf"^{start}(\d+)/$", link)))
