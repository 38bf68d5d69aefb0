"""A lens narrows a list and heads it with a figure over the very rows below."""

import datetime
import io
import re

import openpyxl
import pytest
from django.db.models import Q, Sum

from apps.records import lenses
from apps.records.errors import FilterError
from apps.records.lenses import Lens, register_lens
from tests.factories import TrainingClassFactory

CLASSES = "/training/trainingclass/"


def big_classes(request, record_type, value):
    if value != "big" or record_type.label != "training.TrainingClass":
        raise FilterError(f"没有指标“{value}”，请从指标页重新进入。")
    return Lens(
        condition=Q(head_count__gte=50),
        counted=True,
        as_of=datetime.date(2022, 12, 31),
        parts=("大班人次", request.GET.get("period", ""), lenses.narrowed(request).label),
        value=lambda rows: f"{rows.aggregate(n=Sum('head_count'))['n'] or 0} 人次",
    )


@pytest.fixture(autouse=True)
def lens(monkeypatch):
    monkeypatch.setattr(lenses, "_lenses", {})
    register_lens("metric", big_classes, uses=("period", "group"))


def test_the_figure_is_that_of_the_rows_below(world, staff, read):
    TrainingClassFactory(name="大班一", head_count=60)
    TrainingClassFactory(name="大班二", head_count=70, level="3")
    TrainingClassFactory(name="小班", head_count=10)

    page = read(staff.get(CLASSES, {"metric": "big", "period": "2022"}))
    narrowed = read(staff.get(CLASSES, {"metric": "big", "period": "2022", "level": "3"}))

    assert "大班人次 · 2022 · 全区 130 人次" in page
    assert "小班" not in page
    assert "70 人次" in narrowed
    assert "大班一" not in narrowed


def test_unreviewed_rows_are_not_counted(world, staff, read):
    held = TrainingClassFactory(name="待审班", head_count=60)
    type(held).objects.filter(pk=held.pk).update(state="draft")

    assert "待审班" not in read(staff.get(CLASSES, {"metric": "big"}))


def test_the_form_carries_the_lens_along(world, staff):
    TrainingClassFactory(head_count=60)

    body = staff.get(CLASSES, {"metric": "big", "period": "2022", "group": "1"}).content.decode()

    for name, value in (("metric", "big"), ("period", "2022"), ("group", "1")):
        assert re.search(rf'name="{name}"\s+value="{value}"\s+form="query"', body)


def test_scope_narrows_the_rows_and_the_words(world, staff, read):
    TrainingClassFactory(name="大班一", head_count=60, owner=world.ours)
    TrainingClassFactory(name="大班二", head_count=70, owner=world.theirs)

    page = read(staff.get(CLASSES, {"metric": "big", "scope": world.ours.path.strip("/")}))

    assert "区第一人民医院 60 人次" in page
    assert "大班二" not in page


def test_an_unknown_metric_is_refused(world, staff, read):
    response = staff.get(CLASSES, {"metric": "nix"})

    assert response.status_code == 400
    assert "没有指标“nix”" in read(response)


def test_two_lenses_at_once_are_refused(world, staff, read):
    register_lens("target", big_classes)

    response = staff.get(CLASSES, {"metric": "big", "target": "big"})

    assert response.status_code == 400
    assert "两种统计条件" in read(response)


def test_export_holds_the_rows_of_the_lens(world, staff):
    TrainingClassFactory(name="大班一", head_count=60)
    TrainingClassFactory(name="小班", head_count=10)

    response = staff.get(CLASSES + "export/", {"metric": "big"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["班次名称", "大班一"]


def test_all_rows_of_a_lens_are_chosen_together(world, staff, read):
    TrainingClassFactory(name="大班一", head_count=60)
    TrainingClassFactory(name="小班", head_count=10)
    sent = {"action": "approve", "all": "1", "query": "metric=big&period=2022", "count": "1"}

    page = staff.post(CLASSES + "bulk/", sent)

    assert "将审核通过 0 条 原来就是这个状态 1 条" in read(page)
    assert "metric=big&amp;period=2022" in page.content.decode()


def test_a_list_under_a_lens_is_kept_with_it(world, staff):
    sent = {"query": "metric=big&period=2022", "name": "大班"}

    page = staff.post(CLASSES + "filters/", sent, follow=True)

    assert page.redirect_chain == [(f"{CLASSES}?metric=big&period=2022", 302)]
    assert "统计指标的口径" in staff.get(CLASSES + "filters/").content.decode()
