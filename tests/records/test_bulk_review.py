"""报送, 审核通过 and 退回 of many rows."""

import pytest

from apps.records import bulk, registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog, Record
from apps.talents.models import Person
from tests.factories import PersonFactory
from tests.records.test_bulk import hidden

PEOPLE = registry.get("talents.Person")
State = Record.State


@pytest.fixture
def people(world):
    """One in each state."""
    rows = [PersonFactory(name=name, unit=world.ours) for name in "甲乙丙丁"]
    for row, state in zip(rows, State.values, strict=True):
        Person.objects.filter(pk=row.pk).update(state=state)
    return Person.objects.order_by("pk")


def ask(client, rows, action):
    return client.post(PEOPLE.url("bulk"), {"action": action, "row": [row.pk for row in rows]})


def confirm(client, page, **more):
    sent = hidden(page) | {"stage": "do"} | more
    return client.post(PEOPLE.url("bulk"), sent, follow=True)


def states():
    return dict(Person.objects.values_list("name", "state"))


def test_staff_pass_what_waits(staff, people, read):
    page = ask(staff, people, "approve")
    done = confirm(staff, page)

    assert "将审核通过 3 条 原来就是这个状态 1 条 不能审核通过 0 条" in read(page)
    assert "已审核通过 3 条人才，计入统计。" in read(done)
    assert set(states().values()) == {State.APPROVED}
    lines = ChangeLog.objects.filter(action="review")
    assert sorted(line.changes["state"][0] for line in lines) == ["已报送", "草稿", "退回"]
    assert {line.changes["state"][1] for line in lines} == {"已审核"}


def test_sending_back_needs_a_reason(staff, people, read):
    page = ask(staff, people, "return")
    refused = confirm(staff, page, reason=" ")
    unchanged = states()
    done = confirm(staff, refused, reason="职称证书日期不对")

    assert "将退回 2 条 原来就是这个状态 1 条 不能退回 1 条" in read(page)
    assert "丙 已审核，不需要再次办理。" in read(page)
    assert "请写明退回理由，填报单位据此修改。" in read(refused)
    assert unchanged == dict(zip("甲乙丙丁", State.values, strict=True))
    assert "已退回 2 条人才给填报单位。" in read(done)
    assert states() == {"甲": "returned", "乙": "returned", "丙": "approved", "丁": "returned"}
    assert set(ChangeLog.objects.filter(action="review").values_list("reason", flat=True)) == {
        "职称证书日期不对"
    }


def test_a_clerk_submits_and_reviews_nothing(world, clerk, people, read):
    done = confirm(clerk, ask(clerk, people, "submit"))

    assert "已报送 2 条人才，等待审核。" in read(done)
    assert states() == {"甲": "submitted", "乙": "submitted", "丙": "approved", "丁": "submitted"}
    for action in ("approve", "return"):
        response = ask(clerk, people, action)
        assert response.status_code == 403
        assert "没有权限" in read(response)


def test_a_leader_submits_nothing(world, people):
    assert ask(world.client("leader"), people, "submit").status_code == 403
    assert states()["甲"] == State.DRAFT


def test_types_without_review_say_so(world, staff, read):
    pool = registry.get("talents.Pool")

    response = staff.post(pool.url("bulk"), {"action": "approve", "all": "1"})

    assert response.status_code == 400
    assert "人才库没有审核，不能批量办理。" in read(response)


def test_a_row_changed_meanwhile_is_not_passed_unseen(world, staff, people, read):
    page = ask(staff, people, "approve")
    row = Person.objects.get(name="乙")
    row.post = "主任"
    PEOPLE.save(row, by=Actor.system())

    assert "预览之后有人修改了“乙”" in read(confirm(staff, page))
    assert states()["甲"] == State.DRAFT


def test_the_service_serves_any_rows(world, people):
    rows = bulk.read(people.filter(state=State.SUBMITTED), PEOPLE)
    plan = bulk.plan_review(PEOPLE, rows, "approve", by=Actor(world.user("staff")))

    assert bulk.carry_out(plan, by=Actor(world.user("staff"))) == 1
    assert states()["乙"] == State.APPROVED
    assert "没有审核权限" in bulk.plan_review(
        PEOPLE, bulk.read(people.filter(name="甲"), PEOPLE), "approve",
        by=Actor(world.user("clerk", world.ours)),
    ).refused[0].reason  # fmt: skip
