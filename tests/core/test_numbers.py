"""Number, date and list formats against worked examples."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core import numbers as n


def test_count_has_thousands_on_screen_only():
    assert n.count(1164) == "1164"
    assert n.count(1164, style="screen") == "1,164"
    assert n.quantity(1164, "人") == "1164人"
    assert n.quantity(1164, "人", style="screen") == "1,164 人"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9999, "9999"),
        (10000, "1万"),
        (12000, "1.2万"),
        (12345, "1.23万"),
        (12355, "1.24万"),
        (99_999_999, "1亿"),
        (123_456_789, "1.23亿"),
        (-12000, "-1.2万"),
    ],
)
def test_abbreviated_uses_wan_and_yi(value, text):
    assert n.abbreviated(value) == text


def test_money_names_its_unit():
    assert n.money("6832500") == "683.25万元"
    assert n.money(800) == "800元"
    assert n.money("800.50") == "800.5元"
    assert n.money(320_000_000) == "3.2亿元"
    assert n.money("6832500", "亿元") == "0.07亿元"
    assert n.money("68325000", "万元", style="screen") == "6,832.5 万元"


def test_percent_keeps_one_decimal_and_rounds_half_up():
    assert n.percent("0.35649") == "35.6%"
    assert n.percent(Decimal("0.3555")) == "35.6%"
    assert n.percent("0.5") == "50.0%"
    assert n.percent(1 / 3) == "33.3%"
    assert n.share(5, 0) is None


def test_rounding_never_prints_minus_zero():
    assert n.plain("-0.001") == "0"


@pytest.mark.parametrize(
    ("value", "over", "near"),
    [
        (1164, "1160余", "近1200"),
        (1160, "1160", "近1200"),
        (1101, "1100余", "近1110"),
        (1200, "1200", "1200"),
        (64, "60余", "64"),
        (7, "7", "7"),
        (12345, "12300余", "近12400"),
    ],
)
def test_over_and_near_stay_honest(value, over, near):
    assert n.over(value) == over
    assert n.near(value) == near


def test_over_and_near_take_a_step():
    assert n.over(1164, 100) == "1100余"
    assert n.near(1101, 100) == "近1200"


@pytest.mark.parametrize(
    ("current", "previous", "text"),
    [
        ("112.3", 100, "同比增长12.3%"),
        ("96.9", 100, "同比下降3.1%"),
        (100, 100, "与上年持平"),
        (0, 0, "与上年持平"),
        ("100.01", 100, "与上年基本持平"),
        (5, None, "上年无数据"),
        (None, 5, "本年无数据"),
        (5, 0, "上年为0"),
        (3, -2, "比上年增加5"),
    ],
)
def test_growth_says_what_can_be_said(current, previous, text):
    assert n.growth(current, previous) == text


def test_growth_on_screen_is_spaced():
    assert n.growth("112.3", 100, style="screen") == "同比增长 12.3%"


def test_growth_of_shares_is_in_points():
    assert n.growth_points("0.356", "0.344") == "同比提高1.2个百分点"
    assert n.growth_points("0.344", "0.356") == "同比下降1.2个百分点"
    assert n.growth_points("0.344", "0.344") == "与上年持平"
    assert n.growth_points("0.344", None) == "上年无数据"


def test_dates_have_no_leading_zeros_in_chinese():
    day = date(2022, 3, 5)

    assert n.chinese_date(day) == "2022年3月5日"
    assert n.chinese_month(day) == "2022年3月"
    assert n.dotted_month(date(1985, 3, 1)) == "1985.03"
    assert n.iso_date(day) == "2022-03-05"


def test_ordinals_run_from_one_to_ninety_nine():
    samples = {1: "一", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九"}

    assert {number: n.ordinal(number) for number in samples} == samples
    with pytest.raises(ValueError, match="1至99"):
        n.ordinal(100)


def test_lists_have_no_mark_between_book_titles():
    assert n.join_list(["甲", "", "乙"]) == "甲、乙"
    assert n.join_list(["《甲》", "《乙》", "丙"]) == "《甲》《乙》、丙"
    assert n.join_list(["“甲”", "“乙”"]) == "“甲”“乙”"


@pytest.mark.parametrize("value", ["", "abc", True, float("nan"), "inf", None])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="不是数字"):
        n.to_decimal(value)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 字节"), (512, "512 字节"), (1023, "1,023 字节"), (1024, "1 千字节"),
        (240_000, "234 千字节"), (1_258_291, "1.2 兆字节"), (20 * 1024 * 1024, "20 兆字节"),
    ],
)  # fmt: skip
def test_size_of_a_file_is_written_in_chinese(size, text):
    assert n.file_size(size) == text
