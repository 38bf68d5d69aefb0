"""The sentence language: what is read, what is refused and how figures are written."""

from decimal import Decimal

import pytest

from apps.reports.outline.forms import FORMS, Reading, check_forms, write
from apps.reports.outline.language import (
    Citation,
    Clause,
    OutlineError,
    Sentence,
    Text,
    parse_lines,
    parse_sentence,
)


def test_sentence_is_parsed_into_text_figures_and_clauses():
    sentence = parse_sentence("全年培训{{ 培训人次 }}人次[，{{培训人次.同比}}]。")

    assert sentence == Sentence(
        (
            Text("全年培训"),
            Citation("培训人次"),
            Text("人次"),
            Clause((Text("，"), Citation("培训人次", ("同比",)))),
            Text("。"),
        )
    )


@pytest.mark.parametrize(
    "source",
    [
        "没有数字的一句话。",
        "全年培训{{ 培训人次 }}人次[，{{ 培训人次.同比 }}]。",
        "？引进{{ 引进人数 }}人[？，其中博士{{ 博士.上年.余 }}人]。",
        "{{ 甲 }}{{ 乙 }}",
    ],
)
def test_sentence_written_again_is_the_same(source):
    assert parse_sentence(source).source == source


def test_citations_are_found_in_clauses_too():
    sentence = parse_sentence("甲{{ 甲 }}[，乙{{ 乙.余 }}]。")

    assert [citation.source for citation in sentence.citations()] == ["{{ 甲 }}", "{{ 乙.余 }}"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ }}人", "“{{ }}”里没有写指标名称"),
        ("{{ 甲.乙 }}", "“甲”的写法“乙”不认识，可用的写法有：余、近、"),
        ("{{ 甲.同比.余 }}", "写法一般只用一种"),
        ("{{ 甲", "大括号没有成对"),
        ("{% if %}", "大括号没有成对"),
        ("[说明]", "其中须引用数字"),
        ("[{{ 甲 }}", "没有对应的“]”"),
        ("{{ 甲 }}]", "没有对应的“[”"),
        ("[甲[{{ 乙 }}]]", "方括号里不能再用方括号"),
        ("？没有数字。", "须引用一个数字"),
        ("{{ 甲.__class__ }}", "写法“__class__”不认识"),
    ],
)
def test_fault_is_named_at_its_line(source, message):
    with pytest.raises(OutlineError) as caught:
        parse_lines(f"头一句。\n\n{source}", first=10)

    assert caught.value.line == 12
    assert caught.value.message.startswith("第 12 行：")
    assert message in caught.value.message


COUNT = Reading(value=Decimal(1164), previous=Decimal(1042), unit="人次")
RATIO = Reading("ratio", "%", Decimal("0.356"), Decimal("0.344"))
KINDS = (("主体班", Decimal(3), "/a"), ("讲座", Decimal(0), "/b"), ("专题班", Decimal(5), "/c"))
GROUPS = Reading(unit="期", groups=KINDS)


@pytest.mark.parametrize(
    ("reading", "forms", "text"),
    [
        (COUNT, (), "1164"),
        (COUNT, ("余",), "1160余"),
        (COUNT, ("近",), "近1200"),
        (COUNT, ("同比",), "同比增长11.7%"),
        (COUNT, ("上年",), "1042"),
        (COUNT, ("上年", "余"), "1040余"),
        (Reading(value=Decimal(12345)), ("万",), "1.23万"),
        (Reading(value=Decimal(234567890)), ("亿",), "2.35亿"),
        (Reading(value=Decimal(0)), (), "0"),
        (Reading(value=Decimal("12.50")), (), "12.5"),
        (Reading("money", "元", Decimal(6832500)), (), "683.25万元"),
        (Reading("money", "元", Decimal(6832500)), ("余",), "680余万元"),
        (Reading("money", "元", Decimal(9800)), (), "9800元"),
        (Reading("money", "元", Decimal(683250000)), ("亿",), "6.83亿元"),
        (RATIO, (), "35.6%"),
        (RATIO, ("同比",), "同比提高1.2个百分点"),
        (Reading(value=Decimal("0.356")), ("百分比",), "35.6%"),
        (Reading(value=Decimal(5), previous=Decimal(5)), ("同比",), "与上年持平"),
        (Reading(value=Decimal(4), previous=Decimal(5)), ("同比",), "同比下降20.0%"),
        (Reading(value=Decimal(4)), ("同比",), "上年无数据"),
        (Reading(value=Decimal(4), previous=Decimal(0)), ("同比",), "上年为0"),
        (Reading(value=Decimal(4), given_growth=Decimal("7.2")), ("同比",), "同比增长7.2%"),
        (Reading(names=("《甲》", "《乙》")), ("列表",), "《甲》《乙》"),
        (Reading(names=("甲", "乙")), ("列表",), "甲、乙"),
        (GROUPS, ("分组",), "主体班3期、专题班5期"),
    ],
)  # fmt: skip
def test_figure_is_written_in_its_form(reading, forms, text):
    assert write(reading, forms).text == text


@pytest.mark.parametrize(
    ("reading", "forms", "missing"),
    [
        (Reading(), (), "now"),
        (Reading(value=Decimal(4)), ("上年",), "before"),
        (Reading(value=Decimal(4)), ("同比",), "before"),
        (Reading(), ("同比",), "now"),
        (Reading(names=()), ("列表",), "now"),
        (Reading(value=Decimal(0)), (), ""),
    ],
)
def test_zero_is_not_missing(reading, forms, missing):
    assert write(reading, forms).missing == missing


def test_list_stops_after_some_names():
    names = tuple(f"《{n}》" for n in range(1, 12))

    assert write(Reading(names=names), ("列表",)).text == "".join(names[:8])


def test_every_form_says_what_it_does():
    assert all(
        form.meaning and form.example and not check_forms((name,)) for name, form in FORMS.items()
    )


def test_groups_carry_the_address_of_each():
    parts = write(GROUPS, ("分组",)).parts

    assert parts == (
        ("主体班", ""), ("3", "/a"), ("期", ""), ("、专题班", ""), ("5", "/c"), ("期", ""),
    )  # fmt: skip
