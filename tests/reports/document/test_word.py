"""The Word file: text, styles, schema order, grid through LibreOffice."""

import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from apps.reports.document.fonts import WordFonts
from apps.reports.document.tree import Document, Paragraph, Table, plain_text
from apps.reports.document.word import render_word
from tests.reports.document.pages import MM, read_lines, read_text

# children in the order of the WordprocessingML schema, as far as this product writes them
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr tabs overflowPunct"
    " topLinePunct autoSpaceDE autoSpaceDN snapToGrid spacing ind contextualSpacing jc"
    " textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs color spacing w kern position sz szCs u vertAlign lang",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "trPr": "cantSplit tblHeader",
    "style": "name basedOn next link uiPriority semiHidden qFormat pPr rPr tblPr",
}


def words(element) -> str:
    """An element's text with line breaks."""
    tags = {qn("w:t"): lambda node: node.text or "", qn("w:br"): lambda node: "\n"}
    return "".join(tags[node.tag](node) for node in element.iter(*tags))


def word_text(data: bytes) -> list[str]:
    """The text lines of a Word file as `plain_text` counts them."""
    lines: list[str] = []
    for element in docx.Document(BytesIO(data)).element.body:
        if element.tag == qn("w:p"):
            lines += [line for line in words(element).split("\n") if line]
        elif element.tag == qn("w:tbl"):
            rows = element.iter(qn("w:tr"))
            lines += ["\t".join(words(cell) for cell in row.iter(qn("w:tc"))) for row in rows]
    return lines


@pytest.fixture(scope="module")
def word(folder):
    return docx.Document(folder / "report.docx")


def test_text_is_the_canonical_text(folder, report):
    assert word_text((folder / "report.docx").read_bytes()) == plain_text(report)


def test_control_characters_and_white_space_are_the_same_everywhere():
    odd = Document(("标题",), (Paragraph.of("甲\x00\x0b乙\n丙\u200b丁  戊\ufffe𬭎"),))

    assert word_text(render_word(odd)) == plain_text(odd) == ["标题", "甲 乙 丙丁 戊𬭎"]


def test_headings_have_the_real_styles(word):
    found = [(p.style.name, p.text) for p in word.paragraphs if "Heading" in p.style.name]

    assert found[:4] == [
        ("Heading 1", "一、基本情况"),
        ("Heading 2", "（一）健全体制机制"),
        ("Heading 3", "1.加强组织领导"),
        ("Heading 4", "（1）压实责任"),
    ]
    assert word.paragraphs[0].style.name == "Title"
    levels = [
        word.styles[f"Heading {level}"].element.find(f".//{qn('w:outlineLvl')}").get(qn("w:val"))
        for level in (1, 2, 3, 4)
    ]
    assert levels == ["0", "1", "2", "3"]


def test_styles_name_the_east_asian_fonts(word):
    faces = {
        name: word.styles[name].element.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3")
    }

    assert faces == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
        "Heading 3": "仿宋_GB2312",
    }
    assert "Theme=" not in etree.tostring(word.styles.element).decode()


def test_latin_font_can_be_chosen(plain_document):
    data = render_word(plain_document, fonts=WordFonts(latin="Times New Roman"))
    fonts = docx.Document(BytesIO(data)).styles["Normal"].element.find(f".//{qn('w:rFonts')}")

    assert fonts.get(qn("w:ascii")) == "Times New Roman"
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_page_has_the_grid_of_the_standard(word):
    section = word.sections[0]._sectPr
    grid = section.find(qn("w:docGrid"))
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))

    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("11906", "16838")
    sides = [margins.get(qn(f"w:{side}")) for side in ("top", "right", "bottom", "left")]
    assert sides == ["2098", "1474", "1984", "1587"]


def test_table_repeats_its_head_and_breaks_no_row(word):
    table = word.tables[0]._tbl
    rows = table.findall(qn("w:tr"))

    assert [len(row.findall(f".//{qn('w:tblHeader')}")) for row in rows] == [1, 0, 0]
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
    assert word.tables[0].style.name == "统计表"


def test_chart_is_a_picture_with_words_for_it(word):
    (picture,) = word.inline_shapes
    description = picture._inline.docPr.get("descr")

    assert description == "图1　培训人次（单位：人次）。2024年1,011，2025年1,164"
    assert picture.width.pt == pytest.approx(420, abs=1)


def test_properties_are_chinese_and_name_no_tool(folder, word):
    properties = word.core_properties

    assert properties.title == "中共某区委组织部关于2025年度人才工作情况的报告"
    assert properties.author == properties.last_modified_by == "中共某区委组织部"
    assert (properties.comments, properties.language) == ("", "zh-CN")
    with zipfile.ZipFile(folder / "report.docx") as package:
        assert not [name for name in package.namelist() if "thumbnail" in name]
        assert b"python-docx" not in b"".join(package.read(name) for name in package.namelist())


def test_elements_stand_in_schema_order(folder):
    checked = 0
    with zipfile.ZipFile(folder / "report.docx") as package:
        parts = [name for name in package.namelist() if name.startswith("word/")]
        for name in parts:
            if not name.endswith(("document.xml", "styles.xml")) and "footer" not in name:
                continue
            for element in etree.fromstring(package.read(name)).iter(etree.Element):
                order = ORDER.get(etree.QName(element).localname, "").split()
                if order:
                    tags = [etree.QName(child).localname for child in element]
                    assert tags == sorted(tags, key=order.index), (name, element.tag)
                    checked += 1

    assert checked > 100


def test_footers_differ_on_odd_and_even_pages(word):
    section = word.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    sides = [paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) for paragraph in (odd, even)]

    assert sides == ["right", "left"]
    assert word.settings.odd_and_even_pages_header_footer
    assert odd.text == "— 1 —"


def test_word_page_of_plain_text_has_22_lines_of_28_characters(office_folder):
    for name in ("plain", "rare"):
        lines, _ = read_lines(office_folder / f"{name}.pdf", 2)
        assert [len(line.text) for line in lines] == [28] * 22, name


def test_word_page_numbers_stand_outside(office_folder):
    _, (odd,) = read_lines(office_folder / "plain.pdf", 1)
    _, (even,) = read_lines(office_folder / "plain.pdf", 2)

    assert (odd.text, even.text) == ("—1—", "—2—")
    assert odd.right == pytest.approx((210 - 26) * MM - 14, abs=2)
    assert even.left == pytest.approx(28 * MM + 14, abs=2)


def test_word_prints_the_canonical_text(office_folder, report, marked_document):
    for name, document in (("report", report), ("marked", marked_document)):
        expected = "".join("".join(plain_text(document)).split())
        assert read_text(office_folder / f"{name}.pdf") == expected, name


def test_signature_is_held_by_the_last_paragraph(word):
    styles = [paragraph.style.name for paragraph in word.paragraphs]
    held = word.paragraphs[styles.index("附件说明") - 1]

    assert held.text.endswith("融合。")
    assert held.paragraph_format.keep_with_next


def test_tables_without_caption_do_not_run_together():
    table = Table("", ("甲", "乙"), (("1", "2"),))
    word = docx.Document(BytesIO(render_word(Document(("标题",), (table, table)))))

    tags = [etree.QName(element).localname for element in word.element.body]
    assert tags == ["p", "tbl", "p", "tbl", "p", "sectPr"]
