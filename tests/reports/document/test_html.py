"""The HTML for the screen: marks on figures, nothing a strict policy refuses."""

import re

from apps.reports.document.css import screen_css
from apps.reports.document.fonts import FontSet
from apps.reports.document.html import body_html
from apps.reports.document.tree import Document, Paragraph, Run, Table


def only(*parts) -> Document:
    return Document(("标题",), (Paragraph.of(*parts),))


def test_figures_are_marks_that_open_their_records(report):
    html = body_html(report, for_screen=True)

    assert '<a class="figure" data-figure="train" href="/metrics/train/">1164</a>' in html
    assert '<a class="figure" data-figure="party" href="/metrics/party/">1286</a>' in html


def test_paper_has_no_marks(report):
    assert "figure=" not in body_html(report, fonts=FontSet())


def test_screen_needs_no_inline_style_or_script(report):
    html = body_html(report, for_screen=True)

    assert not re.search(r"<[^>]+\s(style|on\w+)=|<script|<style", html)
    assert set(re.findall('class="([^"]+)"', html)) >= {"doc", "doc-title", "doc-p", "figure"}


def test_every_class_of_the_screen_is_in_its_style_sheet(report):
    names = {
        name
        for group in re.findall('class="([^"]+)"', body_html(report, for_screen=True))
        for name in group.split()
    }

    assert {name for name in names if f".{name}" not in screen_css()} <= {"doc-keep"}


def test_addresses_outside_the_site_are_no_links():
    urls = ["javascript:alert(1)", "https://example.org/", "//example.org/", "/\\example.org", ""]
    html = body_html(only(*(Run("1", figure="a", url=url) for url in urls)), for_screen=True)

    assert "href" not in html
    assert html.count('<span class="figure" data-figure="a">1</span>') == len(urls)


def test_text_is_escaped_everywhere():
    bad = '<b x="1">&'
    table = Table(bad, (bad,), ((Run(bad, figure=bad, url="/" + bad, note=bad),),), note=bad)
    html = body_html(Document((bad,), (table,), bad, bad), for_screen=True)

    assert "<b" not in html
    assert 'title="&lt;b x=&quot;1&quot;&gt;&amp;"' in html


def test_rare_characters_are_wrapped_on_paper_only():
    assert '专家<span class="doc-rare">䶮㛃</span>某' in body_html(
        only("专家䶮㛃某"), fonts=FontSet()
    )
    assert "doc-rare" not in body_html(only("专家䶮㛃某"), for_screen=True)
