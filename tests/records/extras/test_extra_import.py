"""What the office adds in workbooks: read, refused with a sentence, taken back, in the template."""

import datetime
import io

import openpyxl
import pytest

from apps.records import registry
from apps.records.actors import Actor
from apps.records.importing import undo
from apps.records.importing.preview import preview_of
from apps.records.importing.template import write_template
from apps.records.models import ChangeLog
from apps.training.models import TrainingClass
from tests.factories import CustomFieldFactory
from tests.records.extras.conftest import LABEL
from tests.records.importing.workbooks import book, committed, faults, planned

HEAD = ("班次编号", "班次名称", "开始日期", "结束日期", "级别", "类型", "人数")
ADDED = ("导师", "满意度", "回访日期", "承办方式", "标签")
DAY = datetime.date(2022, 5, 10)


def line(code="P1", **cells):
    """A row of the sheet; the added columns by their headings."""
    own = (code, f"{code}班", DAY, DAY, "区级", "专题班", 40)
    return [*own, *(cells.get(heading, "") for heading in ADDED)]


def sheet(*rows, more=()):
    return book(培训班=[[*HEAD, *ADDED, *more], *rows])


def test_values_are_read_by_their_headings(world, added):
    full = line(导师="王教授", 满意度="9.5", 回访日期="2022.6.1", 承办方式="委托党校",
                标签="示范班次、重点跟踪")  # fmt: skip

    committed(sheet(full, line("P2", 满意度=12)))

    first, second = TrainingClass.objects.order_by("code")
    assert first.extra == {
        added.mentor.key: "王教授", added.score.key: 9.5, added.checked.key: "2022-06-01",
        added.way.key: "委托党校", added.watched.key: True, added.model.key: True,
    }  # fmt: skip
    assert second.extra == {added.score.key: 12}


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"满意度": "约一万"}, "满意度", "“满意度”为“约一万”，应为数字，请改为如 12 或 12.5。"),
        ({"满意度": 1.23456}, "满意度", "最多 4 位小数"),
        ({"回访日期": "2022年6月"}, "回访日期", "缺少日"),
        ({"回访日期": "2022-02-30"}, "回访日期", "第 2 行“回访日期”为“2022-02-30”"),
        ({"承办方式": "自学"}, "承办方式", "第 2 行“承办方式”为“自学”，不是标准名称，请改为"),
        ({"标签": "示范班次、没听过"}, "标签", "没有标签“没听过”，请改为已有的标签"),
        ({"导师": "长" * 150}, "导师", "140"),
    ],
)
def test_faults_have_row_column_and_a_sentence(world, added, cells, column, sentence):
    result = planned(sheet(line(**cells)))

    assert [(f.row, f.column) for f in result.faults] == [(2, column)]
    assert sentence in result.faults[0].message
    assert not TrainingClass.objects.exists()


def test_an_empty_cell_clears_nothing_and_old_and_new_are_told(world, added):
    committed(sheet(line(导师="张三", 标签="重点跟踪", 满意度=9)))

    result = planned(sheet(line(导师="李四", 标签="", 满意度=9.0)))

    (entry,) = result.entries[LABEL]
    assert entry.changes == {added.mentor.key: ("张三", "李四")}
    shown = preview_of(result)["shown"]["changed"]
    assert shown[0]["changes"] == [["导师", "张三", "李四"]]


def test_an_import_is_taken_back_with_the_values_it_changed(world, added):
    committed(sheet(line(导师="张三", 标签="重点跟踪", 回访日期="2022-06-01")))
    kept = dict(TrainingClass.objects.get().extra)
    batch = committed(sheet(line(导师="李四", 标签="示范班次", 满意度=3, 回访日期="2022-06-02")))
    assert TrainingClass.objects.get().extra[added.mentor.key] == "李四"

    undo(batch, by=Actor.system())

    assert TrainingClass.objects.get().extra == kept
    line_of_undo = ChangeLog.objects.filter(record_type=LABEL, action="update").first()
    assert line_of_undo.changes[added.mentor.key] == ["李四", "张三"]


def test_what_was_exported_and_comes_back_changes_nothing(staff, three, classes):
    answer = staff.get(classes.url("export"), {"fields": "all", "purpose": "核对"})
    content = b"".join(answer.streaming_content)

    result = planned(content)

    assert [f.message for f in result.faults] == []
    assert result.writes == 0


def test_the_template_has_them_with_hints_and_lists(world, added):
    made = openpyxl.load_workbook(io.BytesIO(write_template(registry.get(LABEL))))
    headings = [cell.value for cell in made.worksheets[0][1]]
    hints = {row[0]: row[2] for row in made["填表说明"].iter_rows(values_only=True) if row[0]}

    assert [heading for heading in headings if heading in ADDED] == list(ADDED)
    assert hints["满意度"].startswith("数字")
    assert hints["回访日期"] == "日期，如 2022-03-05。"
    assert hints["标签"] == "几个标签用顿号隔开，须是已有的标签。"
    lists = [cell for row in made["选项"].iter_rows(values_only=True) for cell in row]
    assert "委托高校" in lists


def test_the_unit_of_a_sheet_concerns_money_only(world, added):
    CustomFieldFactory(record_type=LABEL, label="补助（元）", kind="number", order=9)
    money = registry.get(LABEL).extras.fields
    (paid,) = [key for key, extra in money.items() if extra.label == "补助（元）"]
    rows = [["培训情况表"], ["单位：万元"], [*HEAD, "满意度", "补助"]]
    rows.append(["P1", "P1班", DAY, DAY, "区级", "专题班", 40, 9, 1.5])

    committed(book(培训班=rows))

    assert TrainingClass.objects.get().extra == {added.score.key: 9, paid: 15000}


def test_a_clerk_may_fill_them_too(world, added, classes):
    clerk = world.user("clerk", world.ours)

    batch = committed(sheet(line(导师="王教授")), by=Actor(clerk))

    assert batch.summary["counts"] == {LABEL: {"new": 1}}
    assert TrainingClass.objects.get().extra == {added.mentor.key: "王教授"}


def test_headings_of_fields_out_of_use_are_unknown(world, added):
    added.mentor.is_active = False
    registry.of(type(added.mentor)).save(added.mentor, by=Actor.system())

    result = planned(sheet(line(导师="张三")))

    assert ("培训班", "导师") in result.unknown_columns
    assert faults(result) == []
