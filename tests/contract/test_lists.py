"""Every list: its filters, its sorting, and queries that do not grow with the rows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

LIST_QUERIES = 8
SAMPLES = {
    "DayFilter": "2022-01-01", "NumberFilter": "3", "YearFilter": "2022", "YesNoFilter": "1",
    "TextFilter": "甲", "WholeTextFilter": "甲", "SearchFilter": "jia", "AgeFilter": "35",
    "MinorityFilter": "1",
}  # fmt: skip


def sample(name, known, rows):
    """A value that a filter accepts."""
    field = getattr(known, "inner", known)
    if getattr(field, "target_label", ""):
        target = field.target
        row = target.model.objects.first()
        return str(getattr(row, target.natural_key)) if row else None
    choices = getattr(known.field, "choices", None)
    if choices:
        return next(str(code) for code, _ in choices if code)
    return SAMPLES[type(known).__name__]


def count(client, address):
    client.get(address)  # code tables come into the cache
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(queries)


def test_every_filter_answers(world, staff, record_type):
    world.make(record_type, world.ours)
    for name, known in record_type.filterset.base_filters.items():
        value = sample(name, known, record_type.model.objects.all())
        if value is None:
            continue
        response = staff.get(record_type.url("list"), {name: value})
        assert response.status_code == 200, name
        assert "去掉" in response.content.decode() or "清除" in response.content.decode(), name


def test_every_sort_answers(world, staff, record_type):
    world.make(record_type, world.ours)
    world.make(record_type, world.ours)
    page = staff.get(record_type.url("list")).content.decode()
    for address in set(re.findall(r'href="[^"]*[?&;]sort=([-\w]+)', page)):
        response = staff.get(record_type.url("list"), {"sort": address})
        assert response.status_code == 200, address
        assert record_type.name in response.content.decode()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"nonsense": "1"}, "没有名为“nonsense”的筛选条件"),
        ({"sort": "password"}, "排序"),
        ({"period": "last-year"}, "看不懂统计时段"),
        ({"page": "x"}, "页"),
    ],
)
def test_nonsense_in_the_address_gets_a_sentence(world, staff, record_type, query, word):
    response = staff.get(record_type.url("list"), query)

    assert response.status_code == 400
    assert word in response.content.decode()


def test_a_huge_page_number_is_answered(world, staff, record_type):
    world.make(record_type, world.ours)

    response = staff.get(record_type.url("list"), {"page": "9" * 30})

    assert response.status_code in (200, 400)
    assert "页" in response.content.decode()


def test_list_queries_do_not_grow(world, staff, record_type):
    world.make(record_type, world.ours)
    one = count(staff, record_type.url("list"))
    world.make(record_type, world.ours)
    world.make(record_type, world.theirs)
    three = count(staff, record_type.url("list"))

    assert one == three
    assert three <= LIST_QUERIES


def test_detail_queries_do_not_grow(world, staff, record_type):
    row = world.make(record_type, world.ours)
    address = record_type.url("detail", row.pk)
    bare = count(staff, address)
    for other, field in record_type.related_types():
        more = {field: row}
        if other.label == record_type.label:
            continue
        world.make(other, world.ours, **more)
    one = count(staff, address)
    for other, field in record_type.related_types():
        if other.label != record_type.label and other.label != "organizations.Unit":
            for _ in range(2):
                world.make(other, world.ours, **{field: row})
    three = count(staff, address)

    assert one == three
    assert bare <= three <= 12
