"""The frame of every page: menu, working year, district, error pages."""

import datetime
import re

import pytest
from django.test import Client, override_settings
from django.urls import path

from apps.records import menu, years
from tests.factories import MeasureFactory, PersonFactory, TitleFactory, TrainingClassFactory

THIS_YEAR = datetime.date.today().year  # noqa: DTZ011
PEOPLE = "/talents/person/"


def areas(page: str) -> list[str]:
    found = re.findall(r'<summary class="menu-top" title="([^"]+)"', page)
    return list(found)


def test_menu_shows_what_the_reader_may_open(world, staff):
    head = areas(staff.get(PEOPLE).content.decode())
    auditor = areas(world.client("auditor").get("/search/").content.decode())

    assert {"人才队伍", "教育培训", "体制机制", "区划单位"} <= set(head)
    assert not {"人才队伍", "教育培训", "体制机制", "区划单位"} & set(auditor)


def test_menu_marks_the_open_page(world, staff):
    body = staff.get("/talents/poolmembership/").content.decode()

    marked = re.findall(r'class="menu-item current"\s+href="([^"]+)"\s+aria-current="page"', body)
    assert marked == ["/talents/poolmembership/"]
    assert body.count('<details class="menu-area" open>') == 1


def test_menu_takes_entries_once_and_only_into_known_areas(monkeypatch):
    monkeypatch.setattr(menu, "_added", {})
    menu.add("reports", "年度报告", "records-search")
    menu.add("reports", "年度报告", "records-search")

    assert len(menu._added["reports"]) == 1
    with pytest.raises(ValueError, match="no such area"):
        menu.add("nowhere", "某页", "records-search")


def test_default_year_is_the_last_one_with_data_that_is_over(world, staff):
    assert years.default_year() == THIS_YEAR
    for year in (2019, 2022, THIS_YEAR + 1):
        day = datetime.date(year, 1, 1)
        TrainingClassFactory(starts_on=day, ends_on=day)
    MeasureFactory(year=THIS_YEAR)  # as often a plan as a fact
    years.cache.clear()

    assert years.default_year() == 2022
    TitleFactory(obtained_on=datetime.date(THIS_YEAR, 1, 1))
    years.cache.clear()
    assert years.default_year() == THIS_YEAR - 1


def test_working_year_is_kept_in_the_session(world, staff):
    PersonFactory(unit=world.ours)
    year = str(THIS_YEAR - 2)

    response = staff.post("/year/", {"year": year, "next": PEOPLE + "?sex=1"})
    body = staff.get(PEOPLE).content.decode()

    assert response.url == PEOPLE + "?sex=1"
    assert re.search(rf'<option\s+value="{year}"\s+selected', body)
    assert f"/talents/person/?period={year}" in body


@pytest.mark.parametrize("year", ["1066", "x", "", "٢٠٢٢", "9" * 30])
def test_a_year_that_is_none_is_refused(world, staff, read, year):
    staff.post("/year/", {"year": year})

    assert "没有这个工作年度" in read(staff.get(PEOPLE))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_the_switch_leads_nowhere_else(world, staff, target):
    response = staff.post("/year/", {"year": str(THIS_YEAR), "next": target})

    assert response.url == "/"


def test_the_year_is_not_switched_by_a_link(world, staff):
    assert staff.get("/year/?year=2022").status_code == 405


def test_pages_hold_no_inline_script_or_style(world, staff):
    PersonFactory(unit=world.ours)
    for address in (PEOPLE, PEOPLE + "?sex=1&sort=education", PEOPLE + "?x=1", "/search/?q=王"):
        body = staff.get(address).content.decode()
        assert not re.search(r"<script(?![^>]+src=)", body)
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", body)


@override_settings(HTTP_ONLY=True)
def test_an_unencrypted_demo_says_so(world, staff, read):
    assert "连接未加密" in read(staff.get(PEOPLE))


def test_an_encrypted_site_says_nothing(world, staff, read):
    assert "连接未加密" not in read(staff.get(PEOPLE))


def fail(request):
    raise RuntimeError("planted")


urlpatterns = [path("fail/", fail)]


def test_missing_page_says_what_to_do(db, client, read):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "找不到页面" in read(response)
    assert "回到首页" in read(response)


def test_refused_page_says_what_to_do(world, read):
    response = world.client("auditor").get(PEOPLE)

    assert response.status_code == 403
    assert "没有权限" in read(response)
    assert "联系系统管理员" in read(response)


def test_expired_form_says_what_to_do(world, read):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/search/", {"q": "x"})

    assert response.status_code == 403
    assert "页面已过期" in read(response)


@override_settings(ROOT_URLCONF="tests.records.test_frame")
def test_failure_says_what_to_do(read):
    client = Client(raise_request_exception=False)

    response = client.get("/fail/")

    assert response.status_code == 500
    assert "系统出错" in read(response)
    assert "planted" not in response.content.decode()
