"""An outline is read from text; each fault is named at its line."""

import pytest

from apps.reports.outline.parser import Condition, OutlineErrors, parse_outline

HEAD = (
    "标识：demo\n名称：演示提纲\n类型：总结\n标题：{{ 地区 }}总结\n"
    "开关：写建议=否（末尾另写）；合并=是\n\n"
)


def parts_of(body):
    return parse_outline(HEAD + body).parts


def test_head_sets_name_title_and_switches():
    outline = parse_outline(HEAD)

    assert (outline.key, outline.name, outline.kind) == ("demo", "演示提纲", "总结")
    assert outline.switches == {"写建议": False, "合并": True}
    assert outline.labels() == {"地区"}


def test_body_is_read_as_headings_paragraphs_points_and_records():
    parts = parts_of(
        "# 一级\n导语。\n第二句。\n\n## 二级\n- 甲。\n甲续。\n- 乙。\n"
        "【举措：体制机制】\n// 注释\n【问题】\n"
    )

    assert [(part.kind, part.level, len(part.sentences)) for part in parts] == [
        ("heading", 1, 1), ("paragraph", 0, 2), ("heading", 2, 1), ("point", 0, 2), ("point", 0, 1),
        ("records", 0, 0), ("records", 0, 0),
    ]  # fmt: skip
    assert parts[-2].argument == ("举措", "体制机制")


def test_condition_holds_for_the_next_block_only():
    parts = parts_of("@写建议\n# 建议\n正文。\n\n@非合并\n# 打算\n")

    assert [part.when for part in parts] == [Condition("写建议"), None, Condition("合并", False)]
    assert not parts[0].when.holds({"写建议": False})
    assert parts[2].when.holds({"合并": False})


def test_table_and_chart_are_read_row_by_row():
    table, chart = parts_of(
        "【表】基本情况\n表头：队伍 | 人数\n行：党政人才 | {{ 党政人才数 }}\n"
        "合计：合计 | {{ 人才总量 }}\n注：有交叉。\n\n"
        "【图：柱】对比\n类别：甲 | 乙\n系列：{{ 年度 }}年 | {{ 甲数 }} | {{ 乙数 }}\n单位：人\n"
    )

    assert table.head == ("队伍", "人数")
    assert [[cell.source for cell in row] for row in table.rows] == [
        ["党政人才", "{{ 党政人才数 }}"],
        ["合计", "{{ 人才总量 }}"],
    ]
    assert dict(table.settings) == {"total": "1"}
    assert chart.head == ("甲", "乙")
    assert dict(chart.settings) == {"kind": "bar", "unit": "人"}


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("正文{{ 甲 。\n", 7, "大括号没有成对"),
        ("正文。\n\n@没有\n# 题\n", 9, "没有名为“没有”的开关"),
        ("【表格】题\n", 7, "“【表格】”不认识"),
        ("【表】题\n表头：甲 | 乙\n行：一\n", 9, "这一行有1格，表头有2格"),
        ("【表】题\n表头：甲\n", 7, "表格至少要有"),
        ("【图：球】题\n类别：甲\n", 7, "图的样式可用：柱、条、线、饼"),
        ("【图】题\n类别：甲 | 乙\n系列：一 | 1\n", 9, "系列应为名称和2个数"),
        ("【表】题\n表头：甲\n颜色：红\n", 9, "表里的“颜色：”不认识"),
        ("【图】题\n随便写\n", 8, "“随便写”看不懂"),
    ],
)
def test_fault_of_a_block_has_its_line(body, line, message):
    with pytest.raises(OutlineErrors) as caught:
        parse_outline(HEAD + body)

    assert caught.value.faults[0].line == line
    assert message in caught.value.message


def test_all_faults_are_told_at_once():
    with pytest.raises(OutlineErrors) as caught:
        parse_outline("名称：缺标识\n乱写\n\n{{ 甲\n好句子。\n[乙]\n")

    assert [fault.line for fault in caught.value.faults] == [1, 2, 4, 6]
