"""Workbooks that no office program writes: refused or read, never a fault of the server."""

import zipfile
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.records.importing import read
from apps.records.models import ImportBatch
from tests.factories.accounts import user_with

pytestmark = pytest.mark.usefixtures("office")

ROWS = (["姓名", "身份证号", "工作单位"], ["王芳", "110", "没有的单位"])


@pytest.fixture
def staff(client):
    client.force_login(user_with("staff"))
    return client


def workbook(*, title=False):
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("SHEET")
        if title:
            sheet.merge_range(0, 0, 0, 2, "人才名册")
        for line, cells in enumerate(ROWS, start=int(title)):
            sheet.write_row(line, 0, cells)
        sheet.write_number(1 + title, 3, 987654)
        sheet.write_string(title, 3, "备注")
    return stream.getvalue()


def changed(data, part, old, new):
    """The workbook with some bytes of one part replaced, as only a program would write them."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            target.writestr(name, content)
    return stream.getvalue()


def faulty_rows(client, data):
    """Upload, and the wrong rows as a workbook."""
    file = SimpleUploadedFile("名单.xlsx", data)
    page = client.post(reverse("talents-person-import"), {"file": file}, follow=True)
    assert page.status_code == 200
    response = client.get(reverse("import-faulty", args=[ImportBatch.objects.get().pk]))
    return read(response.content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("超" * 50, "超" * 31), ("'甲", "甲"), ("甲[乙]:*?/", "甲_乙_____"), ("''", "工作表")],
)
def test_sheet_name_that_excel_refuses_is_mended(staff, name, kept):
    data = changed(workbook(), "xl/workbook.xml", b'name="SHEET"', f'name="{name}"'.encode())

    assert [sheet.name for sheet in faulty_rows(staff, data).sheets] == [kept]


@pytest.mark.parametrize("cells", ["B1:E1", "ZZ1:AAB1"])
def test_merged_cells_that_cannot_be_do_no_harm(staff, cells):
    old, part = b'<mergeCell ref="A1:C1"/>', "xl/worksheets/sheet1.xml"
    new = old + f'<mergeCell ref="{cells}"/>'.encode()

    result = faulty_rows(staff, changed(workbook(title=True), part, old, new))

    assert [row.cells[0] for row in result.sheets[0].rows] == ["王芳"]


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"NaN"])
def test_number_that_is_none_is_an_error_of_its_cell(staff, number):
    data = changed(workbook(), "xl/worksheets/sheet1.xml", b"987654", number)

    assert faulty_rows(staff, data).sheets[0].rows[0].cells[3] == "#NUM!"
