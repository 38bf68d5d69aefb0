"""Figures over the API: those of the pages, and the records behind them."""

from datetime import date

import pytest
from django.urls import reverse

from apps.metrics.models import Metric
from tests.api import Api
from tests.factories import PersonFactory, TrainingClassFactory
from tests.metrics.made_up import build

pytestmark = pytest.mark.django_db

METRICS = "/api/v1/metrics/"


@pytest.fixture
def classes(world):
    for year, people, unit in ((2022, 50, world.ours), (2022, 30, world.theirs), (2021, 40, None)):
        day = date(year, 3, 1)
        owner = {"owner": unit} if unit else {}
        TrainingClassFactory(starts_on=day, ends_on=day, head_count=people, **owner)


@pytest.fixture
def api(world):
    return Api(world.user("staff"))


def test_every_figure_is_that_of_the_page(world, api):
    made = build(3)
    pages, clerk = world.client("staff"), made["units"][1]
    unit_pages, unit_api = world.client("clerk", clerk), Api(world.user("clerk", clerk))

    for page, program in ((pages, api), (unit_pages, unit_api)):
        shown = page.get("/metrics/?period=2022").context["themes"]
        wanted = {
            metric.key: (change.current.screen, change.current.url)
            for _, rows in shown
            for metric, change in rows
        }
        found = program.get(METRICS, {"period": "2022"}).json()
        assert found["count"] == Metric.objects.count() == len(wanted)
        assert {row["key"]: (row["text"], row["link"]) for row in found["results"]} == wanted


def test_one_metric_has_value_change_and_groups(api, classes):
    metric = Metric.objects.get(label="培训人次")

    found = api.get(f"{METRICS}{metric.key}/", {"period": "2022"}).json()

    assert (found["value"], found["text"], found["unit"]) == ("80", "80 人次", "人次")
    assert found["previous"] == {"value": "40", "text": "40 人次"}
    assert found["growth"] == "同比增长 100.0%"
    assert found["provenance"] == {"code": "counted", "label": "统计"}
    assert found["period"] == {"key": "2022", "label": "2022年"}
    assert found["scope"] == {"key": "all", "label": "全区"}
    assert found["link"].startswith("/training/trainingclass/?metric=")
    assert found["records"].startswith("/api/v1/training/trainingclass/?metric=")


def test_the_records_behind_a_figure_add_up_to_it(api, classes):
    metric = Metric.objects.get(label="培训人次")
    found = api.get(f"{METRICS}{metric.key}/", {"period": "2022"}).json()

    records = api.get(found["records"] + "&sums=1").json()

    assert records["figure"]["text"] == found["text"] == "80 人次"
    assert str(records["sums"]["head_count"]) == found["value"]
    assert records["count"] == 2


def test_a_unit_sees_its_own_figures_only(world, classes):
    api = Api(world.user("clerk", world.ours))
    metric = Metric.objects.get(label="培训人次")

    found = api.get(f"{METRICS}{metric.key}/", {"period": "2022"})
    elsewhere = api.get(
        f"{METRICS}{metric.key}/", {"period": "2022", "scope": world.theirs.path.strip("/")}
    )

    assert found.json()["value"] == "50"
    assert found.json()["scope"]["label"] == "区第一人民医院"
    assert elsewhere.status_code == 400
    assert "不在您的权限范围内" in elsewhere.json()["detail"]


def test_groups_are_those_of_the_page(world, api):
    for education in ("21", "21", "11"):
        PersonFactory(unit=world.ours, education=education)
    metric = next(m for m in Metric.objects.all() if m.group_by == "education")

    found = api.get(f"{METRICS}{metric.key}/", {"period": "2022"}).json()["groups"]

    page = world.client("staff").get(f"/metrics/{metric.key}/?period=2022")
    shown = [(g.label, g.text("screen"), g.url) for g in page.context["figure"].groups]
    assert [(g["label"], g["text"], g["link"]) for g in found] == shown
    assert found


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"period": "last-year"}, 400, "看不懂统计时段"),
        ({"year": "2022"}, 400, "没有名为“year”的参数"),
        ({"scope": "%"}, 400, "统计范围不正确"),
    ],
)
def test_nonsense_gets_a_sentence(api, query, status, words):
    response = api.get(METRICS, query)

    assert response.status_code == status
    assert words in response.json()["detail"]


def test_an_unknown_metric_is_not_there(api):
    response = api.get(f"{METRICS}no-such-metric/")

    assert response.status_code == 404
    assert response.json()["detail"] == "没有这个指标，可能已改名或删除。"


def test_who_may_not_see_metrics_is_refused(world):
    for role in ("sysadmin", "auditor"):
        response = world.client(role).get(METRICS)
        assert response.status_code == 403
        assert "没有这项操作的权限" in response.json()["detail"]


def test_definitions_are_records_beside_the_figures(api):
    found = api.get(reverse("api-metrics-metric-list"), {"size": 200}).json()

    assert found["count"] == Metric.objects.count()
    assert {"id", "label", "definition"} <= set(found["results"][0])
