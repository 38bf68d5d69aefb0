"""Every record type over the API: what is sent is what is stored, logged and given back."""

import pytest

from apps.records.actors import Actor
from apps.records.models import ChangeLog, Record
from tests.api import Api, list_url, one_url

DEFINED_ELSEWHERE = {"metrics.Metric", "metrics.CrossTable"}  # on pages of their own
READ_ONLY = {
    "id", "url", "version", "state", "created_by", "created_at", "updated_by", "updated_at"
}  # fmt: skip


@pytest.fixture
def api(world):
    return Api(world.user("head"))


@pytest.fixture
def clerk_api(world):
    return Api(world.user("clerk", world.ours))


def body_of(api, record_type, row):
    """A record as it is read, without what only the product says."""
    found = api.get(one_url(record_type, row)).json()
    return {name: value for name, value in found.items() if name not in READ_ONLY}


def in_clear(record_type, row, body):
    """Protected values as somebody would type them."""
    for field in record_type.model._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in body and hasattr(value, "reveal"):
            body[field.name] = value.reveal()
    return body


def test_round_trip(world, api, record_type):
    made = world.make(record_type, world.ours)
    body = body_of(api, record_type, made)
    sent = in_clear(record_type, made, dict(body))
    record_type.delete(made, by=Actor.system())

    created = api.post(list_url(record_type), sent)
    if record_type.label in DEFINED_ELSEWHERE:
        assert created.status_code == 400
        assert created.json()["detail"].startswith("请在")  # and where
        return
    assert created.status_code == 201, created.text
    row = created.json()
    assert created["Location"] == row["url"] == one_url(record_type, row["id"])
    assert {name: row[name] for name in body} == body
    assert body_of(api, record_type, row["id"]) == body

    changed = api.patch(row["url"], {"remarks": "核对无误"}, if_match=created["ETag"])
    assert changed.status_code == 200, changed.text
    assert (changed.json()["remarks"], changed.json()["version"]) == ("核对无误", 2)
    assert {name: changed.json()[name] for name in body} == {**body, "remarks": "核对无误"}

    replaced = api.put(row["url"], {**body, "version": 2})
    assert replaced.status_code == 200, replaced.text
    assert body_of(api, record_type, row["id"]) == body

    gone = api.delete(row["url"], if_match=replaced["ETag"])
    assert gone.status_code == 200, gone.text
    assert gone.json()["detail"].startswith(f"已删除{record_type.name}")
    assert api.get(row["url"]).status_code == 404


def test_every_write_is_logged_like_that_of_a_page(world, api, record_type):
    made = world.make(record_type, world.ours)

    response = api.patch(one_url(record_type, made), {"remarks": "经接口修改", "version": 1})
    assert response.status_code == 200, response.text

    line = ChangeLog.objects.filter(record_type=record_type.label, object_id=made.pk).first()
    assert line.action == "update"
    assert line.changes == {"remarks": ["", "经接口修改"]}
    assert (line.user, line.user_name) == (api.user, api.user.name)
    assert (line.address, line.request_id) == ("127.0.0.1", response["X-Request-ID"])
    assert line.reason == "接口：测试程序"


def test_a_change_needs_the_version_that_was_read(world, api, record_type):
    made = world.make(record_type, world.ours)
    address = one_url(record_type, made)
    api.patch(address, {"remarks": "他人的修改", "version": 1})

    without = api.patch(address, {"remarks": "我的修改"})
    stale = api.patch(address, {"remarks": "我的修改", "version": 1})
    by_header = api.patch(address, {"remarks": "我的修改"}, if_match='"1"')
    deleted = api.delete(address, if_match='"1"')

    assert without.status_code == 400
    assert "请写明读到的版本" in without.json()["fields"]["version"][0]
    for response in (stale, by_header):
        assert response.status_code == 409
        assert "已被他人修改" in response.json()["detail"]
        assert response.json()["conflicts"] == {
            "remarks": {"label": "备注", "sent": "我的修改", "stored": "他人的修改"}
        }
    assert deleted.status_code == 409
    assert api.get(address).json()["remarks"] == "他人的修改"


def test_the_same_record_sent_twice_is_made_once(world, api, record_type):
    made = world.make(record_type, world.ours)
    sent = in_clear(record_type, made, body_of(api, record_type, made))
    before = record_type.model.objects.count()

    response = api.post(list_url(record_type), sent)

    assert record_type.model.objects.count() == before
    assert response.status_code == 409, response.text
    assert "相同的" in response.json()["detail"]
    assert response.json()["existing"] == {"id": made.pk, "url": one_url(record_type, made)}


def test_a_clerks_writes_are_drafts_until_reviewed(world, api, clerk_api, owned_type):
    if not issubclass(owned_type.model, Record):
        return
    made = world.make(owned_type, world.ours)
    address = one_url(owned_type, made)

    changed = clerk_api.patch(address, {"remarks": "本单位填报", "version": 1}).json()
    assert changed["state"] == {"code": "draft", "label": "草稿"}
    handed = clerk_api.post(f"{address}review/", {"move": "submit", "version": 2})
    assert handed.json()["state"]["label"] == "已报送", handed.text
    own = clerk_api.post(f"{address}review/", {"move": "approve", "version": 3})
    assert own.status_code == 403
    passed = api.post(f"{address}review/", {"move": "approve", "version": 3})
    assert passed.json()["state"]["label"] == "已审核", passed.text


def test_nothing_at_all_is_refused_by_field(world, api, clerk_api, record_type):
    world.make(record_type, world.ours)
    before = record_type.model.objects.count()

    for program in (api, clerk_api):
        for sent in ({}, {"remarks": "只有备注"}):
            response = program.post(list_url(record_type), sent)
            if not program.user.has_perm(record_type.permission("add")):
                assert response.status_code == 403
                continue
            assert response.status_code == 400, response.text
            assert response.json()["fields"] or record_type.label in DEFINED_ELSEWHERE
    assert record_type.model.objects.count() == before
