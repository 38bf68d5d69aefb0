"""What every declaration must keep."""

import inspect

from django.apps import apps
from django.db import models
from django.db.models import CheckConstraint

from apps.core.conditions import holds
from apps.records import registry
from apps.records.models import Record, Reference
from tests.factories import FACTORIES

# Foreign keys to an app at the same height or above, by label (design §3).
OWN_PAGES = {"reports.Report", "reports.Outline"}  # written, not filled in
UPWARD_ALLOWED = {
    ("governance.Problem", "evidence_metric"),
    ("funds.PolicyItem", "policy"),
}
HEIGHT = {
    name: height
    for height, names in enumerate(
        [
            ["core"], ["records"], ["accounts"], ["organizations"], ["talents"],
            ["training", "awards", "contacts", "funds", "governance"],
            ["metrics"], ["reports"], ["dashboards"],
        ]
    )
    for name in names
}  # fmt: skip


def test_type_has_a_factory(record_type):
    assert record_type.label in FACTORIES


def test_record_models_are_all_registered():
    models_of_records = {
        model._meta.label for model in apps.get_models() if issubclass(model, (Record, Reference))
    }

    assert models_of_records - OWN_PAGES == {t.label for t in registry.types()}


def test_sections_show_every_field_once(record_type):
    shown = [name for _, names in record_type.form_sections for name in names]

    assert sorted(shown) == sorted(record_type.fields)


def test_type_says_what_it_is_for(record_type):
    assert record_type.purpose.endswith("。")
    assert record_type.area


def test_constraints_can_be_decided_without_a_query(world, record_type):
    row = world.make(record_type, world.ours)

    checks = [c for c in row._meta.constraints if isinstance(c, CheckConstraint)]

    assert all(holds(check.condition, row) for check in checks)


def test_constraints_speak_chinese(record_type):
    for constraint in record_type.model._meta.constraints:
        message = constraint.get_violation_error_message()
        assert not message.isascii(), constraint.name
        assert "约束" not in message, constraint.name


def test_references_point_downwards_but_for_a_short_list(record_type):
    app = record_type.model._meta.app_label
    upward = {
        (record_type.label, field.name)
        for field in record_type.model._meta.fields
        if isinstance(field, models.ForeignKey)
        and field.name not in ("owner", "created_by", "updated_by", "batch")
        and field.related_model is not record_type.model
        and HEIGHT[field.related_model._meta.app_label] >= HEIGHT[app]
        and field.related_model._meta.app_label != app
    }

    assert upward <= UPWARD_ALLOWED


def test_type_of_twelve_fields_takes_at_most_eighty_lines(small_type):
    parts = (small_type.model, small_type.filterset, type(small_type))
    own = [part for part in parts if part.__module__.startswith("apps.")]

    # ``register`` may put a subclass with the search filter over the declared filter set
    lines = [line for part in own for line in inspect.getsource(_declared(part)).splitlines()]

    assert len([line for line in lines if line.strip()]) <= 80


def _declared(part):
    return part.__mro__[1] if part.__mro__[1].__name__ == part.__name__ else part
