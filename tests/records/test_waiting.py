"""What waits for review, for staff and for units: looked through, handed in, moved."""

import re

import pytest

from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.records.scope import Scope
from apps.talents.models import Person
from tests.factories import PersonFactory, TrainingClassFactory
from tests.records.files import PDF
from tests.records.test_attachments import upload

PEOPLE = registry.get("talents.Person")
QUEUE, MINE = "/review/", "/review/mine/"


def key(row):
    return f"{row._meta.label}:{row.pk}:{row.version}"


def state(row):
    return type(row).objects.get(pk=row.pk).get_state_display()


def test_queue_lists_what_was_handed_in_the_oldest_first(world, staff, hand_in, read):
    hand_in(PersonFactory, name="新来", unit=world.ours, days=1)
    hand_in(TrainingClassFactory, name="先来的班", owner=world.ours, days=9)
    PersonFactory(name="草稿人", unit=world.ours, by=Actor(world.user("clerk", world.ours)))
    PersonFactory(name="已审人", unit=world.ours)

    page = read(staff.get(QUEUE))

    assert "共 2 条等待审核，先报送的在前" in page
    assert page.index("先来的班") < page.index("新来")
    assert "全部 2 人才 1 培训班 1" in page
    assert "草稿人" not in page
    assert "已审人" not in page
    assert "测试clerk" in page
    assert "新增，还没有审核过" in page


def test_queue_is_narrowed_by_type_and_unit(world, staff, hand_in, read):
    ours = hand_in(PersonFactory, name="甲方人", unit=world.ours)
    hand_in(TrainingClassFactory, name="乙方班", owner=world.ours)

    page = read(staff.get(QUEUE, {"type": "training.TrainingClass"}))
    assert "乙方班" in page
    assert "甲方人" not in page
    page = read(staff.get(QUEUE, {"unit": world.theirs.pk}))
    assert "这个条件下没有等待审核的记录。" in page
    page = read(staff.get(QUEUE, {"unit": world.ours.pk, "type": "talents.Person"}))
    assert str(ours) in page
    assert "区第一人民医院（1）" in page


@pytest.mark.parametrize(
    "query", [{"type": "no.Such"}, {"unit": "x"}, {"page": "x"}, {"size": "7"}, {"page": "0"}]
)
def test_nonsense_in_the_address_gets_a_sentence(staff, read, query):
    response = staff.get(QUEUE, query)

    assert response.status_code == 400
    assert "请从页面上的链接重新进入。" in read(response)


def test_pages_follow_each_other(world, staff, hand_in, read):
    for number in range(21):
        hand_in(PersonFactory, name=f"第{number}人", unit=world.ours, days=30 - number)

    first, second = staff.get(QUEUE), staff.get(QUEUE, {"page": 2})

    assert "第 1 页，共 2 页 21 条 下一页" in read(first)
    assert "第20人" in read(second)
    assert "第19人" not in read(second)
    assert "第20人" in read(staff.get(QUEUE, {"page": 99}))
    assert "第20人" in read(staff.get(QUEUE, {"size": 50}))


def test_ticked_records_of_several_types_are_approved_together(world, staff, hand_in, read):
    person = hand_in(PersonFactory, name="王明", unit=world.ours)
    held = hand_in(TrainingClassFactory, name="培训甲", owner=world.ours)
    left = hand_in(PersonFactory, name="李强", unit=world.ours)

    told = staff.post(QUEUE, {"move": "approve", "row": [key(person), key(held)]}, follow=True)

    assert "审核通过 2 条，计入统计。" in read(told)
    assert (state(person), state(held), state(left)) == ("已审核", "已审核", "已报送")
    lines = ChangeLog.objects.filter(action="review", object_id=person.pk).order_by("pk")
    assert lines.last().changes == {"state": ["已报送", "已审核"]}
    assert lines.last().user_name == "测试staff"


def test_the_filter_stays_after_the_deed(world, staff, hand_in):
    person = hand_in(PersonFactory, unit=world.ours)

    response = staff.post(f"{QUEUE}?type=talents.Person", {"move": "approve", "row": [key(person)]})

    assert response.url == f"{QUEUE}?type=talents.Person"


def test_returning_needs_a_reason_and_keeps_the_ticks(world, staff, clerk, hand_in, read):
    person = hand_in(PersonFactory, name="王明", unit=world.ours)

    refused = staff.post(QUEUE, {"move": "return", "row": [key(person)], "reason": " "})
    assert "请写明退回理由，填报单位据此修改。" in read(refused)
    assert re.search(r'aria-label="选择王明"\s+checked', refused.content.decode())
    assert state(person) == "已报送"

    told = staff.post(
        QUEUE, {"move": "return", "row": [key(person)], "reason": "缺毕业院校"}, follow=True
    )
    assert "已退回 1 条，填报单位会看到退回理由。" in read(told)
    assert state(person) == "退回"
    page = read(clerk.get(MINE))
    assert "王明" in page
    assert "退回理由：缺毕业院校" in page


def test_without_a_tick_nothing_happens(world, staff, hand_in, read):
    person = hand_in(PersonFactory, unit=world.ours)

    page = read(staff.post(QUEUE, {"move": "return", "reason": "看不清"}))

    assert "还没有选择记录" in page
    assert (
        'value="看不清"'
        in staff.post(QUEUE, {"move": "return", "reason": "看不清"}).content.decode()
    )
    assert state(person) == "已报送"


def test_what_changed_since_it_was_looked_at_is_not_approved(world, staff, by, hand_in, read):
    seen = hand_in(PersonFactory, name="王明", unit=world.ours)
    other = hand_in(PersonFactory, name="李强", unit=world.ours)
    changed = Person.objects.get(pk=seen.pk)
    changed.post = "改过的职务"
    PEOPLE.save(changed, by=by)

    told = read(staff.post(QUEUE, {"move": "approve", "row": [key(seen), key(other)]}, follow=True))

    assert "“王明”没有办理：在您打开之后有了改动，请核对后再办理。" in told
    assert "审核通过 1 条" in told
    assert (state(seen), state(other)) == ("已报送", "已审核")
    page = read(staff.post(QUEUE, {"move": "approve", "row": [key(seen)]}))
    assert "没有办理任何一条，请核对下面的最新情况。" in page


def test_what_somebody_else_has_dealt_with_is_said(world, staff, hand_in, read):
    person = hand_in(PersonFactory, name="王明", unit=world.ours)
    sent = {"move": "approve", "row": [key(person), "talents.Person:999:1", "x", "a:b:c"]}
    told = read(staff.post(QUEUE, sent, follow=True))
    assert "审核通过 1 条" in told
    assert "有 3 条记录已删除或不在您的管理范围内。" in told
    person.refresh_from_db()

    told = read(staff.post(QUEUE, {"move": "approve", "row": [key(person)]}, follow=True))

    assert "“王明”没有办理：此前已经办理过。" in told
    assert "审核通过" not in told


def test_queue_says_what_changed_since_the_last_approval(world, staff, clerk, by, read):
    person = PersonFactory(name="王明", unit=world.ours, post="医师", mobile="13812341234")
    person.post, person.speciality = "主治医师", "骨科"
    PEOPLE.save(person, by=by)
    person.post, person.mobile, person.speciality = "主任医师", "13900001111", ""
    PEOPLE.save(person, by=by)
    upload(clerk, person, "证书.pdf", PDF)
    clerk.post(PEOPLE.url("review", person.pk), {"move": "submit"})

    page = read(staff.get(QUEUE))
    detail = read(staff.get(PEOPLE.url("detail", person.pk)))

    for seen in (page, detail):
        assert "把 手机号码 由 138****1234 改为 139****1111" in seen or (
            "由 138****1234 改为 139****1111" in seen
        )
        assert "由 医师 改为 主任医师" in seen
        assert "主治医师" not in seen
        assert "骨科" not in seen
        assert "上传了附件 证书.pdf" in seen
    assert "新增，还没有审核过" not in page


def test_mine_shows_drafts_returns_and_what_is_under_review(world, clerk, staff, by, hand_in, read):
    PersonFactory(name="草稿人", unit=world.ours, by=by)
    back = hand_in(PersonFactory, name="退回人", unit=world.ours)
    staff.post(QUEUE, {"move": "return", "row": [key(back)], "reason": "缺学历"})
    hand_in(PersonFactory, name="在审人", unit=world.ours)

    page = read(clerk.get(MINE))
    assert "要办的 2 退回 1 草稿 1 已报送 1" in page
    assert "草稿人" in page
    assert "退回理由：缺学历" in page
    assert "在审人" not in page
    submitted = read(clerk.get(MINE, {"state": "submitted"}))
    assert "在审人" in submitted
    assert "报送所选" not in submitted
    assert clerk.get(MINE, {"state": "approved"}).status_code == 400


def test_a_clerk_hands_in_one_many_or_all(world, clerk, by, read):
    people = [PersonFactory(name=f"第{n}人", unit=world.ours, by=by) for n in range(4)]
    held = TrainingClassFactory(owner=world.ours, by=by)

    told = read(clerk.post(MINE, {"move": "submit", "row": [key(people[0])]}, follow=True))
    assert "已报送 1 条，等待审核。" in told
    assert state(people[0]) == "已报送"
    assert "报送全部草稿（4 条）" in told
    clerk.post(f"{MINE}?type=training.TrainingClass", {"move": "submit", "all": "1"})
    assert (state(held), state(people[1])) == ("已报送", "草稿")
    told = read(clerk.post(MINE, {"move": "submit", "all": "1"}, follow=True))
    assert "已报送 3 条" in told
    assert {state(row) for row in people} == {"已报送"}


def test_all_leaves_what_came_back_alone(world, clerk, staff, by, hand_in):
    back = hand_in(PersonFactory, unit=world.ours)
    staff.post(QUEUE, {"move": "return", "row": [key(back)], "reason": "缺学历"})
    PersonFactory(unit=world.ours, by=by)

    clerk.post(MINE, {"move": "submit", "all": "1"})

    assert state(back) == "退回"


def test_only_approved_records_count(world, staff, hand_in):
    person = hand_in(PersonFactory, unit=world.ours)
    counted = PEOPLE.queryset(Scope.everything()).counted()
    assert not counted.exists()

    staff.post(QUEUE, {"move": "approve", "row": [key(person)]})

    assert counted.count() == 1


# -- who may -----------------------------------------------------------------------------------


def test_each_side_has_its_own_page(world, staff, clerk, leader, client):
    auditor = world.client("auditor")

    assert client.get(QUEUE).url.startswith("/accounts/login/")
    for somebody in (clerk, leader, auditor):
        assert somebody.get(QUEUE).status_code == 403
        assert somebody.post(QUEUE, {"move": "approve"}).status_code == 403
    for somebody in (staff, leader, auditor):
        assert somebody.get(MINE).status_code == 403


def test_a_clerk_cannot_approve_by_the_own_page(world, clerk, hand_in, read):
    person = hand_in(PersonFactory, unit=world.ours)

    response = clerk.post(MINE, {"move": "approve", "row": [key(person)]})

    assert response.status_code == 409
    assert "没有这种办理方式" in read(response)
    assert state(person) == "已报送"


def test_records_of_another_unit_are_neither_seen_nor_moved(world, clerk, read):
    other = Actor(world.user("clerk", world.theirs))
    theirs = PersonFactory(name="绝密石榴", unit=world.theirs, by=other)

    assert "绝密石榴" not in read(clerk.get(MINE))
    told = read(clerk.post(MINE, {"move": "submit", "row": [key(theirs)]}))
    clerk.post(MINE, {"move": "submit", "all": "1"})

    assert "绝密石榴" not in told
    assert state(theirs) == "草稿"


def test_a_reviewer_of_one_unit_sees_that_unit_alone(world, hand_in, read):
    other = Actor(world.user("clerk", world.theirs))
    PersonFactory(name="绝密石榴", unit=world.theirs, by=other)
    hand_in(PersonFactory, name="本单位人", unit=world.ours)
    head = world.client("head", world.ours)

    page = read(head.get(QUEUE))

    assert "本单位人" in page
    assert "绝密石榴" not in page


def test_menu_offers_each_side_its_page(world, staff, clerk, leader):
    def offered(client):
        page = client.get("/search/").content.decode()
        menu = page.partition('<nav class="menu"')[2].partition("</nav>")[0]
        return [address for address in (QUEUE, MINE) if f'href="{address}"' in menu]

    assert [offered(somebody) for somebody in (staff, clerk, leader)] == [[QUEUE], [MINE], []]
