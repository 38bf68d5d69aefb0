"""The service behind bulk edits: rules over many rows, limits, cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import DomainError
from apps.records import bulk, selection
from apps.records.actors import Actor
from apps.talents.models import Person
from apps.training.models import TrainingClass
from tests.factories import TrainingClassFactory, UnitFactory
from tests.records.test_bulk import BULK, CLASSES, PEOPLE, person


def test_uniqueness_is_looked_up_for_all_rows_together(world):
    rows = [TrainingClassFactory(owner=world.ours, code=f"P{n}") for n in range(3)]
    read = bulk.read(CLASSES.model.objects.order_by("code"), CLASSES)

    plan = bulk.plan_edit(CLASSES, read, name="code", value="P0", by=Actor.system())

    assert [str(row) for row in plan.unchanged] == [str(rows[0])]
    assert not plan.changed
    assert all("班次编号" in one.reason or "已存在" in one.reason for one in plan.refused)
    assert len(plan.refused) == 2


def test_a_row_that_leaves_the_scope_is_refused_by_name(world):
    below = UnitFactory(name="门诊部", parent=world.ours)
    person("甲", world.ours)
    by = Actor(world.user("clerk", world.ours))
    rows = bulk.read(PEOPLE.queryset(by.scope), PEOPLE)

    refused = bulk.plan_edit(PEOPLE, rows, name="owner", value=world.theirs, by=by)
    moved = bulk.plan_edit(PEOPLE, rows, name="owner", value=below, by=by)

    assert [one.reason for one in refused.refused] == [
        "“甲”的填报单位“云岭中学”不在您的管理范围内，请改为本单位或联系人才办。"
    ]
    assert [(change.old, change.new) for change in moved.changed] == [("云岭中学", "门诊部")]


def test_what_becomes_impossible_meanwhile_is_named_and_undone(world):
    TrainingClassFactory(owner=world.ours, code="P1")
    rows = bulk.read(CLASSES.model.objects.all(), CLASSES)
    plan = bulk.plan_edit(CLASSES, rows, name="code", value="P9", by=Actor.system())
    TrainingClassFactory(owner=world.ours, code="P9")

    with pytest.raises(DomainError, match=r"没有作任何改动：“.+”不符合要求"):
        bulk.carry_out(plan, by=Actor.system())

    assert set(TrainingClass.objects.values_list("code", flat=True)) == {"P1", "P9"}


def test_a_filter_of_too_many_rows_is_refused(world, staff, read, monkeypatch):
    for name in "甲乙丙":
        person(name, world.ours)
    monkeypatch.setattr(bulk, "LIMIT", 2)

    page = staff.post(BULK, {"action": "edit", "all": "1", "query": "", "count": "3"})

    assert page.status_code == 409
    assert "一次最多处理 2 条，所选有 3 条" in read(page)
    with pytest.raises(DomainError, match="所选有 3 条"):
        bulk.read(Person.objects.all(), PEOPLE)


def test_queries_do_not_grow_with_the_rows(world):
    def cost(count):
        rows = bulk.read(TrainingClass.objects.order_by("-pk")[:count], CLASSES)
        with CaptureQueriesContext(connection) as queries:
            plan = bulk.plan_edit(
                CLASSES, rows, name="place", value=f"第{count}会议室", by=Actor.system()
            )
            bulk.carry_out(plan, by=Actor.system())
        assert len(plan.changed) == count
        return len(queries)

    for _ in range(20):
        TrainingClassFactory(owner=world.ours)

    assert cost(1) == cost(3) == cost(20)


def test_selection_keeps_the_order_of_the_list(world, rf):
    for name in ("甲", "乙", "丙"):
        person(name, world.ours)
    request = rf.post(BULK)
    request.user = world.user("staff")
    request.scope = request.user.scope

    chosen = selection.choose(request, PEOPLE, "sort=-work_started_on", None)

    assert [row.name for row in chosen.rows(request)] == list(
        Person.objects.order_by("-work_started_on", "-pk").values_list("name", flat=True)
    )
