import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.organizations.models import Unit
from apps.records.actors import Actor
from apps.records.importing import commit
from apps.talents.models import Person, PoolMembership
from apps.training.models import Enrolment, TrainingClass
from tests.factories import PersonFactory, UnitFactory
from tests.factories.numbers import id_number
from tests.records.importing.workbooks import (
    MAN,
    ROSTER,
    THIRD,
    WOMAN,
    book,
    committed,
    faults,
    person,
    planned,
    roster,
)

CLASS_HEAD = ("班次编号", "班次名称", "主办层级", "类型", "开始日期", "结束日期")
CLASS = ("P1", "第一期", "区级", "讲座", "2022年1月1日", dt.date(2022, 1, 2))

pytestmark = pytest.mark.usefixtures("office")


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"姓名": ""}, ("姓名", "missing_name")),
        ({"工作单位": ""}, ("工作单位", "missing_unit")),
        ({"学历": "研究生"}, ("学历", "ambiguous_education")),
        ({"学历": "见备注"}, ("学历", "unknown_education")),
        ({"学位": "大师"}, ("学位", "unknown_code")),
        ({"性别": "女"}, ("性别", "sex_contradicts_id")),
        ({"性别": "雄"}, ("性别", "unknown_code")),
        ({"出生年月": "1970.11"}, ("出生年月", "birth_contradicts_id")),
        ({"出生年月": "1970-10-08"}, ("出生年月", "birth_contradicts_id")),
        ({"出生年月": "1970.13"}, ("出生年月", "impossible_date")),
        ({"出生年月": "不详"}, ("出生年月", "unreadable_date")),
        ({"身份证号": "520398197010073331"}, ("身份证号", "id_checksum")),
        ({"身份证号": 5.2039819701007e17}, ("身份证号", "id_ruined_by_excel")),
        ({"手机号码": "1234"}, ("手机号码", "mobile")),
        ({"姓名": "长" * 61}, ("姓名", "rule_broken")),
    ],
)
def test_each_kind_of_fault_is_found(cells, fault):
    result = planned(roster(person(**cells)))

    assert faults(result) == [(2, *fault)]
    assert result.accepted_rows == 0
    assert result.faults[0].message.startswith("第 2 行")


def test_all_faults_of_a_file_are_found_in_one_pass():
    result = planned(
        roster(
            person(name="", 学历="见备注", 手机号码="1"),
            person("李四", WOMAN, 性别="男", 出生年月="2009.13"),
            person("王五", THIRD),
        )
    )

    assert faults(result) == [
        (2, "姓名", "missing_name"),
        (2, "学历", "unknown_education"),
        (2, "手机号码", "mobile"),
        (3, "性别", "sex_contradicts_id"),
        (3, "出生年月", "impossible_date"),
    ]
    assert result.accepted_rows == 1


def test_sentence_names_place_value_and_remedy_without_the_number():
    result = planned(roster(person(身份证号="520398197010073331", 学历="研究生")))

    assert [fault.message for fault in result.faults] == [
        "第 2 行“身份证号”为“520398********3331”，"
        "身份证号校验位不符，可能有一位写错，请对照证件核对。",
        "第 2 行“学历”为“研究生”，可能指 博士研究生 或 硕士研究生，请写明是哪一个。",
    ]


def test_number_fills_sex_and_birth_and_degree_settles_education():
    committed(roster(person(出生年月="1970.10", 学历="研究生", 学位="硕士")))

    stored = Person.objects.get()
    assert (stored.sex, stored.birth_date) == ("1", dt.date(1970, 10, 7))
    assert stored.education == "14"


def test_person_without_number_keeps_the_month_of_birth():
    committed(roster(person(number="", 性别="男", 出生年月="1970.10")))

    stored = Person.objects.get()
    assert (stored.birth_date, stored.recognised_birth) == (None, dt.date(1970, 10, 1))


def test_rows_are_told_apart_as_new_changed_unchanged_and_duplicate():
    committed(roster(person(), person("李四", WOMAN)))

    result = planned(
        roster(
            person(学历="大专", 备注=""),
            person("李四", WOMAN),
            person("王五", THIRD),
            person("王五", THIRD),
        )
    )

    assert result.counts()["talents.Person"] == {"changed": 1, "unchanged": 1, "new": 1}
    changed = next(e for e in result.entries["talents.Person"] if e.status == "changed")
    assert changed.changes == {"education": ("大学本科", "大学专科")}
    assert [(d.row, d.of_row) for d in result.duplicates] == [(5, 4)]


def test_empty_cell_clears_nothing():
    committed(roster(person(手机号码="19956978001", 备注="原有")))

    result = planned(roster(person()))

    assert result.counts()["talents.Person"] == {"unchanged": 1}


def test_same_person_on_two_sheets_is_one_person_in_two_pools():
    data = book(
        党政人才=[["云岭区党政人才花名册（截至2021年6月30日）"], ROSTER, person()],
        专业技术人才=[ROSTER, person(手机号码="19956978001")],
    )

    committed(data)

    stored = Person.objects.get()
    assert stored.mobile.reveal() == "19956978001"
    assert stored.entered_on == dt.date(2021, 6, 30)
    pools = PoolMembership.objects.order_by("pool__order").values_list("pool__name", "joined_on")
    assert [name for name, _ in pools] == ["党政人才", "专业技术人才"]
    assert pools[0][1] == dt.date(2021, 6, 30)


def test_rows_of_one_person_that_contradict_each_other_are_refused():
    data = book(党政人才=[ROSTER, person()], 专业技术人才=[ROSTER, person(学历="大专")])

    result = planned(data)

    assert [(f.sheet, f.column, f.kind) for f in result.faults] == [
        ("专业技术人才", "学历", "conflicting_rows")
    ]
    assert "“党政人才”第 2 行" in result.faults[0].message


def test_known_number_under_another_name_is_a_fault_and_no_update():
    committed(roster(person(), person("李四", WOMAN)))

    result = planned(
        roster(person("张　三", 学历="大专"), person("王五", WOMAN), person("李四", WOMAN))
    )

    assert faults(result) == [(3, "姓名", "name_contradicts_id")]
    assert result.faults[0].message == (
        "第 3 行“姓名”为“王五”，而系统中身份证号 520398********0289 的人才是“李四”，"
        "请核对后在系统中先修改姓名，或更正表中号码。"
    )
    assert result.counts()["talents.Person"] == {"changed": 1, "unchanged": 1}


def test_one_number_under_two_names_is_a_fault_of_the_later_row():
    result = planned(roster(person(), person("张 三", 备注="同"), person("李四", 学历="大专")))

    assert faults(result) == [(4, "姓名", "name_contradicts_id")]
    assert result.faults[0].message == (
        "第 4 行“姓名”为“李四”，而“名单”第 2 行同为身份证号 520398********3330 的是“张三”，"
        "请核对姓名和号码，改正其中一行。"
    )
    assert result.counts()["talents.Person"] == {"new": 1}


def test_missing_unit_is_proposed_and_refused_unless_confirmed():
    data = roster(person(), person("李四", WOMAN, 工作单位="区教育 局"))

    assert [str(e.record) for e in planned(data).proposals] == ["区教育局"]
    assert faults(planned(data, create=[])) == [
        (2, "工作单位", "unknown_reference"),
        (3, "工作单位", "unknown_reference"),
    ]
    assert not planned(data, create=["organizations.Unit:区教育局"]).faults
    assert Unit.objects.count() == 1  # the top unit: planning writes nothing


def test_unit_is_found_by_short_and_former_name():
    UnitFactory(name="云岭区教育局", short_name="区教育局")
    UnitFactory(name="云岭区人民医院", former_names="区医院、第一医院")

    committed(roster(person(), person("李四", WOMAN, 工作单位="第一医院")))

    assert set(Person.objects.values_list("unit__name", flat=True)) == {
        "云岭区教育局",
        "云岭区人民医院",
    }


def test_shared_name_is_ambiguous_until_the_number_tells():
    PersonFactory(name="张三", id_number=MAN)
    PersonFactory(name="张三", id_number=THIRD)
    classes = [CLASS_HEAD, CLASS]

    by_name = planned(book(班次=classes, 学员=[["班次编号", "姓名"], ["P1", "张三"]]))
    by_number = planned(
        book(
            班次=classes,
            学员=[["班次编号", "姓名", "身份证号"], ["P1", "张三", MAN], ["P1", "李四", THIRD]],
        )
    )

    assert faults(by_name) == [(2, "姓名", "ambiguous_reference")]
    assert faults(by_number) == [(3, "姓名", "reference_contradicts")]
    assert by_number.counts()["training.Enrolment"] == {"new": 1}


def test_learners_find_classes_of_the_same_file():
    PersonFactory(name="张三", id_number=MAN)
    data = book(
        学员=[["班次编号", "姓名", "结果"], ["P1", "张三", "合格"], ["P9", "张三", "合格"]],
        班次=[[*CLASS_HEAD, "计划/实际", "经费（万元）"], [*CLASS, "实际", 1.5]],
    )

    result = planned(data)
    assert faults(result) == [(3, "班次编号", "unknown_reference")]
    commit(result, by=Actor.system(), mode="valid")

    held = TrainingClass.objects.get()
    assert (held.status, held.cost) == (TrainingClass.State.HELD, 15_000)
    assert Enrolment.objects.get().training_class == held


def test_unknown_columns_are_reported_and_may_be_mapped_or_ignored():
    data = book(名单=[[*ROSTER, "毕业学校全称", "血型"], [*person(), "财经大学", "A"]])

    assert planned(data).unknown_columns == [("名单", "毕业学校全称"), ("名单", "血型")]
    mapping = {"名单": {"columns": {"毕业学校全称": "school", "血型": ""}}}
    result = planned(data, mapping=mapping)
    assert result.unknown_columns == []
    assert result.entries["talents.Person"][0].record.school == "财经大学"


def test_sheet_of_no_known_kind_is_reported():
    data = book(名单=[ROSTER, person()], 菜单=[["菜名", "价格"], ["面", 8]])

    assert planned(data).unmatched_sheets == ["菜单"]
    assert planned(data, mapping={"名单": {"type": ""}}).unmatched_sheets == ["名单", "菜单"]


def test_masked_number_of_an_export_finds_its_record():
    committed(roster(person(), person("李四", WOMAN)))

    result = planned(
        roster(person(number="520398********3330"), person("王五", "520398********9999"))
    )

    assert result.counts()["talents.Person"] == {"unchanged": 1}
    assert faults(result) == [(3, "身份证号", "masked_number")]


def test_row_without_number_is_found_by_name_and_birth():
    committed(roster(person(出生年月="1970-10-07")))

    result = planned(roster(person(number="", 出生年月="1970-10-07", 学历="大专")))

    assert result.counts()["talents.Person"] == {"changed": 1}


def test_key_with_an_empty_part_finds_the_record_that_is_empty_there():
    head = ("指标名称", "年度", "截至月份", "数值", "计量单位")
    whole, june = ("人才贡献率", 2022, "", 35.1, "%"), ("人才贡献率", 2022, 6, 17, "%")
    committed(book(区情指标=[head, whole, june]))

    again = book(区情指标=[head, ("人才贡献率", 2022, "", 36, "%"), june])
    result = planned(again)

    assert faults(result) == []
    assert result.counts() == {"organizations.Indicator": {"changed": 1, "unchanged": 1}}
    assert result.entries["organizations.Indicator"][0].record.month is None


def test_queries_do_not_grow_with_rows():
    UnitFactory(name="区教育局")
    planned(roster(person()))  # code tables are loaded

    def queries(count):
        rows = [person(f"王{n}", id_number(count + n)) for n in range(count)]
        data = book(党政人才=[ROSTER, *rows])
        with CaptureQueriesContext(connection) as planning:
            result = planned(data)
        with CaptureQueriesContext(connection) as writing:
            commit(result, by=Actor.system())
        inserts = [q for q in writing if q["sql"].startswith("INSERT")]
        return len(planning), len(writing) - len(inserts)

    few, many = queries(2), queries(200)

    assert few == many
    assert few[0] <= 12


def test_excel_errors_are_faults_and_not_empty_cells():
    made = openpyxl.load_workbook(BytesIO(roster(person(备注="x"), person("李四", WOMAN))))
    sheet = made.active
    for cell in ("I2", "E3", "G3"):
        sheet[cell].value = "#N/A"
        assert sheet[cell].data_type == "e"
    stream = BytesIO()
    made.save(stream)

    assert faults(planned(stream.getvalue())) == [
        (2, "备注", "error_cell"),
        (3, "学历", "error_cell"),
        (3, "工作单位", "error_cell"),
    ]


def test_accepted_rows_keep_no_values_beside_their_records():
    """A hundred thousand rows must fit into memory."""
    result = planned(roster(person(), person("李四", "1")))

    (entry,) = result.entries["talents.Person"]
    assert entry.record.name == "张三"
    assert (entry.values, [row.values for row in entry.rows]) == ({}, [{}])
    assert [fault.message for fault in result.faults if fault.row == 3]
