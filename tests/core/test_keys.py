import pytest

from apps.core.keys import parse_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("12", 12), ("0", 0), ("007", 7), ("0" * 5000, 0), ("9" * 18, 10**18 - 1),
        ("9" * 19, None), ("9" * 5000, None), ("", None), ("-1", None), ("²", None), ("１２", None),
    ],
)  # fmt: skip
def test_key_is_a_number_that_a_column_can_hold(text, key):
    assert parse_key(text) == key
