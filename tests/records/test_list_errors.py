"""A faulty address of a list gets a sentence that says what is wrong and how to mend it."""

import pytest

from tests.factories import PersonFactory

PEOPLE = "/talents/person/"

FAULTS = [
    ("nonsense=1", "没有名为“nonsense”的筛选条件"),
    ("nonsense=", "没有名为“nonsense”的筛选条件"),
    ("education=999", "筛选“学历”的值不正确"),
    ("education__at_least=x", "筛选“学历（及以上）”的值不正确"),
    ("sex=1&sex=7", "筛选“性别”的值不正确"),
    ("unit=没有的单位", "没有“没有的单位”"),
    ("age_from=-1", "筛选“年龄不小于”的值不正确"),
    ("age_from=1e400", "筛选“年龄不小于”的值不正确"),
    ("is_overseas=maybe", "筛选“海外人才”的值不正确"),
    ("entered_on__gte=明天", "筛选“入册日期起”的值不正确"),
    ("entered_on__gte=2022-02-30", "筛选“入册日期起”的值不正确"),
    ("sort=id_number", "不能按“id_number”排序"),
    ("sort=--education", "不能按“--education”排序"),
    ("sort=owner__path", "不能按“owner__path”排序"),
    ("page=0", "页码“0”不正确"),
    ("page=-1", "页码“-1”不正确"),
    ("page=x", "页码“x”不正确"),
    ("page=１", "页码“１”不正确"),
    ("size=7", "每页条数“7”不正确"),
    ("size=99999", "每页条数“99999”不正确"),
    ("period=last", "看不懂统计时段“last”"),
    ("period=0001-01-01..0002-01-01", "超出 1900—2100 年"),
    ("period=2022-02-01..2022-01-01", "把两个日期对调"),
    ("as_of=0001-01-01", "看不懂日期“0001-01-01”"),
    ("as_of=2022-13-01", "看不懂日期“2022-13-01”"),
    ("as_of=2022-12", "看不懂日期“2022-12”"),
    ("scope=../..", "统计范围不正确"),
    ("scope=ffffffff", "不在您的权限范围内"),
    ("q=520398197001010019", "身份证号不能写在地址里"),
]


@pytest.mark.parametrize(("query", "sentence"), FAULTS)
def test_faulty_address_is_answered_in_words(world, clerk, read, query, sentence):
    PersonFactory(name="王芳", unit=world.ours)

    for headers in ({}, {"HX-Request": "true"}):
        response = clerk.get(f"{PEOPLE}?{query}", headers=headers)
        text = read(response)
        assert response.status_code == 400
        assert sentence in text
        assert "清除全部条件" in text
        assert "王芳" not in text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/talents/poolmembership/?person=abc", "没有“abc”"),
        ("/talents/poolmembership/?person=99999999999999999999999", "没有“999"),
        ("/talents/pool/?period=2022", "人才库没有时间"),
        ("/training/trainingclass/?starts_on__year=99999", "筛选“开始日期（年）”的值不正确"),
    ],
)
def test_other_types_answer_likewise(world, staff, read, address, sentence):
    response = staff.get(address)

    assert response.status_code == 400
    assert sentence in read(response)


def test_numbers_beyond_the_database_find_nothing(world, staff, read):
    response = staff.get("/organizations/indicator/", {"year__gte": "1" + "0" * 30})

    assert response.status_code in (200, 400)
    assert "区情指标" in read(response)


def test_the_faulty_page_offers_the_form_again(world, staff):
    body = staff.get(PEOPLE, {"nonsense": "1"}).content.decode()

    assert 'name="education__at_least"' in body
    assert '<a class="btn" href="/talents/person/">清除全部条件</a>' in body
