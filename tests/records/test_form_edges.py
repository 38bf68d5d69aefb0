"""Forms at the edges: races, unreadable values, merged references and ticks."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.errors import StaleRecord
from apps.talents.models import Person
from apps.training.models import TrainingClass
from tests.factories import PersonFactory, TrainingClassFactory, UnitFactory

PEOPLE = registry.get("talents.Person")
CLASSES = registry.get("training.TrainingClass")
UNITS = registry.get("organizations.Unit")


@pytest.fixture
def held(world):
    return TrainingClassFactory(code="P1", owner=world.root, in_plan=False)


def test_a_reference_and_a_tick_of_the_other_are_taken_over(staff, world, fields_of):
    person = PersonFactory(unit=world.ours)
    sent = fields_of(staff.get(PEOPLE.url("edit", person.pk)))
    other = Person.objects.get()
    other.unit, other.is_overseas, other.political_status = world.theirs, True, "01"
    PEOPLE.save(other, by=Actor.system())

    staff.post(PEOPLE.url("edit", person.pk), {**sent, "post": "院长"})

    person = Person.objects.get()
    assert (person.unit, person.is_overseas, person.post) == (world.theirs, True, "院长")
    assert person.political_status == "01"


def test_a_tick_that_the_other_removed_is_removed(staff, world, fields_of):
    person = PersonFactory(unit=world.ours, is_overseas=True)
    sent = fields_of(staff.get(PEOPLE.url("edit", person.pk)))
    other = Person.objects.get()
    other.is_overseas = False
    PEOPLE.save(other, by=Actor.system())

    staff.post(PEOPLE.url("edit", person.pk), {**sent, "post": "院长"})

    assert not Person.objects.get().is_overseas


def test_a_late_save_with_faults_keeps_what_was_typed(staff, held, fields_of):
    sent = fields_of(staff.get(CLASSES.url("edit", held.pk)))
    held.place = "区委党校"
    CLASSES.save(held, by=Actor.system())

    refused = staff.post(
        CLASSES.url("edit", held.pk), {**sent, "starts_on": "2022.13.1", "base": "[broken"}
    )

    assert refused.status_code == 409
    assert fields_of(refused)["starts_on"] == "2022.13.1"
    assert "月份应在 01–12 之间" in refused.content.decode()


def test_unreadable_figures_are_refused_in_chinese(staff, held, fields_of, read):
    sent = fields_of(staff.get(CLASSES.url("edit", held.pk)))

    page = read(staff.post(CLASSES.url("edit", held.pk), {**sent, "head_count": "很多"}))
    assert "应为整数，请改为如 38。" in page
    page = read(staff.post(CLASSES.url("edit", held.pk), {**sent, "cost": "不少"}))
    assert "不是金额，请改为数字" in page
    page = read(staff.post(CLASSES.url("edit", held.pk), {**sent, "cost": ""}))
    assert "请填写经费（元）。" in page
    page = read(staff.post(CLASSES.url("edit", held.pk), {**sent, "code": "", "head_count": ""}))
    assert "请填写班次编号。" in page


def test_a_text_with_too_many_letters_is_refused_with_both_numbers(staff, held, fields_of, read):
    sent = fields_of(staff.get(CLASSES.url("edit", held.pk)))

    page = read(staff.post(CLASSES.url("edit", held.pk), {**sent, "name": "班" * 300}))

    most = TrainingClass._meta.get_field("name").max_length
    assert f"最多 {most} 个字，现在有 300 个，请改短一些。" in page
    assert "确保该变量" not in page


def test_a_taken_code_is_said_with_the_record_that_has_it(staff, world, held, fields_of, read):
    other = TrainingClassFactory(code="P2", owner=world.root)
    sent = fields_of(staff.get(CLASSES.url("edit", other.pk)))

    page = read(staff.post(CLASSES.url("edit", other.pk), {**sent, "code": "P1"}))

    assert "班次编号相同的培训班已存在，请核对。" in page
    assert f"已有班次编号相同的培训班“{held}”" in page
    assert TrainingClass.objects.get(pk=other.pk).code == "P2"


def test_a_mobile_is_checked_and_stored_plain(staff, world, fields_of, read):
    person = PersonFactory(unit=world.ours)
    sent = fields_of(staff.get(PEOPLE.url("edit", person.pk)))

    page = read(staff.post(PEOPLE.url("edit", person.pk), {**sent, "mobile": "12345"}))
    assert "手机号码应为 1 开头的 11 位数字，请核对。" in page
    staff.post(PEOPLE.url("edit", person.pk), {**sent, "mobile": "+86 138-1234-1234"})
    assert Person.objects.get().mobile.reveal() == "13812341234"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DomainError("2022 年已封账，请先重开。"), "2022 年已封账，请先重开。"),
        (IntegrityError(), "刚刚有人保存了相同的记录"),
        (StaleRecord("已被修改", {}), "刚刚又有人修改了这条记录，没有保存"),
    ],
)
def test_what_the_write_path_refuses_is_said(
    staff, held, fields_of, read, monkeypatch, error, sentence
):
    sent = fields_of(staff.get(CLASSES.url("edit", held.pk)))

    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr(CLASSES, "save", refuse)
    page = read(staff.post(CLASSES.url("edit", held.pk), {**sent, "name": "改过的名称"}))

    assert sentence in page
    assert TrainingClass.objects.get().name != "改过的名称"


def test_an_address_may_fill_plain_fields_but_no_protected_ones(staff, fields_of):
    page = staff.get(PEOPLE.url("new"), {"name": "王明", "mobile": "13812341234", "no": "1"})

    sent = fields_of(page)
    assert sent["name"] == "王明"
    assert sent["mobile"] == ""
    assert fields_of(staff.get(PEOPLE.url("new"), {"unit": "x"}))["unit"] == ""


def test_a_repeated_name_is_hinted_at_after_saving(staff, world, read):
    PersonFactory(name="王明", unit=world.ours)
    sent = {"name": "王明", "id_type": "resident", "belonging": "local", "sex": "1"}

    told = staff.post(PEOPLE.url("new"), {**sent, "unit": world.theirs.name}, follow=True)

    page = read(told)
    assert "已保存人才“王明”。" in page
    assert "已有同名人才“王明”" in page
    assert "如为同一对象，请核对后删除重复的一条。" in page


def test_the_admin_says_why_a_record_stays(world, read):
    PersonFactory(unit=world.ours)
    empty = UnitFactory(name="空单位", parent=world.root)
    client = world.client("head")
    chosen = {"action": "delete_selected", "post": "yes"}
    address = reverse("admin:organizations_unit_changelist")

    told = client.post(address, {**chosen, "_selected_action": [world.ours.pk]}, follow=True)
    assert UNITS.model.objects.filter(pk=world.ours.pk).exists()
    assert f"受保护的相关对象: 人才: {Person.objects.get()}" in read(told)
    client.post(address, {**chosen, "_selected_action": [empty.pk]})
    assert not UNITS.model.objects.filter(pk=empty.pk).exists()
