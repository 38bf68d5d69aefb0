"""Retirement age by the decision of September 2024, in force from January 2025."""

import datetime

FROM = (2025, 1)
AGES = {"1": 60, "2": 55}  # of men, and of women in posts of cadres and professionals
MONTHS_A_STEP, MOST = 4, 36


def retirement_month(born: datetime.date, sex: str) -> datetime.date | None:
    """First day of the month of retirement; None when the sex is not known.

    The age rises by one month for every four months after January 2025, by 36 at the most. The
    former age of 50 for some women depends on the post, which is not recorded here.
    """
    if sex not in AGES:
        return None
    months = (born.year + AGES[sex]) * 12 + born.month - 1
    since = months - (FROM[0] * 12 + FROM[1] - 1)
    if since >= 0:
        months += min(since // MONTHS_A_STEP + 1, MOST)
    return datetime.date(months // 12, months % 12 + 1, 1)
