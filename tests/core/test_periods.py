import datetime

import pytest

from apps.core.errors import DomainError
from apps.core.periods import Event, Period, Span


@pytest.mark.parametrize(
    ("key", "first", "last", "label"),
    [
        ("2022", "2022-01-01", "2022-12-31", "2022年"),
        ("2022H1", "2022-01-01", "2022-06-30", "2022年上半年"),
        ("2022H2", "2022-07-01", "2022-12-31", "2022年下半年"),
        ("2024Q1", "2024-01-01", "2024-03-31", "2024年第一季度"),
        ("2022Q4", "2022-10-01", "2022-12-31", "2022年第四季度"),
        ("2022-03-05..2022-04-01", "2022-03-05", "2022-04-01", "2022年3月5日至2022年4月1日"),
        ("2021-01-01..2022-12-31", "2021-01-01", "2022-12-31", "2021—2022年"),
    ],
)
def test_period_reads_and_writes_its_key(key, first, last, label):
    period = Period.parse(key)

    assert (period.start.isoformat(), period.end.isoformat()) == (first, last)
    assert period.key == key
    assert period.label == label


@pytest.mark.parametrize("key", ["", "22", "2022H3", "2022Q5", "9999", "2022-13-01..2022-14-01"])
def test_period_says_how_it_is_written(key):
    with pytest.raises(DomainError, match="请写成 2022、2022H1"):
        Period.parse(key)


@pytest.mark.parametrize("key", ["0001-01-01..0001-12-31", "2022-01-01..9999-12-31"])
def test_period_of_an_impossible_year_is_refused(key):
    with pytest.raises(DomainError, match="超出 1900—2100 年"):
        Period.parse(key)


def test_period_cannot_end_before_it_starts():
    with pytest.raises(DomainError, match="早于开始日期"):
        Period.parse("2022-05-01..2022-04-01")


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2022", "2021"),
        ("2022Q3", "2021Q3"),
        ("2021-01-01..2022-12-31", "2019-01-01..2020-12-31"),
        ("2024-02-29..2024-03-31", "2023-02-28..2023-03-31"),
    ],
)
def test_previous_period_is_the_same_span_before(key, before):
    assert Period.parse(key).previous().key == before


def test_event_of_a_year_column_compares_years():
    period = Period.last_years(2, 2022)

    assert Event("year", is_year=True).q(period).children == [
        ("year__gte", 2021),
        ("year__lte", 2022),
    ]


def test_span_takes_a_period_by_its_last_day():
    span = Span("joined_on", "left_on")

    assert span.q(Period.year(2022)) == span.q(datetime.date(2022, 12, 31))
