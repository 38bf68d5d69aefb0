import contextlib
import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.records.importing.errors import ImportRefused
from apps.records.importing.guard import Limits, check_file
from apps.records.importing.reader import classify, read

SAMPLES = Path(__file__).parents[2] / "samples"
KNOWN = ("姓名", "性别", "身份证号", "学历", "学位", "班次编号")


def workbook(*rows, title="表1", merge=(), sheets=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    for name, state in sheets:
        book.create_sheet(name).sheet_state = state
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(**parts):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


def far_cell(reference):
    """A workbook whose only cell lies far out: a careless reader would lay out all before it."""
    good = workbook(["姓名", "性别"], ["张三", "男"])
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(good)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b'r="A2"', f'r="{reference}"'.encode())
            new.writestr(part.filename, data)
    return stream.getvalue()


def encrypted():
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )


BAD_FILES = {
    "empty": (lambda: b"", "文件是空的"),
    "text named xlsx": (lambda: "姓名,性别\n张三,男\n".encode(), "这是文本文件.*另存为 .xlsx"),
    "text in gbk": (lambda: "姓名,性别\n张三,男\n".encode("gbk"), "这是文本文件"),
    "page named xls": (lambda: b"<html><table></table></html>", "其实是网页文件"),
    "pdf": (lambda: b"%PDF-1.7\n", "这是 PDF 文件"),
    "noise": (lambda: b"\x00\x01\x02\x03" * 50, "无法识别"),
    "no data": (lambda: workbook(), "没有数据行"),
    "heading only": (lambda: workbook(["姓名", "性别", "身份证号"]), "没有数据行"),
    "too many columns": (
        lambda: workbook([f"列{n}" for n in range(201)], ["x"] * 201),
        "超过 200 列",
    ),
    "a cell far right": (lambda: far_cell("XFD2"), "第 1 个工作表超过 200 列"),
    "a cell far down": (lambda: far_cell("A1048576"), "第 1 个工作表超过 100,000 行"),
    "too big": (lambda: b"PK\x03\x04" + b"\0" * 40 * 1024 * 1024, "文件有 41 MB，超过 40 MB"),
    "zip bomb": (
        lambda: zipped(xl__workbook="", **{"xl__workbook.xml": b"<a/>", "bomb": b"\0" * 10**8}),
        "解压后异常庞大",
    ),
    "other zip": (lambda: zipped(readme="hello"), "压缩包或其他类型"),
    "word": (lambda: zipped(**{"word__document.xml": "<a/>"}), "压缩包或其他类型"),
    "binary workbook": (lambda: zipped(**{"xl__workbook.bin": "x"}), "二进制工作簿"),
    "broken workbook": (lambda: zipped(**{"xl__workbook.xml": "<workbook"}), "文件已损坏"),
    "cut off": (lambda: workbook(["姓名"], ["张三"])[:900], "文件已损坏"),
    "password": (encrypted, "设有打开密码"),
    "old word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "不是 Excel 工作簿"),
    "broken xls": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") * 90,
        "文件已损坏",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused_with_a_remedy(name):
    build, sentence = BAD_FILES[name]

    with pytest.raises(ImportRefused, match=sentence) as caught:
        read(build())
    assert "请" in caught.value.message


def test_a_part_that_unpacks_to_more_than_it_declares_is_refused():
    honest = zipped(**{"xl__workbook.xml": b"a" * 5_000_000})
    size = (5_000_000).to_bytes(4, "little")

    with pytest.raises(ImportRefused, match="文件已损坏"):
        check_file(honest.replace(size, (50).to_bytes(4, "little")), Limits())


def test_roster_is_read_with_its_facts_groups_and_ignored_rows():
    book = read(SAMPLES / "人才花名册.xlsx", known=KNOWN)

    assert book.ignored_rows == {"blank": 6, "total": 6, "note": 6}
    sheet = book.sheets[0]
    assert (sheet.name, sheet.title) == ("党政人才", "云岭区党政人才花名册（截至2022年12月31日）")
    assert sheet.facts == {
        "as_of": dt.date(2022, 12, 31),
        "reporting_unit": "云岭区人才办",
        "reported_on": dt.date(2023, 1, 6),
    }
    assert sheet.header_row == 4
    assert [h.label for h in sheet.headings][6:9] == [
        "基本信息—政治面貌",
        "学历学位—学历",
        "学历学位—学位",
    ]
    assert [row.number for row in sheet.rows][41:44] == [46, 48, 49]  # row 47 is blank


def test_heading_of_two_lines_with_tall_cells_is_found():
    data = workbook(
        ["花名册"],
        ["姓名", "性别", "全日制教育", None, "在职教育", None],
        [None, None, "学历", "学位", "学历", "学位"],
        ["张三", "男", "本科", "学士", "", ""],
        merge=["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"],
    )

    sheet = read(data, known=KNOWN).sheets[0]

    labels = [
        "姓名",
        "性别",
        "全日制教育—学历",
        "全日制教育—学位",
        "在职教育—学历",
        "在职教育—学位",
    ]
    assert [h.label for h in sheet.headings] == labels
    assert sheet.headings[2].keys == ["全日制教育学历", "学历"]
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(4, "张三")]


def test_value_merged_over_rows_belongs_to_each_row():
    data = workbook(
        ["班次编号", "姓名"], ["P1", "张三"], [None, "李四"], ["P2", "王五"], merge=["A2:A3"]
    )

    rows = read(data, known=KNOWN).sheets[0].rows

    assert [row.cells[0] for row in rows] == ["P1", "P1", "P2"]


def test_repeated_heading_and_numbering_are_no_records():
    data = workbook(
        ["姓名", "性别", "身份证号"],
        [1, 2, 3],
        ["张三", "男", ""],
        ["姓名", "性别", "身份证号"],
        ["李四", "女", ""],
    )

    sheet = read(data, known=KNOWN).sheets[0]

    assert sheet.ignored == {"numbering": [2], "head": [4]}
    assert [row.number for row in sheet.rows] == [3, 5]


def test_hidden_sheets_are_read_and_empty_ones_named():
    book = openpyxl.Workbook()
    book.active.title = "说明"
    hidden = book.create_sheet("名单")
    hidden.sheet_state = "hidden"
    hidden.append(["姓名", "性别"])
    hidden.append(["张三", "男"])
    hidden.row_dimensions[2].hidden = True
    stream = BytesIO()
    book.save(stream)

    read_book = read(stream, known=KNOWN)

    assert [(s.name, len(s.rows)) for s in read_book.sheets] == [("名单", 1)]
    assert read_book.empty_sheets == ["说明"]


def test_sheet_may_begin_anywhere():
    book = openpyxl.Workbook()
    book.active["C5"], book.active["D5"] = "姓名", "性别"
    book.active["C6"], book.active["D6"] = "张三", "男"
    stream = BytesIO()
    book.save(stream)

    sheet = read(stream, known=KNOWN).sheets[0]

    assert (sheet.header_row, sheet.rows[0].number) == (5, 6)
    assert [(h.column, h.text) for h in sheet.headings] == [(2, "姓名"), (3, "性别")]


def test_unknown_headings_are_still_found():
    data = workbook(["某某统计"], ["甲乙", "丙丁", "戊己"], ["x", "y", 1.0])

    sheet = read(data).sheets[0]

    assert [h.text for h in sheet.headings] == ["甲乙", "丙丁", "戊己"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", " ", "\u3000"], "blank"),
        (["合计", 264.0, ""], "total"),
        (["", "小　计：", 3.0], "total"),
        (["注：本表由各单位报送", "", ""], "note"),
        (["填表人：张三", "", "审核人：李四"], "note"),
        (["（盖章）", "", ""], "note"),
        (["合作社", "张三", ""], ""),
        (["", "注册会计师", ""], ""),
        (["注会宏", "男", "汉"], ""),
        ([0.0, "", ""], ""),
        (["张三", "", "合计"], ""),
    ],
)
def test_rows_that_hold_no_record_are_told_apart(cells, kind):
    assert classify(cells) == kind


ODS_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet><table:table table:name="表1">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(*rows, row="", cell=""):
    def cells(texts):
        return "".join(
            f'<table:table-cell {cell} office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
            for text in texts
        )

    lines = "".join(f"<table:table-row {row}>{cells(texts)}</table:table-row>" for texts in rows)
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": ODS_CONTENT.format(rows=lines),
    }
    return zipped(**parts)


def test_opendocument_is_read():
    sheet = read(ods(["姓名", "性别"], ["张三", "男"]), known=KNOWN).sheets[0]

    assert (sheet.name, [row.cells for row in sheet.rows]) == ("表1", [["张三", "男"]])


@pytest.mark.parametrize(
    ("repeat", "sentence"),
    [
        ({"cell": 'table:number-columns-repeated="1000000000"'}, "工作表超过 200 列"),
        ({"row": 'table:number-rows-repeated="1000000000"'}, "工作表超过 100,000 行"),
    ],
)
def test_opendocument_that_repeats_without_end_is_refused(repeat, sentence):
    with pytest.raises(ImportRefused, match=sentence):
        read(ods(["姓名", "性别"], ["张三", "男"], **repeat))


def test_encrypted_opendocument_is_refused():
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest:encryption-data/>",
        "content.xml": "noise",
    }
    with pytest.raises(ImportRefused, match="设有打开密码"):
        read(zipped(**parts))


@settings(max_examples=60, deadline=None, database=None)
@given(st.data())
def test_damaged_workbooks_are_refused_or_read_but_never_break(data):
    good = bytearray((SAMPLES / "培训班次与学员.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ImportRefused):
        read(bytes(good[: data.draw(st.integers(1, len(good)))]))


def test_empty_rows_and_columns_before_the_table_are_kept():
    rows = [[None] * 4, [None] * 4, [None, None, "姓名", "性别"], [None, None, "张三", "男"]]

    (sheet,) = read(workbook(*rows), known=KNOWN).sheets

    assert sheet.header_row == 3
    assert [(h.column, h.text) for h in sheet.headings] == [(2, "姓名"), (3, "性别")]
    assert [(row.number, row.cells) for row in sheet.rows] == [(4, ["", "", "张三", "男"])]


def test_a_text_of_many_rows_is_kept_once():
    (sheet,) = read(
        workbook(["姓名", "学历"], ["张三", "大学本科"], ["李四", "大学本科"]), known=KNOWN
    ).sheets

    first, second = sheet.rows
    assert first.cells[1] == "大学本科"
    assert first.cells[1] is second.cells[1]
