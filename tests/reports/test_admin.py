"""The maintenance entrance of reports: drafting the annual report, exports, words in Chinese."""

import re

import pytest
from django.urls import reverse

from apps.reports.models import Report
from tests.factories.accounts import user_with
from tests.reports.test_pages import client_of, seen

LIST = "/admin/reports/report/"
ANNUAL = "/admin/reports/report/annual/"

pytestmark = pytest.mark.usefixtures("outlines")


@pytest.fixture
def head(district):
    return client_of(user_with("head", unit=district.root))


def test_the_list_offers_it_also_without_any_report(head):
    page = head.get(LIST)

    assert "生成年度总结" in seen(page)
    assert ANNUAL in page.content.decode()
    assert head.post(LIST, {"action": "draft_annual"}).url == ANNUAL


def test_a_year_and_a_district_are_asked_and_drafted(head, district):
    page = head.get(ANNUAL)
    for text in ("年度", "统计范围", "全区", district.hospital.name):
        assert text in seen(page)

    made = head.post(ANNUAL, {"year": "2022", "unit": ""}, follow=True)

    report = Report.objects.get()
    assert (report.period_key, report.unit, report.status) == ("2022", None, "drafting")
    assert report.blocks.exists()
    assert "的草稿，请通读修改" in seen(made)

    again = head.post(ANNUAL, {"year": "2022", "unit": ""}, follow=True)
    assert "没有另外生成" in seen(again)
    assert Report.objects.count() == 1

    head.post(ANNUAL, {"year": "2022", "unit": district.hospital.pk})
    assert Report.objects.get(unit=district.hospital).owner == district.hospital


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"year": "去年"}, "年度应为四位数字"),
        ({"year": "1800"}, "年度应在 1990—2100 之间"),
        ({"year": "2022", "unit": "999999"}, "选择一个有效的选项"),
    ],
)
def test_bad_input_gets_a_sentence(head, sent, sentence):
    assert sentence in seen(head.post(ANNUAL, sent))
    assert not Report.objects.exists()


def test_only_who_may_draft_gets_there(district):
    for role in ("leader", "auditor", "sysadmin", "clerk"):
        over = district.hospital if role == "clerk" else None
        client = client_of(user_with(role, over))
        assert client.post(ANNUAL, {"year": "2022"}).status_code in (302, 403), role
    unit_head = client_of(user_with("head", district.hospital))
    page = seen(unit_head.get(ANNUAL))
    assert "全区" not in page
    assert district.school.name not in page
    assert not Report.objects.exists()


def test_outlines_say_their_kind_in_chinese(head):
    listed = seen(head.get("/admin/reports/outline/"))

    assert "报告类型" in listed
    assert "总结" in listed
    assert "summary" not in listed


def test_pages_speak_chinese(head):
    head.post(ANNUAL, {"year": "2022", "unit": ""})
    report = Report.objects.get()
    for address in (
        LIST, ANNUAL, "/admin/reports/outline/",
        reverse("admin:reports_report_change", args=[report.pk]),
    ):  # fmt: skip
        english = set(re.findall(r"[A-Za-z]{3,}", seen(head.get(address)))) - {
            "head", "Word", "PDF",
        }  # fmt: skip
        assert not english, address
