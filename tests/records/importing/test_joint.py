"""A record without a name of its own is found by the records it joins."""

import datetime

import pytest

from apps.contacts.models import ContactLink, Leader, Visit
from apps.organizations.models import Unit
from tests.factories import ContactLinkFactory, LeaderFactory, PersonFactory, UnitFactory
from tests.records.importing.workbooks import MAN, WOMAN, book, committed, faults, planned

pytestmark = pytest.mark.usefixtures("office")
HEADINGS = ("走访日期", "联系领导", "联系专家", "身份证号", "方式")
DAY = datetime.date


def visits(*rows, headings=HEADINGS):
    return book(走访记录=[headings, *rows])


@pytest.fixture
def pair(office):
    """A leader and an expert with a link that has ended and one that is open."""
    leader = LeaderFactory(name="苏远帆")
    expert = PersonFactory(name="彭静生", id_number=MAN)
    link = {"leader": leader, "person": expert}
    old = ContactLinkFactory(**link, starts_on=DAY(2020, 1, 1), ends_on=DAY(2020, 12, 31))
    return old, ContactLinkFactory(**link, starts_on=DAY(2021, 6, 1))


def test_link_is_found_by_leader_and_expert_and_by_the_day(pair):
    committed(
        visits(
            ["2020-05-01", "苏远帆", "彭静生", MAN, "走访"],
            ["2020-12-31", "苏远帆", "彭静生", "", "电话"],
            ["2021-07-01", "苏远帆", "", MAN, "座谈"],
        )
    )

    found = {str(v.visited_on): v.link for v in Visit.objects.select_related("link")}
    assert found == {"2020-05-01": pair[0], "2020-12-31": pair[0], "2021-07-01": pair[1]}


def test_day_outside_both_links_cannot_decide(pair):
    result = planned(visits(["2021-02-01", "苏远帆", "彭静生", MAN, "走访"]))

    assert faults(result) == [(2, "联系领导", "ambiguous_reference")]
    assert "“苏远帆”和“彭静生”有 2 条结对联系" in result.faults[0].message


@pytest.mark.parametrize(
    ("cells", "column", "kind", "words"),
    [
        (["苏远帆", "彭静生", WOMAN], "联系专家", "reference_contradicts", "请核对"),
        (["苏远帆", "无此人", ""], "联系专家", "unknown_reference", "没有找到这个人才"),
        (["无此人", "彭静生", MAN], "联系领导", "unknown_reference", "没有找到这个领导"),
        (["苏远帆", "李四", ""], "联系专家", "unknown_reference", "没有登记“苏远帆”和“李四”"),
        (["苏远帆", "", "5203981970"], "身份证号", "id_length", "位"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_of_its_own_column(pair, cells, column, kind, words):
    PersonFactory(name="李四")
    PersonFactory(name="王五", id_number=WOMAN)

    result = planned(visits(["2021-07-01", *cells, "走访"]))

    assert [fault.column for fault in result.faults] == [column]
    assert words in result.faults[0].message
    assert result.writes == 0
    assert result.faults[0].kind == kind


def test_one_side_is_enough_where_it_has_one_link():
    link = ContactLinkFactory(department=UnitFactory(name="区科技局"))

    committed(
        visits(
            ["2022-07-01", "区科技局", link.person.name, "走访"],
            headings=("走访日期", "联系部门", "联系专家", "方式"),
        )
    )

    assert Visit.objects.get().link == link


def test_row_without_either_side_says_which_columns_are_missing():
    ContactLinkFactory()

    result = planned(visits(["2022-07-01", "", "", "", "走访"]))

    assert [fault.kind for fault in result.faults] == ["missing_link"]
    assert result.faults[0].message == "第 2 行缺少“联系领导”，请补填。"


def test_a_proposed_record_takes_what_its_row_says():
    PersonFactory(name="彭静生", id_number=MAN)
    rows = [
        ("联系领导", "领导职务", "联系专家", "身份证号", "专家单位", "起始日期"),
        ("苏远帆", "区委书记", "彭静生", MAN, "别的单位", "2021-01-01"),
        ("苏远帆", "", "彭静生", MAN, "", "2021-01-01"),
    ]

    result = planned(book(联系安排=rows))
    assert [str(entry.record) for entry in result.proposals] == ["苏远帆"]
    committed(book(联系安排=rows))

    assert Leader.objects.get().post == "区委书记"
    assert ContactLink.objects.get().leader.name == "苏远帆"


def test_an_unreadable_word_about_a_proposed_record_is_left_out():
    headings = ("姓名", "身份证号", "性别", "出生年月", "工作单位", "单位性质")
    committed(
        book(
            名单=[
                headings,
                ("张三", MAN, "", "", "青禾公司", "民营企业"),
                ("李四", WOMAN, "", "", "白露公司", "不知什么"),
            ]
        )
    )

    assert dict(Unit.objects.exclude(parent=None).values_list("name", "type")) == {
        "青禾公司": "32", "白露公司": "",
    }  # fmt: skip


def test_nothing_is_proposed_that_only_faulty_rows_need():
    rows = [("联系领导", "联系专家", "起始日期"), ("苏远帆", "无此人", "2021-01-01")]

    result = planned(book(联系安排=rows))

    assert faults(result) == [(2, "联系专家", "unknown_reference")]
    assert result.proposals == []


def test_link_of_a_department_is_found_again():
    ContactLinkFactory(department=UnitFactory(name="区科技局"), unit=UnitFactory(name="青禾公司"))
    rows = [("联系部门", "联系企业", "起始日期"), ("区科技局", "青禾公司", "2021-01-01")]

    result = planned(book(联系安排=rows))

    assert result.counts() == {"contacts.ContactLink": {"unchanged": 1}}
