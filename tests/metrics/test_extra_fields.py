"""Metrics over fields and tags of the office agree with plain loops and with their lists."""

import random
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core.periods import Period
from apps.metrics.cross import Definition, Part, tabulate
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate
from apps.records import registry
from apps.records.actors import Actor
from apps.records.extras import values
from apps.records.scope import Scope
from tests.factories import (
    CustomFieldFactory,
    MetricFactory,
    PersonFactory,
    TagFactory,
    TrainingClassFactory,
)
from tests.metrics.test_pages import words

LABEL = "training.TrainingClass"
YEAR, ALL, BY = Period.year(2022), Scope.everything(), Actor.system()
OPTIONS = ("自办", "委托高校", "委托党校", "2022", "1e5")


@pytest.fixture
def added(world):
    """Fields of each kind and a tag; sixty classes with values at random, some without."""
    fields = {
        name: CustomFieldFactory(record_type=LABEL, label=label, kind=kind, options=options)
        for name, label, kind, options in (
            ("mentor", "导师", "text", ""), ("score", "满意度", "number", ""),
            ("checked", "回访日期", "date", ""), ("way", "承办方式", "choice", "\n".join(OPTIONS)),
        )
    }  # fmt: skip
    fields["tag"] = TagFactory(name="示范班次")
    chance = random.Random(7)
    rows = []
    for number in range(60):
        row = TrainingClassFactory.build(
            owner=(world.ours, world.theirs)[number % 2], code=f"P{number:03}", name=f"班{number}",
            starts_on=date(2022, 5, 10), ends_on=date(2022, 5, 12),
        )  # fmt: skip
        given = {
            "mentor": chance.choice(["张三", "李四", "张三丰", None]),
            "score": chance.choice([Decimal("9"), Decimal("12.5"), Decimal("100.25"), None]),
            "checked": chance.choice([date(2022, 6, 1) + timedelta(number), None]),
            "way": chance.choice([*OPTIONS[:2], *OPTIONS[3:], None]),
        }
        for name, value in given.items():
            values.put(row, fields[name].key, value)
        values.put(row, "tags", [fields["tag"].key] if chance.random() < 0.3 else [])
        rows.append(row)
    registry.get(LABEL).save_many(rows, by=BY)
    return fields


def held(added, name):
    rows = list(registry.get(LABEL).model.objects.all())
    return [(row, values.read(row, added[name].key)) for row in rows]


def ask(**fields):
    given = {"label": "问", "definition": "口径", "record_type": LABEL, **fields}
    return evaluate([Metric(key="asked", **given)], YEAR, ALL)["asked"]


def test_sum_average_and_extremes_of_a_number(added):
    key, numbers = added["score"].key, [v for _, v in held(added, "score") if v is not None]

    assert ask(aggregate="sum", field=key).value == sum(numbers)
    assert ask(aggregate="avg", field=key).value == sum(numbers) / len(numbers)
    assert (ask(aggregate="min", field=key).value, ask(aggregate="max", field=key).value) == (
        Decimal("9"), Decimal("100.25"),
    )  # fmt: skip
    assert "不是数字" in ask(aggregate="sum", field=added["mentor"].key).missing


def test_counts_under_filters(added):
    mentor, score, checked = (added[name].key for name in ("mentor", "score", "checked"))
    cases = {
        f"{mentor}": (["张三"], lambda v: v and "张三" in v, "mentor"),
        f"{mentor}__exact": (["张三"], lambda v: v == "张三", "mentor"),
        f"{score}__gte": (["12.5"], lambda v: v is not None and v >= Decimal("12.5"), "score"),
        f"{score}__lte": (["99"], lambda v: v is not None and v <= 99, "score"),
        f"{checked}__gte": (["2022-07-01"], lambda v: v and v >= date(2022, 7, 1), "checked"),
        added["way"].key: (["自办", "2022"], lambda v: v in ("自办", "2022"), "way"),
    }
    for name, (given, passes, field) in cases.items():
        expected = sum(bool(passes(v)) for _, v in held(added, field))
        assert 0 < expected < 60
        assert ask(filter={name: given}).value == expected, name
    tagged = sum(added["tag"].key in row.extra for row, _ in held(added, "mentor"))
    assert ask(filter={"tags": [added["tag"].key]}).value == tagged
    share = ask(aggregate="share", filter={"tags": [added["tag"].key]})
    assert share.value == Decimal(tagged) / 60


def test_things_are_counted_once_each(added):
    assert ask(aggregate="distinct", field=added["mentor"].key).value == 3


def test_groups_of_a_choice(added):
    key = added["way"].key
    figure = ask(aggregate="sum", field=added["score"].key, group_by=key)

    naive = {}
    for row, way in held(added, "way"):
        score = values.read(row, added["score"].key) or 0
        naive[way or ""] = naive.get(way or "", Decimal(0)) + score
    assert [group.label for group in figure.groups] == [*OPTIONS, "未填"]
    assert {group.key: group.value for group in figure.groups} == {"委托党校": 0, **naive}


def test_the_list_behind_a_figure_is_headed_by_it(added, staff):
    metric = MetricFactory(
        key="own-score", label="示范班满意度", record_type=LABEL, aggregate="sum",
        field=added["score"].key, group_by=added["way"].key, unit_of_measure="分",
        filter={"tags": [added["tag"].key], f"{added['mentor'].key}": ["张"]},
    )  # fmt: skip
    figure = evaluate([metric], YEAR, ALL)["own-score"]

    def headline(url):
        page = staff.get(url).content.decode()
        return re.search(r"lens-figure.*?<b>([^<]*)</b>", page, re.DOTALL)[1]

    assert headline(figure.url) == figure.screen
    assert len(figure.groups) >= 3
    for group in figure.groups:
        if group.value:
            assert headline(group.url).startswith(str(group.value.normalize()).rstrip("."))


def test_a_cross_table_by_an_added_choice(added):
    key = added["way"].key
    definition = Definition(LABEL, (Part(by=key),), (Part(by="owner"),))

    table = tabulate(definition, YEAR, ALL)

    lines = {line.label: line.cells[0].value for _, lines in table.rows for line in lines}
    naive = {}
    for _, way in held(added, "way"):
        naive[way or "未填"] = naive.get(way or "未填", 0) + 1
    assert lines == naive
    assert table.total.cells[0].value == 60


def test_staff_define_one_in_the_browser(added, staff):
    key = added["way"].key
    address = reverse("metrics-new") + f"?from={LABEL}&{key}=自办"
    page = words(staff.get(address))
    for text in ("承办方式：自办", "满意度（数字）", "导师", "承办方式"):
        assert text in page

    staff.post(
        address,
        {"label": "自办班满意度", "definition": "自办班的满意度。", "aggregate": "avg",
         "field": added["score"].key, "group_by": key, "period_rule": "type", "theme": "培训"},
    )  # fmt: skip

    metric = Metric.objects.get(label="自办班满意度")
    assert metric.filter == {key: ["自办"]}
    page = words(staff.get(reverse("metrics-detail", args=[metric.key])))
    for text in ("统计字段 满意度", "筛选条件 承办方式：自办", "分组 承办方式"):
        assert text in page


@pytest.mark.parametrize("part", ["filter", "field", "group_by"])
def test_out_of_use_it_is_shown_broken_and_never_counted(added, staff, part):
    score, way = added["score"], added["way"]
    given = {
        "filter": {"filter": {way.key: ["自办"]}},
        "field": {"aggregate": "sum", "field": score.key},
        "group_by": {"group_by": way.key},
    }[part]
    metric = MetricFactory(key="own-broken", record_type=LABEL, **given)
    assert evaluate([metric], YEAR, ALL)["own-broken"].value is not None
    gone = score if part == "field" else way
    gone.is_active = False
    registry.of(type(gone)).save(gone, by=BY)

    figure = evaluate([metric], YEAR, ALL)["own-broken"]

    assert figure.is_broken
    assert figure.value is None
    assert f"自设字段“{gone.label}”已停用" in figure.missing
    assert "已停用" in words(staff.get(reverse("metrics-detail", args=[metric.key])))


def test_a_deleted_one_is_shown_broken_too(added):
    fresh = CustomFieldFactory(record_type=LABEL, label="空着的", kind="number")
    metric = MetricFactory(key="own-gone", record_type=LABEL, aggregate="sum", field=fresh.key)
    registry.of(type(fresh)).delete(fresh, by=BY)

    figure = evaluate([metric], YEAR, ALL)["own-gone"]

    assert figure.is_broken
    assert "自设字段已删除" in figure.missing


def test_a_past_figure_over_a_field_of_people_says_so(world):
    field = CustomFieldFactory(record_type="talents.Person", label="导师", kind="text")
    person = PersonFactory(unit=world.ours)
    values.put(person, field.key, "张三")
    registry.of(type(person)).save(person, by=BY)

    figure = evaluate(
        [MetricFactory(key="own-past", filter={field.key: ["张"]})], Period.year(2021), ALL
    )["own-past"]

    assert figure.value == 1
    assert "导师按现状统计" in figure.note
