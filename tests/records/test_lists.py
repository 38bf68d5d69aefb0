"""The list page: what it shows, in which order, and what it costs."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core.identity import id_check_character
from apps.organizations.models import Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ListLayout, Record
from apps.talents.models import Person
from tests.factories import (
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TrainingClassFactory,
)

PEOPLE = "/talents/person/"
CLASSES = "/training/trainingclass/"
QUERIES = 7  # session, user, rights, layout, kept filters, count and sums, rows


def names(response) -> list[str]:
    """The first cells of the rows, in order."""
    body = response.content.decode()
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]*)</a>', body)


def people(count: int, unit: Unit) -> None:
    """Many people at once."""
    rows = []
    for number in range(count):
        born = datetime.date(1970, 1, 1) + datetime.timedelta(days=number)
        body = f"520398{born:%Y%m%d}{number % 1000:03}"
        rows.append(
            Person(
                name=f"李{number:04}", id_number=body + id_check_character(body), unit=unit,
                education="21", title_level="412", political_status="01", ethnic="01",
                post="科员", mobile=f"1380000{number:04}",
                work_started_on=datetime.date(1995, 7, 1), entered_on=datetime.date(2021, 1, 1),
            )
        )  # fmt: skip
    registry.get("talents.Person").save_many(rows, by=Actor.system())


def queries(client, address: str) -> int:
    client.get(address)  # code tables come into the cache
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_list_shows_the_columns_of_the_declaration(world, staff, read):
    PersonFactory(
        name="王芳", unit=world.ours, education="21", title_level="412", post="教师",
        mobile="13812345678", work_started_on=datetime.date(1995, 7, 1),
    )  # fmt: skip

    page = staff.get(PEOPLE)

    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page.content.decode())
    labels = [re.sub(r"<[^>]+>", "", head) for head in heads]
    assert labels == [
        "姓名", "性别", "年龄", "工作单位", "职务", "学历", "职称级别", "政治面貌", "参加工作时间",
        "手机号码",
    ]  # fmt: skip
    text = read(page)
    assert "大学本科" in text
    assert "1995.07" in text
    assert "138****5678" in text
    assert "13812345678" not in page.content.decode()
    assert "共 1 条" in text


def test_list_of_a_clerk_holds_only_their_unit(world, clerk):
    PersonFactory(name="张三", unit=world.ours)
    PersonFactory(name="李四", unit=world.theirs)

    assert names(clerk.get(PEOPLE)) == ["张三"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"education__at_least": "21"}, {"甲", "乙"}),
        ({"education": ["11", "31"]}, {"甲", "丙"}),
        ({"sex": "1", "education__at_least": "21"}, {"甲"}),
        ({"unit": "云岭中学"}, {"乙"}),
        ({"team": "team"}, {"丙"}),
        ({"q": "yi"}, {"乙"}),
        ({"q": ""}, {"甲", "乙", "丙"}),
        ({"period": "2021"}, {"甲", "乙"}),
        ({"as_of": "2022-06-30"}, {"甲", "乙", "丙"}),
        ({"period": "2020"}, {"甲"}),
    ],
)
def test_filters_narrow_the_list(world, staff, query, expected):
    entered = datetime.date(2021, 3, 1)
    PersonFactory(
        name="甲", unit=world.ours, education="11", sex="1", id_number="",
        entered_on=datetime.date(2020, 1, 1),
    )  # fmt: skip
    PersonFactory(
        name="乙", unit=world.theirs, education="21", sex="2", id_number="", entered_on=entered
    )
    third = PersonFactory(
        name="丙", unit=world.ours, education="31", sex="1", id_number="",
        entered_on=datetime.date(2022, 3, 1),
    )  # fmt: skip
    PoolMembershipFactory(person=third, pool=PoolFactory(kind="team"), joined_on=entered)

    assert set(names(staff.get(PEOPLE, query))) == expected


def test_events_belong_to_their_year(world, staff):
    TrainingClassFactory(name="去年的班", starts_on=datetime.date(2021, 5, 1))
    TrainingClassFactory(name="今年的班", starts_on=datetime.date(2022, 5, 1))

    assert names(staff.get(CLASSES, {"period": "2022"})) == ["今年的班"]
    assert names(staff.get(CLASSES, {"period": "2022H2"})) == []


def test_scope_in_the_address_narrows_and_never_widens(world, staff, clerk, read):
    PersonFactory(name="张三", unit=world.ours)
    PersonFactory(name="李四", unit=world.theirs)
    key = world.theirs.path.strip("/")

    theirs = staff.get(PEOPLE, {"scope": key})
    refused = clerk.get(PEOPLE, {"scope": key})

    assert names(theirs) == ["李四"]
    assert "范围：云岭中学" in read(theirs)
    assert names(clerk.get(PEOPLE, {"scope": "all"})) == ["张三"]
    assert refused.status_code == 400
    assert "不在您的权限范围内" in read(refused)


def test_active_filters_stand_as_chips_that_can_be_dropped(world, staff, read):
    PersonFactory(unit=world.ours, education="21", sex="1", id_number="")

    page = staff.get(PEOPLE, {"education__at_least": "21", "sex": "1", "sort": "-education"})

    assert "学历：大学本科及以上" in read(page)
    chips = re.findall(r'<a\s+class="chip"\s+href="([^"]+)"', page.content.decode())
    assert chips == [
        "/talents/person/?education__at_least=21&amp;sort=-education",
        "/talents/person/?sex=1&amp;sort=-education",
    ]


def test_sums_run_over_all_pages(world, staff, read):
    for count in range(25):
        TrainingClassFactory(head_count=count, cost=1000)

    page = staff.get(CLASSES, {"size": "20"})

    assert len(names(page)) == 20
    foot = re.search(r"<tfoot>.*</tfoot>", page.content.decode())[0]
    assert "300" in foot
    assert "25,000.00" in foot
    assert "共 25 条" in read(page)


def test_pages_neither_repeat_nor_lose_a_row(world, staff):
    people(45, world.ours)

    seen = [
        name
        for number in ("1", "2", "3")
        for name in names(staff.get(PEOPLE, {"sort": "education", "page": number}))
    ]

    assert len(seen) == 45
    assert len(set(seen)) == 45


def test_sorting_goes_both_ways(world, staff):
    for year in (1990, 2000, 1995):
        PersonFactory(
            name=f"王{year}", unit=world.ours, id_number="", sex="1",
            birth_date=datetime.date(1970, 1, 1), work_started_on=datetime.date(year, 7, 1),
        )  # fmt: skip

    up = staff.get(PEOPLE, {"sort": "work_started_on"})

    assert names(up) == ["王1990", "王1995", "王2000"]
    assert 'aria-sort="ascending"' in up.content.decode()
    assert names(staff.get(PEOPLE, {"sort": "-work_started_on"})) == ["王2000", "王1995", "王1990"]


def test_huge_page_number_is_the_last_page(world, staff):
    people(25, world.ours)

    page = staff.get(PEOPLE, {"page": "9" * 5000, "sort": "work_started_on"})

    assert page.status_code == 200
    assert len(names(page)) == 5
    assert re.search(r'aria-current="page"\s*>2</b>', page.content.decode())


def test_unreviewed_rows_carry_their_state(world, staff, read):
    person = PersonFactory(unit=world.ours)
    Person.objects.filter(pk=person.pk).update(state=Record.State.SUBMITTED)

    assert "已报送" in read(staff.get(PEOPLE))


def test_empty_list_says_what_it_is_for(world, staff, read):
    text = read(staff.get("/talents/title/"))

    assert "还没有职称" in text
    assert "登记职称的取得时间和方式" in text
    assert "下载模板" in text


def test_nothing_found_says_what_was_asked(world, staff, read):
    text = read(staff.get(PEOPLE, {"q": "不存在"}))

    assert "没有符合条件的人才" in text
    assert "关键词“不存在”" in text
    assert "清除全部条件" in text


def test_htmx_gets_the_table_only(world, staff):
    PersonFactory(name="王芳", unit=world.ours)

    page = staff.get(PEOPLE, headers={"HX-Request": "true"})

    body = page.content.decode()
    assert names(page) == ["王芳"]
    assert "<html" not in body
    assert 'id="query"' not in body
    assert "HX-Request" in page["Vary"]


def test_back_gets_the_whole_page(world, staff):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in staff.get(PEOPLE, headers=headers).content.decode()


def test_long_texts_carry_a_title_and_are_escaped(world, staff):
    PersonFactory(name="<b>王</b>", unit=world.ours, post="负责“人才”工作" * 5 + '"><script>')

    body = staff.get(PEOPLE).content.decode()

    assert "&lt;b&gt;王&lt;/b&gt;" in body
    assert "<script>" not in body.replace('<script src="', "")
    assert 'title="负责“人才”工作' in body


def test_queries_do_not_grow_with_the_rows(world, staff):
    PersonFactory(unit=world.ours)
    one = queries(staff, PEOPLE)
    PersonFactory(unit=world.theirs)
    PersonFactory(unit=world.ours)
    three = queries(staff, PEOPLE)
    people(300, world.ours)

    assert one == three == queries(staff, PEOPLE + "?size=200") == QUERIES
    assert queries(staff, PEOPLE + "?education__at_least=21&minority=0") == QUERIES
    assert queries(staff, PEOPLE + "?unit=云岭中学") == QUERIES + 1  # the unit's name


def test_page_of_fifty_is_small(world, staff):
    people(60, world.ours)

    assert len(staff.get(PEOPLE, {"size": "50"}).content) <= 80_000


def test_memberships_cost_no_more_than_people(world, staff):
    pool = PoolFactory()
    for _ in range(3):
        PoolMembershipFactory(pool=pool, person=PersonFactory(unit=world.ours))

    assert queries(staff, "/talents/poolmembership/") == QUERIES


def test_layout_belongs_to_its_user(world, staff):
    other = world.client("leader")
    PersonFactory(unit=world.ours)
    staff.post(
        PEOPLE + "layout/", {"columns": ["school", "sex"], "page_size": "50", "query": "sex=1"}
    )

    def heads(client):
        body = client.get(PEOPLE).content.decode()
        return [
            re.sub(r"<[^>]+>", "", h) for h in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', body)
        ]

    assert heads(staff) == ["姓名", "毕业院校", "性别"]
    assert len(heads(other)) == 10
    assert ListLayout.objects.get().user == User.objects.get(username__startswith="staff")

    staff.post(PEOPLE + "layout/", {"reset": "1"})

    assert len(heads(staff)) == 10


def test_layout_goes_back_to_the_same_list(world, staff):
    response = staff.post(
        PEOPLE + "layout/", {"columns": "sex", "page_size": "100", "query": "sex=1&size=20&page=3"}
    )

    assert response.url == "/talents/person/?sex=1"


def test_layout_refuses_an_odd_page_size(world, staff, read):
    response = staff.post(PEOPLE + "layout/", {"columns": "sex", "page_size": "7"})

    assert response.status_code == 409
    assert "每页条数不正确" in read(response)
    assert not ListLayout.objects.exists()


def test_a_column_moves_a_place_without_being_saved(world, staff):
    sent = {"columns": ["sex", "school", "age"], "page_size": "20", "query": "sex=1"}

    def shown(page):
        body = page.content.decode().partition("可以加入的列")[0]
        return re.findall(r'name="columns" value="(\w+)" checked', body)

    assert shown(staff.post(PEOPLE + "layout/", sent | {"up": "school"})) == [
        "name", "school", "sex", "age",
    ]  # fmt: skip
    assert shown(staff.post(PEOPLE + "layout/", sent | {"down": "age"})) == [
        "name", "sex", "school", "age",
    ]  # fmt: skip
    assert shown(staff.post(PEOPLE + "layout/", sent | {"up": "sex"}))[:2] == ["name", "sex"]
    assert not ListLayout.objects.exists()


def test_columns_of_the_address_come_before_the_chosen_ones(world, staff, read):
    PersonFactory(unit=world.ours)
    staff.post(PEOPLE + "layout/", {"columns": "sex", "page_size": "20"})

    page = staff.get(PEOPLE, {"columns": "name,school,major"})
    panel = staff.get(PEOPLE + "layout/", {"columns": "name,school"})
    refused = staff.get(PEOPLE, {"columns": "name,password"})

    labels = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page.content.decode())
    assert [re.sub(r"<[^>]+>", "", label) for label in labels] == ["姓名", "毕业院校", "专业"]
    assert 'value="school" checked' in panel.content.decode()
    assert refused.status_code == 400
    assert "没有名为“password”的列" in read(refused)


def test_ticks_and_the_bar_follow_the_permissions(world, staff, clerk):
    PersonFactory(unit=world.ours)
    reader = world.client("leader")

    def actions(client):
        body = client.get(PEOPLE).content.decode()
        assert ('name="row"' in body) == ('class="batch' in body)
        return re.findall(r'name="action"\s+value="(\w+)"', body)

    assert actions(world.client("head")) == ["edit", "approve", "return", "export", "delete"]
    assert actions(staff) == ["edit", "approve", "return", "export", "delete"]
    assert actions(clerk) == ["edit", "submit", "export"]
    assert actions(reader) == []


def test_page_of_fifty_has_few_nodes(world, staff):
    people(60, world.ours)

    body = staff.get(PEOPLE, {"size": "50"}).content.decode()

    assert body.count('name="row"') == 50
    assert len(re.findall(r"<[a-z]", body)) <= 2500
