import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.dates import DateError, parse_date

MONTH = (dt.date(1985, 3, 1), True)
DAY = (dt.date(1985, 3, 5), False)


@pytest.mark.parametrize(
    "value",
    [
        "1985.03", "1985.3", "1985年3月", "1985年03月", "1985/3", "1985-3", "1985-03", "198503",
        "１９８５．０３", "1985 . 03", "1985　年　3　月", "1985。3", "1985、03",
        "1985.03.", 198503.0, 1985.03,
    ],
)  # fmt: skip
def test_month_is_read(value):
    assert parse_date(value) == MONTH


@pytest.mark.parametrize(
    "value",
    [
        "1985.03.05", "1985/3/5", "1985-3-5", "19850305", "1985年3月5日", "1985年3月5号",
        "１９８５年３月５日", "1985-03-05 00:00:00", "1985/3/5 8:30", 19850305, 31111.0, 31111.75,
        dt.date(1985, 3, 5), dt.datetime(1985, 3, 5, 8, 30),  # noqa: DTZ001 -- as Excel has it
    ],
)  # fmt: skip
def test_day_is_read(value):
    assert parse_date(value) == DAY


@pytest.mark.parametrize("value", ["2009.13", "2009年13月", "200913", "2009-00", 2009.13, 200913.0])
def test_month_out_of_range_says_how_to_write_it(value):
    with pytest.raises(DateError, match=r"^月份应在 01–12 之间，请改为如 2009\.03$") as caught:
        parse_date(value)
    assert caught.value.kind == "impossible_date"


@pytest.mark.parametrize("value", ["2021.02.29", "20210431", "2021年4月0日"])
def test_day_that_the_month_does_not_have_is_refused(value):
    with pytest.raises(DateError, match=r"没有 \d+ 日") as caught:
        parse_date(value)
    assert caught.value.kind == "impossible_date"


@pytest.mark.parametrize("value", ["85.03", "85年3月", "85-3-5"])
def test_two_digit_year_is_refused(value):
    with pytest.raises(DateError, match="年份应写四位"):
        parse_date(value)


@pytest.mark.parametrize("value", ["1985", "1985年", 1985.0, 1985])
def test_year_alone_asks_for_the_month(value):
    with pytest.raises(DateError, match=r"1985\.03"):
        parse_date(value)


def test_lost_nought_of_october_is_not_guessed():
    with pytest.raises(DateError, match=r"1985\.01 或 1985\.10"):
        parse_date(1985.1)
    assert parse_date("1985.1") == (dt.date(1985, 1, 1), True)


@pytest.mark.parametrize(
    "value",
    ["不详", "至今", "", "-", "12", 12.0, 0.5, -3.0, 1e12, float("nan"), True, "1985.03.05.07"],
)
def test_what_is_no_date_is_refused(value):
    with pytest.raises(DateError) as caught:
        parse_date(value)
    assert caught.value.kind == "unreadable_date"


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.booleans()))
def test_anything_is_a_date_or_an_error(value):
    with contextlib.suppress(DateError):
        day, is_month = parse_date(value)
        assert isinstance(day, dt.date)
        assert day.day == 1 or not is_month
