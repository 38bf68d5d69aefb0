"""A figure that units reported, in the report: its text, where it comes from, where it leads."""

import pytest

from apps.metrics.models import Metric
from apps.reports.document.tree import plain_text
from apps.reports.selectors.building import build_document, note_of
from tests.factories import ReportedFigureFactory
from tests.reports.conftest import outline, report_by


@pytest.fixture
def report(district):
    lectures = Metric.objects.get(key="lectures")
    for unit, value in ((district.hospital, 3), (district.school, 4)):
        ReportedFigureFactory(metric=lectures, owner=unit, year=2022, value=value)
    outline("办讲座{{ 讲座次数 }}次，培训{{ 培训人次 }}人次。\n")
    return report_by("small")


def test_report_cites_what_units_reported_and_says_so(report):
    figure = report.figures.get(label="讲座次数")

    assert plain_text(build_document(report))[1] == "办讲座7次，培训100人次。"
    assert (figure.provenance, figure.note) == ("上报", "2 个单位上报合计")
    assert note_of(figure).startswith("讲座次数（2022年，全区，上报）")
    assert figure.url.startswith("/metrics/reportedfigure/?metric=lectures")
    assert report.figures.get(label="培训人次").provenance == "统计"


def test_figure_that_nobody_reported_is_a_gap_that_names_the_record(district):
    outline("办班{{ 已办培训期数 }}期。\n投入{{ 人才经费投入 }}。\n")

    gap = report_by("small").gaps.get()

    assert gap.labels == ["人才经费投入"]
    assert gap.record_type == "metrics.ReportedFigure"
    assert gap.reason == "没有已审核的2022年人才经费投入上报数据，请单位上报或审核。"
