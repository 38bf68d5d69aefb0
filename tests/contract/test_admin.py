"""The maintenance entrance shows of every record type what its own pages show: rows and texts."""

import io

import openpyxl
import pytest
from django.urls import reverse


def changelist(record_type):
    meta = record_type.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def texts_of_page(client, record_type):
    rows, page, last = [], 1, 1
    while page <= last:
        shown = client.get(record_type.url("list"), {"size": "200", "page": str(page)}).context
        heads = [head.column.label for head in shown["heads"]]
        rows += [(row.name, *(cell[1] for cell in row.cells)) for row in shown["rows"]]
        page, last = page + 1, shown["pager"].last
    return heads, sorted(rows)


def texts_of_admin(client, record_type):
    shown = client.get(changelist(record_type)).context["cl"]
    cells = [cell for cell in shown.list_display if callable(cell)]
    heads = [cell.short_description for cell in cells]
    rows = [tuple(cell(row) for cell in cells) for row in shown.queryset]
    return heads, sorted(rows)


def sheet_of(response):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "unit"])
def test_rows_and_texts_are_those_of_the_list(world, record_type, is_whole):
    world.make(record_type, world.ours)
    world.make(record_type, world.theirs)
    client = world.client("head", None if is_whole else world.ours)

    page, admin = texts_of_page(client, record_type), texts_of_admin(client, record_type)

    assert admin == page
    assert page[1]


def test_export_is_that_of_the_list(world, record_type):
    rows = [world.make(record_type, home) for home in (world.ours, world.theirs)]
    client = world.client("head")

    listed = sheet_of(client.get(record_type.url("export"), {"purpose": "核对"}))
    chosen = {"action": "export_records", "_selected_action": [row.pk for row in rows]}
    asked = client.post(changelist(record_type), chosen)
    assert "导出" in asked.content.decode()
    admin = sheet_of(
        client.post(
            changelist(record_type),
            {**chosen, "select_across": "1", "confirmed": "1", "purpose": "核对"},
        )
    )

    assert admin == listed
    assert len(listed) > len(rows)
