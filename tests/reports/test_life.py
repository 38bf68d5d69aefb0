"""From 起草 to 定稿: what is refused afterwards, and how tampering and drift show."""

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import DomainError
from apps.records.models import ChangeLog
from apps.reports.document.tree import plain_text
from apps.reports.models import Report, ReportBlock
from apps.reports.selectors.building import build_document
from apps.reports.selectors.telling import tell_report
from apps.reports.services import editing, figures, gaps, life
from apps.reports.services.drafting import draft, save_settings
from apps.reports.services.removing import delete_report
from tests.factories import TrainingClassFactory
from tests.reports.conftest import BY, outline, report_by

Status = Report.Status


@pytest.fixture
def small(district):
    outline("培训{{ 培训人次 }}人次[，贡献率{{ 人才贡献率 }}]。\n")
    return report_by("small")


@pytest.fixture
def final(small):
    for status in (Status.CONSULTING, Status.REVIEWING, Status.FINAL):
        life.change_status(small, status, by=BY)
    return small


def test_steps_follow_one_another(small):
    with pytest.raises(DomainError, match="报告当前为“起草”，不能改为“定稿”。"):
        life.change_status(small, Status.FINAL, by=BY)
    life.change_status(small, Status.CONSULTING, by=BY)
    life.change_status(small, Status.DRAFTING, by=BY, reason="补充数据")

    assert small.status == Status.DRAFTING


def test_a_report_that_moved_on_meanwhile_is_not_finalised_unseen(small):
    seen = Report.objects.get(pk=small.pk)
    row = small.blocks.get()
    editing.edit_block(row, "改过。", version=row.version, by=BY)

    with pytest.raises(DomainError, match="已被他人修改。请刷新页面"):
        life.change_status(seen, Status.CONSULTING, by=BY)


def test_final_keeps_text_and_digest(final):
    assert final.frozen_text.splitlines() == plain_text(build_document(final))
    assert len(final.frozen_digest) == 64
    assert life.check_final(final) == life.Check(True, [])


def test_final_refuses_every_change(final):
    row, figure, gap = final.blocks.get(), final.figures.get(), final.gaps.get()
    attempts = [
        lambda: editing.edit_block(row, "改。", version=row.version, by=BY),
        lambda: editing.add_block(final, "加。", after=row, kind="paragraph", by=BY),
        lambda: editing.move_block(row, 1, by=BY),
        lambda: editing.delete_block(row, version=row.version, by=BY),
        lambda: figures.override_figure(figure, "1", "理由", by=BY),
        lambda: figures.clear_override(figure, by=BY),
        lambda: figures.adopt_counts(final, by=BY),
        lambda: gaps.fill_gap(gap, by=BY),
        lambda: gaps.dismiss_gap(gap, by=BY),
        lambda: draft(final, by=BY),
        lambda: save_settings(final, by=BY),
        lambda: delete_report(final, by=BY),
        lambda: life.change_status(final, Status.DRAFTING, by=BY),
    ]

    for attempt in attempts:
        with pytest.raises(DomainError, match="定稿"):
            attempt()
    assert plain_text(build_document(final)) == final.frozen_text.splitlines()


def test_tampering_shows(final):
    ReportBlock.objects.filter(report=final).update(content=[["改过的话。"]])
    assert not life.check_final(final).is_intact


def test_changed_figure_shows(final):
    final.figures.update(value=999)
    assert not life.check_final(final).is_intact


def test_drift_after_the_end_shows_and_changes_nothing(final, district):
    TrainingClassFactory(owner=district.root, starts_on="2022-10-01", ends_on="2022-10-02",
                         head_count=7)  # fmt: skip

    check = life.check_final(final)

    assert check.is_intact
    assert [(drift.figure.text, drift.now) for drift in check.drifts] == [("100", "107")]


def test_database_refuses_a_final_report_without_digest(small):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=small.pk).update(status=Status.FINAL)


def test_copy_of_a_final_report_can_be_edited(final):
    figures_before = final.figures.count()

    copy = life.copy_report(final, by=BY)

    row = copy.blocks.get()
    editing.edit_block(row, "新稿{{ 培训人次 }}。", version=row.version, by=BY)
    assert copy.status == Status.DRAFTING
    assert plain_text(build_document(copy))[1] == "新稿100。"
    assert life.check_final(final).is_intact
    assert final.figures.count() == figures_before


def test_history_is_told_in_sentences(final):
    lines = ChangeLog.objects.filter(record_type="reports.Report", object_id=final.pk)

    told = ["".join(part.text for part in s.parts) for s in tell_report(lines.order_by("pk"))]

    assert told[1:] == [
        "生成了报告",
        "把状态由起草改为征求意见",
        "把状态由征求意见改为审核",
        "把状态由审核改为定稿",
    ]
