"""Every record type over the API: who gets in, which rows, which values, at what cost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core.fields import EncryptedField
from apps.records import registry
from apps.records.api.listing import SUMS
from apps.records.listing import OWN
from apps.records.scope import Scope
from tests.api import Api, list_url, one_url
from tests.contract.test_doors import marked
from tests.contract.test_lists import sample
from tests.world import MANAGERS

API_QUERIES = 7  # token, lock, grants, count, rows; the last use of the token now and then


@pytest.fixture
def api(world):
    return Api(world.user("staff"))


@pytest.fixture
def clerk_api(world):
    return Api(world.user("clerk", world.ours))


def everything(api, record_type, **params):
    found = api.get(list_url(record_type), {"size": 200, **params}).json()
    return found["results"]


# -- doors -----------------------------------------------------------------------------------------


def test_nobody_gets_in_without_a_token(world, record_type):
    row, mark = marked(world, record_type, world.ours)
    before = record_type.model.objects.count()

    for method, address in doors(record_type, row):
        response = Client().generic(method, address, "{}", "application/json")
        assert response.status_code == 401, (method, address)
        assert "请在请求头中提供接口令牌" in response.json()["detail"]
        assert not mark or mark not in response.text
    assert record_type.model.objects.count() == before


def doors(record_type, row):
    one = one_url(record_type, row)
    yield from (("GET", list_url(record_type)), ("POST", list_url(record_type)))
    yield from ((method, one) for method in ("GET", "PUT", "PATCH", "DELETE"))


def test_a_leader_reads_and_changes_nothing(world, record_type):
    row = world.make(record_type, world.ours)
    api = Api(world.user("leader"))

    for method, address in doors(record_type, row):
        response = api.send(method, address, {"remarks": "改", "version": row.version})
        if method == "GET":
            assert response.status_code == 200, address
        else:
            assert response.status_code == 403, (method, address)
            assert "没有这项操作的权限" in response.json()["detail"]
    row.refresh_from_db()
    assert (row.remarks, row.version) == ("", 1)


def test_administrators_see_no_business_record(world, record_type):
    """They get no token; with the session of a page they are refused too."""
    row, mark = marked(world, record_type, world.ours)

    for client in map(world.client, MANAGERS):
        for address in (list_url(record_type), one_url(record_type, row)):
            response = client.get(address)
            assert response.status_code == 403
            assert not mark or mark not in response.text


# -- scope and masks -------------------------------------------------------------------------------


def test_rows_of_another_unit_are_not_there(world, clerk_api, owned_type):
    theirs, mark = marked(world, owned_type, world.theirs)
    world.make(owned_type, world.ours)
    visible = set(owned_type.queryset(Scope((world.ours.path,))).values_list("pk", flat=True))

    listed = clerk_api.get(list_url(owned_type), {"size": 200})

    assert {row["id"] for row in listed.json()["results"]} == visible
    assert listed.json()["count"] == len(visible)
    assert not mark or mark not in listed.text
    for method, address in doors(owned_type, theirs):
        if address == list_url(owned_type):
            continue
        response = clerk_api.send(method, address, {"remarks": "改", "version": 1})
        allowed = clerk_api.user.has_perm(owned_type.permission(NEEDS[method]))
        assert response.status_code == (404 if allowed else 403), method
        assert not mark or mark not in response.text
    theirs.refresh_from_db()
    assert theirs.remarks == ""


NEEDS = {"GET": "view", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


def test_a_reference_outside_the_scope_is_no_choice(world, clerk_api, owned_type):
    """Neither by its number nor by its name, and both answers are the same."""
    theirs, mark = marked(world, owned_type, world.theirs)
    for other, names in pointing_to(owned_type, clerk_api.user):
        row = world.make(other, world.ours)
        before = {name: getattr(row, f"{name}_id") for name in names}
        for name in names:
            for way in (theirs.pk, {"id": theirs.pk}, mark or f"{theirs.pk}号"):
                sent = {name: way, "version": row.version}
                response = clerk_api.patch(one_url(other, row), sent)
                assert response.status_code == 400, (other.label, name, way)
                [sentence] = response.json()["fields"][name]
                assert sentence.startswith(f"没有找到{owned_type.name}"), (other.label, name, way)
        row.refresh_from_db()
        assert {name: getattr(row, f"{name}_id") for name in names} == before


def pointing_to(target, user):
    """Record types that somebody may change, with the fields that point to another one."""
    for other in registry.types():
        fields = (f.name for f in other.model._meta.fields if f.related_model is target.model)
        names = [name for name in fields if name in (*other.fields, "owner")]
        if names and user.has_perm(other.permission("change")):
            yield other, names


def test_protected_values_are_masked(world, api, record_type):
    protected = [
        name
        for name in record_type.fields
        if isinstance(record_type.model._meta.get_field(name), EncryptedField)
    ]
    row = world.make(record_type, world.ours)
    answers = [api.get(list_url(record_type)), api.get(one_url(record_type, row))]

    for name in protected:
        value = getattr(row, name)
        if not value:
            continue
        assert api.get(one_url(record_type, row)).json()[name] == str(value)
        assert "*" in str(value)
        assert all(value.reveal() not in answer.text for answer in answers)
    assert answers[0].json()["results"][0]["id"]


# -- lists -----------------------------------------------------------------------------------------


def test_list_queries_do_not_grow(world, api, record_type):
    world.make(record_type, world.ours)
    one = count(api, list_url(record_type))
    world.make(record_type, world.ours)
    world.make(record_type, world.theirs)
    three = count(api, list_url(record_type))

    assert one == three
    assert three <= API_QUERIES


def count(api, address):
    api.get(address)  # code tables come into the cache
    with CaptureQueriesContext(connection) as queries:
        response = api.get(address)
    assert response.status_code == 200, response.text
    return len(queries)


def test_filters_find_the_rows_of_the_list_page(world, api, record_type):
    world.make(record_type, world.ours)
    world.make(record_type, world.theirs)
    page = world.client("staff")

    for name, known in record_type.filterset.base_filters.items():
        value = sample(name, known, record_type.model.objects.all())
        if value is None:
            continue
        shown = page.get(record_type.url("list"), {name: value, "size": 200}).context
        found = api.get(list_url(record_type), {name: value, "size": 200}).json()
        addresses = [row.url for row in shown["rows"]]
        assert [record_type.url("detail", r["id"]) for r in found["results"]] == addresses, name
        assert found["count"] == shown["pager"].count, name


def test_no_filter_bears_the_name_of_another_parameter(record_type):
    assert not set(record_type.filterset.base_filters) & {*OWN, SUMS}


def test_nonsense_in_the_address_gets_a_sentence(world, api, record_type):
    for name, value, words in (
        ("nonsense", "1", "没有名为“nonsense”的筛选条件"),
        ("sort", "password", "不能按“password”排序"),
        ("period", "last-year", "看不懂统计时段"),
        ("page", "x", "页码“x”不正确"),
        ("size", "1000", "每页条数“1000”不正确"),
        ("fields", "all", "接口没有名为“fields”的参数"),
        ("sums", "yes", "参数“sums”只能是 1 或 0"),
    ):
        response = api.get(list_url(record_type), {name: value})
        assert response.status_code == 400, name
        assert words in response.json()["detail"], name


def test_pages_follow_one_another(world, api):
    classes = registry.get("training.TrainingClass")
    for _ in range(21):
        world.make(classes, world.ours)

    seen, address = [], list_url(classes)
    while address:
        page = api.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]

    assert (page["count"], page["pages"], page["page"]) == (21, 2, 2)
    assert page["previous"] == f"{list_url(classes)}?page=1"
    assert len(seen) == len(set(seen)) == 21


def test_sums_are_those_of_the_list(world, api, record_type):
    world.make(record_type, world.ours)
    world.make(record_type, world.theirs)

    page = api.get(list_url(record_type), {"sums": "1"}).json()

    rows = everything(api, record_type)
    assert set(page["sums"]) == set(record_type.sums)
    for name, total in page["sums"].items():
        values = [Decimal(str(row[name])) for row in rows if row[name] is not None]
        assert (Decimal(str(total)) if total is not None else 0) == sum(values), name
