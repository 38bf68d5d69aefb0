"""Every address for every role: no failure, no word of English, refusals in Chinese."""

import re

import pytest

from tests.e2e.crawling import LEFT_OUT, ROLES, filled, pattern_of, routes
from tests.e2e.product import ROOT
from tests.e2e.reading import CHINESE, foreign_words


@pytest.mark.parametrize("role", ROLES)
def test_no_page_fails(crawls, role):
    answers = crawls[role].answers.values()

    assert len(answers) > 30
    assert {a.path: a.status for a in answers if a.status >= 500} == {}
    assert {a.status for a in answers} <= {200, 301, 302, 400, 403, 404, 405, 409}


@pytest.mark.parametrize("role", ROLES)
def test_links_lead_to_pages_that_the_reader_may_open(crawls, role):
    crawler = crawls[role]
    dead = {}
    for answer in crawler.answers.values():
        for link in answer.links if answer.status == 200 else []:
            target = crawler.answers.get(crawler.local(answer, link))
            if target is not None and target.status >= 400:
                dead[target.path] = (target.status, answer.path)

    assert dead == {}


@pytest.mark.parametrize("role", ROLES)
def test_every_visible_word_is_chinese(crawls, demo, role):
    """The maintenance entrance is Django's own: its words are those of Django's translation."""
    codes = (ROOT / "fixtures" / "pools.json").read_text(encoding="utf-8")
    names = " ".join(demo.accounts) + " ".join(re.findall(r'"code": "(.*?)"', codes))
    known = set(re.findall(r"[A-Za-z]+", names))
    faults = {
        a.path: words
        for a in crawls[role].answers.values()
        if not a.path.startswith("/admin/") and (words := foreign_words(a.texts, known))
    }

    assert faults == {}


@pytest.mark.parametrize("role", ROLES)
def test_refusals_are_pages_in_chinese(crawls, role):
    refused = [a for a in crawls[role].answers.values() if a.status in (400, 403, 404, 409)]

    for answer in refused:
        assert answer.kind == "text/html" or "json" in answer.kind, answer.path
        if answer.kind == "text/html":
            assert sum(len(CHINESE.findall(text)) for text in answer.texts) > 20, answer.path


def test_every_address_was_opened_by_everybody(crawls):
    ours = {filled(route) for route in routes()}
    plain = {path for path in ours if not LEFT_OUT.search(path) and not path.startswith("/admin/")}
    wanted = {pattern_of(path) for path in plain} - {""}

    for role, crawler in crawls.items():
        opened = {pattern_of(path).rpartition("?")[0] + "?" for path in crawler.answers}
        assert wanted - opened == set(), role


def test_every_page_keeps_to_the_csp_and_to_the_host(demo, window, crawls):
    """All pages that the head of the office reaches, one of each pattern, in a real browser."""
    paths = {
        pattern_of(answer.path).rpartition("?")[0]: answer.path
        for answer in crawls["head"].answers.values()
        if answer.status == 200 and answer.title and "/admin/" not in answer.path
    }
    page = window(demo, "head")
    for path in paths.values():
        page.goto(path)

    assert len(paths) > 60
    assert page.watch.faults == []
