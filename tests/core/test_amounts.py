import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.amounts import AmountError, parse_amount, parse_count


@pytest.mark.parametrize(
    ("value", "yuan"),
    [
        (24000.0, "24000"), (0.1 + 0.2, "0.3"), (106000, "106000"), (-100000.0, "-100000"),
        ("24,000", "24000"), ("24，000", "24000"), ("1.2万", "12000"), ("1.2 万元", "12000"),
        ("￥6000", "6000"), ("人民币：6000元整", "6000"), ("12,000.50元", "12000.5"),
        ("3亿", "300000000"),
        ("壹万贰仟元整", "12000"), ("伍万元整", "50000"), ("壹拾万元整", "100000"),
        ("拾万元", "100000"),
        ("十二万", "120000"), ("一百零五元", "105"), ("壹佰贰拾万叁仟元整", "1203000"),
        ("两千元", "2000"), ("壹亿零伍拾万元", "100500000"), ("叁元伍角贰分", "3.52"),
        ("壹元零伍分", "1.05"),
        ("－500", "-500"), (Decimal("7.5"), "7.5"),
    ],
)  # fmt: skip
def test_amount_is_read(value, yuan):
    assert parse_amount(value) == Decimal(yuan)


@pytest.mark.parametrize(
    ("value", "yuan"),
    [(7.5, 75000), ("7.5", 75000), ("7.5万元", 75000), ("75,000元", 75000), (20.0, 200000)],
)
def test_column_in_wan_counts_unless_the_text_names_its_unit(value, yuan):
    assert parse_amount(value, unit=10_000) == yuan


@pytest.mark.parametrize(
    "value",
    [
        "约一万",
        "一万多",
        "",
        "无",
        "1,23",
        "1.2.3",
        "万",
        "一二",
        "百万千",
        "壹元壹拾角",
        True,
        float("nan"),
        1e20,
    ],
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(AmountError, match="请改为数字") as caught:
        parse_amount(value)
    assert caught.value.kind == "unreadable_amount"


@pytest.mark.parametrize("value", ["9" * 30, "9" * 5000, "9" * 15 + "万亿", "一" + "亿" * 900])
def test_amount_that_no_column_holds_is_refused(value):
    with pytest.raises(AmountError):
        parse_amount(value)


@pytest.mark.parametrize(
    ("value", "count"),
    [(38.0, 38), ("38", 38), ("1,605", 1605), ("38 人次", 38), ("２６人", 26), (7, 7)],
)
def test_count_is_read(value, count):
    assert parse_count(value) == count


@pytest.mark.parametrize("value", [38.5, "约40", "", "38.5", True, float("inf"), 1e15, "9" * 5000])
def test_what_is_no_count_is_refused(value):
    with pytest.raises(AmountError):
        parse_count(value)


@given(
    st.one_of(st.text("零壹贰十百千万亿元角分1,.", max_size=12), st.text(max_size=12), st.floats())
)
def test_anything_is_an_amount_or_an_error(value):
    for parse in (parse_amount, parse_count):
        with contextlib.suppress(AmountError):
            parse(value)
