"""What readers see of metrics, and what staff may define."""

import re
from datetime import date
from html import unescape

import pytest

from apps.metrics.models import Metric
from apps.records import registry
from apps.records.models import ChangeLog
from tests.factories import PersonFactory, TrainingClassFactory

pytestmark = pytest.mark.django_db

CLASSES = "/training/trainingclass/"


def words(response) -> str:
    """The visible text, spaces drawn together."""
    text = re.sub(
        r"<(script|style|head|datalist).*?</\1>", " ", response.content.decode(), flags=re.S
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def held(day, people=10, **fields):
    return TrainingClassFactory(starts_on=day, ends_on=day, head_count=people, **fields)


@pytest.fixture
def classes(world):
    held(date(2022, 3, 1), 50)
    held(date(2021, 3, 1), 40)


def new(client, query="from=training.TrainingClass&kind=visit", **changes):
    data = {
        "label": "参观班次", "definition": "参观见学班次。", "unit_of_measure": "期",
        "theme": "教育培训", "aggregate": "count", "field": "", "group_by": "",
        "period_rule": "type",
    }  # fmt: skip
    return client.post(f"/metrics/new/?{query}", {**data, **changes})


def test_catalogue_shows_values_last_year_and_change(staff, classes):
    page = words(staff.get("/metrics/?period=2022"))

    assert "培训人次 50 人次 40 人次 同比增长 25.0% 统计 时段内已举办培训班的人数合计" in page
    assert "地区生产总值 无数据 无数据 录入" in page
    assert f"共 {Metric.objects.count()} 个指标" in page


def test_catalogue_finds_by_name(staff):
    page = words(staff.get("/metrics/?q=人才密度"))

    assert "镇街人才密度" in page
    assert "培训人次" not in page.replace("指标名称或口径", "")
    assert "没有名称或口径含“没有的词”的指标" in words(staff.get("/metrics/?q=没有的词"))


def test_page_of_a_metric_shows_five_years_and_links_to_the_records(staff, classes):
    response = staff.get("/metrics/trainees/?period=2022&scope=all")
    page = words(response)

    assert "口径 时段内已举办培训班的人数合计，以班次登记的人数为准；计划和取消的班次不计。" in page
    assert "筛选条件 计划/实际：已举办" in page
    assert "2021年 40 人次 上年无数据 2022年 50 人次 同比增长 25.0%" in page
    assert f"{CLASSES}?metric=trainees&amp;period=2022&amp;scope=all" in response.content.decode()


def test_page_of_a_grouped_metric_names_its_groups(staff, classes):
    page = words(staff.get("/metrics/classes-by-topic/?period=2022"))

    assert "按主题分组 主题 2022年 比较 业务 1 期" in page
    assert "为 0 的 14 组：理论、科技创新" in page


def test_page_of_a_formula_names_its_parts(staff):
    page = words(staff.get("/metrics/density/?period=2022"))

    assert "公式 人才总量 ÷ 从业人员数" in page
    assert "缺少从业人员数、人才总量，无法计算。" in page


def test_broken_metric_says_so(staff):
    Metric.objects.filter(key="visits").update(filter={"gone": ["1"]})

    assert "外出参观学习批次 定义有误" in words(staff.get("/metrics/"))
    assert "改正前不参加统计" in words(staff.get("/metrics/visits/"))


def test_list_behind_a_figure_is_headed_by_it(staff, classes):
    page = words(staff.get(f"{CLASSES}?metric=trainees&period=2022&scope=all"))

    assert "培训人次 · 2022年 · 全区 50 人次" in page
    assert "共 1 条" in page


def test_head_follows_further_filters_of_the_list(staff, classes):
    held(date(2022, 5, 1), 7, level="3")

    page = words(staff.get(f"{CLASSES}?metric=trainees&period=2022&scope=all&level=3"))

    assert "培训人次 · 2022年 · 全区 7 人次" in page


def test_metric_of_another_type_is_refused(staff):
    response = staff.get("/talents/person/?metric=trainees&period=2022")

    assert response.status_code == 400
    assert "人才没有“trainees”这个指标" in words(response)


def test_clerk_sees_the_own_unit_only(world):
    for unit in (world.ours, world.theirs, world.theirs):
        PersonFactory(unit=unit)
    metric = Metric.objects.get(key="on-books-by-town")

    page = words(world.client("clerk", world.ours).get(f"/metrics/{metric.key}/?period=2022"))

    assert "各镇街在册人数 2022年 · 区第一人民医院" in page
    assert "2022年 1 人" in page
    assert "2022年 3 人" in words(world.client("leader").get(f"/metrics/{metric.key}/?period=2022"))


def test_saving_a_filtered_list_as_a_metric(staff, classes):
    held(date(2022, 5, 1), kind="visit")
    narrowed = staff.get(f"{CLASSES}?kind=visit").content.decode()
    assert "/metrics/new/?from=training.TrainingClass&amp;kind=visit" in narrowed
    form = words(staff.get("/metrics/new/?from=training.TrainingClass&kind=visit&page=2"))
    assert "统计对象 培训班 筛选条件 类型：参观见学" in form

    preview = words(new(staff, preview="1"))
    assert "2022年（全区）： 1 期 还没有保存。" in preview
    assert not Metric.objects.filter(label="参观班次").exists()

    response = new(staff)
    metric = Metric.objects.get(label="参观班次")
    assert response.url == f"/metrics/{metric.key}/"
    assert (metric.record_type, metric.filter) == ("training.TrainingClass", {"kind": ["visit"]})
    line = ChangeLog.objects.filter(record_type="metrics.Metric", object_id=metric.pk).get()
    assert (line.action, line.changes["label"]) == ("create", ["", "参观班次"])


def test_a_share_takes_the_ticked_filters_as_denominator(staff, classes):
    query = "from=training.TrainingClass&kind=visit&status=held"

    new(staff, query, aggregate="share", unit_of_measure="%", whole=["status"])

    metric = Metric.objects.get(label="参观班次")
    assert metric.denominator == {"status": ["held"]}
    assert metric.filter == {"kind": ["visit"]}


def test_form_names_what_is_wrong(staff):
    assert "已有名为“培训人次”的指标" in words(new(staff, label="培训人次"))
    assert "只用汉字、字母和数字" in words(new(staff, label="培训 人次"))
    assert "“求和”要说明统计哪个字段" in words(new(staff, aggregate="sum"))
    assert "占比要有分子条件" in words(new(staff, aggregate="share", whole=["kind"]))
    refused = staff.get("/metrics/new/?from=training.TrainingClass&nothing=1")
    assert refused.status_code == 400
    assert "没有名为“nothing”的筛选条件" in words(refused)


def test_formula_is_written_with_labels_and_stored_with_keys(staff):
    data = {
        "label": "人均培训次数", "definition": "培训人次÷人才总量。", "unit_of_measure": "次",
        "theme": "", "formula": "培训人次 ÷ 人才总量",
    }  # fmt: skip

    staff.post("/metrics/new/", data)

    metric = Metric.objects.get(label="人均培训次数")
    assert metric.formula == "{trainees} / {talents-total}"
    assert "培训人次 ÷ 人才总量" in staff.get(f"/metrics/{metric.key}/edit/").content.decode()
    wrong = staff.post("/metrics/new/", {**data, "label": "另一个", "formula": "没有的词 + 1"})
    assert "公式引用的指标“没有的词”不存在" in words(wrong)


def test_changing_a_metric_keeps_history_and_refuses_a_stale_form(staff):
    metric = Metric.objects.get(key="visits")
    data = {
        "label": metric.label, "definition": "新口径。", "unit_of_measure": "批次",
        "theme": metric.theme, "aggregate": "count", "period_rule": "type",
        "version": metric.version,
    }  # fmt: skip

    staff.post("/metrics/visits/edit/", data)
    stale = staff.post("/metrics/visits/edit/", {**data, "definition": "又一个。"})

    assert Metric.objects.get(key="visits").definition == "新口径。"
    assert "已被他人修改" in words(stale)
    assert Metric.objects.get(key="visits").filter == {"status": ["held"], "kind": ["visit"]}
    history = words(staff.get(registry.of(Metric).url("history", metric.pk)))
    assert "新口径" in history


@pytest.mark.parametrize("role", ["head", "staff"])
def test_staff_and_head_may_define(world, role):
    assert new(world.client(role)).status_code == 302


@pytest.mark.parametrize("role", ["leader", "clerk"])
def test_others_may_look_only(world, role):
    client = world.client(role, world.ours if role == "clerk" else None)

    assert "年度指标" in words(client.get("/metrics/"))
    assert new(client).status_code == 403
    assert client.get("/metrics/visits/edit/").status_code == 403
    assert "存为指标" not in words(client.get(f"{CLASSES}?kind=visit"))


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_figures(world, role):
    client = world.client(role)

    for address in ("/metrics/", "/metrics/trainees/", "/metrics/new/"):
        assert client.get(address).status_code == 403
