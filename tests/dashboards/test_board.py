"""The leaders' dashboard: figures that are those of their lists, places, Excel, queries."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from apps.records import history
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.talents.models import Pool
from tests.factories import (
    ContactLinkFactory,
    DistrictFactory,
    LeaderFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    ServiceRequestFactory,
    TrainingClassFactory,
    UnitFactory,
    VisitFactory,
)
from tests.records.conftest import text_of

URL = reverse("dashboards-board")
LINK = re.compile(r'<a\s+href="(/[^"]+(?:metric|cross)=[^"]+)"\s*>\s*([\d,]+) 人\s*</a>')


@pytest.fixture
def year(world):
    """A team over three units, a class in each year, a leader with a visit, a late request."""
    town = DistrictFactory(name="松溪镇", level="town")
    unit = UnitFactory(name="松溪镇卫生院", parent=world.root, district=town)
    team = PoolFactory(code="technical", name="专业技术人才", kind=Pool.Kind.TEAM)
    people = [
        PersonFactory(unit=home, education="14", recognised_birth=date(1990, 5, 1))
        for home in (world.ours, world.theirs, unit)
    ]
    for person in people:
        PoolMembershipFactory(person=person, pool=team, joined_on=date(2021, 2, 1))
    TrainingClassFactory(starts_on=date(2021, 3, 1), ends_on=date(2021, 3, 2), head_count=30)
    TrainingClassFactory(starts_on=date(2022, 3, 1), ends_on=date(2022, 3, 2), head_count=45)
    link = ContactLinkFactory(
        leader=LeaderFactory(name="苏远帆", post="区委书记"), person=people[0],
        starts_on=date(2021, 1, 1),
    )  # fmt: skip
    VisitFactory(link=link, visited_on=date(2022, 2, 1))
    ServiceRequestFactory(
        person=people[1], received_on=date(2022, 1, 5), due_on=date(2022, 2, 1), closed_on=None
    )
    return {"town": town, "unit": unit, "people": people}


@pytest.fixture
def leader(world):
    client = world.client("leader")
    client.post(reverse("records-year"), {"year": "2022"})
    return client


def figure(page: str, label: str) -> str:
    found = re.search(rf"{label} (\S+ \S+)", page)
    assert found, label
    return found[1]


def test_figures_and_growth(year, leader):
    page = text_of(leader.get(URL))

    assert "2022年人才工作看板" in page
    assert figure(page, "人才总量") == "3 人"
    assert "培训人次 45 人次 同比增长 50.0%" in page
    assert "统计范围：全区" in page
    assert "截至 2022年12月31日" in page


def test_structure_stands_in_tables_too(year, leader):
    page = text_of(leader.get(URL))

    assert re.search(r"年龄结构.*?35岁及以下 3 人 36—40岁 0 人", page)
    assert re.search(r"学历结构.*?研究生 3 人 大学本科 0 人", page)
    assert re.search(r"镇街分布.*?松溪镇 1 人", page)


def test_leaders_with_what_is_due_and_requests(year, leader):
    page = text_of(leader.get(URL))

    assert re.search(r"苏远帆 区委书记 1 0 1", page)  # last visited eleven months before
    assert figure(page, "在办服务诉求件数") == "1 件"
    assert figure(page, "超期服务诉求件数") == "1 件"


def test_every_number_leads_to_a_list_with_the_same_total(year, leader):
    links = LINK.findall(leader.get(URL).content.decode())

    assert len(links) >= 5
    for url, text in links:
        page = leader.get(url.replace("&amp;", "&")).content.decode()
        head = re.search(r'class="lens-figure">.*?<b>([^<]*)</b>', page, re.DOTALL)
        assert head[1] == f"{text} 人", url


def test_unit_or_town_narrows_everything(year, leader):
    of_unit = text_of(leader.get(URL, {"place": f"unit.{year['unit'].pk}"}))
    of_town = text_of(leader.get(URL, {"place": f"town.{year['town'].pk}"}))

    for page, name in ((of_unit, "松溪镇卫生院"), (of_town, "松溪镇")):
        assert f"统计范围：{name} " in page
        assert figure(page, "人才总量") == "1 人"


def test_clerk_cannot_look_at_another_unit(year, world, clerk):
    clerk.post(reverse("records-year"), {"year": "2022"})
    own = text_of(clerk.get(URL))
    refused = clerk.get(URL, {"place": f"unit.{world.theirs.pk}"})

    assert figure(own, "人才总量") == "1 人"
    assert refused.status_code == 400
    assert "没有这个单位或镇街，或不在您的权限范围内" in text_of(refused)
    assert "云岭中学" not in text_of(refused)


@pytest.mark.parametrize("place", ["unit.999999", "unit.x", "town.", "nothing", "unit.１"])
def test_unknown_places_are_answered_in_words(year, leader, place):
    assert "请从列表中重新选择" in text_of(leader.get(URL, {"place": place}))


def test_chart_as_workbook(year, leader):
    answer = leader.get(URL, {"chart": "education"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [row[:2] for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "学历结构"
    assert ("研究生", 3) in rows
    line = ChangeLog.objects.filter(action=ChangeLog.Action.EXPORT).latest("pk")
    assert line.object_text == "领导看板《学历结构》"
    assert leader.get(URL, {"chart": "nothing"}).status_code == 404


def test_dashboard_takes_twelve_queries(year, leader, django_assert_num_queries):
    leader.get(URL)
    history.log_change("update", by=Actor.system("测试"))  # so that it is counted anew
    with django_assert_num_queries(12):
        leader.get(URL)


def test_auditor_has_no_dashboard(world):
    assert world.client("auditor").get(URL).status_code == 403


def test_board_of_an_empty_district(world, leader):
    page = text_of(leader.get(URL))

    assert "没有在联系期内的专家" in page
    assert "这一时段没有可以画图的数据" in page
