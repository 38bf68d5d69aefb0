"""Numbering, canonical text and what the tree refuses."""

from datetime import date

import pytest

from apps.reports.document.layout import PageGrid, signature_indents, table_layout
from apps.reports.document.tree import (
    Attachment,
    Chart,
    Document,
    Heading,
    Paragraph,
    Run,
    Series,
    Table,
    number_headings,
    numbered,
    plain_text,
)


def test_headings_are_numbered_by_level_and_restart_below():
    levels = [1, 2, 3, 4, 4, 3, 2, 1, 2, 3]
    blocks = number_headings(Heading(level, "甲") for level in levels)

    assert [block.number for block in blocks] == [
        *("一、", "（一）", "1.", "（1）", "（2）", "2.", "（二）", "二、", "（一）", "1.")
    ]


def test_unnumbered_heading_restarts_the_levels_below_it():
    blocks = number_headings(
        [Heading(1, "甲"), Heading(2, "乙"), Heading(1, "丙", numbered=False), Heading(2, "丁")]
    )

    assert [block.label for block in blocks] == ["一、甲", "（一）乙", "丙", "（一）丁"]


def test_captions_count_through_the_attachments_and_twice_is_once():
    table = Table("甲", ("项目",), (("数",),))
    chart = Chart("乙", "bar", ("一",), (Series("", (1,)),))
    bare = Table("", ("项目",), (("数",),))
    document = Document(("标题",), (table, bare, chart), attachments=(Attachment("丙", (table,)),))

    once = numbered(document)

    assert [block.label for block in once.blocks] == ["表1　甲", "", "图1　乙"]
    assert once.attachments[0].blocks[0].label == "表2　甲"
    assert numbered(once) == once


def test_plain_text_holds_every_line():
    document = Document(
        ("第一行", "第二行"),
        (
            Heading(1, "情况"),
            Paragraph((Run("培训"), Run("1164", figure="train", url="/m/"), Run("人次。"))),
            Table("人数", ("类别", "人"), (("党政", Run("12")),), note="注：略。"),
        ),
        "市委：",
        "区委组织部",
        date(2025, 3, 5),
        (Attachment("清单", (Paragraph.of("一是。"),)),),
    )

    assert plain_text(document) == [
        "第一行",
        "第二行",
        "市委：",
        "一、情况",
        "培训1164人次。",
        "表1　人数",
        "类别\t人",
        "党政\t12",
        "注：略。",
        "附件：清单",
        "区委组织部",
        "2025年3月5日",
        "附件",
        "清单",
        "一是。",
    ]


def test_several_attachments_are_numbered():
    items = (Attachment("甲", ()), Attachment("乙", ()))

    assert plain_text(Document(("标题",), (), attachments=items)) == [
        *("标题", "附件：1. 甲", "2. 乙", "附件1", "甲", "附件2", "乙")
    ]


def test_uneven_tables_and_charts_are_refused():
    with pytest.raises(ValueError, match="列数不一致"):
        Table("人数", ("甲", "乙"), (("1",),))
    with pytest.raises(ValueError, match="应为2项"):
        Table("人数", ("甲", "乙"), (), align=("left",))
    with pytest.raises(ValueError, match="个数不一致"):
        Chart("人数", "bar", ("甲", "乙"), (Series("", (1,)),))
    with pytest.raises(ValueError, match="没有数据"):
        Chart("人数", "bar", (), ())
    with pytest.raises(ValueError, match="1至4"):
        Heading(5, "甲")


def test_grid_is_that_of_the_measurements():
    grid = PageGrid()

    assert str(grid.line_height) == "10.2272"
    assert str(grid.letter_spacing) == "-0.21"
    assert (grid.word_spacing, grid.line_pitch) == (-5, 579)


@pytest.mark.parametrize(
    ("unit", "day", "indents"),
    [
        ("中共某某区委员会组织部", "2025年3月5日", (2.0, 5.0)),  # 11 wide against 6
        ("区委组织部", "2025年12月31日", (6.0, 2.0)),  # 5 against 7: the unit moves left
        ("区委组织部", "", (2.0, 2.0)),
    ],
)
def test_signature_indents_follow_the_standard(unit, day, indents):
    assert signature_indents(unit, day) == indents


def test_column_widths_follow_the_contents_and_fill_the_page():
    table = Table("", ("序号", "单位"), (("1", "区第一人民医院"),))
    weighted = Table("", ("甲", "乙", "丙"), (), weights=(1, 1, 1))
    wide = Table("", tuple("一二三四五六七"), (("五个字以内",) * 7,))

    assert table_layout(table).widths == (26, 74)
    assert table_layout(weighted).widths == (34, 33, 33)
    assert (table_layout(table).size, table_layout(wide).size) == (12, 10.5)
