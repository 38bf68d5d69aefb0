"""Whatever is sent to the API is answered in words, never with a fault of the server."""

import json

import pytest

from apps.core.errors import DomainError
from apps.records import registry, saving
from apps.records.models import CustomField, Tag
from tests.api import Api, list_url, one_url
from tests.contract.test_nasty_input import NASTY
from tests.factories import (
    CustomFieldFactory,
    PersonFactory,
    TagFactory,
    TrainingClassFactory,
)

CLASSES = "/api/v1/training/trainingclass/"


@pytest.fixture
def api(world):
    return Api(world.user("staff"))


@pytest.fixture
def held(world):
    return TrainingClassFactory(owner=world.ours)


def raw(api, body, content_type="application/json", method="POST", address=CLASSES):
    return api.client.generic(method, address, body, content_type)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "不是正确的 JSON（第 1 行）"),
        (b'{"name": NaN}', 400, "不是正确的 JSON"),
        (b'{"head_count": ' + b"9" * 5000 + b"}", 400, "不是正确的 JSON"),
        (b"\xff\xfe{}", 400, "不是 UTF-8 编码"),
        (b'{"name": "\\ud800"}', 400, "不能识别的字符"),
        (b'{"\\ud800": 1}', 400, "不能识别的字符"),
        (b'{"name": "\\u0000"}', 400, "不能识别的字符"),
        (b"[" * 100_000, 400, "嵌套超过 8 层"),
        (b'{"name": ' + b"[" * 20 + b"]" * 20 + b"}", 400, "嵌套超过 8 层"),
        (b"[]", 400, "应提交一个 JSON 对象"),
        (b'"text"', 400, "应提交一个 JSON 对象"),
        (b"null", 400, "应提交一个 JSON 对象"),
        (b"", 400, "不符合要求"),
        (b'{"name": "' + b"x" * (40 * 1024 * 1024) + b'"}', 413, "超过 1 MB"),
    ],
    ids=lambda value: value[:12].decode("latin1") if isinstance(value, bytes) else None,
)
def test_a_body_that_cannot_be_read(api, body, status, words):
    response = raw(api, body)

    assert response.status_code == status
    assert words in response.json()["detail"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "nonsense", ""],
)
def test_only_json_is_read(api, content_type):
    response = raw(api, b"name=x", content_type)

    assert response.status_code == 415
    assert response.json()["detail"].startswith("请以 JSON 提交")


def test_an_odd_charset_is_taken_for_utf_8(api):
    response = raw(api, '{"name": "甲"}'.encode(), "application/json; charset=no-such")

    assert response.status_code == 400
    assert "starts_on" in response.json()["fields"]


def test_json_is_answered_whatever_is_accepted(api):
    for accept in ("text/html", "image/png", "*/*", "nonsense", "application/json; indent=9"):
        response = api.get(CLASSES, headers={"accept": accept})
        assert response.status_code == 200
        assert response["Content-Type"] == "application/json"
        assert response["Cache-Control"] == "no-store"


def test_an_address_that_is_not_there(api):
    for address in ("/api/v1/nowhere/", "/api/v1/talents/person", "/api/v1/%00/", "/api/v1/%ff/"):
        response = api.get(address)
        assert response.status_code == 404, address
        assert "没有这个接口地址" in response.json()["detail"]
    assert api.get(f"{CLASSES}{'9' * 30}/").status_code == 404
    assert api.get(f"{CLASSES}{'9' * 5000}/").status_code == 404
    assert api.get(f"{CLASSES}?q=%00").json()["detail"].startswith("提交的内容中有不能识别的字符")


def test_another_method_is_refused_in_words(api, held):
    for method, address in (
        ("PATCH", CLASSES),
        ("POST", f"{CLASSES}{held.pk}/"),
        ("OPTIONS", CLASSES),
    ):
        response = api.send(method, address, {})
        assert response.status_code == 405
        assert response.json()["detail"] == "这个地址不支持这种请求方法，请查看接口说明。"


VALUES = [
    *NASTY, *(10**n for n in (0, 9, 18, 30, 300)), -1, 1.5, 1e300, True, False, None, [], {}, [1],
    {"id": None}, {"id": -1}, {"id": 10**30}, {"id": []}, {"key": {}}, {"code": []}, {"code": 1e99},
]  # fmt: skip


@pytest.mark.parametrize("value", [v for v in VALUES if "\x00" not in str(v)], ids=str)
def test_any_value_in_any_field(api, held, value):
    """Each is stored as it was sent or refused by the field's own sentence."""
    record_type = registry.get("training.TrainingClass")
    for name in (*record_type.fields, "owner", "remarks", "extra", "version"):
        response = api.patch(one_url(record_type, held), {"version": held.version, name: value})
        assert response.status_code in (200, 400, 409), (name, response.text)
        if response.status_code == 200:
            held.refresh_from_db()
        elif response.status_code == 400:
            assert response.json()["detail"], name
    sent = dict.fromkeys(record_type.fields, value)
    assert api.post(list_url(record_type), sent).status_code in (201, 400, 409)
    for body in ({"move": value}, {"move": "return", "reason": value}, value):
        address = f"{one_url(record_type, held)}review/"
        assert api.post(address, body).status_code in (400, 409)


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"name": 5}, "name", "应为文字，请写在引号里。"),
        ({"head_count": "很多"}, "head_count", "应为整数，请改为如 38。"),
        ({"head_count": 1.5}, "head_count", "应为整数。"),
        ({"starts_on": "昨天"}, "starts_on", "日期"),
        ({"starts_on": 20220301}, "starts_on", "应为日期文字，如 2022-03-05。"),
        ({"kind": "picnic"}, "kind", "picnic"),
        ({"owner": "没有的单位"}, "owner", "没有找到单位“没有的单位”"),
        ({"colour": "red"}, "colour", "培训班没有这个字段。"),
        ({"version": "1"}, "version", "版本应为读到的正整数"),
    ],
)
def test_a_fault_stands_beside_its_field(api, held, sent, field, words):
    response = api.patch(f"{CLASSES}{held.pk}/", {"version": 1, **sent})

    assert response.status_code == 400
    assert words in response.json()["fields"][field][0]
    assert "没有保存" in response.json()["detail"]


def test_what_only_the_product_says_is_passed_over(api, held):
    sent = {"version": 1, "state": "draft", "created_by": "他人", "id": 99, "url": "x"}

    response = api.patch(f"{CLASSES}{held.pk}/", sent)

    assert response.status_code == 200
    assert response.json()["state"]["code"] == "approved"
    assert response.json()["id"] == held.pk


def test_a_reference_is_named_by_number_key_or_name(world, api):
    person = PersonFactory(unit=world.ours, owner=world.ours)
    address = one_url(registry.get("talents.Person"), person)

    for version, way in enumerate(
        (world.theirs.pk, {"id": world.theirs.pk}, {"key": "云岭中学"}, "云岭中学"), start=1
    ):
        response = api.patch(address, {"unit": way, "version": version})
        assert response.status_code == 200, response.text
        assert response.json()["unit"] == {
            "id": world.theirs.pk, "key": "云岭中学", "text": "云岭中学"
        }  # fmt: skip


def test_several_records_of_one_name_are_named_with_their_numbers(world, api):
    people = [PersonFactory(unit=world.ours, name="王一") for _ in range(2)]

    sent = {"person": "王一", "education": "21", "obtained_on": "2010-07"}
    response = api.post("/api/v1/talents/education/", sent)

    [sentence] = response.json()["fields"]["person"]
    assert sentence.startswith("“王一”对应多条人才，请写明编号（")
    assert all(f"{person.pk} 王一" in sentence for person in people)


def test_a_protected_value_is_kept_by_its_mask_and_never_given_back(world, api):
    person = PersonFactory(unit=world.ours, owner=world.ours, mobile="13800001234")
    address = one_url(registry.get("talents.Person"), person)

    kept = api.patch(address, {"mobile": "138****1234", "version": 1})
    wrong = api.patch(address, {"mobile": "139****1234", "version": 2})
    changed = api.patch(address, {"mobile": "13900005678", "version": 2})

    assert kept.json()["mobile"] == "138****1234"
    assert "请填写完整号码" in wrong.json()["fields"]["mobile"][0]
    assert changed.json()["mobile"] == "139****5678"
    assert "13900005678" not in changed.text
    person.refresh_from_db()
    assert person.mobile.reveal() == "13900005678"


def test_a_number_known_elsewhere_is_only_said_to_be_there(world, api):
    theirs = PersonFactory(unit=world.theirs, owner=world.theirs, name="绝密石榴")
    clerk = Api(world.user("clerk", world.ours))
    sent = {"name": "绝密石榴", "id_number": theirs.id_number.reveal(), "unit": world.ours.pk}

    response = clerk.post("/api/v1/talents/person/", sent)
    seen = api.post("/api/v1/talents/person/", sent)

    assert response.status_code == 409
    assert response.json() == {"detail": "身份证号相同的人才已存在，请联系人才办。"}
    assert seen.json()["existing"]["id"] == theirs.pk


def test_a_clerk_cannot_hand_a_record_to_another_unit(world, held):
    clerk = Api(world.user("clerk", world.ours))
    address = f"{CLASSES}{held.pk}/"

    for way in (world.theirs.pk, "云岭中学", {"id": world.theirs.pk}):
        response = clerk.patch(address, {"owner": way, "version": 1})
        assert response.status_code == 400
        assert response.json()["fields"]["owner"][0].startswith("没有找到单位")
    own = clerk.patch(address, {"owner": world.ours.pk, "version": 1})
    assert own.json()["owner"]["id"] == world.ours.pk
    held.refresh_from_db()
    assert held.owner == world.ours


def test_sending_back_needs_a_reason_of_its_own(world, api, held):
    clerk = Api(world.user("clerk", world.ours))
    clerk.patch(f"{CLASSES}{held.pk}/", {"remarks": "改", "version": 1})
    clerk.post(f"{CLASSES}{held.pk}/review/", {"move": "submit", "version": 2})

    bare = api.post(f"{CLASSES}{held.pk}/review/", {"move": "return", "version": 3})
    said = {"move": "return", "reason": "人数与名单不符", "version": 3}
    done = api.post(f"{CLASSES}{held.pk}/review/", said)

    assert bare.status_code == 409
    assert bare.json()["detail"] == "请写明退回理由，填报单位据此修改。"
    assert done.json()["state"] == {"code": "returned", "label": "退回"}


def test_own_fields_and_tags_go_both_ways(world, api):
    record_type = registry.get("training.TrainingClass")
    label = record_type.label
    CustomFieldFactory(record_type=label, label="赞助单位", kind=CustomField.Kind.TEXT)
    CustomFieldFactory(record_type=label, label="赞助金额", kind=CustomField.Kind.NUMBER)
    CustomFieldFactory(record_type=label, label="签约日期", kind=CustomField.Kind.DATE)
    TagFactory(name="重点", record_type=label)
    held = TrainingClassFactory(owner=world.ours)
    address = f"{CLASSES}{held.pk}/"
    extra = {"赞助单位": "某公司", "赞助金额": 1.5, "签约日期": "2022-03-05", "标签": ["重点"]}

    stored = api.patch(address, {"extra": extra, "version": 1})
    part = api.patch(address, {"extra": {"赞助金额": None}, "version": 2})
    faulty = api.patch(
        address,
        {"extra": {"赞助金额": "很多", "没有的": 1, "标签": ["没有的"]}, "version": 3},
    )

    assert stored.json()["extra"] == extra
    assert part.json()["extra"] == {n: v for n, v in extra.items() if n != "赞助金额"}
    assert faulty.json()["fields"]["extra.没有的"] == ["没有这个自设字段，请核对名称。"]
    assert faulty.json()["fields"]["extra.标签"] == ["没有名为“没有的”的标签。"]
    number = api.patch(address, {"extra": {"赞助金额": "很多"}, "version": 3}).json()["fields"]
    assert list(number) == ["extra.赞助金额"]
    assert Tag.objects.count() == 1


def test_a_broken_rule_of_the_save_path_is_a_sentence(api, held, monkeypatch):
    def refuse(*args, **kwargs):
        raise DomainError("本年已封账，不能修改。")

    monkeypatch.setattr(saving, "save", refuse)

    response = api.patch(f"{CLASSES}{held.pk}/", {"remarks": "改", "version": 1})

    assert response.status_code == 409
    assert response.json() == {"detail": "本年已封账，不能修改。"}


def test_a_delete_says_what_goes_along_or_forbids_it(world, api):
    head = Api(world.user("head"))
    person = PersonFactory(unit=world.ours, owner=world.ours)
    unit = one_url(registry.get("organizations.Unit"), world.ours)

    refused = head.delete(unit)
    gone = head.delete(one_url(registry.get("talents.Person"), person))

    assert refused.status_code == 409
    assert "不能删除" in refused.json()["detail"]
    assert gone.json()["detail"] == f"已删除人才“{person}”。"


def test_the_schema_is_json_or_yaml_and_names_every_type(api):
    found = api.get("/api/v1/schema/")
    yaml = api.get("/api/v1/schema/", headers={"accept": "application/yaml"})

    paths = json.loads(found.content)["paths"]
    assert {list_url(record_type) for record_type in registry.types()} <= set(paths)
    assert {"/api/v1/metrics/", "/api/v1/reports/{pk}/export/{kind}/"} <= set(paths)
    for operations in paths.values():
        for method, operation in operations.items():
            assert operation["summary"], method
            assert not operation["summary"].isascii()
    assert yaml.text.startswith("openapi: 3.")


def test_codes_are_read_by_anybody_who_is_in(api):
    found = api.get("/api/v1/codes/gb4658_education/").json()["results"]

    assert {"code": "21", "label": "大学本科"} in found
    assert api.get("/api/v1/codes/no-such/").status_code == 404


def test_the_entrance_names_what_the_reader_may_see(world, api):
    names = {line["name"] for line in api.get("/api/v1/").json()["records"]}

    assert {record_type.name for record_type in registry.types()} == names
    assert world.client("auditor").get("/api/v1/").json() == {"records": []}
