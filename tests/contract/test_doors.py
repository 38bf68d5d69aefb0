"""Who gets in where: people who may not, and rows of other units, at every door."""

import html
import io
import re

import openpyxl
import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from apps.records import registry
from apps.records.models import Reference
from apps.records.scope import Scope

ROW_ACTIONS = ("detail", "edit", "delete", "history")
TYPE_ACTIONS = ("list", "new", "import", "export", "autocomplete")


def addresses(record_type, row):
    pages = [record_type.url(action) for action in TYPE_ACTIONS]
    return pages + [record_type.url(action, row.pk) for action in ROW_ACTIONS]


def marked(world, record_type, unit):
    """A record whose text cannot stand on a page by chance, where the type has one of its own."""
    field = next((n for n in ("name", "title") if n in record_type.fields), "")
    more = {field: "绝密石榴"} if field else {}
    return world.make(record_type, unit, **more), "绝密石榴" if field else ""


def text_of(response):
    if response.streaming:
        return b"".join(response.streaming_content)
    return response.content


def test_nobody_enters_unsigned(world, client, record_type):
    row = world.make(record_type, world.ours)

    for address in addresses(record_type, row):
        response = client.get(address)
        assert response.status_code == 302, address
        assert response.url.startswith(reverse("accounts-login")), address


@pytest.mark.parametrize("manager", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_business_record(world, record_type, manager):
    row, mark = marked(world, record_type, world.ours)
    client = world.client(manager)

    for address in addresses(record_type, row):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 403, address
        assert "权限" in page, address
        assert not mark or mark not in page, address


def test_leader_may_look_but_not_change(world, record_type):
    row = world.make(record_type, world.ours)
    client = world.client("leader")

    assert client.get(record_type.url("list")).status_code == 200
    for action in ("new", "import"):
        assert client.get(record_type.url(action)).status_code == 403, action
    for action in ("edit", "delete"):
        assert client.get(record_type.url(action, row.pk)).status_code == 403, action
        assert client.post(record_type.url(action, row.pk), {}).status_code == 403, action
    assert record_type.model.objects.filter(pk=row.pk).exists()


def test_rows_of_another_unit_show_nowhere(world, clerk, owned_type):
    theirs, mark = marked(world, owned_type, world.theirs)
    ours = world.make(owned_type, world.ours)

    listed = clerk.get(owned_type.url("list"))
    assert "共 1 条" in re.sub(r"<[^>]+>", "", listed.content.decode()) or (
        owned_type.label == "organizations.Unit"
    )
    for action in ROW_ACTIONS:
        response = clerk.get(owned_type.url(action, theirs.pk))
        assert response.status_code in (403, 404), action
        assert not mark or mark not in response.content.decode(), action
    answers = [
        listed.content.decode(),
        clerk.get(owned_type.url("autocomplete"), {"q": mark or "1"}).content.decode(),
        clerk.get(owned_type.url("detail", ours.pk)).content.decode(),
    ]
    assert not mark or all(mark not in answer for answer in answers)


def test_export_holds_no_row_of_another_unit(world, clerk, owned_type):
    world.make(owned_type, world.theirs)
    world.make(owned_type, world.ours)
    expected = owned_type.queryset(Scope((world.ours.path,))).count()

    response = clerk.get(owned_type.url("export"), {"purpose": "核对"})

    if issubclass(owned_type.model, Reference):  # what everybody shares a clerk may only look at
        assert response.status_code == 403
        return
    sheet = openpyxl.load_workbook(io.BytesIO(text_of(response))).worksheets[0]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if any(row)]
    assert len(rows) == expected


def test_filter_by_a_record_of_another_unit_is_refused(world, clerk, owned_type):
    theirs = world.make(owned_type, world.theirs)
    key = getattr(theirs, owned_type.natural_key)
    for other in registry.types():
        for name, known in other.filterset.base_filters.items():
            if getattr(known, "target_label", "") != owned_type.label or hasattr(known, "inner"):
                continue
            response = clerk.get(other.url("list"), {name: str(key)})
            assert response.status_code == 400, (other.label, name)
            assert "不在您的权限范围内" in response.content.decode(), (other.label, name)


def test_a_clerk_cannot_hand_a_record_to_another_unit(world, clerk, owned_type):
    if issubclass(owned_type.model, Reference):  # a unit has no owner
        assert clerk.get(owned_type.url("new")).status_code == 403
        return
    row = world.make(owned_type, world.ours)

    clerk.post(owned_type.url("edit", row.pk), {"owner": world.theirs.pk, "version": row.version})

    assert owned_type.model.objects.get(pk=row.pk).owner_id == world.ours.pk


def test_maintenance_entrance_keeps_the_scope(world, record_type):
    row, mark = marked(world, record_type, world.theirs)
    meta = record_type.model._meta
    try:
        changelist = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    except NoReverseMatch:
        pytest.fail(f"{record_type.label} is not in the admin")
    change = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    for role, unit in (("sysadmin", None), ("auditor", None), ("clerk", world.ours)):
        client = world.client(role, unit)
        for address in (changelist, change):
            response = client.get(address)
            assert response.status_code in (302, 403), (role, address)
            assert not mark or mark not in response.content.decode(), (role, address)


def test_maintenance_entrance_shows_what_the_list_shows(world, record_type):
    row = world.make(record_type, world.ours)
    client = world.client("staff")
    meta = record_type.model._meta

    response = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))

    assert response.status_code == 200
    page = response.content.decode()
    column = record_type.column(record_type.columns[0])
    assert column.text(row) in page
    assert admin.site.is_registered(record_type.model)


def test_maintenance_entrance_speaks_chinese(world, record_type):
    row, client = world.make(record_type, world.ours), world.client("head")
    meta = record_type.model._meta
    hidden = re.compile(r"<(script|style|svg).*?</\1>|<[^>]+>", re.DOTALL)
    for page, args in (("changelist", []), ("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        name = f"admin:{meta.app_label}_{meta.model_name}_{page}"
        page_html = client.get(reverse(name, args=args)).content.decode()
        text = html.unescape(hidden.sub(" ", page_html))
        english = set(re.findall(r"[A-Za-z]{3,}", text)) - {"head"}  # who is signed in
        assert not english, (page, english)
