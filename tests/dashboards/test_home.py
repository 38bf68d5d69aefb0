import datetime
import re

import pytest

from tests.factories import (
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TrainingClassFactory,
)

YEAR = 2022


@pytest.fixture
def data(world):
    team = PoolFactory(code="technical", name="专业技术人才", kind="team")
    for unit, count in ((world.ours, 2), (world.theirs, 1)):
        for _ in range(count):
            person = PersonFactory(unit=unit, owner=unit)
            PoolMembershipFactory(person=person, pool=team)
    TrainingClassFactory(owner=world.root, head_count=40)
    TrainingClassFactory(
        owner=world.root, head_count=50, starts_on=datetime.date(2021, 5, 1),
        ends_on=datetime.date(2021, 5, 2),
    )  # fmt: skip
    return world


def page(client):
    session = client.session
    session["working_year"] = YEAR
    session.save()
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_first_page_counts_the_year_and_compares_it(data):
    text = words(page(data.client("staff")))

    assert "2022年人才工作" in text
    assert "人才总量 3 人" in text
    assert "培训人次 40 人次 同比下降 20.0%" in text
    assert "专业技术人才 3 人" in text


def test_first_page_of_a_clerk_counts_the_own_unit(data):
    text = words(page(data.client("clerk", data.ours)))

    assert "人才总量 2 人" in text
    assert "统计范围：区第一人民医院" in text


def test_every_figure_is_a_link_to_its_records(data):
    client = data.client("staff")
    html = page(client)

    link = re.search(r'href="([^"]*metric=talents-total[^"]*)"', html)
    listed = words(client.get(link[1].replace("&amp;", "&")).content.decode())
    assert "共 3 条" in listed


def test_first_page_says_what_the_report_lacks(data):
    text = words(page(data.client("staff")))

    assert "写2022年总结还缺" in text
    assert "没有下年度工作打算" in text
    assert "已有 培训班 1 条" in text


def test_first_page_costs_at_most_twelve_queries(data, django_assert_max_num_queries):
    client = data.client("staff")
    page(client)

    with django_assert_max_num_queries(12):
        client.get("/")


@pytest.mark.parametrize(
    ("role", "heading"), [("sysadmin", "用户"), ("secadmin", "用户"), ("auditor", "日志")]
)
def test_administrators_begin_at_their_own_pages(data, role, heading):
    response = data.client(role).get("/", follow=True)

    assert response.status_code == 200
    text = words(response.content.decode())
    assert heading in text
    assert "人才总量" not in text
