"""Files of a record over HTTP: what the page does, for programs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.records import attachments, registry
from apps.records.actors import Actor
from apps.records.api.schema import document
from apps.records.models import Attachment, ChangeLog
from tests.api import Api, one_url
from tests.contract.test_nasty_input import NASTY
from tests.factories import PersonFactory
from tests.records.files import PDF, picture, word


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def person(world):
    return PersonFactory(unit=world.ours, owner=world.ours)


@pytest.fixture
def api(world):
    return Api(world.user("staff"), name="人事系统")


def address(row, file=None):
    base = f"{one_url(registry.of(type(row)), row)}files/"
    return base if file is None else f"{base}{file.pk}/"


def upload(api, row, name="聘书.pdf", data=PDF, **more):
    return api.client.post(address(row), {"file": SimpleUploadedFile(name, data), **more})


def test_a_file_comes_is_listed_read_and_goes(api, person):
    made = upload(api, person)

    file = Attachment.objects.get()
    assert made.status_code == 201
    assert made["Location"] == made.json()["url"] == address(person, file)
    listed = api.get(address(person)).json()["results"]
    assert listed == [made.json()]
    assert (listed[0]["name"], listed[0]["size"]) == ("聘书.pdf", len(PDF))
    assert listed[0]["created_by"] == "测试staff"
    read = api.get(address(person, file))
    assert (read.content, read["Content-Type"]) == (PDF, "application/pdf")
    assert read["Cache-Control"] == "no-store"
    gone = api.delete(address(person, file))
    assert gone.json() == {"detail": "已删除附件“聘书.pdf”。"}
    assert not Attachment.objects.exists()


def test_every_deed_is_in_the_log_with_the_name_of_the_token(api, person):
    upload(api, person)
    file = Attachment.objects.get()
    api.get(address(person, file))
    api.delete(address(person, file))

    found = ChangeLog.objects.filter(object_id=person.pk).order_by("-pk")[:3]
    assert [row.action for row in found] == ["detach", "export", "attach"]
    assert {row.reason for row in found} == {"接口：人事系统"}


def test_a_photo_stands_in_its_place(api, person):
    upload(api, person, "照片.jpg", picture(), slot="photo")

    assert api.get(address(person)).json()["results"][0]["slot"] == "photo"
    assert upload(api, person, "照片.pdf", PDF, slot="photo").status_code == 409
    assert upload(api, person, slot="elsewhere").status_code == 409


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("伪装.pdf", b"MZ\x90\x00 not a paper", "“伪装.pdf”其实是可执行程序，不能上传。"),
        ("聘书二.pdf", PDF, "“聘书二.pdf”与已有的附件“聘书.pdf”内容相同，没有再次上传。"),
    ],
)
def test_what_the_page_refuses_is_refused(api, person, name, data, sentence):
    upload(api, person)

    refused = upload(api, person, name, data)

    assert refused.status_code == 409
    assert refused.json()["detail"].startswith(sentence)
    assert Attachment.objects.count() == 1


def test_what_is_no_form_with_a_file_gets_a_sentence(api, person):
    for body, kind in (
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"file=1", "multipart/form-data; boundary="),
    ):
        refused = api.client.generic("POST", address(person), body, kind)
        assert refused.status_code == 400, kind
        assert "multipart/form-data" in str(refused.json()), kind
    for value in NASTY:
        refused = api.client.post(address(person), {"file": value, "slot": value})
        assert refused.status_code == 400, value
    refused = api.post(address(person), {"file": 1})
    assert refused.status_code == 415
    assert "附件以表单提交" in refused.json()["detail"]
    assert not Attachment.objects.exists()


def test_a_clerk_reopens_the_record(world, person):
    clerk = Api(world.user("clerk", world.ours))

    upload(clerk, person, "证明.docx", word())

    person.refresh_from_db()
    assert person.state == "draft"


def test_who_may_not_change_reads_only(world, person):
    file = attachments.attach(person, name="聘书.pdf", data=PDF, by=Actor.system())
    leader = Api(world.user("leader"))

    assert leader.get(address(person, file)).content == PDF
    assert upload(leader, person, "证明.docx", word()).status_code == 403
    assert leader.delete(address(person, file)).status_code == 403
    assert Attachment.objects.count() == 1


def test_another_address_is_not_there(api, person):
    other = PersonFactory(unit=person.unit, owner=person.owner)
    file = attachments.attach(other, name="聘书.pdf", data=PDF, by=Actor.system())

    for path in (
        address(person, file),
        "/api/v1/talents/nothing/1/files/",
        f"{address(person)}{10**30}/",
        "/api/v1/talents/person/999999/files/",
    ):
        answer = api.get(path)
        assert answer.status_code == 404, path
        assert "没有这" in answer.json()["detail"], path
    assert api.get(address(person), {"page": "2"}).status_code == 400


def test_the_schema_describes_the_upload(db):
    paths = document()["paths"]
    upload = paths["/api/v1/{app}/{model}/{pk}/files/"]["post"]

    sent = upload["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert sent["required"] == ["file"]
    read = paths["/api/v1/{app}/{model}/{pk}/files/{file}/"]["get"]["responses"]["200"]
    assert list(read["content"]) == ["application/octet-stream"]
