"""What leaves as Excel comes back unchanged, and a bad file changes nothing."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.errors import DomainError
from apps.records import importing, registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.records.scope import Scope


def rows_of(record_type):
    fields = [f.attname for f in record_type.model._meta.concrete_fields]
    skip = {"updated_at", "updated_by_id"}
    return sorted(
        tuple(str(getattr(row, name)) for name in fields if name not in skip)
        for row in record_type.model.objects.all()
    )


def exported(client, record_type):
    response = client.get(record_type.url("export"), {"fields": "all", "purpose": "核对"})
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_export_then_import_changes_nothing(world, staff, record_type):
    world.make(record_type, world.ours)
    world.make(record_type, world.theirs)
    content = exported(staff, record_type)
    before, log = rows_of(record_type), ChangeLog.objects.count()

    workbook = importing.read(content, name="导出.xlsx")
    matches = importing.match(workbook, [record_type], scope=Scope.everything())
    plan = importing.plan(matches, by=Actor.system())
    assert [fault.message for fault in plan.faults] == []
    assert plan.accepted_rows == record_type.model.objects.count()
    with pytest.raises(DomainError, match="没有需要新增或更新的记录"):
        importing.commit(plan, by=Actor.system())

    assert rows_of(record_type) == before
    created = ChangeLog.objects.filter(record_type=record_type.label)[
        : ChangeLog.objects.count() - log
    ]
    assert not [line for line in created if line.action in ("create", "update")]


@pytest.mark.parametrize(
    ("name", "content"),
    [("文本.xlsx", "姓名,性别\n王一,男\n".encode()), ("空.xlsx", b"")],
)
def test_a_bad_file_changes_nothing(world, staff, record_type, name, content):
    world.make(record_type, world.ours)
    before = rows_of(record_type)

    response = staff.post(record_type.url("import"), {"file": SimpleUploadedFile(name, content)})

    page = response.content.decode()
    assert name in page or "工作簿" in page or "文件" in page
    assert response.status_code in (200, 400)
    assert rows_of(record_type) == before


def test_template_has_every_heading(world, staff, record_type):
    response = staff.get(record_type.url("import") + "template/")

    content = b"".join(response.streaming_content) if response.streaming else response.content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    headings = {str(cell.value) for row in sheet.iter_rows(max_row=3) for cell in row if cell.value}
    assert expected_headings(record_type) <= {heading.strip("*") for heading in headings}


def expected_headings(record_type, names=()):
    """A column a field; people by name and number, what has no name by what it joins."""
    found = set()
    for name in names or record_type.fields:
        label, target = record_type.column(name).label, record_type.model._meta.get_field(name)
        if not target.is_relation:
            found.add(label)
        elif target.related_model._meta.label == "talents.Person":
            found |= {"姓名" if label == "人才" else label, "身份证号"}
        elif target.related_model in {t.model for t in registry.types()}:
            other = registry.of(target.related_model)
            joined = [n for n in other.lookup if n in ("leader", "department", "person", "unit")]
            found |= expected_headings(other, joined) if joined else {label}
    return found
