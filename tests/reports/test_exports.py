"""Exports: one text on screen, in the PDF and in Word; files, log and commands."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core.errors import DomainError
from apps.records.models import ChangeLog
from apps.reports.document.charts import chart_svg
from apps.reports.document.html import body_html
from apps.reports.document.tree import Chart, numbered, plain_text
from apps.reports.models import Report
from apps.reports.selectors.building import build_document
from apps.reports.services import life
from apps.reports.services.exporting import export_report
from tests.reports.conftest import BY, outline, report_by
from tests.reports.document.pages import read_text
from tests.reports.document.test_word import word_text


class Words(HTMLParser):
    """The text of a page without what stands in drawings."""

    def __init__(self):
        super().__init__()
        self.depth, self.text = 0, ""

    def handle_starttag(self, tag, attrs):
        self.depth += tag == "svg"

    def handle_endtag(self, tag):
        self.depth -= tag == "svg"

    def handle_data(self, data):
        self.text += "" if self.depth else data


def squeezed(text):
    return "".join(text.split())


def test_screen_pdf_and_word_say_the_same(report, tmp_path):
    document = build_document(report)
    lines = plain_text(document)
    words = Words()
    words.feed(body_html(document, for_screen=True))
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(export_report(report, "pdf", by=BY).data)
    labels = [
        squeezed("".join(re.findall("<text[^>]*>([^<]*)</text>", chart_svg(block))))
        for block in numbered(document).blocks
        if isinstance(block, Chart)
    ]

    printed = read_text(pdf)
    for label in labels:
        assert label in printed
        printed = printed.replace(label, "", 1)

    assert len(lines) > 30
    assert squeezed(words.text) == squeezed("".join(lines))
    assert printed == squeezed("".join(lines))
    assert word_text(export_report(report, "word", by=BY).data) == lines


def test_file_name_says_how_far_the_report_is(district):
    outline("甲。\n")
    report = report_by("small")
    assert export_report(report, "word", by=BY).name == "云岭区2022年总结（起草稿）.docx"
    for status in ("consulting", "reviewing", "final"):
        life.change_status(report, status, by=BY)
    assert export_report(report, "pdf", by=BY).name == "云岭区2022年总结.pdf"


def test_export_stands_in_the_log(district):
    outline("甲。\n")
    report = report_by("small")

    export_report(report, "word", by=BY)

    line = ChangeLog.objects.get(action="export")
    assert (line.object_id, line.changes) == (report.pk, {"format": ["", "Word"]})


def test_other_formats_and_unfinished_reports_are_refused(district):
    outline("甲。\n")
    report = report_by("small")

    with pytest.raises(DomainError, match="只能导出 Word 或 PDF"):
        export_report(report, "exe", by=BY)
    report.status = Report.Status.PREPARING
    with pytest.raises(DomainError, match="报告还没有生成"):
        export_report(report, "word", by=BY)


def test_command_writes_both_files_and_uses_the_report_there_is(
    district, outlines, tmp_path, capsys
):
    call_command("build_report", year=2022, out=str(tmp_path))
    call_command("build_report", year=2022, out=str(tmp_path))

    names = sorted(path.name for path in tmp_path.iterdir())
    said = capsys.readouterr().out
    assert names == [
        "云岭区2022年度人才工作总结（起草稿）.docx",
        "云岭区2022年度人才工作总结（起草稿）.pdf",
    ]
    assert Report.objects.count() == 1
    assert "未写入：" in said
    assert "没有登记2022年的人才贡献率" in said


def test_command_names_an_unknown_unit(district, outlines, tmp_path):
    with pytest.raises(CommandError, match="没有名为“甲局”的单位"):
        call_command("build_report", year=2022, unit="甲局", out=str(tmp_path))


def test_command_writes_a_units_report(district, outlines, tmp_path):
    call_command("build_report", year=2022, unit="区第一人民医院", out=str(tmp_path))

    assert (tmp_path / "区第一人民医院2022年度人才工作总结（起草稿）.docx").stat().st_size > 10_000


@pytest.mark.django_db
def test_command_says_that_outlines_are_missing(district, tmp_path):
    with pytest.raises(CommandError, match="还没有报告提纲"):
        call_command("build_report", year=2022, out=str(tmp_path))


@pytest.mark.django_db
def test_outlines_load_again_and_again(capsys):
    call_command("load_outlines")
    call_command("load_outlines")

    count = len(list(Path("fixtures/outlines").glob("*.txt")))
    assert capsys.readouterr().out.splitlines() == [
        f"报告提纲：新增 {count} 个，更新 0 个，未变 0 个。",
        f"报告提纲：新增 0 个，更新 0 个，未变 {count} 个。",
    ]


@pytest.mark.django_db
def test_outline_that_cites_what_does_not_exist_is_refused_at_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr("apps.reports.services.outlines.FOLDER", tmp_path)
    (tmp_path / "bad.txt").write_text(
        "标识：bad\n名称：坏\n标题：题\n\n培训{{ 培训人数 }}人。\n\n【举措：体质】\n",
        encoding="utf-8",
    )

    with pytest.raises(CommandError) as caught:
        call_command("load_outlines")

    message = str(caught.value)
    assert "提纲文件 bad.txt 有误" in message
    assert "第 5 行：没有名为“培训人数”的指标，是不是“培训人次”？" in message
    assert (
        "第 7 行：没有名为“体质”的章节，可用：体制机制、队伍建设、助力效能、发展环境。" in message
    )
