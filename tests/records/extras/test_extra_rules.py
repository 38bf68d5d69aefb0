"""What was entered never loses its meaning; every worker process sees a change at once."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import stamps
from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor
from apps.records.errors import RowErrors
from apps.records.extras import definitions, values
from apps.records.models import ChangeLog, CustomField, Tag
from apps.training.models import TrainingClass
from tests.factories import CustomFieldFactory, PersonFactory, TrainingClassFactory
from tests.records.extras.conftest import LABEL

BY = Actor.system()


def change(row, **fields):
    fresh = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    return registry.of(type(row)).save(fresh, by=BY)


def refusal(row, **fields):
    with pytest.raises(ValidationError) as caught:
        change(row, **fields)
    return caught.value.message_dict


# -- definitions -------------------------------------------------------------------------------


def test_definitions_cost_two_queries_after_a_change_and_none_later(
    three, classes, django_assert_num_queries
):
    definitions.forget()
    with django_assert_num_queries(2):
        assert [e.label for e in classes.extras.fields.values()] == [
            "导师", "满意度", "回访日期", "承办方式",
        ]  # fmt: skip
    with django_assert_num_queries(0):
        assert list(classes.all_columns)[-1] == "tags"
        assert registry.get("talents.Person").extras.names == ["tags"]


def test_another_process_that_adds_a_field_is_noticed(db, classes, django_assert_num_queries):
    assert classes.extras.names == []
    CustomField.objects.bulk_create([CustomField(record_type=LABEL, label="别处新增的")])
    assert classes.extras.names == []

    stamps._write("records.extras")  # as the other process does

    assert [e.label for e in classes.extras.fields.values()] == ["别处新增的"]


def test_without_a_common_folder_it_is_noticed_after_a_while(db, classes):
    assert classes.extras.names == []
    CustomField.objects.bulk_create([CustomField(record_type=LABEL, label="别处新增的")])

    cache.clear()  # as time does

    assert len(classes.extras.names) == 1


def test_a_heading_means_one_field_only(db):
    for label in ("班次名称", "*班次名称：", "备注", "填报单位", "标签"):
        with pytest.raises(ValidationError, match=r"已有“.*”这一栏或同义的列标题"):
            CustomFieldFactory(record_type=LABEL, label=label)
    CustomFieldFactory(record_type=LABEL, label="导师")
    with pytest.raises(ValidationError, match="这类记录已有同名的自设字段"):
        CustomFieldFactory(record_type=LABEL, label="导师")
    CustomFieldFactory(record_type="talents.Person", label="导师")


def test_options_are_kept_one_a_line(db):
    made = CustomFieldFactory(
        record_type=LABEL, label="方式", kind="choice", options=" 自办 \n\n委托\n自办"
    )

    assert made.options == "自办\n委托"
    assert CustomFieldFactory(record_type=LABEL, label="数", options="甲").options == ""
    with pytest.raises(ValidationError, match="请至少写一个选项"):
        CustomFieldFactory(record_type=LABEL, label="无", kind="choice", options=" \n ")
    with pytest.raises(ValidationError, match="每个选项不超过 60 字"):
        CustomFieldFactory(record_type=LABEL, label="长", kind="choice", options="长" * 61)


@pytest.mark.parametrize("label", ["records.CustomField", "metrics.Metric", "没有的", ""])
def test_only_record_types_of_the_office_can_be_added_to(db, label):
    with pytest.raises(ValidationError) as caught:
        CustomFieldFactory(record_type=label)

    assert "record_type" in caught.value.message_dict


# -- changing what holds values ----------------------------------------------------------------


def test_the_kind_of_a_field_with_values_stays(three, added):
    assert refusal(added.score, kind="text") == {
        "kind": [
            "已有 2 条培训班填写了“满意度”，不能再改。如需另一种填法，请停用它并新增一个字段。"
        ]
    }
    assert "record_type" in refusal(added.score, record_type="talents.Person")
    fresh = CustomFieldFactory(record_type=LABEL, label="空着的", kind="number")
    assert change(fresh, kind="date").kind == "date"


def test_renaming_keeps_values(three, added, classes):
    change(added.mentor, label="第一导师")

    assert classes.column(added.mentor.key).label == "第一导师"
    assert classes.column(added.mentor.key).text(three[0]) == "张三"


def test_an_option_in_use_stays_and_one_that_is_not_may_go(three, added, classes):
    assert refusal(added.way, options="委托党校\n委托高校") == {
        "options": ["选项“自办”（1 条）已有记录选用，不能去掉，请先把这些记录改为其他选项。"]
    }
    change(added.way, options="自办\n委托高校\n联办")
    assert classes.extras.fields[added.way.key].options == ("自办", "委托高校", "联办")


def test_a_field_with_values_is_not_deleted_and_says_how_many(world, three, added, read):
    client = world.client("head")
    page = read(client.get(f"/records/customfield/{added.mentor.pk}/delete/"))

    assert "“导师”不能删除：还有 2 条培训班填写了它。不再使用的，请编辑它并取消“启用”" in page
    with pytest.raises(DomainError, match="还有 2 条培训班填写了它"):
        registry.of(CustomField).delete(added.mentor, by=BY)
    empty = CustomFieldFactory(record_type=LABEL, label="空着的")
    registry.of(CustomField).delete(empty, by=BY)
    assert not CustomField.objects.filter(pk=empty.pk).exists()


def test_a_tag_is_taken_off_when_it_is_deleted(world, three, added, read):
    person = PersonFactory(unit=world.ours)
    values.put(person, "tags", [added.watched.key])
    registry.of(type(person)).save(person, by=BY)
    client = world.client("head")
    address = f"/records/tag/{added.watched.pk}/delete/"

    page = read(client.get(address))
    assert "将删除标签“重点跟踪”。它会同时从 1 条人才、2 条培训班上取下。" in page
    client.post(address)

    assert not Tag.objects.filter(name="重点跟踪").exists()
    stored = TrainingClass.objects.get(name="乙班")
    assert (added.watched.key in stored.extra, added.model.key in stored.extra) == (False, True)
    assert stored.version == three[1].version + 1
    line = ChangeLog.objects.filter(object_text="乙班", action="update").first()
    assert line.changes == {"tags": ["示范班次、重点跟踪", "示范班次"]}
    person.refresh_from_db()
    assert person.extra == {}


def test_a_tag_that_others_bear_does_not_become_that_of_one_type(three, added):
    assert refusal(added.watched, record_type="talents.Person") == {
        "record_type": ["还有 2 条培训班用着这个标签，请先从它们取下。"]
    }
    assert change(added.watched, record_type=LABEL).record_type == LABEL


# -- the one write path ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "stored", "sentence"),
    [
        ("score", "九", "“满意度”应为数字，请改正。"),
        ("score", True, "“满意度”应为数字，请改正。"),
        ("score", 1e300, "15"),
        ("score", float("nan"), "数字"),
        ("checked", "去年", "“回访日期”应为日期，如 2022-03-05，请改正。"),
        ("checked", 20220305, "“回访日期”应为日期，如 2022-03-05，请改正。"),
        ("way", "自学", "自学"),
        ("mentor", ["张三"], "“导师”应为文字，请改正。"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(world, added, classes, name, stored, sentence):
    row = TrainingClassFactory.build(owner=world.ours)
    key = getattr(added, name).key
    row.extra = {key: stored}

    with pytest.raises(ValidationError) as caught:
        classes.save(row, by=BY)

    assert sentence in caught.value.message_dict[key][0]
    with pytest.raises(RowErrors):
        classes.save_many([row], by=BY)
    assert not TrainingClass.objects.exists()


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ({"f999": "x"}, "有的自设字段已删除，请刷新页面后重新填写。"),
        ({"beliebig": 1}, "有的自设字段已删除，请刷新页面后重新填写。"),
        ({"t999": True}, "有的标签已删除或不能用于这类记录，请刷新页面后重新勾选。"),
    ],
)
def test_what_nobody_defined_is_refused(world, added, classes, extra, sentence):
    row = TrainingClassFactory.build(owner=world.ours, extra=extra)

    with pytest.raises(ValidationError, match=sentence):
        classes.save(row, by=BY)


def test_a_field_of_another_type_is_refused(world, added):
    person = PersonFactory(unit=world.ours)
    person.extra = {added.mentor.key: "张三"}

    with pytest.raises(ValidationError, match="有的自设字段已删除"):
        registry.of(type(person)).save(person, by=BY)


def test_many_rows_are_checked_without_a_query_a_row(world, added, classes):
    def queries(count):
        rows = [TrainingClassFactory.build(owner=world.ours) for _ in range(count)]
        for row in rows:
            row.extra = {added.mentor.key: "张三", added.watched.key: True}
        with CaptureQueriesContext(connection) as captured:
            classes.save_many(rows, by=BY)
        return len(captured)

    queries(1)
    assert queries(3) == queries(30)


def test_values_as_data_for_programs(three, added):
    assert values.as_data(three[1]) == {
        "导师": "李四张", "满意度": 12.5, "回访日期": "2022-11-20", "承办方式": "委托高校",
        "标签": ["示范班次", "重点跟踪"],
    }  # fmt: skip
    assert values.as_data(three[2]) == {"标签": []}
