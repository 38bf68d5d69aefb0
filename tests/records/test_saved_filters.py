"""常用筛选: kept, shared, opened in one's own scope, and what must never stand in one."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.records.models import SavedFilter
from tests.factories import PersonFactory

PEOPLE = "/talents/person/"
KEPT = PEOPLE + "filters/"


def keep(client, query="sex=2&sort=-education", name="女性", **more):
    return client.post(KEPT, {"query": query, "name": name} | more, follow=True)


def user_of(client):
    return User.objects.get(pk=client.session["_auth_user_id"])


def names(response):
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]*)</a>', response.content.decode())


def test_conditions_order_and_columns_are_kept_under_a_name(world, staff, read):
    PersonFactory(name="甲", unit=world.ours, sex="2", id_number="")
    PersonFactory(name="乙", unit=world.ours, sex="1", id_number="")

    query = "sex=2&sort=-education&page=3&size=50&columns=name,school"
    page = keep(staff, query, with_columns="1")

    address = "/talents/person/?sex=2&sort=-education&columns=name%2Cschool"
    assert page.redirect_chain == [(address, 302)]
    assert "已保存常用筛选“女性”。" in read(page)
    saved = SavedFilter.objects.get()
    assert saved.params == {"sex": ["2"], "sort": ["-education"]}
    assert saved.columns == ["name", "school"]
    assert (saved.user, saved.is_shared) == (user_of(staff), False)
    opened = staff.get(f"{KEPT}{saved.pk}/")
    assert opened.url == address
    assert names(staff.get(opened.url)) == ["甲"]


def test_the_menu_offers_own_and_shared_ones_and_says_whose(world, staff, read):
    head = world.client("head")
    PersonFactory(unit=world.ours)
    keep(staff, name="我的")
    keep(head, name="全区女性", is_shared="1")
    keep(head, name="不给人看")

    text = read(staff.get(PEOPLE))

    assert "我的" in text
    assert "全区女性 测试head 共享" in text
    assert "不给人看" not in text


def test_a_shared_one_shows_each_reader_their_own_rows(world, staff, clerk):
    PersonFactory(name="甲", unit=world.ours, sex="2", id_number="")
    PersonFactory(name="乙", unit=world.theirs, sex="2", id_number="")
    keep(staff, is_shared="1")
    address = staff.get(f"{KEPT}{SavedFilter.objects.get().pk}/").url

    assert clerk.get(f"{KEPT}{SavedFilter.objects.get().pk}/").url == address
    assert names(clerk.get(address)) == ["甲"]
    assert set(names(staff.get(address))) == {"甲", "乙"}


def test_somebody_elses_private_one_is_not_there(world, staff):
    keep(staff)
    other, pk = world.client("head"), SavedFilter.objects.get().pk

    assert other.get(f"{KEPT}{pk}/").status_code == 404
    assert other.post(f"{KEPT}{pk}/", {"delete": "1"}).status_code == 404
    assert SavedFilter.objects.exists()


def test_one_of_another_list_is_not_there(staff):
    keep(staff)

    pk = SavedFilter.objects.get().pk

    assert staff.get(f"/training/trainingclass/filters/{pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("q=520398197001010019", "甲"),
        ("q=5203981970 01010019", "甲"),
        ("q=13812345678", "甲"),
        ("unit=520398197001010019", "甲"),
        ("sex=2", "520398197001010019"),
        ("sex=2", "王 138 1234 5678"),
    ],
)
def test_no_number_of_a_person_is_kept(world, staff, read, query, name):
    response = keep(staff, query, name)

    assert "号" in read(response)
    assert "已保存" not in read(response)
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("nonsense=1", "没有名为“nonsense”的筛选条件"),
        ("sex=7", "筛选“性别”的值不正确"),
        ("sort=password", "不能按“password”排序"),
        ("columns=name,password", "没有名为“password”的列"),
        ("unit=没有的单位", "没有“没有的单位”"),
        ("q=%00", "不能识别的字符"),
    ],
)
def test_what_does_not_compile_is_not_kept(world, staff, read, query, sentence):
    response = keep(staff, query)

    assert response.status_code == 400
    assert sentence in read(response)
    assert not SavedFilter.objects.exists()


def test_a_name_is_owed_and_stands_once(world, staff, read):
    assert "请填写名称。" in read(keep(staff, name="  "))
    keep(staff)
    again = keep(staff, "sex=1")
    assert "您已有名为“女性”的常用筛选" in read(again)
    assert SavedFilter.objects.get().params["sex"] == ["2"]

    keep(staff, "sex=1", replace="1")

    assert SavedFilter.objects.get().params == {"sex": ["1"]}


def test_one_that_no_longer_compiles_says_so_and_can_be_deleted(world, staff, read):
    saved = SavedFilter.objects.create(
        user=user_of(staff), record_type="talents.Person", name="旧的", params={"gone": ["1"]}
    )

    page = staff.get(f"{KEPT}{saved.pk}/")
    listed = staff.get(KEPT)

    assert page.status_code == 400
    assert "常用筛选“旧的”已不能使用：没有名为“gone”的筛选条件" in read(page)
    assert "旧的 已不能使用：没有名为“gone”的筛选条件" in read(listed)
    assert "旧的" in read(staff.get(PEOPLE))
    assert "已删除常用筛选“旧的”。" in read(
        staff.post(f"{KEPT}{saved.pk}/", {"delete": "1"}, follow=True)
    )
    assert not SavedFilter.objects.exists()


def test_a_column_that_is_gone_is_left_out(world, staff):
    saved = SavedFilter.objects.create(
        user=user_of(staff), record_type="talents.Person", name="旧的", params={"sex": ["1"]},
        columns=["name", "gone", "school"],
    )  # fmt: skip

    assert staff.get(f"{KEPT}{saved.pk}/").url == "/talents/person/?sex=1&columns=name%2Cschool"


def test_a_shared_one_that_names_a_hidden_record_says_so(world, staff, clerk, read):
    PersonFactory(unit=world.theirs)
    keep(staff, "unit=云岭中学", is_shared="1")

    page = clerk.get(f"{KEPT}{SavedFilter.objects.get().pk}/")

    assert page.status_code == 400
    assert "不在您的权限范围内" in read(page)
    assert "删除这个常用筛选" not in read(page)


def test_the_page_renames_shares_and_deletes_ones_own(world, staff, read):
    keep(staff)
    pk = SavedFilter.objects.get().pk

    page = staff.post(f"{KEPT}{pk}/", {"name": "女性人才", "is_shared": "1"}, follow=True)

    assert "已改为“女性人才”。" in read(page)
    assert "女性人才 性别：女；按学历降序 测试staff 已共享" in read(page)
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.is_shared) == ("女性人才", True)
    keep(staff, name="另一个")
    clash = staff.post(f"{KEPT}{pk}/", {"name": "另一个"}, follow=True)
    assert "您已有名为“另一个”的常用筛选" in read(clash)
    number = staff.post(f"{KEPT}{pk}/", {"name": "13812345678"}, follow=True)
    assert "常用筛选里不能有证件号码" in read(number)


def test_the_page_says_in_words_what_is_kept(world, staff, read):
    PersonFactory(unit=world.theirs)
    keep(staff, "period=2022&unit=云岭中学&sort=education", "甲")
    keep(staff, "as_of=2021-06-30", "乙")
    keep(staff, "columns=name,sex", "丙", with_columns="1")
    keep(staff, "sex=1", "长" * 41)

    text = read(staff.get(KEPT))

    assert "甲 时段：2022年；工作单位：1 个；按学历升序" in text
    assert "乙 截至：2021-06-30" in text
    assert "丙 全部" in text
    assert SavedFilter.objects.count() == 3
    pk = SavedFilter.objects.get(name="丙").pk
    renamed = staff.post(f"{KEPT}{pk}/", {"name": "长" * 41}, follow=True)
    assert "名称最多 40 个字，请改短一些。" in read(renamed)


def test_only_who_keeps_order_deletes_what_others_share(world, staff, clerk, read):
    keep(staff, is_shared="1")
    pk, head = SavedFilter.objects.get().pk, world.client("head")

    for sent in ({"delete": "1"}, {"name": "乱改"}):
        response = clerk.post(f"{KEPT}{pk}/", sent)
        assert response.status_code == 403
        assert "没有权限" in read(response)
    assert head.post(f"{KEPT}{pk}/", {"name": "乱改"}).status_code == 403
    assert "女性" in SavedFilter.objects.get().name
    head.post(f"{KEPT}{pk}/", {"delete": "1"})
    assert not SavedFilter.objects.exists()


def test_who_may_not_see_the_list_gets_none(world, read):
    auditor = world.client("auditor")

    for response in (auditor.get(KEPT), keep(auditor)):
        assert response.status_code == 403
        assert "权限" in read(response)
    assert not SavedFilter.objects.exists()


def test_the_open_one_is_marked(world, staff):
    PersonFactory(unit=world.ours, sex="2", id_number="")
    keep(staff, with_columns="1")
    address = staff.get(f"{KEPT}{SavedFilter.objects.get().pk}/").url

    assert 'aria-current="true"' in staff.get(address).content.decode()
    assert 'aria-current="true"' not in staff.get(PEOPLE).content.decode()


def test_queries_do_not_grow_with_the_kept_ones(world, staff):
    PersonFactory(unit=world.ours)

    def cost(address):
        staff.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address).status_code == 200
        return len(queries)

    keep(staff, "unit=云岭中学", "一")
    one = cost(PEOPLE), cost(KEPT)
    keep(staff, "unit=云岭中学&period=2022", "二", is_shared="1")
    keep(staff, "age_from=35&education__at_least=21", "三")

    assert (cost(PEOPLE), cost(KEPT)) == one == (7, 4)


def test_a_name_with_too_many_letters_is_refused_with_both_numbers(world, staff, read):
    page = read(keep(staff, name="长" * 41))

    assert "最多 40 个字，现在有 41 个，请改短一些。" in page
    assert not SavedFilter.objects.exists()
