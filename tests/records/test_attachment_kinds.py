"""What a file is shows in its content; its name has to agree, and nothing that runs is kept."""

import random
import zipfile
from io import BytesIO

import pytest

from apps.records.attachments.kinds import AttachmentRefused, clean_name, identify
from tests.records import files

JPEG, PNG = files.picture(), files.picture(kind="PNG")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("证书.pdf", files.PDF, "PDF 文件"),
        ("证书.PDF", files.PDF, "PDF 文件"),
        ("照片.jpg", JPEG, "JPG 图片"),
        ("照片.jpeg", JPEG, "JPG 图片"),
        ("截图.png", PNG, "PNG 图片"),
        ("证明.docx", files.word(), "Word 文档"),
        ("名单.xlsx", files.workbook(), "Excel 表格"),
        ("课件.pptx", files.slides(), "演示文稿"),
        ("公文.ofd", files.archive(OFD_xml="<ofd/>"), "OFD 文件"),
        ("旧证明.doc", files.ole("WordDocument"), "旧版 Word 或 WPS 文档"),
        ("旧证明.wps", files.ole("1Table", "WordDocument"), "旧版 Word 或 WPS 文档"),
        ("旧名单.xls", files.ole("Workbook"), "旧版 Excel 或 WPS 表格"),
        ("旧名单.et", files.ole("Workbook", inner=["WordDocument"]), "旧版 Excel 或 WPS 表格"),
        ("旧课件.ppt", files.ole("Current User", "PowerPoint Document"), "旧版演示文稿"),
    ],
)
def test_office_files_and_pictures_are_known(name, data, kind):
    assert identify(data, name).name == kind


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("证书.pdf", b"", "“证书.pdf”是空文件"),
        ("证书.pdf", b"MZ\x90\x00", "其实是可执行程序，不能上传"),
        ("证书.pdf", b"<!DOCTYPE html><p>x", "其实是网页或矢量图，不能上传"),
        ("图.svg", b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "其实是网页或矢量图"),
        ("图.gif", b"GIF89a\x01\x00", "其实是 GIF 图片"),
        ("说明.txt", "说明文字".encode(), "纯文本（分不清是不是脚本，请另存为 Word 或 PDF）"),
        ("x.rar", b"Rar!\x1a\x07\x00", "其实是压缩包"),
        ("x.bin", bytes(range(256)), "的内容无法识别，不能上传"),
        ("x.zip", files.archive(a_txt="x"), "的内容无法识别"),
        ("x.msi", files.ole("SummaryInformation"), "的内容无法识别"),
        ("照片.jpg", b"\xff\xd8\xff\xe0 broken", "“照片.jpg”是图片，但内容已损坏"),
        ("课件.pptx", b"PK\x03\x04 not a zip", "“课件.pptx”已损坏，无法打开"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "“旧.doc”已损坏，无法打开"),
    ],
)
def test_anything_else_is_refused_with_what_it_is(name, data, sentence):
    with pytest.raises(AttachmentRefused) as refused:
        identify(data, name)

    assert sentence in refused.value.message
    assert refused.value.message.endswith("。")


@pytest.mark.parametrize(
    ("name", "data", "better"),
    [
        ("证书.pdf", JPEG, "证书.jpg"),
        ("照片.jpg", PNG, "照片.png"),
        ("名单.doc", files.workbook(), "名单.xlsx"),
        ("证书", files.PDF, "证书.pdf"),
        ("合同.pdf.exe", files.PDF, "合同.pdf.pdf"),
    ],
)
def test_name_that_says_something_else_is_refused(name, data, better):
    with pytest.raises(AttachmentRefused, match="与文件名不符") as refused:
        identify(data, name)

    assert f"请改名为“{better}”" in refused.value.message


@pytest.mark.parametrize(
    "data",
    [
        files.with_part(files.word(), "word/vbaProject.bin"),
        files.with_part(files.workbook(), "xl/macrosheets/sheet1.xml"),
        files.archive(**{"[Content_Types]_xml": "<Types>…document.macroEnabled.main+xml</Types>"}),
        files.ole("WordDocument", "Macros", inner=["_VBA_PROJECT"]),
    ],
)
def test_macros_are_refused(data):
    with pytest.raises(AttachmentRefused, match="带有宏程序"):
        identify(data, "表.docx")


def test_smuggled_programs_are_refused():
    data = files.with_part(files.word(), "word/embeddings/setup.exe")

    with pytest.raises(AttachmentRefused, match="夹带了程序或网页文件"):
        identify(data, "证明.docx")


def test_file_behind_a_password_is_refused():
    with pytest.raises(AttachmentRefused, match="设有打开密码"):
        identify(files.ole("EncryptionInfo", "EncryptedPackage"), "名单.xlsx")


def test_archive_that_bursts_is_refused_unopened():
    data = files.with_part(files.word(), "word/media/a.xml", b"\0" * 30_000_000)

    with pytest.raises(AttachmentRefused, match="解压后异常庞大"):
        identify(data, "证明.docx")


def test_many_parts_are_refused():
    stream = BytesIO(files.word())
    with zipfile.ZipFile(stream, "a") as made:
        for number in range(5_001):
            made.writestr(f"x/{number}", b"")

    with pytest.raises(AttachmentRefused, match="解压后异常庞大"):
        identify(stream.getvalue(), "证明.docx")


def test_damaged_part_is_refused():
    data = bytearray(files.with_part(files.word(), "word/media/a.xml", random.randbytes(2_000)))
    place = data.rindex(b"word/media/a.xml", 0, data.rindex(b"PK\x01\x02"))
    data[place + 500] ^= 0xFF

    with pytest.raises(AttachmentRefused, match="已损坏"):
        identify(bytes(data), "证明.docx")


def test_huge_picture_is_refused_before_it_is_drawn():
    with pytest.raises(AttachmentRefused, match="像素过多"):
        identify(files.picture(30_000, 4_000, kind="PNG"), "图.png")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\桌面\\证书.pdf", "证书.pdf"),
        ("../../etc/证书.pdf", "证书.pdf"),
        ("证书\u202efdp.exe", "证书fdp.exe"),
        ("\x00", "附件"),
        ("王明520398198506200289.jpg", "王明520398××××××××0289.jpg"),
        ("王明13812341234.jpg", "王明138××××1234.jpg"),
        ("2022年第15期.pdf", "2022年第15期.pdf"),
        ("名" * 300 + ".pdf", "名" * 188 + ".pdf"),
        ("名" * 300, "名" * 200),
    ],
)
def test_names_are_cleaned(name, clean):
    assert clean_name(name) == clean
