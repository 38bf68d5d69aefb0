"""Editing: text in the language, figures kept alive, order, and two people at once."""

import pytest

from apps.core.errors import DomainError
from apps.organizations.models import Indicator
from apps.records.models import ChangeLog
from apps.reports.document.tree import plain_text
from apps.reports.models import ReportBlock
from apps.reports.selectors.building import build_document
from apps.reports.selectors.showing import edit_source
from apps.reports.services.editing import add_block, delete_block, edit_block, move_block
from apps.reports.services.figures import override_figure
from tests.reports.conftest import BY, outline, report_by

BODY = (
    "# 情况\n\n全年培训{{ 培训人次 }}人次，{{ 培训人次.同比 }}。\n"
    "办班{{ 已办培训期数 }}期。\n\n- 甲。\n- 乙。\n"
)


@pytest.fixture
def small(district):
    outline(BODY)
    return report_by("small")


def block(report, kind, number=0):
    return list(report.blocks.filter(kind=kind))[number]


def text_of(report):
    return plain_text(build_document(report))[1:-2]


def edit(row, source, **more):
    return edit_block(row, source, version=more.pop("version", row.version), by=BY, **more)


def test_text_is_edited_as_it_was_written(small):
    assert edit_source(block(small, "paragraph")) == (
        "全年培训{{ 培训人次 }}人次，{{ 培训人次.同比 }}。\n办班{{ 已办培训期数 }}期。"
    )


def test_edit_keeps_the_figures_that_still_stand(small):
    row = block(small, "paragraph")
    before = {f.citation: (f.node, f.text) for f in small.figures.all()}
    Indicator.objects.filter(name="地区生产总值").delete()

    edit(
        row,
        "这年培训{{ 培训人次 }}人次，\n其中办班{{ 已办培训期数 }}期，新增{{ 新增入册人数 }}人。",
    )

    after = {f.citation: (f.node, f.text) for f in small.figures.all()}
    assert text_of(small)[1] == "这年培训100人次，其中办班2期，新增3人。"
    assert after["{{ 培训人次 }}"] == before["{{ 培训人次 }}"]
    assert "{{ 培训人次.同比 }}" not in after
    assert after["{{ 新增入册人数 }}"][0] > max(node for node, _ in before.values())


def test_edit_keeps_an_override(small):
    figure = small.figures.get(label="培训人次", forms="")
    override_figure(figure, "101", "以统计局数为准", by=BY)

    edit(block(small, "paragraph"), "培训{{ 培训人次 }}人次。")

    assert text_of(small)[1] == "培训101人次。"


def test_words_of_the_report_become_text(small):
    edit(block(small, "paragraph"), "{{ 下年度 }}年，{{ 地区 }}继续努力。")

    assert text_of(small)[1] == "2023年，云岭区继续努力。"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("好。\n共{{ 培训人数 }}人。", "第 2 行：没有名为“培训人数”的指标，是不是“培训人次”？"),
        ("共{{ 人才贡献率 }}。", "第 1 行：“人才贡献率”暂时写不出来：没有登记2022年的人才贡献率"),
        ("共{{ 培训人次", "第 1 行：数字引用的大括号没有成对"),
        ("  \n ", "没有写文字。"),
    ],
)
def test_what_cannot_be_written_is_refused_at_its_line(small, source, message):
    with pytest.raises(DomainError, match=message.replace("？", ".").replace("（", ".")):
        edit(block(small, "paragraph"), source)

    assert text_of(small)[1].startswith("全年培训100人次")


def test_clause_without_its_figure_is_dropped_and_listed(small):
    edit(block(small, "paragraph"), "培训{{ 培训人次 }}人次[，贡献率{{ 人才贡献率 }}]。")

    assert text_of(small)[1] == "培训100人次。"
    assert small.gaps.get().plain == "，贡献率{{ 人才贡献率 }}"


def test_second_of_two_writers_is_told(small):
    row = block(small, "paragraph")
    edit(row, "第一个人的话。")

    with pytest.raises(DomainError, match="这一段在您打开之后已被他人修改或删除，没有保存"):
        edit(row, "第二个人的话。", version=1)
    assert text_of(small)[1] == "第一个人的话。"


def test_paragraphs_of_two_writers_do_not_collide(small):
    first, second = block(small, "point", 0), block(small, "point", 1)

    edit(first, "先。")
    edit(second, "后。")

    assert text_of(small)[2:4] == ["一是先。", "二是后。"]


def test_points_are_numbered_anew_when_one_moves_or_goes(small):
    move_block(block(small, "point", 1), -1, by=BY)
    assert text_of(small)[2:4] == ["一是乙。", "二是甲。"]

    row = block(small, "point", 0)
    delete_block(row, version=row.version, by=BY)
    assert text_of(small)[2:] == ["甲。"]


def test_move_past_the_end_changes_nothing(small):
    before = text_of(small)

    move_block(block(small, "heading"), -1, by=BY)
    move_block(block(small, "point", 1), 1, by=BY)

    assert text_of(small) == before


def test_blocks_are_added_where_they_belong(small):
    add_block(small, "导语。", after=None, kind="paragraph", by=BY)
    add_block(small, "丙{{ 培训人次 }}。", after=block(small, "point", 1), kind="point", by=BY)
    add_block(small, "收尾", after=block(small, "point", 2), kind="heading", level=1, by=BY)
    add_block(small, "完。", after=block(small, "heading", 1), kind="paragraph", by=BY)

    assert text_of(small) == [
        "导语。", "一、情况", "全年培训100人次，同比增长100.0%。办班2期。",
        "一是甲。", "二是乙。", "三是丙100。", "二、收尾", "完。",
    ]  # fmt: skip


def test_a_heading_is_one_line(small):
    row = block(small, "heading")

    with pytest.raises(DomainError, match="标题只能写一行"):
        edit(row, "一行\n两行")
    edit(row, "{{ 年度 }}年情况", level=2)
    assert text_of(small)[0] == "（一）2022年情况"


def test_a_table_is_not_edited_as_text(district):
    outline("【表】情况\n表头：项 | 数\n行：培训 | {{ 培训人次 }}\n")
    row = ReportBlock.objects.get(report=report_by("small"))

    with pytest.raises(DomainError, match="表格和图不能改文字"):
        edit(row, "文字。")


def test_deleting_a_table_takes_its_figures(district):
    outline(
        "【表】情况\n表头：项 | 数\n行：培训 | {{ 培训人次 }}\n注：注：办班{{ 已办培训期数 }}期。\n"
    )
    report = report_by("small")
    row = report.blocks.get()

    delete_block(row, version=row.version, by=BY)

    assert report.figures.count() == report.blocks.count() == 0


def test_changes_stand_in_the_log(small):
    edit(block(small, "paragraph"), "改过的话。")

    line = ChangeLog.objects.filter(action="report", object_id=small.pk).first()
    assert line.changes == {"段落": ["全年培训100人次，同比增长100.0%。办班2期。", "改过的话。"]}


def test_control_characters_are_not_kept(small):
    edit(block(small, "paragraph"), "干\u0007净\u200b的话。")

    assert text_of(small)[1] == "干净的话。"
