"""What the office adds appears on every page of a record type, and costs no query."""

import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import ChangeLog, CustomField, Tag
from apps.training.models import TrainingClass
from tests.factories import CustomFieldFactory, TagFactory


def names(response):
    body = response.content.decode()
    return sorted(re.findall(r'<th scope="row"><a href="[^"]+">([^<]*)</a>', body))


def new_class(**more):
    return {
        "code": "P1", "form": "on_site", "name": "示范培训班", "level": "4", "kind": "special",
        "topic": "02", "head_count": "10",
        "starts_on": "2022-05-10", "ends_on": "2022-05-12", "state": "held", **more,
    }  # fmt: skip


def test_a_field_is_added_in_the_browser_and_is_there_at_once(staff, world, classes, read):
    before = read(staff.get(classes.url("new")))
    staff.post(
        "/records/customfield/new/",
        {"record_type": classes.label, "label": " 导师 ", "kind": "text", "order": "1",
         "is_active": "on", "help_text": "只填第一导师"},
    )  # fmt: skip

    page = read(staff.get(classes.url("new")))
    assert "导师" not in before
    assert "自设字段 导师" in page
    assert "只填第一导师" in page
    assert CustomField.objects.get().label == "导师"
    assert "导师（包含）" in staff.get(classes.url("list")).content.decode()


def test_the_list_of_fields_speaks_chinese(staff, added, read):
    page = read(staff.get("/records/customfield/"))

    assert "training.TrainingClass" not in page
    assert page.count("培训班") >= 4
    assert names(staff.get("/records/customfield/", {"record_type": "talents.Person"})) == []


def test_values_are_typed_stored_and_shown(staff, world, added, classes, read):
    sent = new_class(
        **{
            added.mentor.key: " 王教授 ", added.score.key: "1,234.5", added.way.key: "委托党校",
            added.checked.key: "2022年6月1日", "tags": [added.model.key],
        }
    )  # fmt: skip

    response = staff.post(classes.url("new"), sent, follow=True)

    row = TrainingClass.objects.get()
    assert row.extra == {
        added.mentor.key: "王教授", added.score.key: 1234.5, added.checked.key: "2022-06-01",
        added.way.key: "委托党校", added.model.key: True,
    }  # fmt: skip
    page = read(response)
    assert "自设字段 导师 王教授 满意度 1,234.5 回访日期 2022-06-01 承办方式 委托党校" in page
    assert "标签 示范班次" in page
    edited = staff.get(classes.url("edit", row.pk)).content.decode()
    assert 'value="王教授"' in edited
    assert 'value="1234.5"' in edited
    assert re.search(rf'value="{added.model.key}"[^>]*checked', edited)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("score", "约十二", "应为数字，请改为如 12 或 12.5。"),
        ("score", "1.23456", "小数"),
        ("checked", "2022-13-01", "月份"),
        ("way", "自学", "自学"),
        ("mentor", "长" * 141, "140"),
    ],
)
def test_what_is_typed_wrongly_is_refused_beside_its_field(
    staff, world, added, classes, read, name, typed, sentence
):
    key = getattr(added, name).key

    response = staff.post(classes.url("new"), new_class(**{key: typed}))

    assert not TrainingClass.objects.exists()
    assert sentence in "".join(response.context["form"].errors[key])
    assert "有 1 处需要改正" in read(response)


def test_a_list_shows_them_as_columns_when_chosen(staff, three, added, classes, read):
    plain = read(staff.get(classes.url("list")))
    assert "张三" not in plain
    staff.post(
        classes.url("layout"),
        {"columns": ["name", added.mentor.key, added.score.key, "tags"], "page_size": "20"},
    )

    page = read(staff.get(classes.url("list")))

    assert "导师 满意度 标签" in page
    assert "李四张 12.5 示范班次、重点跟踪" in page


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"mentor": "张"}, ["乙班", "甲班"]),
        ({"mentor__exact": "张三"}, ["甲班"]),
        ({"score__gte": "10"}, ["乙班"]),
        ({"score__lte": "9"}, ["甲班"]),
        ({"score__gte": "9", "score__lte": "12.5"}, ["乙班", "甲班"]),
        ({"checked__gte": "2022-03-06"}, ["乙班"]),
        ({"checked__lte": "2022年3月5日"}, ["甲班"]),
        ({"way": ["自办", "委托党校"]}, ["甲班"]),
        ({"tags": "watched"}, ["乙班", "甲班"]),
        ({"tags": ["model"]}, ["乙班"]),
    ],
)
def test_filters_compare_as_their_kind_does(staff, three, added, classes, params, found):
    asked = {}
    for name, given in params.items():
        short, _, tail = name.partition("__")
        if short == "tags":
            words = given if isinstance(given, list) else [given]
            asked["tags"] = [getattr(added, word).key for word in words]
        else:
            asked[getattr(added, short).key + (f"__{tail}" if tail else "")] = given

    response = staff.get(classes.url("list"), asked)

    assert names(response) == found
    assert "去掉这个条件" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("score__gte", "很多", "筛选“满意度不少于”的值不正确"),
        ("way", "自学", "筛选“承办方式”的值不正确"),
        ("checked__gte", "2022-02-30", "筛选“回访日期起”的值不正确"),
        ("tags", "t999", "筛选“标签”的值不正确"),
        ("gone", "1", "条件用到的自设字段或标签已删除"),
        ("score", "9", "条件用到的自设字段或标签已删除"),
    ],
)
def test_filters_are_strict(staff, three, added, classes, read, name, value, sentence):
    short, _, tail = name.partition("__")
    key = {"tags": "tags", "gone": "f999999"}.get(short) or getattr(added, short).key

    response = staff.get(classes.url("list"), {key + (f"__{tail}" if tail else ""): value})

    assert response.status_code == 400
    assert sentence in read(response)


def test_the_list_costs_no_further_query(staff, three, added, classes):
    address = f"{classes.url('list')}?{added.mentor.key}=张&tags={added.watched.key}"
    staff.post(
        classes.url("layout"), {"columns": ["name", added.mentor.key, "tags"], "page_size": "20"}
    )
    staff.get(address)

    with CaptureQueriesContext(connection) as captured:
        assert names(staff.get(address)) == ["乙班", "甲班"]

    assert len(captured) <= 8
    assert not [q for q in captured if "customfield" in q["sql"] or "records_tag" in q["sql"]]


def test_the_form_costs_no_further_query(staff, three, classes):
    address = classes.url("edit", three[0].pk)
    staff.get(address)

    with CaptureQueriesContext(connection) as captured:
        staff.get(address)

    assert not [q for q in captured if "customfield" in q["sql"] or "records_tag" in q["sql"]]


def test_an_export_holds_what_is_shown_and_all_on_request(staff, three, added, classes):
    staff.post(
        classes.url("layout"), {"columns": ["name", added.score.key, "tags"], "page_size": "20"}
    )

    def sheet(**params):
        params |= {added.way.key: "委托高校", "purpose": "核对"}
        answer = staff.get(classes.url("export"), params)
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]

    shown, whole = sheet(), sheet(fields="all")
    assert shown[0][1:] == ["满意度", "标签"]
    assert shown[1][1:] == [12.5, "示范班次、重点跟踪"]
    row = dict(zip(whole[0], whole[1], strict=True))
    assert (row["导师"], row["满意度"], row["承办方式"]) == ("李四张", 12.5, "委托高校")
    assert f"{row['回访日期']:%Y-%m-%d}" == "2022-11-20"
    assert row["标签"] == "示范班次、重点跟踪"


def test_history_tells_every_field_in_words(staff, three, added, classes, fields_of, read):
    row = three[0]
    sent = fields_of(staff.get(classes.url("edit", row.pk)))
    sent |= {added.mentor.key: "李四", added.score.key: "", "tags": [added.model.key]}

    staff.post(classes.url("edit", row.pk), sent)

    line = ChangeLog.objects.filter(record_type=classes.label, action="update").first()
    assert line.changes == {
        added.mentor.key: ["张三", "李四"], added.score.key: ["9", ""],
        "tags": ["重点跟踪", "示范班次"],
    }  # fmt: skip
    page = read(staff.get(classes.url("history", row.pk)))
    assert "把 导师 由 张三 改为 李四" in page
    assert "清除了 满意度 （原为 9 ）" in page
    assert "增加标签 示范班次 ，去掉标签 重点跟踪" in page


def test_two_people_at_once_merge_added_values_too(staff, three, added, classes, fields_of, read):
    row = three[0]
    sent = fields_of(staff.get(classes.url("edit", row.pk))) | {
        added.mentor.key: "我写的", "tags": [added.watched.key],
    }  # fmt: skip
    other = TrainingClass.objects.get(pk=row.pk)
    other.extra = {**other.extra, added.score.key: 7, added.model.key: True}
    classes.save(other, by=Actor.system())

    response = staff.post(classes.url("edit", row.pk), sent)

    assert response.url == classes.url("detail", row.pk)
    assert TrainingClass.objects.get(pk=row.pk).extra == {
        **row.extra, added.mentor.key: "我写的", added.score.key: 7, added.model.key: True,
    }  # fmt: skip
    assert "满意度" in read(staff.get(response.url))


def test_what_both_changed_is_asked_for_added_values_too(
    staff, three, added, classes, fields_of, read
):
    row = three[0]
    sent = fields_of(staff.get(classes.url("edit", row.pk))) | {
        added.mentor.key: "我写的", "tags": [added.model.key],
    }  # fmt: skip
    other = TrainingClass.objects.get(pk=row.pk)
    other.extra = {added.mentor.key: "他写的"}
    classes.save(other, by=Actor.system())

    response = staff.post(classes.url("edit", row.pk), sent)

    page = read(response)
    assert response.status_code == 409
    for text in ("导师", "他写的", "我写的", "标签", "示范班次"):
        assert text in page


def test_fields_and_tags_of_other_types_do_not_show(staff, world, classes, read):
    CustomFieldFactory(record_type="talents.Person", label="血型")
    TagFactory(name="只给人才", record_type="talents.Person")

    assert "血型" not in read(staff.get(classes.url("new")))
    assert "只给人才" not in read(staff.get(classes.url("new")))
    assert "自设字段" not in read(staff.get(classes.url("new"))).replace("自设字段 标签", "")
    person = read(staff.get("/talents/person/new/"))
    assert "血型" in person
    assert "只给人才" in person


def test_a_field_out_of_use_keeps_its_values_and_shows_nowhere(
    staff, three, added, classes, fields_of, read
):
    added.mentor.is_active = False
    registry.of(CustomField).save(added.mentor, by=Actor.system())

    row = three[0]
    page = read(staff.get(classes.url("edit", row.pk)))
    assert "导师" not in page
    assert "张三" not in read(staff.get(classes.url("detail", row.pk)))
    refused = staff.get(classes.url("list"), {added.mentor.key: "张"})
    assert "自设字段“导师”已停用" in read(refused)
    sent = fields_of(staff.get(classes.url("edit", row.pk))) | {
        added.score.key: "8", "tags": [added.watched.key],
    }  # fmt: skip
    staff.post(classes.url("edit", row.pk), sent)
    stored = TrainingClass.objects.get(pk=row.pk)
    assert (stored.extra[added.score.key], stored.extra[added.mentor.key]) == (8, "张三")


def test_tags_are_for_everybody_who_may_add(world, read):
    clerk, head = world.client("clerk", world.ours), world.client("head")

    assert clerk.get("/records/tag/new/").status_code == 403
    assert "新增" in read(head.get("/records/tag/"))
    head.post("/records/tag/new/", {"name": "重点联系"})
    assert Tag.objects.get().name == "重点联系"
    refused = head.post("/records/tag/new/", {"name": "甲、乙"})
    assert "标签里不能有顿号" in read(refused)
