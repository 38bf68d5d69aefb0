import datetime

import pytest

from apps.talents.retirement import retirement_month


@pytest.mark.parametrize(
    ("born", "sex", "month"),
    [
        ("1964-12-15", "1", "2024-12"),  # before the reform
        ("1965-01-31", "1", "2025-02"),
        ("1965-05-01", "1", "2025-07"),
        ("1970-01-10", "2", "2025-02"),
        ("1976-09-01", "1", "2039-09"),
        ("1990-03-05", "1", "2053-03"),  # 63 at the most
        ("1990-03-05", "2", "2048-03"),  # 58 at the most
    ],
)
def test_retirement_month_rises_by_steps(born, sex, month):
    found = retirement_month(datetime.date.fromisoformat(born), sex)

    assert f"{found:%Y-%m}" == month


def test_retirement_month_needs_the_sex():
    assert retirement_month(datetime.date(1970, 1, 1), "0") is None
