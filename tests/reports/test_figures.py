"""Figures of a report: override with a reason, recount, adopt, gaps."""

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import DomainError
from apps.metrics.models import Metric
from apps.reports.document.tree import plain_text
from apps.reports.models import ReportFigure
from apps.reports.selectors.building import build_document, note_of
from apps.reports.selectors.gathering import lacks_of
from apps.reports.services.figures import (
    adopt_counts,
    clear_override,
    override_figure,
    recount,
)
from apps.reports.services.gaps import dismiss_gap, fill_gap
from tests.factories import IndicatorFactory, PlanItemFactory, TrainingClassFactory
from tests.reports.conftest import BY, outline, report_by

BODY = (
    "培训{{ 培训人次 }}人次[，贡献率{{ 人才贡献率 }}]。\n\n"
    "贡献率为{{ 人才贡献率 }}。\n办班{{ 已办培训期数 }}期。\n"
)


@pytest.fixture
def small(district):
    outline(BODY)
    return report_by("small")


def text_of(report):
    return plain_text(build_document(report))[1:-2]


def one_more_class(district):
    TrainingClassFactory(owner=district.root, starts_on="2022-10-01", ends_on="2022-10-02",
                         head_count=7)  # fmt: skip


def test_override_needs_a_reason_and_shows(small):
    figure = small.figures.get(label="培训人次")

    for text, reason, message in (
        ("105", " ", "改写数字须写明理由"),
        (" ", "有理由", "请写明改写后的数字"),
        ("100", "有理由", "不需要改写"),
        ("1" * 301, "有理由", "各不超过 300 字"),
    ):
        with pytest.raises(DomainError, match=message):
            override_figure(figure, text, reason, by=BY)
    figure = override_figure(figure, "105", "含函授学员", by=BY)

    assert text_of(small)[0] == "培训105人次。"
    assert "已改写，原数100，理由：含函授学员" in note_of(figure)
    clear_override(figure, by=BY)
    assert text_of(small)[0] == "培训100人次。"


def test_database_refuses_an_override_without_reason(small):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFigure.objects.filter(report=small).update(override="1")


def test_recount_shows_what_has_drifted(small, district):
    assert recount(small) == []
    one_more_class(district)

    drifts = {drift.figure.label: (drift.figure.text, drift.now) for drift in recount(small)}

    assert drifts == {"培训人次": ("100", "107"), "已办培训期数": ("2", "3")}
    assert text_of(small)[0] == "培训100人次。"


def test_adopting_takes_the_ticked_figures_and_keeps_overrides(small, district):
    figure = small.figures.get(label="培训人次")
    override_figure(figure, "105", "含函授学员", by=BY)
    one_more_class(district)

    assert adopt_counts(small, by=BY, nodes={figure.node}) == 1

    figure.refresh_from_db()
    assert (figure.text, figure.value, figure.shown) == ("107", 107, "105")
    assert [drift.figure.label for drift in recount(small)] == ["已办培训期数"]


def test_recount_tells_of_a_metric_that_is_gone(small):
    Metric.objects.filter(label="已办培训期数").update(label="办班数量")

    (drift,) = recount(small)

    assert (drift.now, drift.reason) == ("", "指标“已办培训期数”已不存在。")
    assert adopt_counts(small, by=BY) == 0


def test_gaps_are_listed_with_where_to_fill_them(small):
    lacks = lacks_of(small)

    assert [lack.text for lack in lacks] == [
        "贡献率〔人才贡献率〕",
        "贡献率为〔人才贡献率〕。",
    ]
    assert {lack.type_name for lack in lacks} == {"区情指标"}
    assert lacks[0].new_url == "/organizations/indicator/new/"


def test_gap_is_filled_when_its_record_is_there(small):
    clause, sentence = small.gaps.all()
    with pytest.raises(DomainError, match="没有登记2022年的人才贡献率"):
        fill_gap(sentence, by=BY)
    IndicatorFactory(name="人才贡献率", value="35.6", unit_of_measure="%")

    fill_gap(sentence, by=BY)
    fill_gap(clause, by=BY)

    assert text_of(small) == ["培训100人次，贡献率35.6%。", "贡献率为35.6%。办班2期。"]
    assert not small.gaps.exists()


def test_gap_of_a_section_takes_the_records(district):
    outline("# 打算\n\n【打算：引才】\n")
    report = report_by("small")
    gap = report.gaps.get()
    with pytest.raises(DomainError, match="还没有2023年“引才”方面的工作打算"):
        fill_gap(gap, by=BY)
    PlanItemFactory(title="拓宽渠道", text="办好{{ 下年度工作打算数 }}件事。", theme="2")
    PlanItemFactory(title="精准引进", text="编制目录。", theme="2", order=200)

    fill_gap(gap, by=BY)

    assert text_of(report) == ["一、打算", "一是拓宽渠道。办好3件事。", "二是精准引进。编制目录。"]


def test_gap_can_be_taken_from_the_list(small):
    dismiss_gap(small.gaps.first(), by=BY)

    assert small.gaps.count() == 1
