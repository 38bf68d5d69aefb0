"""Drafting: every figure of a small example, what is left out, whose records count."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import DomainError
from apps.metrics.models import Metric
from apps.organizations.models import Indicator
from apps.records.actors import Actor
from apps.reports.document.lint import lint_document
from apps.reports.document.tree import plain_text
from apps.reports.models import Report
from apps.reports.selectors.building import build_document
from apps.reports.services.drafting import annual_report, draft
from tests.factories import MeasureFactory, PlanItemFactory, ProblemFactory, TrainingClassFactory
from tests.factories.accounts import user_with
from tests.reports.conftest import BY, outline, report_by


def text_of(report):
    return plain_text(build_document(report))


def paragraph(report, start):
    (found,) = [line for line in text_of(report) if line.startswith(start)]
    return found


def test_every_figure_of_the_example_is_as_counted_by_hand(report):
    figures = {f"{f.label}.{f.forms}".strip("."): f.text for f in report.figures.all()}

    expected = {
        "人才总量": "5", "人才总量.同比": "同比增长150.0%", "新增入册人数": "3",
        "六支队伍人数.分组": "党政人才1人、专业技术人才4人",
        "本科以上人数": "4", "本科以上占比": "80.0%", "本科以上占比.同比": "同比下降20.0个百分点",
        "博士人数": "1", "硕士人数": "0", "副高以上人数": "0",
        "地区生产总值": "220", "地区生产总值.同比": "同比增长10.0%", "一般公共预算收入": "20",
        "党政人才数": "1", "专业技术人才数": "4", "专业技术人才数.上年": "1",
        "出台政策文件数": "2", "出台政策文件数.列表": "《云岭区引才办法》《云岭区育才方案》",
        "已办培训期数": "2", "计划培训期数": "2", "培训计划完成率": "100.0%",
        "培训人次": "100", "培训人次.同比": "同比增长100.0%", "培训经费": "4万元",
        "培训类型分布.分组": "专题班2期", "各类人才培训人次.分组": "专业技术人才100人次",
        "专业技术人才培训人次": "100", "专业技术人才培训人次.上年": "50",
        "下年度工作打算数": "1",
    }  # fmt: skip
    assert {name: figures.get(name) for name in expected} == expected


def test_sentences_carry_the_figures_in_words(report):
    assert paragraph(report, "截至2022年12月31日").startswith(
        "截至2022年12月31日，全区登记在册的各类人才共5人，同比增长150.0%，当年新增入册3人。"
        "按队伍划分，党政人才1人、专业技术人才4人（两年人数和培训情况见下表）。"
    )
    assert "累计培训各类人才100人次，同比增长100.0%，投入培训经费4万元。" in paragraph(
        report, "坚持把教育培训作为"
    )
    assert "全年出台《云岭区引才办法》《云岭区育才方案》等2个文件，" in paragraph(
        report, "坚持把人才工作放在全局"
    )


def test_sections_are_those_of_the_standard_outline(report):
    headings = [line for line in text_of(report) if line[:2] in ("一、", "二、", "三、", "四、")]

    assert headings == ["一、基本情况", "二、主要做法和成效", "三、存在的问题", "四、下一步打算"]
    assert text_of(report)[0] == "云岭区2022年度人才工作总结"


def test_measures_are_numbered_and_cite_figures(report):
    lines = text_of(report)

    assert "一是完善工作机制。定期召开例会，全年办班2期。" in lines
    assert "二是压实工作责任。把任务分解到部门。" in lines
    assert "高层次人才偏少。领军人才不足。" in lines  # one alone has no number


def test_a_heading_without_content_is_not_printed(report):
    lines = text_of(report)

    assert "（一）深化改革创新，着力健全工作机制" in lines
    assert not any("引进急需人才" in line for line in lines)


def test_missing_figure_leaves_its_sentence_out_and_lists_it(report):
    assert not any("人才贡献率" in line for line in text_of(report))
    gap = report.gaps.get(labels=["人才贡献率"])
    assert gap.kind == "missing"
    assert gap.record_type == "organizations.Indicator"
    assert "没有登记2022年的人才贡献率" in gap.reason


def test_missing_last_year_drops_only_the_clause(report):
    gap = report.gaps.get(labels=["一般公共预算收入"])

    assert (gap.kind, gap.is_clause) == ("last_year", True)
    assert "一般公共预算收入20亿元。" in paragraph(report, "据有关部门统计")


def test_section_without_records_is_listed(report):
    words = [gap.text for gap in report.gaps.filter(kind="records")]

    assert "2022年“队伍建设”方面的工作举措" in words
    assert "2023年“引才”方面的工作打算" in words
    assert not any("其他" in word for word in words)


def test_zero_is_written_unless_the_outline_leaves_it_out(district):
    outline(
        "博士{{ 副高以上人数 }}人。\n？讲座{{ 讲座次数 }}次。\n"
        "甲{{ 培训人次 }}[？，乙{{ 讲座次数 }}]。\n"
    )

    report = report_by("small")

    assert text_of(report)[1] == "博士0人。甲100。"
    assert [(gap.kind, gap.plain) for gap in report.gaps.all()] == [
        ("zero", "讲座{{ 讲座次数 }}次。"),
        ("zero", "，乙{{ 讲座次数 }}"),
    ]


def test_growth_says_when_there_was_nothing_last_year(district):
    outline("收入{{ 一般公共预算收入 }}，{{ 一般公共预算收入.同比 }}。\n")

    assert text_of(report_by("small"))[1] == "收入20，上年无数据。"


def test_growth_of_equal_years_and_decline(district):
    TrainingClassFactory(owner=district.root, starts_on="2021-02-01", ends_on="2021-02-01",
                         head_count=50)  # fmt: skip
    outline("{{ 培训人次.同比 }}。\n\n{{ 已办培训期数.同比 }}。\n")

    assert text_of(report_by("small"))[1:3] == ["与上年持平。", "与上年持平。"]
    TrainingClassFactory(owner=district.root, starts_on="2021-03-01", ends_on="2021-03-01",
                         head_count=25)  # fmt: skip
    report = draft(Report.objects.get(), by=BY)
    assert text_of(report)[1] == "同比下降20.0%。"


def test_measure_that_cites_what_does_not_exist_loses_that_sentence(district, outlines):
    MeasureFactory(title="试点", text="先行先试。共{{ 没有的数 }}项。", section="team")
    MeasureFactory(title="破例", text="大括号{没有成对。", section="efficacy")

    report = report_by()

    assert "试点。先行先试。" in text_of(report)
    assert "破例。大括号{没有成对。" in text_of(report)
    assert report.gaps.get(labels=["没有的数"]).reason == "没有名为“没有的数”的指标。"


def test_problem_shows_its_evidence(district, outlines):
    ProblemFactory(
        title="博士不多", text="层次不高。", order=2,
        evidence_metric=Metric.objects.get(label="博士人数"),
    )  # fmt: skip

    lines = text_of(report_by())

    assert "二是博士不多。层次不高。截至2022年12月31日，博士人数为1人。" in lines


def test_switches_change_the_structure(district, outlines):
    report = report_by(开头不编号=True, 问题和打算合并=True, 写建议=True)

    headings = [line for line in text_of(report) if line[1:2] == "、" and line[0] in "一二三四"]
    assert headings == ["一、主要做法和成效", "二、存在的问题和下一步打算", "三、有关建议"]
    assert "一是建议上级部门" in "".join(text_of(report))


def test_unit_report_counts_only_the_units_own_records(district, outlines):
    report = report_by(unit=district.hospital)
    figures = {f.label: f.text for f in report.figures.filter(forms="")}

    assert (figures["人才总量"], figures["培训人次"]) == ("3", "40")
    assert report.figures.first().scope_label == "区第一人民医院"
    assert text_of(report)[0] == "区第一人民医院2022年度人才工作总结"
    assert "本单位登记在册的各类人才共3人" in "".join(text_of(report))


def test_a_clerk_drafts_for_the_own_unit_only(district, outlines):
    clerk = Actor(user_with("clerk", district.hospital, unit=district.hospital))

    assert annual_report(2022, by=clerk, unit=district.hospital).owner == district.hospital
    with pytest.raises(DomainError, match="“云岭中学”不在您的管理范围内"):
        annual_report(2022, by=clerk, unit=district.school)
    with pytest.raises(DomainError, match="您的管理范围不是全区"):
        annual_report(2022, by=clerk)


def test_annual_report_takes_the_one_there_is(district, outlines):
    first = annual_report(2022, by=BY)

    assert annual_report(2022, by=BY).pk == first.pk
    assert annual_report(2021, by=BY).pk != first.pk
    assert Report.objects.count() == 2


def test_drafting_anew_forgets_edits_and_counts_again(report):
    Indicator.objects.filter(name="地区生产总值", year=2022).update(value=240)

    draft(report, by=BY)

    assert report.figures.get(label="地区生产总值", forms="").text == "240"
    assert report.figures.count() == len({figure.node for figure in report.figures.all()})


def test_table_prints_dashes_for_what_is_missing_and_leaves_empty_rows_out(district):
    outline(
        "【表】情况\n表头：项 | 数 | 上年\n"
        "行：收入 | {{ 一般公共预算收入 }} | {{ 一般公共预算收入.上年 }}\n"
        "行：贡献 | {{ 人才贡献率 }} | {{ 人才贡献率.上年 }}\n注：注：测试。\n\n"
        "【图】对比\n类别：培训\n系列：{{ 年度 }}年 | {{ 培训人次 }}\n单位：人次\n"
    )

    report = report_by("small")

    assert text_of(report)[1:6] == [
        "表1　情况",
        "项\t数\t上年",
        "收入\t20\t—",
        "注：测试。",
        "图1　对比",
    ]
    chart = build_document(report).blocks[-1]
    assert [int(value) for value in chart.series[0].values] == [100]
    assert report.gaps.get(kind="missing").text == "表格或图中的“贡献”"


def test_table_without_any_figure_is_one_gap(district):
    outline(
        "【表】贡献\n表头：项 | 数\n行：甲 | {{ 人才贡献率 }}\n行：乙 | {{ 人才综合发展指数 }}\n\n"
        "【图】{{ 年度 }}年情况\n类别：甲\n系列：{{ 年度 }}年 | {{ 人才贡献率 }}\n"
    )

    report = report_by("small")

    assert text_of(report)[1:-2] == []
    gaps = [(gap.text, gap.labels, gap.is_fillable) for gap in report.gaps.all()]
    assert gaps == [
        ("表“贡献”", ["人才贡献率"], False),
        ("图“2022年情况”", ["人才贡献率"], False),
    ]


def test_table_may_leave_out_rows_of_zeros(district):
    outline(
        "【表】队伍\n表头：队伍 | 人数\n行：党政 | {{ 党政人才数 }}\n"
        "行：技能 | {{ 高技能人才数 }}\n零行：不列\n"
    )

    assert text_of(report_by("small"))[1:-2] == ["表1　队伍", "队伍\t人数", "党政\t1"]


def test_what_concerns_the_whole_district_is_not_asked_of_a_unit(district, outlines):
    report = report_by(unit=district.hospital)

    assert not any("地区生产总值" in gap.text for gap in report.gaps.all())
    assert any(line == "专业技术人才\t3\t1\t40" for line in text_of(report))
    assert not any(line.startswith("党政人才\t") for line in text_of(report))


def test_wording_of_the_standard_outline_has_no_fault(report):
    assert lint_document(build_document(report)) == []


def test_queries_do_not_grow_with_the_records(district, outlines):
    with CaptureQueriesContext(connection) as few:
        report_by()
    for number in range(5):
        MeasureFactory(title=f"举措{number}号", section="team")
        PlanItemFactory(title=f"打算{number}号", theme="2")
    with CaptureQueriesContext(connection) as many:
        report_by()

    assert len(many) <= len(few)
