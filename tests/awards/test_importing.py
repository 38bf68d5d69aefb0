"""Lists of awards: who a row's recipient is, and which award it is."""

import datetime

import pytest

from apps.awards.models import Award, AwardRecipient
from apps.organizations.models import Unit
from apps.records import registry
from apps.records.importing.template import template_columns
from tests.factories import AwardFactory, AwardSchemeFactory, PersonFactory, UnitFactory
from tests.records.importing.workbooks import MAN, WOMAN, book, committed, faults, planned

pytestmark = pytest.mark.usefixtures("office")

HEAD = (
    "年度", "奖项", "级别", "获奖项目", "获奖人/单位", "身份证号", "对象", "奖金（万元）",
    "表彰日期", "是否记优先要素",
)  # fmt: skip
DAY = datetime.date(2022, 6, 30)


@pytest.fixture
def office(db):
    AwardSchemeFactory(name="科技进步奖")
    PersonFactory(name="张三", id_number=MAN)
    UnitFactory(name="区第一中学")


def line(recipient="张三", **cells):
    values = {
        "年度": 2022, "奖项": "科技进步奖", "级别": "区级", "获奖人/单位": recipient,
        "对象": "个人", "表彰日期": DAY, **cells,
    }  # fmt: skip
    return [values.get(heading, "") for heading in HEAD]


def sheet(*rows):
    return book(表彰奖励=[HEAD, *rows])


def received():
    rows = AwardRecipient.objects.select_related("award", "person", "unit")
    return sorted((row.award.recipient, str(row.person or row.unit)) for row in rows)


def test_person_is_known_by_the_number_and_unit_by_the_name():
    committed(
        sheet(
            line(身份证号=MAN, 对象="", **{"奖金（万元）": 7.5, "是否记优先要素": "是"}),
            line("区第一中学", 对象="单位"),
            line("技术攻关团队", 对象="团队"),
        )
    )

    assert received() == [("区第一中学", "区第一中学"), ("张三", "张三")]
    award = Award.objects.get(recipient="张三")
    assert award.get_recipient_kind_display() == "个人"
    assert award.amount_yuan == 75_000
    assert award.get_appraisal_display() == "记优先要素"


def test_name_without_number_makes_nobody_a_recipient():
    committed(sheet(line("张三")))

    assert Award.objects.get().recipient == "张三"
    assert received() == []


@pytest.mark.parametrize(
    ("row", "fault", "sentence"),
    [
        (line("李四", 身份证号=WOMAN), ("获奖人/单位", "unknown_reference"), "没有找到这个人才"),
        (line("李四", 身份证号=MAN), ("获奖人/单位", "reference_contradicts"), "的人才为“张三”"),
        (line(身份证号="520398197010073331"), ("身份证号", "id_checksum"), "校验位不符"),
        (
            line("区第一中学", 身份证号=MAN, 对象="单位"),
            ("身份证号", "number_of_no_person"), "请清空号码或把对象改为个人",
        ),
        (
            line("区第一中学、区第二中学", 对象="单位"),
            ("获奖人/单位", "several_recipients"), "每个单位填一行",
        ),
        (line(表彰日期=""), ("", "rule_broken"), "已获的奖项须填写表彰日期"),
        (line(对象="企业"), ("对象", "unknown_choice"), "不是标准名称"),
        (line(对象=""), ("对象", "missing_recipient_kind"), "缺少“对象”"),
        (line(**{"奖金（万元）": -1}), ("奖金（万元）", "negative_amount"), "不能是负数"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_fault_of_its_cell(row, fault, sentence):
    result = planned(sheet(row))

    assert faults(result) == [(2, *fault)]
    assert sentence in result.faults[0].message
    assert result.accepted_rows == 0


def test_new_units_and_schemes_are_made_only_when_ticked():
    data = sheet(line("区第二中学", 奖项="优秀企业家", 对象="单位"))

    result = planned(data)
    assert sorted(str(entry.record) for entry in result.proposals) == ["优秀企业家", "区第二中学"]
    result = planned(data, create=["awards.AwardScheme:优秀企业家"])
    assert faults(result) == [(2, "获奖人/单位", "unknown_reference")]
    committed(data)
    assert Unit.objects.filter(name="区第二中学").exists()
    assert received() == [("区第二中学", "区第二中学")]


def test_two_people_of_one_name_must_be_told_apart():
    PersonFactory(name="张三", id_number=WOMAN)

    result = planned(sheet(line(身份证号=MAN), line(身份证号=WOMAN)))

    assert faults(result) == [(3, "获奖人/单位", "same_name")]
    assert "请在姓名后注明单位以便区分" in result.faults[0].message


def test_another_project_is_another_award_and_an_empty_cell_finds_the_one_there_is():
    committed(sheet(line(获奖项目="甲项目"), line(获奖项目="乙项目"), line("李四")))
    assert Award.objects.count() == 3

    result = planned(sheet(line(获奖项目="甲项目"), line("李四", **{"奖金（万元）": 2})))

    assert result.counts() == {"awards.Award": {"unchanged": 1, "changed": 1}}


def test_a_row_without_project_finds_the_award_with_one():
    committed(sheet(line(获奖项目="甲项目")))

    assert planned(sheet(line())).counts() == {"awards.Award": {"unchanged": 1}}


def test_recipients_are_listed_by_the_name_of_the_award():
    award = AwardFactory(recipient="技术攻关团队", recipient_kind="team")
    rows = [
        (str(award), "张三", MAN, "", "", 1),
        (str(award), "", "", "", "外聘专家组", 2),
    ]
    head = ("获奖记录", "姓名", "身份证号", "单位名称", "其他获奖者", "排名")
    data = book(获奖者=[head, *rows])

    committed(data)

    held = [(str(row.person or row.name), row.order) for row in award.recipients.order_by("order")]
    assert held == [("张三", 1), ("外聘专家组", 2)]
    assert planned(data).counts() == {"awards.AwardRecipient": {"unchanged": 2}}


def test_template_asks_for_the_number_that_tells_people_apart():
    columns = {c.heading: c for c in template_columns(registry.get("awards.Award"))}

    assert columns["身份证号"].hint == "18 位，单元格设为文本格式，用于登记获奖者。"
    assert columns["获奖对象"].options == ("个人", "单位", "团队", "社区", "平台", "本区")
    assert columns["奖项"].hint == "填写奖项名称，没有的可在导入预览时确认新建。"
    assert [heading for heading, column in columns.items() if column.required] == [
        "奖项", "级别", "获奖人/单位", "获奖对象",
    ]  # fmt: skip


def test_a_list_without_years_means_the_years_of_its_days():
    head = [name for name in HEAD if name != "年度"]
    row = dict(zip(HEAD, line("李四"), strict=True))
    data = book(表彰奖励=[head, [row[name] for name in head]])

    committed(data)

    assert Award.objects.get().year == 2022
    assert planned(data).counts() == {"awards.Award": {"unchanged": 1}}
