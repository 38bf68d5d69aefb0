"""Excel in and out: a workbook of new people is read, checked, previewed and saved; then all
people are written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core.fields import Protected
from apps.records import registry
from apps.records.actors import Actor
from apps.records.importing import Plan, commit, match, plan, read
from apps.records.registry import RecordType
from apps.records.scope import Scope
from apps.talents.models import Person
from benchmarks.district import DistrictMaker
from benchmarks.measuring import NotMeasured, Span, body, span
from benchmarks.pages import address
from benchmarks.peer import measures as peer
from benchmarks.table import Row

EMPTY = (
    "birth_override", "recognised_birth", "left_on", "leave_reason", "joined_party_on",
)  # fmt: skip
IMPORT_PEER = "763 行/秒（不预览）"


def workbook(path: Path, maker: DistrictMaker, rows: int) -> int:
    """Write people who are not there yet; returns the number of columns."""
    record_type = registry.of(Person)
    columns = [record_type.all_columns[name] for name in record_type.fields if name not in EMPTY]
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("人才")
    sheet.write_row(0, 0, [column.label for column in columns])
    for place in range(1, rows + 1):
        person = maker.person()
        person.id_type, person.belonging = "resident", "local"
        sheet.write_row(place, 0, [_cell(record_type, person, c.name) for c in columns])
    book.close()
    return len(columns)


def _cell(record_type: RecordType, person: Person, name: str) -> str:
    value = getattr(person, name)
    if isinstance(value, Protected):
        return value.reveal()
    return str(record_type.all_columns[name].text(person))


def import_rows(folder: Path, maker: DistrictMaker, rows: int) -> list[Row]:
    path = folder / "import.xlsx"
    columns = workbook(path, maker, rows)
    by = Actor.system("性能测量")
    with span() as reading:
        planned: Plan = plan(match(read(path), scope=Scope.everything()), by=by)
    if planned.accepted_rows != rows:
        raise NotMeasured(f"{rows} 行中只有 {planned.accepted_rows} 行通过检查")
    with span() as saving:
        commit(planned, by=by, file_name=path.name)
    size = path.stat().st_size / 1024
    what = f"{rows:,} 行 × {columns} 列"
    trial, real, few = peer.imports(folder, maker, rows)
    seconds = reading.seconds + saving.seconds
    peak = f"{max(reading.megabytes, saving.megabytes):.0f} MB（开始时 {reading.before:.0f}）"
    return [
        Row(
            f"导入 {what}：读取、检查",
            reading.rate(rows),
            "≥ 5,000 行/秒",
            IMPORT_PEER,
            _few(trial, few),
            faster(reading, rows, trial, few),
        ),
        Row(
            "导入：写入（含变更日志）",
            saving.rate(rows),
            "≥ 2,500 行/秒",
            IMPORT_PEER,
            _few(real, few),
            faster(saving, rows, real, few),
        ),
        Row("导入：全程用时", f"{seconds:.1f} s", "10 万行 ≤ 40 s"),
        Row("导入：内存峰值", peak, "≤ 450 MB，10 万行 ≤ 500 MB"),
        Row("导入：文件大小", f"{size:,.0f} KB", "—"),
    ]


def _few(taken: Span, rows: int) -> str:
    return f"{rows:,} 行：{taken.rate(rows)}"


def faster(ours: Span, rows: int, other: Span, others: int) -> float:
    """How much longer the other takes for a row."""
    return (other.worked / others) / (ours.worked / rows)


def preview_row(client: Client, folder: Path) -> Row:
    """The page after an upload, as a browser gets it."""
    upload = SimpleUploadedFile("import.xlsx", (folder / "import.xlsx").read_bytes())
    url = address("import")
    with span() as taken:
        response = client.post(url, {"file": upload}, follow=True)
    if response.status_code != 200 or not response.redirect_chain:
        raise NotMeasured(f"上传后答复 {response.status_code}")
    size = len(response.content) / 1024
    ours = f"{taken}，{size:.0f} KB"
    return Row("导入：上传到预览页（网页）", ours, "≤ 200 KB，错误在前", "无预览")


def export_rows(client: Client) -> list[Row]:
    """Everybody with every field, as the list's button asks for it."""
    rows = Person.objects.count()
    columns = len(registry.of(Person).fields)
    url = address("export", fields="all", purpose="测量")
    with span() as taken:
        response: Any = client.get(url)
        if response.status_code != 200:
            raise NotMeasured(f"导出答复 {response.status_code}")
        content = body(response)
    beside, few = peer.export()
    return [
        Row(
            f"导出 {rows:,} 行 × {columns} 列", taken.rate(rows), "≥ 2,500 行/秒，≤ 10 SQL",
            "68–142 行/秒", _few(beside, few), faster(taken, rows, beside, few),
        ),
        Row("导出：内存峰值", taken.memory, "≤ 450 MB"),
        Row("导出：文件大小", f"{len(content) / 1024:,.0f} KB", "—"),
    ]  # fmt: skip
