"""A clerk's entry: draft, submitted, approved or sent back."""

import pytest

from apps.core.errors import DomainError
from apps.records import registry, review
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.talents.models import Person
from tests.factories import PersonFactory

PEOPLE = registry.get("talents.Person")


@pytest.fixture
def draft(world):
    return PersonFactory(name="王明", unit=world.ours, by=Actor(world.user("clerk", world.ours)))


def state_of(row):
    return Person.objects.get(pk=row.pk).get_state_display()


def test_a_draft_comes_to_count(clerk, staff, draft, read):
    assert state_of(draft) == "草稿"
    page = read(clerk.get(PEOPLE.url("detail", draft.pk)))
    assert "这条记录还是草稿" in page
    assert "报送" in page
    assert "审核通过 退回" not in page

    told = clerk.post(
        PEOPLE.url("review", draft.pk), {"move": "submit", "version": draft.version}, follow=True
    )
    assert "已报送“王明”，等待审核。" in read(told)
    assert state_of(draft) == "已报送"
    assert not PEOPLE.queryset(Actor.system().scope).counted().exists()

    told = staff.post(PEOPLE.url("review", draft.pk), {"move": "approve"}, follow=True)
    assert "“王明”审核通过，计入统计。" in read(told)
    assert state_of(draft) == "已审核"
    assert PEOPLE.queryset(Actor.system().scope).counted().count() == 1


def test_sending_back_needs_a_reason_that_the_unit_reads(clerk, staff, draft, read):
    address = PEOPLE.url("review", draft.pk)
    clerk.post(address, {"move": "submit"})

    refused = staff.post(address, {"move": "return", "reason": " "}, follow=True)
    assert "请写明退回理由，填报单位据此修改。" in read(refused)
    assert state_of(draft) == "已报送"

    staff.post(address, {"move": "return", "reason": "缺少毕业院校"})
    assert state_of(draft) == "退回"
    page = read(clerk.get(PEOPLE.url("history", draft.pk)))
    assert "退回 理由：缺少毕业院校" in page
    assert "由 已报送 改为 退回" not in page
    assert "缺少毕业院校" in read(clerk.get(PEOPLE.url("detail", draft.pk)))

    clerk.post(address, {"move": "submit"})
    assert state_of(draft) == "已报送"


def test_every_move_is_logged(clerk, staff, draft):
    address = PEOPLE.url("review", draft.pk)
    clerk.post(address, {"move": "submit"})
    staff.post(address, {"move": "approve"})

    lines = ChangeLog.objects.filter(action="review").order_by("pk")

    assert [line.changes["state"] for line in lines] == [
        ["草稿", "已报送"], ["已报送", "已审核"],
    ]  # fmt: skip


def test_a_clerk_cannot_review(clerk, draft):
    for move in ("approve", "return"):
        response = clerk.post(PEOPLE.url("review", draft.pk), {"move": move, "reason": "自己通过"})
        assert response.status_code == 403
    assert state_of(draft) == "草稿"
    with pytest.raises(DomainError, match="没有审核权限"):
        review.approve(draft, by=Actor(draft.created_by))


def test_the_leader_cannot_move_anything(leader, draft):
    for move in ("submit", "approve", "return"):
        assert leader.post(PEOPLE.url("review", draft.pk), {"move": move}).status_code == 403


def test_what_changed_since_it_was_read_is_not_approved(staff, draft, read):
    seen = draft.version
    draft.post = "改过的职务"
    PEOPLE.save(draft, by=Actor(draft.created_by))

    told = staff.post(
        PEOPLE.url("review", draft.pk), {"move": "approve", "version": seen}, follow=True
    )

    assert "在您打开之后已被" in read(told)
    assert state_of(draft) == "草稿"


def test_moves_that_make_no_sense_are_refused(staff, world, read):
    approved = PersonFactory(name="李强", unit=world.ours)
    address = PEOPLE.url("review", approved.pk)

    assert "已审核，不需要" in read(staff.post(address, {"move": "approve"}, follow=True))
    assert "不需要再报送" in read(staff.post(address, {"move": "submit"}, follow=True))
    assert "没有这种办理方式" in read(staff.post(address, {"move": "x"}, follow=True))
    assert state_of(approved) == "已审核"


def test_shared_types_have_no_review(staff, world):
    units = registry.get("organizations.Unit")

    assert staff.post(units.url("review", world.ours.pk), {"move": "approve"}).status_code == 404


def test_outside_the_scope_is_not_there(clerk, world):
    theirs = PersonFactory(unit=world.theirs)

    assert clerk.post(PEOPLE.url("review", theirs.pk), {"move": "submit"}).status_code == 404
