"""Cross tables against plain loops, and their cells against the lists they lead to."""

import json
import re
from collections import Counter
from datetime import date

import pytest

from apps.core.periods import Period
from apps.metrics.cross import Definition, Item, Part, tabulate
from apps.metrics.cross.definition import ages
from apps.metrics.errors import BrokenMetric
from apps.records.scope import Scope
from tests.factories import (
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    TrainingClassFactory,
    UnitFactory,
    root_unit,
)

YEAR = Period.year(2022)
WOMEN = Part("其中", items=(Item("女", {"sex": ["2"]}),), of_which=True)


@pytest.fixture
def people(db):
    units = [UnitFactory(parent=root_unit(), industry=code) for code in ("P", "Q")]
    pools = [PoolFactory(name=name) for name in ("甲库", "乙库")]
    made = []
    for number in range(24):
        person = PersonFactory(
            unit=units[number % 2], education=("11", "21", "31")[number % 3],
            recognised_birth=date(1965 + number, 6, 30), title_level=("412", "")[number % 2],
        )  # fmt: skip
        made.append(person)
        for pool in pools[: number % 3]:
            PoolMembershipFactory(person=person, pool=pool)
    return made


def counted(definition, **more):
    table = tabulate(definition, YEAR, Scope.everything(), **more)
    lines = {line.label: [cell.value for cell in line.cells] for _, ls in table.rows for line in ls}
    return table, {"合计": [cell.value for cell in table.total.cells], **lines}


def test_fields_by_fields_is_one_query(people, django_assert_num_queries):
    definition = Definition("talents.Person", (Part(by="unit__industry"),), (Part(by="education"),))
    tabulate(definition, YEAR, Scope.everything())  # code tables are loaded once
    with django_assert_num_queries(1):
        table, lines = counted(definition)

    naive = Counter((p.unit.industry, p.education) for p in people)
    heads = [head.label for band in table.columns for head in band.heads]
    assert heads == ["博士研究生", "大学本科", "大学专科"]
    assert lines["教育"] == [12, *(naive["P", code] for code in ("11", "21", "31"))]
    assert lines["卫生和社会工作"] == [12, *(naive["Q", code] for code in ("11", "21", "31"))]
    assert lines["合计"] == [24, 8, 8, 8]


def test_named_items_overlap_and_the_table_says_so(people):
    pools = Part(
        "人才库",
        items=tuple(
            Item(pool.name, {"pool": [pool.code]})
            for pool in dict.fromkeys(m.pool for p in people for m in p.memberships.all())
        ),
    )
    definition = Definition("talents.Person", (pools,), (WOMEN, ages(35, 45), Part(by="education")))

    table, lines = counted(definition)

    first = [p for p in people if p.memberships.count() >= 1]
    second = [p for p in people if p.memberships.count() == 2]
    assert lines["甲库"][:2] == [len(first), sum(p.sex == "2" for p in first)]
    assert lines["乙库"][0] == len(second)
    aged = [2022 - p.recognised_birth.year for p in people]
    assert lines["合计"][2:5] == [
        sum(age <= 35 for age in aged), sum(35 < age <= 45 for age in aged),
        sum(age > 45 for age in aged),
    ]  # fmt: skip
    assert lines["合计"][5:] == [8, 8, 8]
    assert table.notes == ()  # 16 + 8 memberships happen to make up the 24 people


def test_distinct_totals_count_everybody_once(people):
    definition = Definition(
        "talents.PoolMembership", (Part(by="pool"),), aggregate="distinct", field="person"
    )

    table, lines = counted(definition, unit_of_measure="人")

    assert lines == {"合计": [16], "甲库": [16], "乙库": [8]}
    assert table.notes == ("各行之间有交叉，相加比合计多 8 人；合计每条只计一次。",)


def test_money_by_quarter_and_kind(db):
    for month, kind, cost in ((1, "special", 12_000), (2, "away", 500), (12, "special", 8_000)):
        TrainingClassFactory(
            starts_on=date(2022, month, 3), ends_on=date(2022, month, 4), kind=kind, cost=cost
        )
    definition = Definition(
        "training.TrainingClass", (Part(by="starts_on", step="quarter"),), (Part(by="kind"),),
        aggregate="sum", field="cost",
    )  # fmt: skip

    table = tabulate(definition, YEAR, Scope.everything(), unit_of_measure="元")

    assert table.unit_of_measure == "万元"
    texts = {line.label: [c.text for c in line.cells] for _, ls in table.rows for line in ls}
    assert texts == {"第一季度": ["1.25", "1.20", "0.05"], "第四季度": ["0.80", "0.80", "0"]}
    assert [cell.text for cell in table.total.cells] == ["2.05", "2.00", "0.05"]


def test_every_cell_is_the_total_of_its_list(people, staff):
    definition = Definition(
        "talents.Person",
        (Part(by="unit"), Part("学历", items=(Item("本科", {"education": ["21"]}),))),
        (WOMEN, Part(by="title_level"), ages(40)),
    )
    raw = json.dumps(definition.as_json(), ensure_ascii=False)
    table = tabulate(definition, YEAR, Scope.everything(), address={"cross": raw})

    cells = [c for _, ls in table.rows for line in ls for c in line.cells] + [*table.total.cells]
    followed = [cell for cell in cells if cell.url]
    assert len(followed) >= 15
    for cell in followed:
        page = staff.get(cell.url).content.decode()
        head = re.search(r'class="lens-figure">.*?<b>([^<]*)</b>', page, re.DOTALL)
        assert head, cell.url
        assert head[1].strip() == f"{cell.value} 人"


def test_scope_narrows_a_table(people):
    unit = people[0].unit
    table = tabulate(
        Definition("talents.Person", (Part(by="unit"),)), YEAR, Scope((unit.path,), unit.name)
    )

    assert [(line.label, line.cells[0].value) for _, ls in table.rows for line in ls] == [
        (unit.name, 12)
    ]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("{", "看不懂交叉表的定义"),
        (
            '{"record_type": "talents.Person", "rows": [{"by": "id_number"}]}',
            "不能按“身份证号”分组",
        ),
        ('{"record_type": "nothing.Here"}', "没有“nothing.Here”这种记录"),
        ('{"record_type": "talents.Person", "rows": [{"by": "birth_date"}]}', "按年、季度还是月"),
        ('{"record_type": "talents.Person", "rows": [{}]}', "要么按一个字段，要么逐项列出条件"),
        ('{"record_type": "talents.Person", "evil": 1}', "不认识的内容“evil”"),
        ('{"record_type": "talents.Person", "filter": {"nope": ["1"]}}', "nope"),
        ('{"record_type": "talents.Person", "aggregate": "max"}', "只能计数"),
    ],
)
def test_bad_definitions_are_refused_in_words(people, raw, sentence):
    with pytest.raises(BrokenMetric, match=re.escape(sentence)):
        tabulate(Definition.parse(raw), YEAR, Scope.everything())


def test_definition_survives_the_address():
    definition = Definition(
        "talents.Person", (ages(35, 45),), (WOMEN, Part(by="sex")), {"pool": ["party"]}
    )

    assert Definition.parse(json.dumps(definition.as_json())) == definition
