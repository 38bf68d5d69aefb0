"""An empty workbook to fill in: headings, drop-down lists, a sheet that explains each column."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.db import models
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from apps.core import codes
from apps.core.fields import CodeField, EncryptedField, MonthField
from apps.records import registry
from apps.records.extras.definitions import TagsField
from apps.records.importing.faulty import OPTIONS
from apps.records.importing.fields import AnyField, field_of, is_in_excel, parts_of, target_field
from apps.records.importing.match import required_fields
from apps.records.registry import RecordType

NOT_SECRET = "本系统为非涉密系统，严禁录入涉密信息。"  # noqa: S105 -- a sentence
_ROWS = 2_000
_HINTS = "填表说明"
_LISTS = "选项"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A heading with what may stand below it."""

    heading: str
    hint: str
    required: bool = False
    options: tuple[str, ...] = ()


def template_columns(record_type: RecordType) -> list[TemplateColumn]:
    """The columns of a record type, those that find another record spelt out."""
    required = set(required_fields(record_type))
    found = []
    for name in [*record_type.all_fields, "remarks"]:
        target = record_type.field(name)
        if isinstance(target, models.ForeignKey):
            if is_in_excel(target):
                found += _reference_columns(target, name in required)
            continue
        label = str(target.verbose_name)
        hint, options = _hint(target)
        help_text = f"{target.help_text}。" if target.help_text else ""
        found.append(TemplateColumn(label, f"{hint}。{help_text}", name in required, options))
    return [*found[:-1], *_further_columns(record_type), found[-1]]


def _further_columns(record_type: RecordType) -> list[TemplateColumn]:
    """Columns of further records that stand in the same row, each under its first heading."""
    own = {f.name for f in record_type.model._meta.fields}
    found: dict[str, TemplateColumn] = {}
    for heading, path in record_type.aliases.items():
        target = target_field(record_type, path)
        if "." in path and path.split(".")[0] not in own and target is not None:
            hint, options = _hint(target)
            text = f"{hint}，用于登记{_holder(record_type, path)}。"
            found.setdefault(path, TemplateColumn(heading, text, False, options))
    return list(found.values())


def _holder(record_type: RecordType, path: str) -> str:
    """What the further record is called."""
    relation: Any = record_type.model._meta.get_field(path.split(".")[0])
    return str(relation.related_model._meta.verbose_name)


def _reference_columns(target: models.ForeignKey, required: bool) -> list[TemplateColumn]:
    label, model = str(target.verbose_name), target.related_model
    other = registry.of(model)
    parts: list[Any] = [field_of(model, name) for name in parts_of(other)]
    if parts:
        return [column for part in parts for column in _reference_columns(part, False)]
    fields = [field_of(other.model, name) for name in other.lookup]
    if not any(isinstance(one, EncryptedField) for one in fields):
        tail = "没有的可在导入预览时确认新建" if other.create_missing else f"须是已有的{other.name}"
        names = "或".join(str(one.verbose_name) for one in fields)
        return [TemplateColumn(label, f"填写{names}，{tail}。", required)]
    own = {"name": label} if label != other.name else {}  # in this record's own word
    return [
        TemplateColumn(
            own.get(one.name, str(one.verbose_name)),
            f"用于找到已有的{other.name}。{_hint(one)[0]}。",
            required,
        )
        for one in reversed(fields)
    ]


def _hint(target: AnyField) -> tuple[str, tuple[str, ...]]:
    if isinstance(target, TagsField):
        return "几个标签用顿号隔开，须是已有的标签", ()
    if isinstance(target, CodeField):
        return "从下拉列表中选择", tuple(label for _, label in codes.choices(target.table))
    if target.choices:
        return "从下拉列表中选择", tuple(str(label) for value, label in target.flatchoices if value)
    if isinstance(target, EncryptedField):
        hints = {"id_number": "18 位，单元格设为文本格式", "mobile": "11 位，单元格设为文本格式"}
        return hints.get(target.kind, "单元格设为文本格式"), ()
    if isinstance(target, MonthField):
        return "年月，如 2009.03", ()
    if isinstance(target, models.DateField):
        return "日期，如 2022-03-05", ()
    if isinstance(target, models.BooleanField):
        return "填 是 或 否", ("是", "否")
    if isinstance(target, models.DecimalField):
        return "数字，如 12000 或 1.2万", ()
    if isinstance(target, models.IntegerField):
        return "整数，如 38", ()
    longest = f"，不超过 {target.max_length} 字" if target.max_length else ""
    return f"文字{longest}", ()


def write_template(record_type: RecordType) -> bytes:
    """The template workbook of a record type."""
    columns = template_columns(record_type)
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {**OPTIONS, "in_memory": True}) as book:
        head = book.add_format(
            {"bold": True, "border": 1, "bg_color": "#F5F6F7", "align": "center"}
        )
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(record_type.name)
        hints, lists = book.add_worksheet(_HINTS), book.add_worksheet(_LISTS)
        lists.hide()
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(
                0, place, f"*{column.heading}" if column.required else column.heading, head
            )
            sheet.set_column(place, place, max(12, len(column.heading) * 2 + 4), text)
            _add_list(sheet, lists, place, column)
        _write_hints(hints, columns, head)
    return stream.getvalue()


def _add_list(sheet: Worksheet, lists: Worksheet, place: int, column: TemplateColumn) -> None:
    if not column.options:
        return
    for line, option in enumerate(column.options):
        lists.write_string(line, place, option)
    letter = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
    sheet.data_validation(
        1, place, _ROWS, place,
        {
            "validate": "list",
            "source": f"={_LISTS}!{letter}$1:{letter}${len(column.options)}",
            "error_type": "warning",
            "error_title": "请从列表中选择",
            "error_message": f"“{column.heading}”请从下拉列表中选择。",
        },
    )  # fmt: skip


def _write_hints(hints: Worksheet, columns: list[TemplateColumn], head: Format) -> None:
    hints.set_column(0, 0, 24)
    hints.set_column(1, 1, 8)
    hints.set_column(2, 2, 80)
    hints.write_string(0, 0, NOT_SECRET)
    hints.write_string(1, 0, "表头带 * 的为必填；请勿改动表头文字；一行一条，不要合并单元格。")
    for place, text in enumerate(("栏目", "必填", "填写说明")):
        hints.write_string(3, place, text, head)
    for line, column in enumerate(columns, start=4):
        hints.write_string(line, 0, column.heading)
        hints.write_string(line, 1, "是" if column.required else "")
        hints.write_string(line, 2, column.hint)
