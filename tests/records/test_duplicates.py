"""What is said of records that a new one may repeat."""

from apps.organizations.models import Indicator
from apps.records import duplicates, registry
from apps.records.scope import Scope
from apps.talents.models import Person, Title
from tests.factories import (
    IndicatorFactory,
    PersonFactory,
    TitleFactory,
    TrainingClassFactory,
)
from tests.factories.numbers import id_number

NUMBER = id_number(7)


def twins(row):
    record_type = registry.of(type(row))
    return [twin.sentence for twin in duplicates.find(record_type, row, Scope.everything())]


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_one_indicator_of_several_years_repeats_nothing(world):
    for year in (2021, 2022):
        IndicatorFactory(name="人才贡献率", year=year, owner=world.root)
    IndicatorFactory(name="人才贡献率", year=2024, month=6, owner=world.root)

    fresh = Indicator(name="人才贡献率", year=2024, owner=world.root)
    assert twins(fresh) == []
    fresh.month = 6
    assert twins(fresh)[0].startswith("已有指标名称、年度、截至月份、预计数相同的区情指标")


def test_key_with_an_empty_part_is_compared_as_a_whole(world):
    IndicatorFactory(name="人才贡献率", year=2022, owner=world.theirs)

    fresh = Indicator(name="人才贡献率", year=2022, owner=world.ours)

    assert [t.split("“")[0] for t in twins(fresh)] == [
        "已有指标名称、年度、截至月份、预计数相同的区情指标"
    ]


def test_two_people_of_one_title_repeat_nothing(world):
    TitleFactory(name="副教授", person=PersonFactory(unit=world.ours))

    assert twins(Title(name="副教授", person=PersonFactory(unit=world.ours), level="412")) == []


def test_saved_namesake_is_a_hint_with_a_remedy(staff, world, fields_of):
    TrainingClassFactory(code="P1", name="青年干部班", owner=world.root)
    stored = TrainingClassFactory(code="P2", owner=world.root)
    record_type = registry.of(type(stored))
    sent = fields_of(staff.get(record_type.url("edit", stored.pk)))
    sent |= {"name": "青年干部班", "code": "P3"}
    sent.pop("version")

    response = staff.post(record_type.url("new"), sent, follow=True)

    hints = [text for text in messages_of(response) if "同名" in text]
    assert [text.partition("）")[2] or text for text in hints] == [
        "，如为同一对象，请核对后删除重复的一条。"
    ]


def test_a_number_of_another_unit_is_refused_in_one_sentence(clerk, world, read):
    PersonFactory(name="王明", unit=world.theirs, id_number=NUMBER)
    sent = {"name": "李四", "id_number": NUMBER, "unit": world.ours.name, "belonging": "local"}

    page = read(clerk.post(registry.of(Person).url("new"), sent))

    assert page.count("身份证号相同的人才已存在") == 1
    assert "王明" not in page
