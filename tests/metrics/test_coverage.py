"""Which facts the catalogue states: listed one by one, and failing where one should be stated."""

import io

import pytest
from django.core.management import CommandError, call_command

from apps.metrics import coverage
from apps.metrics.coverage import Fact, facts
from apps.metrics.models import Metric
from apps.records import registry
from tests.factories import TrainingClassFactory

pytestmark = pytest.mark.django_db


def listed(year=2022):
    out, fault = io.StringIO(), ""
    try:
        call_command("metrics_coverage", year=year, stdout=out)
    except CommandError as error:
        fault = str(error)
    return " ".join(out.getvalue().split()), fault


@pytest.fixture
def only(monkeypatch):
    """The command looks at these facts alone."""

    def choose(*several):
        monkeypatch.setattr(coverage, "facts", lambda: list(several))

    return choose


def test_every_fact_is_shipped_once():
    found = facts()

    assert len(found) == 192
    assert len({fact.key for fact in found}) == 192
    assert next(f for f in found if f.key == "D04") == Fact(
        "D04",
        "乡土人才培训人次与培育农村实用人才人数",
        ("training.TrainingClass", "talents.PoolMembership"),
    )


def test_metrics_name_facts_that_are_there():
    named = {key for metric in Metric.objects.all() for key in metric.facts}

    assert named - {fact.key for fact in facts()} == set()


def test_fact_is_listed_with_metric_value_and_provenance(only):
    TrainingClassFactory(kind="visit")
    only(Fact("A14", "组织外出参观学习批次", ("training.TrainingClass",)))

    assert listed() == (
        "A14 组织外出参观学习批次 外出参观学习批次：1 批次（统计） "
        "共 1 条事实：有指标的 1 条，缺记录类型的 0 条。",
        "",
    )


def test_fact_of_a_type_to_come_names_the_type_and_does_not_fail(only):
    only(Fact("Z01", "尚未登记的事", ("selection.Unknown", "talents.Person")))

    text, fault = listed()

    assert "Z01 尚未登记的事 还缺记录类型：selection.Unknown" in text
    assert fault == ""


def test_fact_without_a_metric_fails(only):
    only(Fact("Z02", "没有指标的事", ("talents.Person",)))

    text, fault = listed()

    assert "Z02 没有指标的事 ！没有指标" in text
    assert fault == "有 1 条事实缺指标或缺数：Z02。"


def test_fact_without_a_value_fails_and_says_what_would_fill_it(only):
    only(Fact("A14", "组织外出参观学习批次", ("training.TrainingClass",)))

    text, fault = listed()

    assert "外出参观学习批次：无数据（统计）" in text
    assert "！外出参观学习批次：2022年没有已审核的培训班记录" in text
    assert fault == "有 1 条事实缺指标或缺数：A14。"


def test_demo_district_states_every_fact_whose_records_there_are():
    out = io.StringIO()
    call_command("setup_district", demo=True, stdout=out)

    text, fault = listed()

    assert fault == ""
    assert "D28 各单位人才经费投入 人才经费投入：1,061 万元（上报）" in text
    assert "乡镇工作满25年聘任人数：12 人（上报）" in text
    known = {record_type.label for record_type in registry.types()}
    waiting = [fact for fact in facts() if set(fact.record_types) - known]
    assert f"缺记录类型的 {len(waiting)} 条" in text
