"""Small workbooks made in the test, and the way from one to a plan."""

from io import BytesIO

import openpyxl

from apps.records.actors import Actor
from apps.records.importing import commit, match, plan, read

ROSTER = ("姓名", "性别", "出生年月", "身份证号", "学历", "学位", "工作单位", "手机号码", "备注")
# Fictional numbers with valid check characters.
MAN, WOMAN, THIRD = "520398197010073330", "520398198506200289", "520398199007020210"


def book(**sheets):
    """A workbook of sheets given as lists of rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def roster(*rows, name="名单"):
    return book(**{name: [ROSTER, *rows]})


def person(name="张三", number=MAN, **cells):
    values = {"姓名": name, "身份证号": number, "学历": "本科", "工作单位": "区教育局", **cells}
    return [values.get(heading, "") for heading in ROSTER]


def planned(data, by=None, **options):
    by = by or Actor.system()
    mapping = options.pop("mapping", None)
    return plan(match(read(data), scope=by.scope, mapping=mapping), by=by, **options)


def committed(data, by=None, **options):
    by = by or Actor.system()
    return commit(planned(data, by), by=by, file_name="测试.xlsx", **options)


def faults(result):
    return [(fault.row, fault.column, fault.kind) for fault in result.faults]
