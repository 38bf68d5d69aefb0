"""The leader's own page: his experts, what is due, and the visit he notes himself."""

import datetime
import re

import pytest
from django.utils import timezone

from apps.contacts.models import Visit
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog, Record
from tests.factories import (
    AwardFactory,
    AwardRecipientFactory,
    ContactLinkFactory,
    LeaderFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    ServiceRequestFactory,
    UnitFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
MINE = "/mine/"


def ago(days):
    return TODAY - datetime.timedelta(days=days)


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def me(world):
    """A leader who is signed in: (client, leader)."""
    client = world.client("leader")
    user_id = int(client.session["_auth_user_id"])
    return client, LeaderFactory(name="苏远帆", post="区委常委", user_id=user_id)


def link_to(world, leader, name="彭静生", **more):
    unit = UnitFactory(parent=world.root, name=f"{name}所在单位")
    person = PersonFactory(name=name, unit=unit, owner=unit, post="副院长", title="主任医师")
    return ContactLinkFactory(leader=leader, person=person, owner=unit, starts_on=ago(400), **more)


def read(client):
    response = client.get(MINE)
    assert response.status_code == 200
    return words(response.content.decode())


def test_card_tells_of_the_expert_in_one_glance(world, me):
    client, leader = me
    link = link_to(world, leader)
    pool = PoolFactory(name="专业技术人才", kind="team")
    PoolMembershipFactory(person=link.person, pool=pool, owner=link.owner)
    award = AwardFactory(owner=world.root, year=2021, rank="一等奖", status="conferred")
    AwardRecipientFactory(award=award, person=link.person, unit=None, name="", owner=world.root)
    VisitFactory(link=link, owner=link.owner, visited_on=ago(200), difficulties=3, solved=1)
    VisitFactory(
        link=link, owner=link.owner, visited_on=TODAY, form="2", difficulties=0, solved=1,
        solved_earlier=1,
    )  # fmt: skip

    text = read(client)

    assert "苏远帆 区委常委 统计时间" in text
    assert "彭静生所在单位 副院长" in text
    assert "人才队伍 专业技术人才" in text
    assert "职称技能 主任医师" in text
    assert "学历学位 大学本科" in text
    assert f"2021年{award.scheme.name}一等奖" in text
    assert f"最近走访 {TODAY} 座谈（当天）" in text
    assert "反映困难 3 件，已解决 2 件" in text
    assert "本季度都已走访。" in text


@pytest.mark.parametrize(
    ("days", "mark"),
    [(None, "逾期"), (181, "逾期"), (180, "待走访"), (91, "待走访"), (0, "已走访")],
)
def test_visits_are_due_and_overdue(world, me, days, mark):
    client, leader = me
    link = link_to(world, leader)
    if days is not None:
        VisitFactory(link=link, owner=link.owner, visited_on=ago(days))
    else:  # somebody else's, so that the page looks at today
        VisitFactory(link=ContactLinkFactory(starts_on=ago(9)), visited_on=ago(1))

    page = client.get(MINE).content.decode()

    card = page[page.index('class="panel mine-card"') :]
    assert re.search(rf'class="state state-\w+">{mark}<', card)
    assert ("结对已 400 天" in page) == (days is None)


def test_open_requests_of_my_experts_are_listed_the_late_ones_first(world, me):
    client, leader = me
    link = link_to(world, leader)
    VisitFactory(link=link, owner=link.owner, visited_on=TODAY)
    mine = {"person": link.person, "owner": link.owner}
    ServiceRequestFactory(**mine, content="住房", received_on=ago(9), due_on=TODAY)
    ServiceRequestFactory(**mine, content="转学", received_on=ago(60), due_on=ago(30))
    ServiceRequestFactory(
        **mine, content="落户", received_on=ago(60), closed_on=ago(1), due_on=None
    )
    ServiceRequestFactory(content="别人的", received_on=ago(9), due_on=None)

    text = read(client)

    assert "2 在办诉求（超期 1）" in text
    assert text.index("转学") < text.index("住房")
    assert "超期 30 天" in text
    assert "落户" not in text
    assert "别人的" not in text


def test_page_of_an_office_that_has_stopped_looks_at_its_last_year(world, me):
    client, leader = me
    link = link_to(world, leader)
    link.starts_on = datetime.date(2021, 1, 1)
    registry.of(type(link)).save(link, by=Actor.system())
    VisitFactory(link=link, owner=link.owner, visited_on=datetime.date(2022, 11, 20))

    text = read(client)

    assert "近一年没有登记走访，以下按 2022-12-31 的情况显示。" in text
    assert "2022-11-20 走访（41 天前）" in text


def test_links_of_others_and_ended_ones_are_not_mine(world, me):
    client, leader = me
    link_to(world, leader)
    link_to(world, leader, name="已结束", ends_on=ago(1))
    link_to(world, LeaderFactory(), name="他人专家")

    text = read(client)

    assert "彭静生" in text
    assert "已结束" not in text
    assert "他人专家" not in text


def test_account_without_a_leader_is_told_whom_to_ask(world):
    client = world.client("leader")

    text = read(client)

    assert "您的账号还没有对应的领导" in text
    assert "我的联系专家" in words(client.get("/").content.decode())
    assert "我的联系专家" not in words(world.client("staff").get("/").content.decode())


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_administrators_do_not_enter(world, role):
    assert world.client(role).get(MINE).status_code == 403


def test_queries_do_not_grow_with_experts(world, me, django_assert_num_queries):
    client, leader = me
    for name in ("甲一", "甲二"):
        link = link_to(world, leader, name=name)
        VisitFactory(link=link, owner=link.owner, visited_on=TODAY)
    read(client)
    with django_assert_num_queries(15):
        client.get(MINE)
    for name in ("乙一", "乙二", "乙三"):
        link = link_to(world, leader, name=name)
        VisitFactory(link=link, owner=link.owner, visited_on=TODAY)
        ServiceRequestFactory(person=link.person, owner=link.owner, received_on=ago(3), due_on=None)
    with django_assert_num_queries(15):
        client.get(MINE)


# -- noting a visit ------------------------------------------------------------------------------

NOTED = {
    "visited_on": TODAY.isoformat(), "form": "1", "opinions": "2", "difficulties": "1",
    "solved": "1", "solved_earlier": "0", "summary": "看望专家",
}  # fmt: skip


def note(client, link, **more):
    return client.post(f"{MINE}{link.pk}/visit/", {**NOTED, **more})


def test_leader_notes_a_visit_that_counts_at_once(world, me):
    client, leader = me
    link = link_to(world, leader)
    assert "登记走访：彭静生" in words(client.get(f"{MINE}{link.pk}/visit/").content.decode())

    response = note(client, link)

    assert response.status_code == 302
    assert response.url == f"{MINE}#link-{link.pk}"
    visit = Visit.objects.get()
    assert (visit.link, visit.opinions, visit.summary) == (link, 2, "看望专家")
    assert (visit.owner, visit.state) == (link.owner, Record.State.APPROVED)
    line = ChangeLog.objects.get(record_type="contacts.Visit", action="create")
    assert line.user_id == leader.user_id
    assert f"已登记 {TODAY} 的走访。" in read(client)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"solved": "3"}, "解决困难不能多于反映困难"),
        ({"visited_on": ""}, "请填写走访日期"),
        ({"visited_on": "2022.13.1"}, "月"),
        ({"form": ""}, "请选择方式"),
        ({"visited_on": "1999-01-01"}, "走访日期不在结对期间"),
    ],
)
def test_what_is_wrong_with_a_noted_visit_is_said(world, me, values, sentence):
    client, leader = me
    link = link_to(world, leader)

    response = note(client, link, **values)

    assert response.status_code == 200
    assert sentence in words(response.content.decode())
    assert Visit.objects.count() == 0


def test_same_visit_is_noted_once(world, me):
    client, leader = me
    link = link_to(world, leader)
    note(client, link)

    response = note(client, link)

    assert "同一天同一方式的走访已登记" in words(response.content.decode())
    assert Visit.objects.count() == 1


def test_leader_cannot_note_a_visit_of_another_leaders_link(world, me):
    client, leader = me
    link_to(world, leader)
    other = link_to(world, LeaderFactory(), name="他人专家")

    assert client.get(f"{MINE}{other.pk}/visit/").status_code == 404
    assert note(client, other).status_code == 404
    assert Visit.objects.count() == 0
    for address in ("/contacts/visit/new/", "/contacts/visit/import/"):
        assert client.get(address).status_code == 403
    posted = client.post("/contacts/visit/new/", {**NOTED, "link.key": other.pk})
    assert posted.status_code == 403
    assert Visit.objects.count() == 0


def test_nobody_without_the_right_notes_a_visit(world):
    link = ContactLinkFactory(leader=LeaderFactory(), owner=world.ours)
    for role, unit in (("staff", None), ("clerk", world.ours), ("auditor", None)):
        assert note(world.client(role, unit), link).status_code == 403
    assert Visit.objects.count() == 0


def test_link_outside_the_leaders_scope_is_not_there(world):
    client = world.client("leader", world.ours)
    leader = LeaderFactory(user_id=int(client.session["_auth_user_id"]))
    link = ContactLinkFactory(leader=leader, owner=world.theirs)

    assert str(link.person) not in read(client)
    assert note(client, link).status_code == 404
