"""Reports over the API: read, drafted, taken out; within the scope and logged."""

import io

import pypdfium2
import pytest
from docx import Document

from apps.records.models import ChangeLog
from apps.reports.document.tree import plain_text
from apps.reports.models import Report
from apps.reports.selectors.building import build_document
from tests.api import Api
from tests.world import World

REPORTS = "/api/v1/reports/"


@pytest.fixture
def here(district):
    return World(district.root, district.hospital, district.school)


@pytest.fixture
def api(here):
    return Api(here.user("staff"))


def test_a_report_is_read_as_it_prints(api, report):
    found = api.get(f"{REPORTS}{report.pk}/").json()

    document = build_document(report)
    assert found["title"] == str(report)
    assert found["status"] == {"code": "drafting", "label": "起草"}
    assert found["period"] == {"key": "2022", "label": "2022年"}
    assert found["document"]["text"] == plain_text(document)
    kinds = {block["kind"] for block in found["document"]["blocks"]}
    assert kinds == {"heading", "paragraph", "table", "chart"}
    runs = [
        run
        for block in found["document"]["blocks"]
        for run in block.get("runs", [])
        if run.get("link")
    ]
    trained = next(run for run in runs if "metric=trainees" in run["link"])
    assert trained["text"] == "100"


def test_the_list_says_what_there_is(api, report):
    found = api.get(REPORTS, {"year": "2022", "status": "drafting"}).json()

    assert (found["count"], found["page"]) == (1, 1)
    assert found["results"][0]["url"] == f"{REPORTS}{report.pk}/"
    assert api.get(REPORTS, {"year": "2021"}).json()["results"] == []


def test_a_draft_for_a_year(api, district, outlines):
    response = api.post(REPORTS, {"year": 2022})

    assert response.status_code == 201, response.text
    report = Report.objects.get()
    assert response.json()["id"] == report.pk
    assert (report.period_key, report.status, report.kind) == ("2022", "drafting", "summary")
    assert report.created_by == api.user
    assert any("培训" in line for line in response.json()["document"]["text"])
    lines = ChangeLog.objects.filter(record_type="reports.Report", object_id=report.pk)
    assert {line.request_id for line in lines} == {response["X-Request-ID"]}
    assert {line.user_name for line in lines} == {api.user.name}


def test_a_draft_of_a_unit_by_its_name(api, district, outlines):
    response = api.post(REPORTS, {"year": 2022, "part": "H2", "unit": "区第一人民医院"})

    assert response.status_code == 201, response.text
    assert response.json()["unit"] == "区第一人民医院"
    assert response.json()["period"] == {"key": "2022H2", "label": "2022年下半年"}


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({}, "year", "请填写年度。"),
        ({"year": "明年"}, "year", "年度应为四位数字"),
        ({"year": 10**30}, "year", "年度应在 1990—2100 之间"),
        ({"year": 2022, "unit": "不存在的单位"}, "unit", "选"),
        ({"year": 2022, "unit": 10**17}, "unit", "选"),
        ({"year": 2022, "outline": "no-such"}, "outline", "选"),
        ({"year": 2022, "kind": "poem"}, "kind", "poem"),
        ({"year": [2022]}, "year", "应为文字或整数。"),
    ],
)
def test_what_cannot_be_drafted_is_said_by_field(api, outlines, sent, field, words):
    response = api.post(REPORTS, sent)

    assert response.status_code == 400
    assert words in response.json()["fields"][field][0]
    assert not Report.objects.exists()


@pytest.mark.parametrize("sent", [[], "2022", {"year": 2022, "title": "自拟"}])
def test_a_body_of_another_kind_is_refused(api, sent):
    response = api.post(REPORTS, sent)

    assert response.status_code == 400
    assert "可用的字段：year" in response.json()["detail"]


def test_files_are_those_of_the_page_and_logged(api, report):
    word = api.post(f"{REPORTS}{report.pk}/export/word/", None)
    pdf = api.post(f"{REPORTS}{report.pk}/export/pdf/", None)

    texts = [p.text for p in Document(io.BytesIO(word.content)).paragraphs]
    assert str(report) in "".join(texts)
    assert len(pypdfium2.PdfDocument(pdf.content)) >= 1
    assert "filename" in word["Content-Disposition"]
    lines = ChangeLog.objects.filter(action="export", object_id=report.pk)
    assert [line.changes for line in lines] == [{"format": ["", "PDF"]}, {"format": ["", "Word"]}]
    assert {line.user for line in lines} == {api.user}


def test_another_kind_of_file_is_refused(api, report):
    response = api.post(f"{REPORTS}{report.pk}/export/excel/", None)

    assert response.status_code == 409
    assert response.json()["detail"] == "只能导出 Word 或 PDF。"


def test_clerks_and_administrators_are_refused(here, report):
    clients = [here.client("clerk", here.ours), here.client("sysadmin"), here.client("auditor")]

    for client in clients:
        for address in (REPORTS, f"{REPORTS}{report.pk}/"):
            response = client.get(address)
            assert response.status_code == 403
            assert response.json()["detail"].startswith("您没有这项操作的权限")


def test_a_report_outside_the_scope_is_not_there(here, report):
    """Staff of one unit see the reports of their unit alone."""
    api = Api(here.user("staff", here.ours))
    own = Report.objects.get(pk=report.pk)
    own.pk, own.owner, own.title, own._state.adding = None, here.ours, "本院总结", True
    own.save(force_insert=True)

    listed = api.get(REPORTS).json()

    assert [row["title"] for row in listed["results"]] == ["本院总结"]
    assert listed["count"] == 1
    for response in (
        api.get(f"{REPORTS}{report.pk}/"),
        api.post(f"{REPORTS}{report.pk}/export/word/", None),
    ):
        assert response.status_code == 404
        assert response.json()["detail"] == "没有这份报告，可能已删除或不在您的权限范围内。"
    assert not ChangeLog.objects.filter(action="export", user=api.user).exists()
