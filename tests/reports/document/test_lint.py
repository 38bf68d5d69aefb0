"""Punctuation faults: each found where it is, and nothing in good text."""

from datetime import date

import pytest

from apps.reports.document.lint import lint_document, lint_text
from apps.reports.document.tree import (
    Attachment,
    Chart,
    Document,
    Heading,
    Paragraph,
    Series,
    Table,
    plain_text,
)


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("全区人才,共5人。", "half-width", (4, 5)),
        ("共5人,其中党政人才3人。", "half-width", (3, 4)),
        ("全区人才共5人.", "half-width", (7, 8)),
        ("占35.6%,其中党政人才3人。", "half-width", (6, 7)),
        ("区委(人才办)负责。", "half-width", (2, 3)),
        ("印发《甲》、《乙》等文件。", "listed", (5, 6)),
        ("实施“甲”、“乙”工程。", "listed", (5, 6)),
        ("全年开展培训1164人次", "end", (12, 12)),
        ("成效明显。。", "double", (4, 6)),
        ("等等...。", "double", (2, 5)),
        ("等等…。", "double", (2, 3)),
        ("印发文件（某组发[2022]3号）。", "year", (8, 14)),
        ("印发文件（某组发（2022）3号）。", "year", (8, 14)),
        ("印发文件（某组发〔2022〕第3号）。", "year", (14, 15)),
        ("印发文件（某组发〔2022〕03号）。", "year", (14, 15)),
        ('实施"人才强区"战略。', "quote", (2, 3)),
        ("实施“人才强区战略。", "pair", (2, 3)),
        ("实施人才强区）战略。", "pair", (6, 7)),
        ("实施“人才“强区”战略”。", "nested", (5, 6)),
        ("增长20～30%。", "range", (2, 8)),
        ("截至2022年03月5日。", "date", (5, 10)),
        ("共１２人。", "full-width", (1, 3)),
        ("人才 工作。", "space", (2, 3)),
        ("一是，加强领导。", "point", (2, 3)),
        ("", "empty", (0, 0)),
    ],
)
def test_fault_is_found_where_it_is(text, rule, place):
    first = lint_text(text)[0]

    assert (first.rule, (first.start, first.end)) == (rule, place)
    assert first.message.endswith("。")


@pytest.mark.parametrize("text", ["一、基本情况。", "（一）加强领导："])
def test_headings_end_without_a_mark(text):
    assert [finding.rule for finding in lint_text(text, "heading")] == ["heading"]


@pytest.mark.parametrize(
    "text",
    [
        "全年培训1164人次，同比增长12.3%；其中党政人才占35.6%、提高1.2个百分点。",
        "印发《关于加强人才工作的意见》《办法》等文件（某组发〔2022〕3号）。",
        "他说：“实施‘人才强区’战略！”",
        "详见网址https://example.org/a?b=1,2。",
        "增长20%～30%……",
        "1.2万人参加（含企业人才）。",
        "专家𬭎某某入选（䶮某某同时入选）。",
    ],
)
def test_good_text_has_no_findings(text):
    assert lint_text(text) == []


def test_document_findings_name_the_line_of_the_plain_text():
    document = Document(
        ("关于人才工作的报告",),
        (
            Heading(1, "情况"),
            Table("人数", ("类别", "人"), (("党政", "12"),), note="注：略"),
            Chart("人数", "bar", ("一",), (Series("", (1,)),)),
            Paragraph.of("全区人才,共5人。"),
        ),
        "市委：",
        "区委组织部",
        date(2025, 3, 5),
        (Attachment("清单。", (Paragraph.of("一是。"),)),),
    )
    lines = plain_text(document)

    findings = [(lines[found.line], found.rule) for found in lint_document(document)]

    assert findings == [
        ("注：略", "end"),
        ("全区人才,共5人。", "half-width"),
        ("附件：清单。", "heading"),
        ("清单。", "heading"),
    ]
