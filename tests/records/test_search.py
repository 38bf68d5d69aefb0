"""The search box of the top bar and the picker of records."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.records import registry
from apps.records.models import ChangeLog
from tests.factories import PersonFactory, TrainingClassFactory, UnitFactory
from tests.factories.numbers import id_number

SEARCH = "/search/"
NUMBER = id_number(11)


def test_words_go_into_the_address(world, staff):
    response = staff.post(SEARCH, {"q": " 王芳  主任 "})

    assert response.status_code == 302
    assert response.url == "/search/?q=%E7%8E%8B%E8%8A%B3+%E4%B8%BB%E4%BB%BB"


@pytest.mark.parametrize("text", ["单芳", "芳", "shanfang", "danfang", "SF"])
def test_a_name_is_found_by_part_pinyin_and_initials(world, staff, read, text):
    PersonFactory(name="单芳", unit=world.ours, post="教师")
    PersonFactory(name="李强", unit=world.ours)

    page = read(staff.get(SEARCH, {"q": text}))

    assert "单芳" in page
    assert "教师" in page
    assert "李强" not in page


def test_all_kinds_of_records_with_a_name_are_searched(world, staff, read):
    PersonFactory(name="石榴", unit=world.ours)
    UnitFactory(name="石榴园农业公司", parent=world.root)
    TrainingClassFactory(name="石榴种植技术班")

    page = read(staff.get(SEARCH, {"q": "石榴"}))

    assert all(
        word in page for word in ("石榴园农业公司", "石榴种植技术班", "人才", "单位", "培训班")
    )


def test_search_stays_within_the_scope(world, clerk, read):
    PersonFactory(name="石榴甲", unit=world.theirs, id_number=NUMBER, birth_date=None)
    PersonFactory(name="石榴乙", unit=world.ours)

    assert "石榴甲" not in read(clerk.get(SEARCH, {"q": "石榴"}))
    assert "石榴乙" in read(clerk.get(SEARCH, {"q": "石榴"}))
    missed = read(clerk.post(SEARCH, {"q": NUMBER}))
    assert "石榴甲" not in missed
    assert "在您的权限范围内没有找到" in missed


def test_an_identity_number_is_answered_by_post_only(world, staff, read):
    PersonFactory(name="石榴", unit=world.ours, id_number=NUMBER)

    found = staff.post(SEARCH, {"q": f" {NUMBER.lower()} "})
    refused = staff.get(SEARCH, {"q": NUMBER})

    assert found.status_code == 200
    assert "石榴" in read(found)
    assert NUMBER not in found.content.decode()
    assert refused.status_code == 400
    assert "身份证号不能写在地址里" in read(refused)
    assert "石榴" not in read(refused)


def test_a_mistyped_number_is_said_without_repeating_it(world, staff, read):
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")

    page = staff.post(SEARCH, {"q": wrong})

    assert page.status_code == 400
    assert "不是有效的身份证号" in read(page)
    assert wrong not in page.content.decode()


def test_more_than_five_hits_lead_to_the_list(world, staff):
    for number in range(7):
        PersonFactory(name=f"石榴{number}", unit=world.ours)

    body = staff.get(SEARCH, {"q": "石榴"}).content.decode()

    assert len(re.findall(r'href="/talents/person/\d+/"', body)) == 5
    assert "/talents/person/?q=%E7%9F%B3%E6%A6%B4" in body


def test_search_takes_one_query_per_kind(world, staff):
    PersonFactory(name="石榴", unit=world.ours)
    staff.get(SEARCH, {"q": "石榴"})

    with CaptureQueriesContext(connection) as captured:
        staff.get(SEARCH, {"q": "石榴"})

    searched = [q for q in captured.captured_queries if "LIKE" in q["sql"]]
    assert len(captured) - len(searched) == 3  # session, user, rights
    assert len(searched) == len([t for t in registry.types() if t.search_field])


@pytest.mark.parametrize("text", ["", "   ", "%", "x" * 5000])
def test_odd_words_are_answered(world, staff, read, text):
    assert "搜索结果" in read(staff.get(SEARCH, {"q": text}))


def test_administrators_find_no_business_record(world, read):
    PersonFactory(name="石榴", unit=world.ours)

    page = read(world.client("auditor").get(SEARCH, {"q": "石榴"}))

    assert "在您的权限范围内没有找到“石榴”" in page


def test_picker_offers_records_of_the_scope(world, clerk):
    ours = PersonFactory(name="石榴乙", unit=world.ours, post="教师", sex="1", id_number="")
    PersonFactory(name="石榴甲", unit=world.theirs)

    answer = clerk.get("/talents/person/autocomplete/", {"q": "shiliu"}).json()

    assert answer == {
        "results": [
            {
                "id": ours.pk,
                "key": str(ours.pk),
                "text": "石榴乙",
                "hint": "男，区第一人民医院，教师",
            }
        ],
        "more": False,
    }


def test_picker_offers_twenty_at_most_and_the_key_of_the_filter(world, staff):
    for number in range(25):
        UnitFactory(name=f"第{number}石榴园", parent=world.root)

    answer = staff.get("/organizations/unit/autocomplete/", {"q": "石榴"}).json()

    assert len(answer["results"]) == 20
    assert answer["more"] is True
    first = answer["results"][0]
    assert first["key"] == first["text"]


def test_picker_takes_no_identity_number(world, staff):
    PersonFactory(name="石榴", unit=world.ours, id_number=NUMBER)

    answer = staff.get("/talents/person/autocomplete/", {"q": NUMBER}).json()

    assert answer["results"] == []
    assert not ChangeLog.objects.filter(object_text__contains=NUMBER).exists()
