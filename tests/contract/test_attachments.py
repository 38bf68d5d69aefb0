"""Files of every record type: refused without the right, not there for another unit."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.records import attachments
from apps.records.actors import Actor
from apps.records.models import Attachment, Record, Reference
from tests.api import Api, one_url
from tests.records.files import PDF


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sent():
    return {"file": SimpleUploadedFile("证书.pdf", PDF)}


def attached(row):
    return attachments.attach(row, name="证书.pdf", data=PDF, by=Actor.system())


def doors(record_type, row, file):
    return [record_type.url(action, row.pk, file.pk) for action in ("attachment", "detach")]


def test_staff_add_read_and_remove_files(world, staff, record_type):
    row = world.make(record_type, world.ours)
    may_change = staff.get(record_type.url("edit", row.pk)).status_code == 200

    staff.post(record_type.url("attach", row.pk), sent())
    page = staff.get(record_type.url("detail", row.pk)).content.decode()

    assert may_change
    file = Attachment.objects.get(record_type=record_type.label, object_id=row.pk)
    assert record_type.url("attachment", row.pk, file.pk) in page
    assert staff.get(record_type.url("attachment", row.pk, file.pk)).content == PDF
    staff.post(record_type.url("detach", row.pk, file.pk))
    assert not Attachment.objects.exists()


def test_nobody_reaches_files_unsigned(world, client, record_type):
    row = world.make(record_type, world.ours)
    file = attached(row)

    for address in [*doors(record_type, row, file), record_type.url("photo", row.pk)]:
        assert client.get(address).url.startswith(reverse("accounts-login")), address
    assert client.post(record_type.url("attach", row.pk), sent()).status_code == 302
    assert Attachment.objects.count() == 1


def test_administrators_and_leaders_change_no_files(world, record_type):
    row = world.make(record_type, world.ours)
    file = attached(row)
    for role in ("sysadmin", "secadmin", "auditor", "leader"):
        client = world.client(role)
        read = client.get(record_type.url("attachment", row.pk, file.pk))
        assert (read.status_code == 200) == (role == "leader"), role
        assert client.get(record_type.url("detach", row.pk, file.pk)).status_code == 403, role
        assert client.post(record_type.url("detach", row.pk, file.pk)).status_code == 403, role
        assert client.post(record_type.url("attach", row.pk), sent()).status_code == 403, role
    assert Attachment.objects.get() == file


def test_files_of_another_unit_are_not_there(world, clerk, owned_type):
    theirs = world.make(owned_type, world.theirs)
    file = attached(theirs)
    ours = world.make(owned_type, world.ours)

    expected = (403, 404) if issubclass(owned_type.model, Reference) else (404,)
    assert clerk.get(owned_type.url("attachment", theirs.pk, file.pk)).status_code == 404
    assert clerk.get(owned_type.url("attachment", ours.pk, file.pk)).status_code == 404
    assert clerk.get(owned_type.url("photo", theirs.pk)).status_code == 404
    program = Api(world.user("clerk", world.ours))
    for address in (one_url(owned_type, theirs), one_url(owned_type, ours)):
        assert program.get(f"{address}files/{file.pk}/").status_code == 404
        assert program.delete(f"{address}files/{file.pk}/").status_code in expected
    assert program.get(f"{one_url(owned_type, theirs)}files/").status_code == 404
    assert (
        program.client.post(f"{one_url(owned_type, theirs)}files/", sent()).status_code in expected
    )
    for pk in (theirs.pk, ours.pk):
        assert clerk.post(owned_type.url("detach", pk, file.pk)).status_code in expected
    assert clerk.post(owned_type.url("attach", theirs.pk), sent()).status_code in expected
    assert Attachment.objects.get() == file


def test_a_clerk_attaches_only_where_the_record_may_be_changed(world, clerk, record_type):
    row = world.make(record_type, world.ours)
    may_change = clerk.get(record_type.url("edit", row.pk)).status_code == 200

    answer = clerk.post(record_type.url("attach", row.pk), sent())

    assert may_change == issubclass(record_type.model, Record)
    assert answer.status_code == (302 if may_change else 403)
    assert Attachment.objects.count() == (1 if may_change else 0)
    if may_change:  # as after an edit
        assert record_type.model.objects.get(pk=row.pk).get_state_display() == "草稿"
