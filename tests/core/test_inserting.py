import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.awards.models import Award
from apps.core.inserting import insert
from apps.organizations.models import Unit
from apps.records.models import ChangeLog
from apps.talents.models import Person
from apps.training.models import TrainingClass
from tests.factories import AwardFactory, PersonFactory, TrainingClassFactory, UnitFactory


def as_stored(row):
    fields = [f for f in row._meta.concrete_fields if not f.primary_key]
    return {f.name: getattr(row, f.attname) for f in fields}


@pytest.mark.parametrize(
    ("model", "factory"),
    [(Person, PersonFactory), (TrainingClass, TrainingClassFactory), (Award, AwardFactory)],
)
def test_rows_are_those_that_bulk_create_would_write(world, model, factory):
    """Encrypted, decimal, JSON and date columns among them."""
    stored = factory(owner=world.ours)
    copies = [model.objects.get(pk=stored.pk) for _ in range(2)]
    model.objects.all().delete()
    for copy in copies:
        copy.pk, copy._state.adding = None, True
    other = model(**{f.attname: getattr(copies[0], f.attname) for f in model._meta.concrete_fields})

    insert(copies[:1])
    ours = as_stored(model.objects.get(pk=copies[0].pk))
    model.objects.all().delete()
    model._base_manager.bulk_create([other])

    stamps = ("created_at", "updated_at")
    theirs = as_stored(model.objects.get(pk=other.pk))
    assert {k: v for k, v in ours.items() if k not in stamps} == {
        k: v for k, v in theirs.items() if k not in stamps
    }


def test_rows_have_their_own_keys_in_their_order(world):
    rows = [
        ChangeLog(action="update", user_name=f"第{n}人", changes={"n": ["", str(n)]})
        for n in range(1203)
    ]

    insert(rows)

    assert all(row.pk and not row._state.adding for row in rows)
    stored = ChangeLog.objects.in_bulk([row.pk for row in rows])
    assert all(stored[row.pk].user_name == row.user_name for row in rows)
    assert stored[rows[7].pk].changes == {"n": ["", "7"]}


def test_all_or_none(world):
    good = TrainingClassFactory.build(owner=world.ours)
    bad = TrainingClassFactory.build(owner=world.ours, cost=Decimal(-1))

    with pytest.raises(IntegrityError):
        insert([good, bad])


def test_key_of_a_record_saved_meanwhile_is_taken_over(world):
    unit = UnitFactory.build(parent=world.root)
    held = TrainingClassFactory.build(owner=None, starts_on=datetime.date(2022, 3, 1))
    held.owner = unit
    with pytest.raises(ValueError, match="not saved"), transaction.atomic():
        insert([held])
    unit.save()

    insert([held])

    assert TrainingClass.objects.get().owner == Unit.objects.get(pk=unit.pk)
