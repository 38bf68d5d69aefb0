import datetime

import pytest
from django.core.exceptions import ValidationError

from apps.core import crypto
from apps.core.fields import DayFormField, MonthFormField, Protected, mask
from apps.core.pinyin import search_text


@pytest.mark.parametrize(
    ("plain", "kind", "shown"),
    [
        ("11010519491231002X", "id_number", "110105********002X"),
        ("13812341234", "mobile", "138****1234"),
        ("6222020200012345678", "account", "***************5678"),
        ("12345", "id_number", "****45"),
        ("1234", "id_number", "****"),
        ("1", "mobile", "****"),
    ],
)
def test_mask_shows_little(plain, kind, shown):
    assert mask(plain, kind) == shown


def test_protected_value_shows_its_mask_and_reveals_the_text():
    value = Protected.seal("11010519491231002X", "id_number")

    assert str(value) == "110105********002X"
    assert "1949" not in repr(value)
    assert value.reveal() == "11010519491231002X"


def test_same_text_is_equal_though_encrypted_twice():
    first, second = (Protected.seal("13812341234", "mobile") for _ in range(2))

    assert first.token != second.token
    assert first == second
    assert first != Protected.seal("13812341235", "mobile")


def test_token_names_algorithm_and_key():
    assert crypto.encrypt("甲").startswith("sm4-gcm$test2$")


def test_old_key_still_decrypts(settings):
    settings.FIELD_KEYS = {"test1": settings.FIELD_KEYS["test1"]}
    token = crypto.encrypt("甲")
    settings.FIELD_KEYS = {"new": bytes(16), "test1": settings.FIELD_KEYS["test1"]}

    assert crypto.decrypt(token) == "甲"
    assert crypto.encrypt("甲").startswith("sm4-gcm$new$")


def test_changed_ciphertext_is_refused():
    token = crypto.encrypt_bytes("甲".encode())

    with pytest.raises(ValueError, match="was changed"):
        crypto.decrypt_bytes(token[:-1] + bytes([token[-1] ^ 1]))


@pytest.mark.parametrize("text", ["2022-03-05", "2022.3.5", "2022年3月5日", "20220305"])
def test_day_field_reads_what_offices_type(text):
    assert DayFormField().clean(text) == datetime.date(2022, 3, 5)


def test_day_field_asks_for_the_day():
    with pytest.raises(ValidationError, match="缺少日"):
        DayFormField().clean("2022.03")


def test_month_field_takes_the_month_of_a_day():
    assert MonthFormField().clean("1985年3月7日") == datetime.date(1985, 3, 1)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王芳", "王芳"),
        ("王芳", "wangf"),
        ("王芳", "wf"),
        ("单雄信", "shanxiongxin"),
        ("尉迟恭", "yuchigong"),
        ("曾国藩", "zgf"),
        ("单雄信", "danxiong"),
        ("重庆路小学", "chongqing"),
    ],
)
def test_search_text_holds_pinyin_and_surname_readings(name, typed):
    assert typed in search_text(name)
