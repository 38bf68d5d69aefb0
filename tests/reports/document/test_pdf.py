"""The PDF: grid, edges, fonts, page numbers, text."""

import re
import subprocess
from datetime import date

import pypdfium2
import pytest
import weasyprint

from apps.reports.document.charts import chart_svg
from apps.reports.document.fonts import FontSet
from apps.reports.document.pdf import render_pdf, write_pdf
from apps.reports.document.tree import (
    Chart,
    Document,
    Heading,
    Paragraph,
    Table,
    numbered,
    plain_text,
)
from tests.reports.document.pages import MM, TEXT_BOTTOM, read_lines, read_text

LEFT, RIGHT = 28 * MM, (210 - 26) * MM


def test_page_of_plain_text_has_22_lines_of_28_characters(folder):
    lines, _ = read_lines(folder / "plain.pdf", 2)

    assert [len(line.text) for line in lines] == [28] * 22


def test_rare_characters_keep_the_grid(folder):
    lines, _ = read_lines(folder / "rare.pdf", 2)

    assert [len(line.text) for line in lines] == [28] * 22
    assert "䶮㛃𬭎" in "".join(line.text for line in lines)


def test_lines_that_end_early_are_flush_at_both_edges(folder):
    lines, _ = read_lines(folder / "marked.pdf", 2)

    assert len(lines) == 22
    assert {len(line.text) for line in lines} == {27, 28}  # some lines really are short
    assert {round(line.left - LEFT) for line in lines} == {0}
    assert max(abs(line.right - RIGHT) for line in lines) < 1


def test_weasyprint_is_the_version_whose_justification_is_replaced():
    assert weasyprint.__version__ == "70.0"


def test_latin_lines_are_justified_as_before():
    css = "@page{size:200pt 100pt;margin:0}p{text-align:justify;margin:0;font-size:16pt}"
    html = "<p>talent work in the district talent work in the district</p>"

    assert write_pdf(html, "", css).startswith(b"%PDF")


def test_text_is_the_canonical_text(folder, report):
    text = read_text(folder / "report.pdf")
    (chart,) = [block for block in numbered(report).blocks if isinstance(block, Chart)]
    labels = "".join(re.findall("<text[^>]*>([^<]*)</text>", chart_svg(chart)))

    assert labels == "单位：人次1,0111,1642024年2025年"
    assert text.replace(labels, "", 1) == "".join("".join(plain_text(report)).split())


def test_fonts_are_embedded_as_subsets(folder):
    command = ["pdffonts", str(folder / "report.pdf")]
    rows = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    fonts = [line for line in rows.splitlines()[2:] if line.strip()]
    names = {line.split()[0].split("+")[1] for line in fonts}

    assert names == {"GwTitle", "GwBody", "GwKai", "GwHei", "GwNumber", "GwRare"}
    assert all(re.search(r" yes yes yes ", line) for line in fonts)  # embedded, subset, text


def test_page_numbers_stand_outside_one_character_in(folder):
    _, (odd,) = read_lines(folder / "plain.pdf", 1)
    _, (even,) = read_lines(folder / "plain.pdf", 2)

    assert (odd.text, even.text) == ("—1—", "—2—")
    assert odd.right == pytest.approx(RIGHT - 14, abs=1)
    assert even.left == pytest.approx(LEFT + 14, abs=1)


def test_page_number_dash_is_7_mm_below_the_text(folder):
    page = pypdfium2.PdfDocument(folder / "plain.pdf")[1]
    picture = page.render(scale=4).to_pil().convert("L")
    column = int((LEFT + 14 + 5) * 4)  # through the first dash
    rows = range(int(TEXT_BOTTOM * 4), picture.height)
    dark = [row for row in rows if picture.getpixel((column, row)) < 128]

    assert sum(dark) / len(dark) / 4 == pytest.approx(TEXT_BOTTOM + 7 * MM, abs=0.5 * MM)


def test_signature_and_date_stand_as_the_standard_says(folder):
    lines, _ = read_lines(folder / "report.pdf", 2)
    unit, day = (
        next(line for line in lines if line.text == text)
        for text in ("中共某区委组织部", "2025年12月31日")
    )
    cell = 156 * MM / 28

    assert RIGHT - unit.right == pytest.approx(3 * cell, abs=3)  # 8 wide against 7 of the date
    assert RIGHT - day.right == pytest.approx(2 * cell, abs=3)
    assert day.left - unit.left == pytest.approx(2 * cell, abs=3)


@pytest.mark.parametrize("body_lines", [17, 18, 19, 20])
def test_signature_never_stands_alone_on_a_page(tmp_path, body_lines):
    text = "人" * (28 * body_lines - 2)  # a title, a blank line, then these lines
    document = Document(("标题",), (Paragraph.of(text),), "", "区委组织部", date(2025, 3, 5))
    (tmp_path / "report.pdf").write_bytes(render_pdf(document))
    pages = len(pypdfium2.PdfDocument(tmp_path / "report.pdf"))
    lines, _ = read_lines(tmp_path / "report.pdf", pages)

    assert pages == (1 if body_lines == 17 else 2)
    assert set(lines[0].text) <= {"人", "标", "题"}
    assert lines[-1].text == "2025年3月5日"


def test_headings_are_never_stranded_at_the_foot_of_a_page(tmp_path):
    text = "人" * (28 * 19 - 2)
    blocks = (Paragraph.of(text), Heading(1, "标题"), Paragraph.of("正文。"))
    (tmp_path / "report.pdf").write_bytes(render_pdf(Document(("报告",), blocks)))
    lines, _ = read_lines(tmp_path / "report.pdf", 2)

    assert [line.text for line in lines] == ["一、标题", "正文。"]


def test_table_repeats_its_head_on_the_next_page(tmp_path):
    table = Table("名单", ("序号", "姓名"), tuple((str(row), "甲") for row in range(1, 61)))
    (tmp_path / "report.pdf").write_bytes(render_pdf(Document(("报告",), (table,))))
    first, second = (read_lines(tmp_path / "report.pdf", page)[0] for page in (1, 2))

    assert first[2].text == second[0].text == "序号姓名"
    assert len(first) + len(second) >= 40


def test_title_author_and_outline_are_in_the_file(folder):
    pdf = pypdfium2.PdfDocument(folder / "report.pdf")
    outline = [item.get_title() for item in pdf.get_toc()]

    assert pdf.get_metadata_value("Title") == "中共某区委组织部关于2025年度人才工作情况的报告"
    assert pdf.get_metadata_value("Author") == "中共某区委组织部"
    assert {"一、基本情况", "（一）健全体制机制", "1.加强组织领导", "（1）压实责任"} <= set(outline)


def test_text_cannot_make_the_server_read_files():
    hostile = '<img src="file:///etc/hostname"><script>alert(1)</script>'
    pdf = render_pdf(Document(("标题",), (Paragraph.of(hostile),)))
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()

    assert "<img" in text
    with pytest.raises(FileNotFoundError, match="字体文件不存在"):
        render_pdf(Document(("标题",), ()), fonts=FontSet(body=FontSet().body / "no"))
