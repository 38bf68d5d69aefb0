"""What leaves as a workbook: the rows and columns of the list, as text that is no formula."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.identity import id_check_character
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.talents.models import Person
from tests.factories import EnrolmentFactory, PersonFactory, TrainingClassFactory

PEOPLE = "/talents/person/export/"
WHY = {"purpose": "报送市委组织部"}
NUMBER = "520398197001010011"


def number(n: int) -> str:
    body = f"520398{datetime.date(1970, 1, 1) + datetime.timedelta(days=n):%Y%m%d}001"
    return body + id_check_character(body)


def sheet_of(response) -> list[list]:
    content = b"".join(response.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_export_holds_the_rows_and_columns_of_the_list(world, staff):
    PersonFactory(name="甲", unit=world.ours, education="11")
    PersonFactory(name="乙", unit=world.ours, education="31")
    PersonFactory(name="丙", unit=world.ours, education="21", mobile="13812345678")
    staff.post(
        "/talents/person/layout/",
        {"columns": ["education", "mobile", "entered_on"], "page_size": "20"},
    )

    rows = sheet_of(staff.get(PEOPLE, WHY | {"education__at_least": "21", "sort": "education"}))

    day = datetime.datetime(2021, 1, 1)  # noqa: DTZ001 -- what openpyxl gives for a day
    assert rows[0] == ["姓名", "学历", "手机号码", "入册日期"]
    assert rows[1:] == [
        ["甲", rows[1][1], None, day],
        ["丙", "大学本科", "138****5678", day],
    ]


def test_all_fields_come_in_the_order_of_the_import(world, staff):
    PersonFactory(name="甲", unit=world.ours, id_number=number(3))

    rows = sheet_of(staff.get(PEOPLE, WHY | {"fields": "all"}))

    record_type = registry.get("talents.Person")
    labels = [record_type.column(name).label for name in record_type.fields]
    assert rows[0] == [*labels, "备注", "填报单位"]
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["身份证号"] == number(3)[:6] + "********" + number(3)[-4:]
    assert row["工作单位"] == row["填报单位"] == "区第一人民医院"


def test_a_reference_comes_with_what_tells_it_apart(world, staff):
    person = PersonFactory(name="甲", unit=world.ours, id_number=number(3))
    EnrolmentFactory(person=person, training_class=TrainingClassFactory(code="P1", name="同名班"))

    rows = sheet_of(staff.get("/training/enrolment/export/", WHY | {"fields": "all"}))

    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["班次编号"] == "P1"
    assert row["身份证号"] == "520398********" + number(3)[-4:]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_a_text_that_looks_like_a_formula_stays_a_text(world, staff, text):
    PersonFactory(name="甲", unit=world.ours, post=text)

    content = b"".join(staff.get(PEOPLE, WHY).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]

    cell = next(c for c in sheet[2] if str(c.value).strip() == text.strip())
    assert cell.data_type == "s"
    assert cell.quotePrefix is True
    assert cell.value == text


def test_numbers_and_days_stay_what_they_are(world, staff):
    TrainingClassFactory(head_count=1200, cost="12345.60", starts_on=datetime.date(2022, 5, 10))

    rows = sheet_of(staff.get("/training/trainingclass/export/"))

    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["人数"] == 1200
    assert row["经费（元）"] == pytest.approx(12345.6)
    assert row["开始日期"] == datetime.datetime(2022, 5, 10)  # noqa: DTZ001


def test_export_is_logged_with_filter_count_and_purpose(world, staff):
    PersonFactory(unit=world.ours, education="21")

    sheet_of(staff.get(PEOPLE, {"education": "21", "purpose": "报送市委组织部"}))

    line = ChangeLog.objects.filter(action="export").get()
    assert line.record_type == "talents.Person"
    assert line.reason == "报送市委组织部"
    assert line.changes["filter"] == ["", "学历：大学本科"]
    assert line.changes["count"] == ["", "1"]
    assert line.user_name == "测试staff"


def test_who_may_not_export_gets_nothing(world, read):
    PersonFactory(name="石榴", unit=world.ours)

    response = world.client("leader").get(PEOPLE)

    assert response.status_code == 403
    assert "没有权限" in read(response)
    assert not ChangeLog.objects.filter(action="export").exists()
    assert "导出" not in read(world.client("leader").get("/talents/person/"))


def test_export_stays_within_the_scope(world, clerk):
    PersonFactory(name="甲", unit=world.ours)
    PersonFactory(name="乙", unit=world.theirs)

    assert [row[0] for row in sheet_of(clerk.get(PEOPLE, WHY))] == ["姓名", "甲"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("nonsense=1", "没有名为“nonsense”"),
        ("fields=some", "导出的列"),
        ("sort=x", "不能按“x”排序"),
    ],
)
def test_a_faulty_address_exports_nothing(world, staff, read, query, sentence):
    response = staff.get(f"{PEOPLE}?{query}&purpose=核对")

    assert response.status_code == 400
    assert sentence in read(response)


def test_export_takes_few_queries_for_many_rows(world, staff):
    rows = [
        Person(
            name=f"李{n}", id_number=number(n), unit=world.ours, education="21", title_level="412",
            political_status="01", ethnic="01", post="科员", mobile=f"138{n:08}",
            entered_on=datetime.date(2021, 1, 1), work_started_on=datetime.date(1995, 7, 1),
        )
        for n in range(2500)
    ]  # fmt: skip
    registry.get("talents.Person").save_many(rows, by=Actor.system())
    sheet_of(staff.get(PEOPLE, WHY | {"fields": "all"}))

    with CaptureQueriesContext(connection) as captured:
        response = staff.get(PEOPLE, WHY | {"fields": "all"})

    assert len(captured) <= 10
    assert len(sheet_of(response)) == 2501


def test_personal_data_asks_what_for(world, staff, read):
    PersonFactory(name="甲", unit=world.ours, education="21")

    asked = staff.get(PEOPLE, {"education": "21", "sort": "education"})
    refused = staff.post(PEOPLE, {"query": "education=21", "all": "1", "purpose": "  "})

    assert "将导出符合条件的 1 条人才（学历：大学本科）" in read(asked)
    assert "用途" in read(asked)
    assert "导出的内容含个人信息，请写明用途" in read(refused)
    assert not ChangeLog.objects.filter(action="export").exists()


def test_what_tells_of_nobody_asks_nothing(world, staff):
    TrainingClassFactory(name="公文写作班")

    assert len(sheet_of(staff.get("/training/trainingclass/export/"))) == 2
    types = {t.label for t in registry.types() if t.is_personal}
    assert {"talents.Person", "talents.Title", "training.Enrolment"} <= types
    assert types.isdisjoint({"training.TrainingClass", "talents.Pool", "governance.Policy"})


def test_ticked_rows_leave_in_the_columns_and_order_of_the_list(world, staff):
    rows = [
        PersonFactory(name=name, unit=world.ours, education=code)
        for name, code in (("甲", "31"), ("乙", "11"), ("丙", "21"))
    ]
    query = "education__at_least=21&sort=education&columns=name,education"

    answer = staff.post(PEOPLE, WHY | {"query": query, "row": rows[0].pk, "rows": f"{rows[1].pk}"})

    sheet = sheet_of(answer)
    assert sheet[0] == ["姓名", "学历"]
    assert [row[0] for row in sheet[1:]] == ["乙", "甲"]
    line = ChangeLog.objects.get(action="export")
    assert line.reason == "报送市委组织部"
    assert line.changes["filter"] == ["", "勾选的 2 条"]
    assert line.changes["columns"] == ["", "姓名、学历"]
    assert line.changes["count"] == ["", "2"]


def test_ticked_rows_of_another_unit_stay(world, clerk):
    mine, theirs = (PersonFactory(unit=unit) for unit in (world.ours, world.theirs))

    answer = clerk.post(PEOPLE, WHY | {"rows": f"{mine.pk},{theirs.pk}"})

    assert [row[0] for row in sheet_of(answer)[1:]] == [mine.name]


def test_the_bar_leads_to_the_page_that_asks(world, staff, read):
    rows = [PersonFactory(unit=world.ours) for _ in range(2)]

    page = staff.post(
        "/talents/person/bulk/", {"action": "export", "row": [row.pk for row in rows]}
    )
    nothing = staff.post("/talents/person/bulk/", {"action": "export"})

    assert "将导出所选的 2 条人才" in read(page)
    assert nothing.status_code == 400
    assert "请先在列表中勾选要导出的记录。" in read(nothing)
