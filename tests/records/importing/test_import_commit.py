from io import BytesIO

import openpyxl
import pytest
from django.db import IntegrityError

from apps.core.errors import DomainError
from apps.organizations.models import Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.records.importing import commit, undo
from apps.records.importing.faulty import write_faulty
from apps.records.importing.template import write_template
from apps.records.importing.undo import UndoRefused
from apps.records.models import ChangeLog, CustomField, ImportBatch
from apps.talents.models import Person, PoolMembership
from tests.factories import PersonFactory, TrainingClassFactory, root_unit
from tests.factories.accounts import user_with
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

pytestmark = pytest.mark.usefixtures("office")


def counts():
    models = (Person, PoolMembership, Unit, ImportBatch, ChangeLog)
    return [model.objects.count() for model in models]


def test_one_faulty_row_stops_everything():
    before = counts()

    with pytest.raises(DomainError, match="有 1 行存在错误，没有导入任何数据"):
        committed(roster(person(), person("李四", "1")))
    assert counts() == before


def test_valid_rows_are_taken_when_asked():
    batch = committed(roster(person(), person("李四", "1")), mode="valid")

    assert list(Person.objects.values_list("name", "batch")) == [("张三", batch.pk)]
    assert batch.state == ImportBatch.State.DONE
    assert batch.record_type == "talents.Person"
    assert batch.summary["faulty_rows"] == 1
    assert batch.summary["created_on_the_way"] == ["单位：区教育局"]


def test_import_is_logged_record_by_record_and_as_a_whole():
    batch = committed(roster(person()))

    lines = ChangeLog.objects.filter(batch=batch).order_by("pk")
    said = [(line.action, line.object_text) for line in lines]
    assert said == [("create", "区教育局"), ("create", "张三"), ("import", "测试.xlsx")]


def test_nothing_to_do_is_said():
    committed(roster(person()))

    with pytest.raises(DomainError, match="没有需要新增或更新的记录"):
        committed(roster(person()))


def test_failure_half_way_leaves_nothing(monkeypatch):
    before = counts()

    def fail(self, rows, *, by):
        raise IntegrityError

    monkeypatch.setattr(type(registry.get("talents.PoolMembership")), "after_save", fail)
    with pytest.raises(DomainError, match="请重新预览后再确认"):
        committed(book(党政人才=[ROSTER, person()]))
    assert counts() == before


def test_record_entered_since_the_preview_is_not_overwritten():
    result = planned(roster(person()))
    PersonFactory(id_number=MAN)

    with pytest.raises(DomainError, match="请重新预览后再确认"):
        commit(result, by=Actor.system())
    assert Person.objects.count() == 1


def test_record_changed_since_the_preview_is_not_overwritten():
    committed(roster(person()))
    result = planned(roster(person(学历="大专")))
    stored = Person.objects.get()
    stored.major = "法学"
    registry.get("talents.Person").save(stored, by=Actor.system())

    with pytest.raises(DomainError, match="已被他人修改"):
        commit(result, by=Actor.system())
    assert Person.objects.get().education == "21"


def test_undo_takes_back_what_was_made_and_changed():
    committed(roster(person(手机号码="19956978001")))
    before = counts()[:3]
    changed = person(学历="大专", 手机号码="19956978002", 备注="新")
    batch = committed(book(党政人才=[ROSTER, changed, person("李四", WOMAN, 工作单位="区卫健局")]))

    undo(batch, by=Actor.system())

    assert counts()[:3] == before
    stored = Person.objects.get()
    assert (stored.education, stored.mobile.reveal(), stored.remarks) == ("21", "19956978001", "")
    assert batch.state == ImportBatch.State.UNDONE
    assert ChangeLog.objects.filter(action="undo", object_text="李四").count() == 1
    with pytest.raises(DomainError, match="状态是“已撤销”"):
        undo(batch, by=Actor.system())


def test_undo_puts_back_a_person_whom_the_import_moved_to_a_new_unit():
    committed(roster(person()))
    batch = committed(roster(person(工作单位="区卫健局"), person("李四", WOMAN)))
    assert Person.objects.get(name="张三").unit.name == "区卫健局"

    undo(batch, by=Actor.system())

    assert Person.objects.get().unit.name == "区教育局"
    assert not Unit.objects.filter(name="区卫健局").exists()


def test_undo_is_refused_when_records_were_touched_since():
    batch = committed(roster(person(), person("李四", WOMAN)))
    stored = Person.objects.get(name="张三")
    stored.major = "法学"
    registry.get("talents.Person").save(stored, by=Actor.system())
    before = counts()

    with pytest.raises(UndoRefused) as caught:
        undo(batch, by=Actor.system())
    assert caught.value.reasons == ["人才“张三”在导入后被他人修改"]
    assert counts() == before


def test_undo_is_refused_when_others_use_the_records():
    batch = committed(roster(person()))
    PersonFactory(name="李四", id_number=WOMAN, unit=Unit.objects.get(name="区教育局"))

    with pytest.raises(UndoRefused, match="单位“区教育局”被别处的 1 条人才用到"):
        undo(batch, by=Actor.system())
    assert Person.objects.count() == 2


def test_undo_names_the_records_that_are_gone():
    batch = committed(roster(person(), person("李四", WOMAN)))
    registry.get("talents.Person").delete(
        Person.objects.get(name="张三"), by=Actor(user_with("head"))
    )

    with pytest.raises(UndoRefused) as caught:
        undo(batch, by=Actor.system())
    assert caught.value.reasons[0].startswith("人才“张三”已被")
    assert caught.value.reasons[0].endswith("删除")


def test_undo_sees_who_uses_a_record_without_a_way_back():
    """The owner of a record points to a unit that knows nothing of it."""
    batch = committed(roster(person()))
    unit = Unit.objects.get(name="区教育局")
    TrainingClassFactory(owner=unit)

    with pytest.raises(UndoRefused, match="单位“区教育局”被别处的 1 条培训班用到"):
        undo(batch, by=Actor.system())


def test_undo_keeps_fields_of_the_office_that_hold_values():
    head = ("记录类型", "名称", "类型", "次序", "启用")
    batch = committed(book(自设字段=[head, ("人才", "导师", "文字", 1, "是")]))
    row = PersonFactory(unit=root_unit())
    row.extra = {CustomField.objects.get().key: "王教授"}
    registry.get("talents.Person").save(row, by=Actor.system())

    with pytest.raises(UndoRefused, match="自设字段“导师”不能删除：还有 1 条人才填写了它"):
        undo(batch, by=Actor.system())
    assert CustomField.objects.count() == 1


def test_faulty_rows_come_back_marked_and_can_be_uploaded_again():
    data = book(
        党政人才=[["党政人才花名册（截至2022年12月31日）"], ROSTER, person(),
                  person("李四", "1", 备注="@SUM(1)"), person("王五", THIRD, 学历="见备注")]
    )  # fmt: skip
    result = planned(data)

    returned = write_faulty(result)

    sheet = openpyxl.load_workbook(BytesIO(returned))["党政人才"]
    assert sheet["A1"].value == "党政人才花名册（截至2022年12月31日）"
    assert [sheet.cell(row, 1).value for row in (3, 4)] == ["李四", "王五"]
    assert sheet["D3"].comment.text.strip() == result.faults[0].message
    assert sheet["D3"].fill.fgColor.rgb == "FFFBE3E4"
    assert (sheet["I3"].value, sheet["I3"].data_type) == ("@SUM(1)", "s")
    again = planned(returned)
    assert [(f.column, f.kind) for f in again.faults] == [(f.column, f.kind) for f in result.faults]
    assert again.unknown_columns == []


@pytest.mark.parametrize(
    "label",
    ["talents.Person", "training.TrainingClass", "training.Enrolment", "organizations.Unit"],
)
def test_template_is_read_as_its_own_type(label):
    record_type = registry.get(label)
    made = openpyxl.load_workbook(BytesIO(write_template(record_type)))
    sheet = made[record_type.name]
    assert sheet.data_validations.count or label == "training.Enrolment"
    sheet.append(["x"] * sheet.max_column)
    stream = BytesIO()
    made.save(stream)

    result = planned(stream.getvalue())

    assert [m.record_type.label for m in result.matches] == [label]
    assert result.unknown_columns == []


def test_filled_template_is_imported():
    made = openpyxl.load_workbook(BytesIO(write_template(registry.get("talents.Person"))))
    sheet = made["人才"]
    headings = [cell.value for cell in sheet[1]]
    values = {
        "*姓名": "张三",
        "身份证号": MAN,
        "*工作单位": "区教育局",
        "性别": "男",
        "*性别": "男",
    }
    sheet.append([values.get(heading, "") for heading in headings])
    stream = BytesIO()
    made.save(stream)

    assert faults(planned(stream.getvalue())) == []
    committed(stream.getvalue())
    assert Person.objects.get().name == "张三"
