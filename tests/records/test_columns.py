"""How values stand on screen and in Excel."""

import datetime
from decimal import Decimal

import pytest

from apps.records import registry
from apps.records.cells import excel_reader, text_reader
from apps.records.listing import sortable
from apps.talents.models import Person
from apps.training.models import TrainingClass


def shown(label, name, values):
    record_type = registry.get(label)
    row = record_type.model(**values)
    column = record_type.column(name)
    return text_reader(record_type, column)(row), excel_reader(record_type, column)(row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "text", "cell"),
    [
        ("name", "春季班", "春季班", "春季班"),
        ("level", "4", "区级", "区级"),
        ("level", "zz", "未知代码（zz）", "未知代码（zz）"),
        ("kind", TrainingClass.Kind.SPECIAL, "专题班", "专题班"),
        ("starts_on", datetime.date(2022, 3, 5), "2022-03-05", datetime.date(2022, 3, 5)),
        ("in_plan", True, "是", "是"),
        ("head_count", 1164, "1,164", 1164),
        ("head_count", 0, "0", 0),
        ("cost", Decimal("6832500"), "6,832,500.00", Decimal("6832500")),
        ("remarks", "", "", ""),
    ],
)
def test_values_of_a_class(name, value, text, cell):
    assert shown("training.TrainingClass", name, {name: value}) == (text, cell)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        ("work_started_on", {"work_started_on": datetime.date(1985, 3, 1)}, "1985.03"),
        ("mobile", {"mobile": "13812345678"}, "138****5678"),
        ("id_number", {"id_number": "11010519491231002X"}, "110105********002X"),
        ("left_on", {"left_on": None}, ""),
    ],
)
def test_values_of_a_person(name, values, text):
    assert shown("talents.Person", name, values)[0] == text


def test_age_is_worked_out_and_cannot_be_sorted_on():
    record_type = registry.get("talents.Person")

    assert record_type.column("age").text(Person(birth_date=None)) == ""
    assert record_type.column("age").sort == ""


def test_only_what_an_index_carries_can_be_sorted_on():
    assert sortable(registry.get("talents.Person")) == {
        "education",
        "birth_date",
        "work_started_on",
    }
    assert {"starts_on", "code"} <= sortable(registry.get("training.TrainingClass"))
    for record_type in registry.types():
        protected = {n for n, c in record_type.declared_columns.items() if c.kind == "protected"}
        assert not protected & sortable(record_type)
