"""The maintenance entrance keeps permissions, scope, masks, the write path and the log."""

import datetime
import io

import openpyxl
import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from apps.accounts.services import approve_grant, grant
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.talents.models import Person
from tests.factories import CustomFieldFactory, PersonFactory, PoolMembershipFactory
from tests.factories.numbers import id_number

BORN = datetime.date(1961, 2, 3)  # no number of the factories
NUMBER = id_number(5, BORN)

LIST = "admin:talents_person_changelist"
CHANGE = "admin:talents_person_change"


@pytest.fixture
def person(world):
    return PersonFactory(
        name="王明",
        unit=world.ours,
        mobile="13812341234",
        id_number=NUMBER,
        post="医师",
    )


@pytest.fixture
def head(world):
    return world.client("head")


def sent_back(response):
    """What a browser would send from the admin's form, before anything is typed."""
    form = response.context["adminform"].form
    sent = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, tuple):
            name = bound.html_name
            sent |= dict(zip((name, f"{name}.key", f"{name}.known"), value, strict=True))
        elif isinstance(value, bool):
            sent |= {bound.html_name: "on"} if value else {}
        elif value is not None:
            shown = bound.field.widget.format_value(value)
            sent[bound.html_name] = shown[0] if isinstance(shown, list) else shown
    return {name: "" if value is None else value for name, value in sent.items()}


def test_every_record_type_is_there(world, head):
    for record_type in registry.types():
        assert admin.site.is_registered(record_type.model), record_type.label

    page = head.get(reverse("admin:index")).content.decode()
    assert "维护入口" in page
    assert reverse(LIST) in page


def test_list_shows_the_columns_of_the_list_page(head, person, read):
    response = head.get(reverse(LIST))

    page = read(response)
    for text in ("姓名", "年龄", "工作单位", "王明", "区第一人民医院", "138****1234", "大学本科"):
        assert text in page
    assert "13812341234" not in response.content.decode()
    assert "王明" in read(head.get(reverse(LIST), {"q": "wangming"}))
    assert "王明" not in read(head.get(reverse(LIST), {"q": "liqiang"}))


def test_form_keeps_the_mask_and_saves_by_the_write_path(head, person):
    address = reverse(CHANGE, args=[person.pk])
    page = head.get(address)
    assert NUMBER not in page.content.decode()
    assert "13812341234" not in page.content.decode()

    response = head.post(address, {**sent_back(page), "post": "主任医师"})

    assert response.url == reverse(LIST)
    stored = Person.objects.get()
    assert (stored.post, stored.version) == ("主任医师", 2)
    assert (stored.mobile.reveal(), stored.id_number.reveal()) == (
        "13812341234",
        NUMBER,
    )
    line = ChangeLog.objects.filter(action="update").get()
    assert line.changes == {"post": ["医师", "主任医师"]}
    assert not LogEntry.objects.exists()


def test_a_late_save_is_refused_and_keeps_what_was_typed(head, person, read):
    address = reverse(CHANGE, args=[person.pk])
    sent = sent_back(head.get(address))
    other = Person.objects.get()
    other.school = "清河大学"
    registry.of(Person).save(other, by=Actor.system())

    response = head.post(address, {**sent, "post": "院长"})

    assert "已被他人修改，没有保存" in read(response)
    assert 'value="院长"' in response.content.decode()
    assert Person.objects.get().post == "医师"


def test_a_new_record_goes_the_same_way(head, world):
    sent = {"name": "单雄信", "id_type": "resident", "belonging": "local"}
    head.post(
        reverse("admin:talents_person_add"),
        {**sent, "id_number": id_number(333, BORN), "unit": world.ours.name},
    )

    person = Person.objects.get()
    assert (person.get_sex_display(), person.owner) == ("男", world.ours)
    assert ChangeLog.objects.filter(action="create", record_type="talents.Person").count() == 1


def test_deleting_one_and_many_is_logged(head, world, person):
    PoolMembershipFactory(person=person)
    others = PersonFactory.create_batch(2, unit=world.ours)

    head.post(reverse("admin:talents_person_delete", args=[person.pk]), {"post": "yes"})
    assert ChangeLog.objects.filter(action="delete").count() == 2
    chosen = [other.pk for other in others]
    head.post(
        reverse(LIST), {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    )

    assert not Person.objects.exists()
    assert ChangeLog.objects.filter(action="delete").count() == 4
    assert not LogEntry.objects.exists()


def exported(client, keys, **more):
    sent = {"action": "export_records", "_selected_action": keys, **more}
    return client.post(reverse(LIST), sent)


def cells_of(response):
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_export_asks_what_for_first(head, world, person, read):
    page = read(exported(head, [person.pk]))
    assert "将导出 1 条人才" in page
    assert "用途" in page
    refused = read(exported(head, [person.pk], confirmed="1", purpose=" "))
    assert "导出的内容含个人信息，请写明用途" in refused
    assert not ChangeLog.objects.filter(action="export").exists()


def test_ticked_rows_are_exported_with_masks(head, world, person):
    PersonFactory(name="李强", unit=world.ours)

    rows = cells_of(exported(head, [person.pk], confirmed="1", purpose="核对名单"))

    text = str(rows)
    assert "王明" in text
    assert "李强" not in text
    assert "138****1234" in text
    line = ChangeLog.objects.get(action="export")
    assert (line.reason, line.changes["filter"]) == ("核对名单", ["", "在维护入口勾选"])


def test_export_of_all_and_with_all_fields(head, world, person):
    PersonFactory(name="李强", unit=world.ours)

    rows = cells_of(
        exported(head, [person.pk], confirmed="1", purpose="核对", select_across="1", fields="all")
    )

    assert {"姓名", "身份证号", "备注"} <= set(rows[0])
    assert {row[rows[0].index("姓名")] for row in rows[1:]} == {"王明", "李强"}


def test_fields_of_the_office_stand_in_the_form(head, person, read):
    field = CustomFieldFactory(label="导师", help_text="只填第一导师")
    address = reverse(CHANGE, args=[person.pk])
    assert "自设字段" in read(head.get(address))

    head.post(address, {**sent_back(head.get(address)), field.key: "王教授"})

    assert Person.objects.get().extra == {field.key: "王教授"}


def test_rows_outside_the_scope_are_not_there(world, read):
    PersonFactory(name="绝密石榴", unit=world.theirs)
    unit_head = world.client("head", world.ours)

    assert "绝密石榴" not in read(unit_head.get(reverse(LIST)))
    hidden = unit_head.get(reverse(CHANGE, args=[Person.objects.get().pk]), follow=True)
    assert "绝密石榴" not in read(hidden)


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor", "clerk", "leader"])
def test_without_a_grant_that_maintains_business_there_is_nothing(world, person, role, read):
    client = world.client(role, world.ours if role == "clerk" else None)

    for address in (reverse(LIST), reverse(CHANGE, args=[person.pk])):
        response = client.get(address)
        assert response.status_code in (302, 403)
        assert "王明" not in read(response)
    if role == "sysadmin":
        assert "人才队伍" not in read(client.get(reverse("admin:index")))
        assert "talents/person" not in client.get(reverse("admin:index")).content.decode()


def test_a_grant_that_does_not_maintain_gives_nothing_here(world):
    """A clerk of one unit who is staff of another maintains by the second grant only."""
    user = world.user("clerk", world.ours)
    by = Actor.system()
    approve_grant(grant(user=user, role="staff", unit=world.theirs, by=by), by=by)
    user = type(user).objects.get(pk=user.pk)
    maintained = admin.site.get_model_admin(Person)
    request = type("Request", (), {"user": user})()

    assert user.has_perm("talents.add_person")
    assert maintained.has_add_permission(request)
    approve = user.grants.get(role__key="staff")
    type(approve).objects.filter(pk=approve.pk).update(
        state="revoked", ended_at=approve.approved_at
    )
    request.user = type(user).objects.get(pk=user.pk)
    assert request.user.has_perm("talents.add_person")
    assert not maintained.has_add_permission(request)


def test_history_is_that_of_the_record_page(head, person):
    response = head.get(reverse("admin:talents_person_history", args=[person.pk]))

    assert response.url == registry.of(Person).url("history", person.pk)
    assert head.get(reverse("admin:talents_person_history", args=["abc"])).status_code == 404
