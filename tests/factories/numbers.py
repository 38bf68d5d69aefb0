"""Made-up identity numbers under a region code that is not assigned."""

import datetime

from apps.core.identity import id_check_character

REGION = "520398"


def id_number(n: int, born: datetime.date | None = None) -> str:
    """The n-th number; odd n is a man's."""
    day = born or datetime.date(1970, 1, 1) + datetime.timedelta(days=n * 37 % 9000)
    body = f"{REGION}{day:%Y%m%d}{n % 1000:03}"
    return body + id_check_character(body)
