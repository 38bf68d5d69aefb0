"""The shipped catalogue: it compiles, is cheap to ask, and loads again and again."""

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.periods import Period
from apps.metrics.checks import faults
from apps.metrics.compiling import is_spread
from apps.metrics.errors import BrokenMetric
from apps.metrics.formulas import parse, rewrite, work_out
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate, evaluate_all
from apps.metrics.services import catalogue
from apps.records import registry
from apps.records.actors import Actor
from apps.records.scope import Scope
from apps.training.records import TrainingClassFilterSet
from tests.factories import TrainingClassFactory
from tests.metrics.made_up import build

pytestmark = pytest.mark.django_db

YEAR, ALL = Period.year(2022), Scope.everything()
FACTS = (
    "B05 B16 B17 B18 C26 D25 D37 E19 "
    "B09 C14 C15 C17 D10 D11 E03 E04 E05 E06 E32 A08 A09 A10 A14 C02 D22 D33 D34 C18 B22 E01 E31"
)


def load() -> str:
    out = io.StringIO()
    call_command("load_metrics", stdout=out)
    return out.getvalue()


def broken(**changes) -> str:
    given = {"key": "x", "label": "某指标", "definition": "口径", "record_type": "talents.Person"}
    return "；".join(fault.sentence for fault in faults([Metric(**{**given, **changes})]))


def test_catalogue_compiles_and_covers_the_facts():
    shipped = catalogue()

    assert faults(shipped) == []
    assert len(shipped) >= 30
    assert set(FACTS.split()) <= {fact for metric in shipped for fact in metric.facts}
    assert {m.theme for m in shipped} >= {"人才队伍", "教育培训", "区情概况"}


def test_catalogue_costs_a_query_a_type_and_rule_and_one_a_grouping():
    build(11, people=20)
    metrics = list(Metric.objects.all())
    counted = [m for m in metrics if not m.is_formula and not m.is_reported]
    kinds = {(m.record_type, m.aggregate == "latest" or m.period_rule) for m in counted}
    groupings = [m for m in counted if m.group_by]
    evaluate(metrics, YEAR, ALL)  # code tables are in the cache from now on

    with CaptureQueriesContext(
        connection,
    ) as queries:
        evaluate(metrics, YEAR, ALL)

    assert len(queries) <= len(kinds) + len(groupings) + 1  # one for what units reported
    with CaptureQueriesContext(connection) as queries:
        evaluate(metrics, YEAR, ALL, groups=False)
    spreads = {(m.record_type, str(m.filter), m.group_by) for m in counted if is_spread(m)}
    assert len(queries) == len(kinds) + len(spreads) + 1


def test_loading_again_changes_nothing_and_keeps_what_the_office_changed():
    by = Actor.system()
    assert load() == "已装载内置指标：新增 0 个，更新 0 个。\n"
    Metric.objects.filter(key="visits").update(definition="旧口径")
    own = Metric(key="own-1", label="自定人数", definition="口径", record_type="talents.Person")
    registry.of(Metric).save(own, by=by)

    assert load() == "已装载内置指标：新增 0 个，更新 1 个。\n"

    assert "参观见学" in Metric.objects.get(key="visits").definition
    assert Metric.objects.filter(key="own-1").exists()


def test_loading_keeps_a_built_in_metric_that_somebody_changed(world):
    metric = Metric.objects.get(key="visits")
    metric.definition = "本区口径"
    registry.of(Metric).save(metric, by=Actor(user=world.user("staff")))

    assert "外出参观学习批次" in load()
    assert Metric.objects.get(key="visits").definition == "本区口径"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"filter": {"nothing": ["1"]}}, "没有名为“nothing”的筛选条件"),
        ({"filter": {"education": ["ZZ"]}}, "筛选“学历”的值不正确"),
        ({"filter": {"education": []}}, "筛选条件“education”没有值"),
        ({"record_type": "talents.Nobody"}, "没有“talents.Nobody”这种记录"),
        ({"aggregate": "sum"}, "要说明统计哪个字段"),
        ({"aggregate": "sum", "field": "name"}, "“姓名”不是数字"),
        ({"aggregate": "sum", "field": "shoe_size"}, "没有“shoe_size”这个字段"),
        ({"group_by": "memberships"}, "一条对多条"),
        ({"group_by": "birth_date"}, "不能按“出生日期”分组"),
        ({"aggregate": "latest"}, "只用于区情指标"),
        ({"record_type": "training.TrainingClass", "period_rule": "start"}, "没有起止日期"),
        ({"aggregate": "formula", "formula": "{nothing} / 2"}, "公式引用的指标“nothing”不存在"),
        ({"aggregate": "formula", "formula": "{x} + 1"}, "引用自己"),
        ({"label": "人才 总量"}, "只用汉字、字母和数字"),
        ({"definition": " "}, "没有写口径"),
    ],
)  # fmt: skip
def test_what_does_not_compile_is_named(changes, sentence):
    assert sentence in broken(**changes)


def test_a_broken_metric_is_shown_broken_and_never_counted():
    Metric.objects.filter(key="visits").update(filter={"gone": ["1"]})
    TrainingClassFactory(kind="visit")

    figures = evaluate_all(YEAR, ALL)

    assert figures["visits"].is_broken
    assert figures["visits"].value is None
    assert figures["visits"].missing.startswith("指标定义有误：没有名为“gone”的筛选条件")
    assert figures["classes"].value == 1
    with pytest.raises(CommandError):
        call_command("check_metrics", stderr=io.StringIO(), stdout=io.StringIO())


def test_a_formula_over_a_broken_metric_is_broken_too():
    Metric.objects.filter(key="staff").update(filter={"gone": ["1"]})

    assert evaluate_all(YEAR, ALL)["density"].missing == (
        "指标定义有误：公式引用的指标“从业人员数”定义有误。"
    )


def test_a_renamed_filter_keeps_its_old_name(monkeypatch):
    TrainingClassFactory(kind="visit")
    TrainingClassFactory(kind="special")
    monkeypatch.setattr(TrainingClassFilterSet, "aliases", {"sort_of": "kind"}, raising=False)
    Metric.objects.filter(key="visits").update(filter={"sort_of": ["visit"]})

    assert evaluate_all(YEAR, ALL)["visits"].value == 1


def test_check_command_passes_the_shipped_catalogue():
    out = io.StringIO()

    call_command("check_metrics", stdout=out)

    assert "指标检查通过" in out.getvalue()


def test_labels_are_unique_across_the_catalogue():
    assert [label for label, n in Counter(m.label for m in catalogue()).items() if n > 1] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 + 2 * 3", 7), ("(1 + 2) × 3", 9), ("-2 + 5", 3), ("7 ÷ 2", 3.5), ("10 - 2 - 3", 5)],
)
def test_formula_arithmetic(text, value):
    assert work_out(parse(text), {}) == value


@pytest.mark.parametrize("text", ["", "1 +", "(1", "1 2", "a b", "__import__('os')", "1; 2", "x.y"])
def test_formula_takes_arithmetic_only(text):
    with pytest.raises(BrokenMetric):
        parse(text)


def test_formula_is_rewritten_by_names():
    labels = {"talents-total": "人才总量", "staff": "从业人员数"}

    text = rewrite("{talents-total} / ( {staff} + 1 )", lambda name: labels[name])

    assert text == "人才总量 / (从业人员数 + 1)"
