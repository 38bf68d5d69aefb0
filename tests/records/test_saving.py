import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.errors import DomainError
from apps.records import history, registry
from apps.records.actors import Actor
from apps.records.errors import RowErrors, StaleRecord
from apps.records.models import ChangeBlock, ChangeLog
from apps.talents.models import Person, PoolMembership
from apps.training.models import TrainingClass
from tests.factories import (
    EnrolmentFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TrainingClassFactory,
    UnitFactory,
    root_unit,
)
from tests.factories.numbers import id_number

BY = Actor.system()


pytestmark = pytest.mark.django_db


def people_records():
    return registry.get("talents.Person")


def test_number_fills_sex_and_birth_and_is_normalised():
    person = PersonFactory(id_number="11010519491231002x")

    assert person.id_number.reveal() == "11010519491231002X"
    assert (person.sex, person.birth_date) == ("2", datetime.date(1949, 12, 31))


def test_sex_that_contradicts_the_number_needs_a_reason():
    with pytest.raises(ValidationError, match="性别与身份证号不符"):
        PersonFactory(id_number=id_number(2), sex="1")

    assert PersonFactory(id_number=id_number(2), sex="1", birth_override="档案认定").sex == "1"


def test_number_is_stored_encrypted():
    PersonFactory(id_number=id_number(8))

    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, id_number_digest FROM talents_person")
        stored, digest = cursor.fetchone()
    assert id_number(8) not in stored
    assert stored.startswith("sm4-gcm$")
    assert len(digest) == 64


def test_same_number_is_refused_one_by_one_and_in_bulk():
    person = PersonFactory()
    plain = person.id_number.reveal()

    with pytest.raises(ValidationError, match="身份证号相同的人才已存在"):
        PersonFactory(id_number=plain)
    twice = [Person(name=f"李{n}", id_number=id_number(900), unit=person.unit) for n in "一二"]
    with pytest.raises(RowErrors) as refused:
        people_records().save_many(twice, by=BY)
    assert "身份证号相同的人才已存在" in str(refused.value.errors[1])
    assert Person.objects.count() == 1


def test_second_saver_is_refused_and_told_what_changed():
    person = PersonFactory(name="王芳")
    mine, theirs = Person.objects.get(pk=person.pk), Person.objects.get(pk=person.pk)
    theirs.education = "14"
    people_records().save(theirs, by=BY)
    mine.name = "王方"

    with pytest.raises(StaleRecord) as refused:
        people_records().save(mine, by=BY)

    assert refused.value.changes["education"] == ["大学本科", "硕士研究生"]
    stored = Person.objects.get(pk=person.pk)
    assert (stored.name, stored.education, stored.version) == ("王芳", "14", 2)


def test_second_bulk_saver_is_refused():
    person = PersonFactory()
    mine = Person.objects.get(pk=person.pk)
    people_records().save(Person.objects.get(pk=person.pk), by=BY)

    with pytest.raises(StaleRecord):
        people_records().save_many([mine], by=BY)


def test_bulk_save_writes_what_single_save_writes():
    one = PersonFactory(id_number=id_number(41), name="单雄信")
    other = Person(
        name="单雄信", id_number=id_number(42), unit=one.unit, education="21",
        entered_on=one.entered_on,
    )  # fmt: skip
    people_records().save_many([other], by=BY)

    other = Person.objects.get(pk=other.pk)
    for name in ("search", "education", "owner_id", "state", "version", "belonging"):
        assert getattr(one, name) == getattr(other, name), name
    logged = [
        ChangeLog.objects.get(record_type="talents.Person", object_id=pk).changes
        for pk in (one.pk, other.pk)
    ]
    assert set(logged[0]) == set(logged[1])


def test_bulk_update_changes_rows_and_logs_old_and_new():
    people = [PersonFactory() for _ in range(3)]
    for person in people:
        person.mobile = "19911112222"

    people_records().save_many(people, by=BY)

    assert {str(p.mobile) for p in Person.objects.all()} == {"199****2222"}
    lines = ChangeLog.objects.filter(action="update")
    assert [line.changes for line in lines] == [{"mobile": ["", "199****2222"]}] * 3


def test_bulk_save_queries_do_not_grow_with_the_rows():
    unit = UnitFactory(parent=root_unit())

    def cost(first, count):
        rows = [
            Person(name="张一", id_number=id_number(n), unit=unit, education="21")
            for n in range(first, first + count)
        ]
        with CaptureQueriesContext(connection) as queries:
            people_records().save_many(rows, by=BY)
        return len(queries)

    few, many = cost(100, 3), cost(200, 200)
    inserts = 200 * len(Person._meta.concrete_fields) // 999 + 1  # SQLite takes 999 values a time
    assert many <= few + inserts


def test_bulk_save_names_the_row_that_breaks_a_check():
    good = TrainingClassFactory.build(owner=root_unit())
    bad = TrainingClassFactory.build(owner=root_unit(), ends_on=datetime.date(2022, 5, 1))

    with pytest.raises(RowErrors) as refused:
        registry.get("training.TrainingClass").save_many([good, bad], by=BY)

    assert list(refused.value.errors) == [1]
    assert "结束日期不得早于开始日期" in str(refused.value.errors[1])
    assert not TrainingClass.objects.exists()


def test_person_who_moves_takes_dependent_records_along():
    membership = PoolMembershipFactory()
    person = membership.person
    new = UnitFactory(parent=root_unit())
    person.unit, person.owner = new, new

    people_records().save(person, by=BY)

    assert PoolMembership.objects.get().owner == new


def test_delete_tells_what_goes_with_it_and_what_forbids_it():
    membership = PoolMembershipFactory(pool=PoolFactory(name="专家库"))
    EnrolmentFactory(person=membership.person)
    people, pools = people_records(), registry.get("talents.Pool")

    with pytest.raises(DomainError, match="“专家库”不能删除：还有 1 条入库记录用到它"):
        pools.delete(membership.pool, by=BY)
    plan = people.delete(membership.person, by=BY)

    assert "1 条入库记录" in plan.sentence
    assert "1 条学员" in plan.sentence
    assert not Person.objects.exists()
    deleted = ChangeLog.objects.filter(action="delete").values_list("record_type", flat=True)
    assert set(deleted) == {"talents.Person", "talents.PoolMembership", "training.Enrolment"}


def test_unit_that_moves_takes_its_subtree_along():
    top = UnitFactory(name="卫健局", parent=root_unit())
    below = UnitFactory(name="人民医院", parent=top)
    other = UnitFactory(name="教育局", parent=root_unit())
    top.parent = other

    registry.get("organizations.Unit").save(top, by=BY)

    below.refresh_from_db()
    assert below.path == f"{top.path}{below.node}/"
    assert top.path.startswith(other.path)


def test_unit_cannot_stand_below_itself():
    top = UnitFactory(name="卫健局", parent=root_unit())
    top.parent = UnitFactory(name="人民医院", parent=top)

    with pytest.raises(ValidationError, match="下级"):
        registry.get("organizations.Unit").save(top, by=BY)


def test_log_refuses_change_and_removal():
    PersonFactory()

    with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic():
        ChangeLog.objects.update(user_name="别人")
    with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic():
        ChangeLog.objects.all().delete()


def test_sealed_log_verifies_and_names_a_changed_line():
    PersonFactory()
    history.seal_log()
    PersonFactory()
    block = history.seal_log()

    assert history.verify_log() == []
    assert history.seal_log() is None
    assert ChangeBlock.objects.count() == 2

    from apps.records import triggers  # noqa: PLC0415 -- only a forger needs it

    triggers.remove(connection)
    ChangeLog.objects.filter(pk=block.last).update(user_name="别人")
    assert history.verify_log() == [f"第 {block.last} 条日志的内容与写入时不一致。"]
    triggers.install(connection)


def test_delete_takes_no_row_of_a_unit_outside_the_scope(world):
    person = PersonFactory(unit=world.ours, owner=world.ours)
    EnrolmentFactory(person=person, owner=world.theirs)
    user = world.user("staff", world.ours)

    with pytest.raises(DomainError, match="其他单位填报的记录也用到它"):
        people_records().delete(person, by=Actor(user))

    assert Person.objects.filter(pk=person.pk).exists()
    assert people_records().delete(person, by=BY).with_it == {"学员": 1}
