"""The history of a record in sentences."""

import datetime

from django.utils import timezone

from apps.records import history, registry, sentences
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from tests.factories import PersonFactory
from tests.factories.numbers import id_number

BORN = datetime.date(1961, 2, 3)  # no number of the factories

PEOPLE = registry.get("talents.Person")


def change(person, user, **values):
    for name, value in values.items():
        setattr(person, name, value)
    PEOPLE.save(person, by=Actor(user))


def test_a_change_reads_as_a_sentence(world):
    person = PersonFactory(unit=world.ours, education="21")
    user = world.user("staff")
    change(person, user, education="14")
    line = ChangeLog.objects.filter(action="update").get()
    line.at = datetime.datetime(2026, 11, 21, 2, 5, tzinfo=datetime.UTC)

    told = sentences.tell([line], PEOPLE.model)

    expected = f"{user.name} 2026年11月21日 10:05 把 学历 由 大学本科 改为 硕士研究生"
    assert str(told[0]) == expected


def test_page_tells_every_kind_of_change(staff, world, read):
    person = PersonFactory(name="王明", unit=world.ours, post="医师", mobile="13812341234")
    user = world.user("head")
    change(person, user, post="", school="清河大学")
    change(person, user, mobile="13900001111")
    by = Actor(user).because("核对名单")
    history.log_change("reveal", by=by, record=person, changes={"mobile": ["1", "1"]})

    page = read(staff.get(PEOPLE.url("history", person.pk)))

    now = timezone.localtime()
    assert f"{user.name} {now.year}年{now.month}月{now.day}日" in page
    assert "把 毕业院校 填为 清河大学" in page
    assert "清除了 职务 （原为 医师 ）" in page
    assert "把 手机号码 由 138****1234 改为 139****1111" in page
    assert "查看了 手机号码 的明文 理由：核对名单" in page
    assert "新增了这条记录" in page
    assert "13900001111" not in page


def test_a_number_never_stands_in_the_history(staff, world):
    person = PersonFactory(unit=world.ours, id_number=id_number(5, BORN))
    content = staff.get(PEOPLE.url("history", person.pk)).content.decode()

    assert id_number(5, BORN) not in content


def test_pages_of_twenty(staff, world, read):
    person = PersonFactory(unit=world.ours)
    user = world.user("head")
    for number in range(21):
        change(person, user, post=f"职务{number}")

    first = read(staff.get(PEOPLE.url("history", person.pk)))
    second = read(staff.get(PEOPLE.url("history", person.pk), {"page": 2}))

    assert "第 1 页，共 2 页" in first
    assert "新增了这条记录" not in first
    assert "新增了这条记录" in second


def test_a_long_text_is_cut_and_a_lost_field_named(world):
    line = ChangeLog(
        action="update", user_name="王明", at=timezone.now(),
        changes={"no_longer": ["", "很长" * 100]},
    )  # fmt: skip

    told = str(sentences.tell([line], PEOPLE.model)[0])

    assert "已取消的栏目" in told
    assert len(told) < 150


def test_outside_the_scope_is_not_there(clerk, world):
    theirs = PersonFactory(unit=world.theirs)

    assert clerk.get(PEOPLE.url("history", theirs.pk)).status_code == 404
