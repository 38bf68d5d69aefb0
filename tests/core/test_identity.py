import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.identity import (
    IdentityError,
    parse_credit_code,
    parse_id_number,
    parse_mobile,
)

VALID = "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        (VALID, dt.date(1949, 12, 31), "2"),
        ("440524188001010014", dt.date(1880, 1, 1), "1"),
        ("999999194912310025", dt.date(1949, 12, 31), "2"),  # an unknown region is no error
    ],
)
def test_number_says_birth_and_sex(number, born, sex):
    person = parse_id_number(number)

    assert (person.number, person.birth_date, person.sex) == (number, born, sex)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "１１０１０５19491231002Ｘ",
    ],
)
def test_number_is_tidied(typed):
    assert parse_id_number(typed).number == VALID


@pytest.mark.parametrize("typed", ["110105491231002", 110105491231002.0, 110105491231002])
def test_old_number_is_brought_to_18(typed):
    assert parse_id_number(typed).number == VALID


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("110105194912310021", "id_checksum"),
        ("11010519491231002", "id_length"),
        ("", "id_length"),
        ("1101051949123100AX", "id_characters"),
        ("110105194913310028", "id_date"),
        ("110105194902310020", "id_date"),
        ("110105000001010020", "id_date"),
        (5.20398199109302e17, "id_ruined_by_excel"),
        (520398199109302047, "id_ruined_by_excel"),
        ("5.2E+17", "id_ruined_by_excel"),
        ("5.20398199109302e17", "id_ruined_by_excel"),
        ("520398199109302000", "id_ruined_by_excel"),
        (float("nan"), "id_ruined_by_excel"),
        (float("inf"), "id_ruined_by_excel"),
        ("520398209901010013", "id_future"),
    ],
)
def test_wrong_number_is_refused_with_its_kind(typed, kind):
    with pytest.raises(IdentityError) as caught:
        parse_id_number(typed)
    assert caught.value.kind == kind
    assert caught.value.message


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_character_is_always_noticed(place, shift):
    sign = VALID[place]
    other = "0" if sign == "X" else str((int(sign) + shift) % 10)

    with pytest.raises(IdentityError):
        parse_id_number(VALID[:place] + other + VALID[place + 1 :])


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers()))
def test_anything_is_a_number_or_an_error(value):
    with contextlib.suppress(IdentityError):
        assert len(parse_id_number(value).number) == 18


def test_credit_code_is_checked():
    assert parse_credit_code(" 91350100m000100y43 ") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("91350100M000100Y44", "credit_code_checksum"),
        ("91350100M000100Y4", "credit_code_length"),
        ("91350100I000100Y43", "credit_code_characters"),
    ],
)
def test_wrong_credit_code_is_refused_with_its_kind(typed, kind):
    with pytest.raises(IdentityError) as caught:
        parse_credit_code(typed)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "typed", ["199 2025 6261", "+86 19920256261", 19920256261.0, "199-2025-6261"]
)
def test_mobile_is_tidied(typed):
    assert parse_mobile(typed) == "19920256261"


@pytest.mark.parametrize("typed", ["1992025626", "29920256261", "无", 1.5e20])
def test_wrong_mobile_is_refused(typed):
    with pytest.raises(IdentityError, match="11 位"):
        parse_mobile(typed)
