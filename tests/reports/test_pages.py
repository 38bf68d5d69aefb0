"""The pages as they are seen, by whom, and what they do."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.reports.models import Outline, Report
from apps.reports.services import life
from apps.reports.services.drafting import annual_report
from tests.factories import IndicatorFactory
from tests.factories.accounts import user_with
from tests.reports.conftest import BY, outline, report_by

HTMX = {"HX-Request": "true"}


def client_of(user):
    client = Client()
    client.force_login(user, backend="apps.accounts.backends.GrantBackend")
    return client


@pytest.fixture
def staff(district):
    return client_of(user_with("staff", unit=district.root))


@pytest.fixture
def head(district):
    return client_of(user_with("head", unit=district.root))


@pytest.fixture
def leader(district):
    return client_of(user_with("leader", unit=district.root))


@pytest.fixture
def small(district, outlines):
    outline("培训{{ 培训人次 }}人次[，贡献率{{ 人才贡献率 }}]。\n\n- 甲。\n- 乙。\n")
    return report_by("small")


def seen(response):
    """The visible text of a page."""
    text = re.sub(
        "<(script|style|svg|title)[^>]*>.*?</\\1>", " ", response.content.decode(), flags=re.S
    )
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", text)).split())


def first_step():
    key = Outline.objects.get().pk
    return {"year": 2022, "part": "", "unit": "", "kind": "summary", "outline": key}


def page(client, name, *args, **more):
    return client.get(reverse(name, args=args), **more)


def send(client, name, *args, **data):
    return client.post(reverse(name, args=args), data)


def test_list_says_what_reports_are_for(staff):
    assert "还没有报告。选好年度和提纲" in seen(page(staff, "reports-list"))


def test_list_shows_reports_and_filters(staff, small):
    text = seen(page(staff, "reports-list"))
    assert "云岭区2022年总结 总结 2022年 全区 起草" in text
    assert "没有符合条件的报告" in seen(staff.get(reverse("reports-list"), {"status": "final"}))


def test_wizard_leads_to_a_draft_and_may_be_left(staff, outlines):
    started = send(staff, "reports-new", **first_step())
    report = Report.objects.get()
    assert started.url == reverse("reports-prepare", args=[report.pk, 2])

    settings = seen(page(staff, "reports-prepare", report.pk, 2))
    assert "中共云岭区委组织部" in page(staff, "reports-prepare", report.pk, 2).content.decode()
    assert "末尾另写“有关建议”一部分" in settings
    second = {"title": "云岭区\n总结", "addressee": "市委组织部", "signature": "区委组织部"}
    second |= {"signed_on": "2022.12.30", "switch2": "on", "version": report.version}
    send(staff, "reports-prepare", report.pk, 2, **second)

    assert "准备中 继续填写" in seen(page(staff, "reports-list"))
    assert page(staff, "reports-detail", report.pk).url == reverse(
        "reports-prepare", args=[report.pk, 3]
    )
    check = seen(page(staff, "reports-prepare", report.pk, 3))
    assert "人才总量 5 人 同比增长 150.0% 统计" in check
    assert "没有登记2022年的人才贡献率" in check

    done = send(staff, "reports-prepare", report.pk, 3)
    assert done.url == reverse("reports-detail", args=[report.pk])
    text = seen(page(staff, "reports-detail", report.pk))
    for words in ("已生成《云岭区总结》", "市委组织部：", "2022年12月30日", "（五）", "有关建议"):
        assert words in text or words == "（五）"


def test_wizard_keeps_what_was_typed_when_one_goes_back(staff, outlines, district):
    first = first_step()
    send(staff, "reports-new", **first)
    report = Report.objects.get()
    send(staff, "reports-prepare", report.pk, 2, title="自拟标题", signature=report.signature,
         signed_on="2022-12-31", version=report.version)  # fmt: skip

    send(staff, "reports-prepare", report.pk, 1, **{**first, "unit": district.hospital.pk})

    report.refresh_from_db()
    assert (report.title, report.signature) == ("自拟标题", "区第一人民医院")
    assert report.owner == district.hospital


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"year": "二〇二二"}, "年度应为四位数字"),
        ({"year": "1900"}, "年度应在 1990—2100 之间"),
        ({"year": ""}, "请填写年度。"),
        ({"outline": ""}, "请选择提纲。"),
    ],
)
def test_wizard_says_what_is_wrong(staff, outlines, fields, message):
    first = first_step()

    assert message in seen(send(staff, "reports-new", **{**first, **fields}))
    assert not Report.objects.exists()


def test_draft_shows_figures_as_links_to_their_records(staff, small):
    body = page(staff, "reports-detail", small.pk).content.decode()
    figure = small.figures.get()

    assert f'href="{html.escape(figure.url)}">100</a>' in body
    assert "/training/trainingclass/?metric=" in figure.url
    assert "培训人次（2022年，全区，统计）" in body


def test_draft_lists_what_is_missing_beside_it(staff, small):
    text = seen(page(staff, "reports-detail", small.pk))

    assert "缺的数据 1 处" in text
    assert "没有登记2022年的人才贡献率" in text
    assert "登记区情指标 查看区情指标 贡献率〔人才贡献率〕 补入 不写了" in text


def test_panel_says_where_a_figure_comes_from(staff, small):
    node = small.figures.get().node
    text = seen(staff.get(reverse("reports-figure", args=[small.pk, node]), headers=HTMX))

    for words in (
        "口径 时段内已举办培训班的人数合计",
        "时段 2022年",
        "范围 全区",
        "来源 统计",
        "查看记录",
    ):
        assert words in text
    assert "年度报告" in seen(page(staff, "reports-figure", small.pk, node))  # a page without HTMX


def test_paragraph_is_edited_in_place(staff, small):
    row = small.blocks.first()
    url = reverse("reports-block", args=[small.pk, row.pk])

    editor = staff.get(url, headers=HTMX).content.decode()
    assert "培训{{ 培训人次 }}人次。</textarea>" in editor
    saved = staff.post(
        url, {"source": "共{{ 培训人次 }}人次。", "version": row.version}, headers=HTMX
    )
    assert saved.headers["HX-Retarget"] == "#report-body"
    assert "共 100 人次。" in seen(saved)


def test_wrong_paragraph_comes_back_as_typed(staff, small):
    row = small.blocks.first()
    url = reverse("reports-block", args=[small.pk, row.pk])

    answer = staff.post(url, {"source": "共{{ 人数 }}人。", "version": row.version}, headers=HTMX)

    assert answer.headers["HX-Retarget"] == f"#block-{row.pk}"
    assert "第 1 行：没有名为“人数”的指标" in seen(answer)
    assert "共{{ 人数 }}人。</textarea>" in answer.content.decode()


def test_editing_works_without_scripts(staff, small):
    row = small.blocks.first()
    editor = page(staff, "reports-block", small.pk, row.pk)
    assert "编辑段落" in seen(editor)

    saved = send(staff, "reports-block", small.pk, row.pk, source="改过。", version=row.version)
    assert saved.url == f"{reverse('reports-detail', args=[small.pk])}#block-{row.pk}"
    after = {"after": row.pk, "kind": "point", "source": "丙。"}
    send(staff, "reports-block-new", small.pk, **after)
    assert "一是丙。 编辑 加一段 上移 下移 删除" in seen(page(staff, "reports-detail", small.pk))
    last = small.blocks.last()
    send(staff, "reports-block-move", small.pk, last.pk, "up")
    send(staff, "reports-block-delete", small.pk, last.pk, version=last.version)
    assert "二是甲。" in seen(page(staff, "reports-detail", small.pk))


def test_preview_shows_the_sentence_and_its_faults(staff, small):
    url = reverse("reports-preview", args=[small.pk])

    good = staff.post(url, {"source": "共{{ 培训人次 }}人次"}, headers=HTMX)
    assert seen(good) == "共 100 人次 段落末尾缺少句末标点，请补上“。”。"
    assert "没有名为“甲”的指标" in seen(staff.post(url, {"source": "{{ 甲 }}"}, headers=HTMX))
    dropped = staff.post(url, {"source": "好[，{{ 人才贡献率 }}]。"}, headers=HTMX)
    assert "缺数，不会写入：，{{ 人才贡献率 }}" in seen(dropped)


def test_picker_finds_a_metric_and_shows_its_forms(staff, small):
    found = seen(staff.get(reverse("reports-picker", args=[small.pk]), {"q": "培训 经费"}))
    assert "培训经费 教育培训 4 万元" in found
    forms = staff.get(reverse("reports-forms", args=[small.pk, "trainees"])).content.decode()
    for source in ("{{ 培训人次 }}", "{{ 培训人次.同比 }}", "{{ 培训人次.上年 }}"):
        assert f'data-insert="{source}"' in forms
    assert "{{ 培训人次.亿 }}" not in forms
    missing = staff.get(reverse("reports-forms", args=[small.pk, "talent-contribution"]))
    assert missing.status_code == 404 or "补录后才能引用" in seen(missing)


def test_override_and_recount_pages(staff, small):
    node = small.figures.get().node
    refused = send(staff, "reports-override", small.pk, node, text="105", reason="")
    assert "改写数字须写明理由" in seen(refused)
    send(staff, "reports-override", small.pk, node, text="105", reason="含函授学员")
    assert "培训人次：100 → 105 含函授学员" in seen(page(staff, "reports-detail", small.pk))

    assert "全文 1 个数字都与现在的记录一致" in seen(page(staff, "reports-recount", small.pk))
    send(staff, "reports-override", small.pk, node, clear="1")
    assert small.figures.get().override == ""


def test_gap_is_filled_from_the_page(staff, small):
    gap = small.gaps.get()
    IndicatorFactory(name="人才贡献率", value="35.6", unit_of_measure="%")

    send(staff, "reports-gap", small.pk, gap.pk, "fill")

    assert "贡献率 35.6% 。" in seen(page(staff, "reports-detail", small.pk))


def test_final_report_has_no_tools_and_shows_its_seal(head, small):
    for status in ("consulting", "reviewing", "final"):
        small.refresh_from_db()
        send(head, "reports-status", small.pk, status=status, version=small.version)
    small.refresh_from_db()

    text = seen(page(head, "reports-detail", small.pk))
    assert small.frozen_digest in text
    assert "上移" not in text
    row = small.blocks.first()
    refused = send(head, "reports-block", small.pk, row.pk, source="改。", version=row.version)
    assert "报告已定稿" in seen(refused)
    assert "内容与定稿时一致，SM3 摘要相符" in seen(page(head, "reports-recount", small.pk))


def test_exports_print_view_and_history(staff, small):
    word = send(staff, "reports-export", small.pk, "word")
    assert word.content[:2] == b"PK"
    assert "filename*=utf-8''" in word.headers["Content-Disposition"]
    assert send(staff, "reports-export", small.pk, "pdf").content[:4] == b"%PDF"
    assert page(staff, "reports-export", small.pk, "pdf").status_code == 405
    assert "培训 100 人次。" in seen(page(staff, "reports-print", small.pk))
    assert "导出了 Word 文件" in seen(page(staff, "reports-history", small.pk))


def test_settings_redraft_copy_and_delete(staff, small):
    assert "手工改写的 0 个段落" in seen(page(staff, "reports-redraft", small.pk))
    small.refresh_from_db()
    send(staff, "reports-settings", small.pk, title="新题", addressee="", signature="办",
         signed_on="2022年12月31日", version=small.version)  # fmt: skip
    assert "新题" in seen(page(staff, "reports-detail", small.pk))
    send(staff, "reports-copy", small.pk)
    copy = Report.objects.exclude(pk=small.pk).get()
    assert "培训 100 人次。" in seen(page(staff, "reports-detail", copy.pk))
    send(staff, "reports-redraft", copy.pk)
    assert "将删除《新题》及其 3 个段落、1 个数字" in seen(page(staff, "reports-delete", copy.pk))
    send(staff, "reports-delete", copy.pk)
    assert list(Report.objects.all()) == [small]


def test_settings_changed_by_somebody_else_are_not_overwritten(staff, small):
    old = small.version - 1

    answer = send(staff, "reports-settings", small.pk, title="晚到", signature="办", version=old)

    assert "已被他人修改，没有保存" in seen(answer)


def test_leader_reads_and_corrects_but_does_not_start_or_finalise(leader, small):
    text = seen(page(leader, "reports-detail", small.pk))
    assert "编辑" in text
    assert "导出 Word" not in text
    assert page(leader, "reports-new").status_code == 403
    for status in ("consulting", "reviewing"):
        life.change_status(small, status, by=BY)
    assert "定稿后，全文" not in seen(page(leader, "reports-detail", small.pk))
    refused = send(leader, "reports-status", small.pk, status="final", version=small.version)
    assert refused.status_code == 403


def test_clerk_has_no_reports(district, small):
    clerk = client_of(user_with("clerk", district.hospital, unit=district.hospital))

    assert page(clerk, "reports-list").status_code == 403
    assert page(clerk, "reports-detail", small.pk).status_code == 403


def test_report_of_another_subtree_is_not_there(district, outlines):
    own = annual_report(2022, by=BY, unit=district.hospital)
    other = annual_report(2022, by=BY, unit=district.school)
    client = client_of(user_with("staff", district.hospital, unit=district.hospital))

    assert page(client, "reports-detail", own.pk).status_code == 200
    assert page(client, "reports-detail", other.pk).status_code == 404
    assert "云岭中学" not in seen(page(client, "reports-list"))
    assert "云岭中学" not in seen(page(client, "reports-new"))


def test_sign_in_is_asked_for(small):
    answer = page(Client(), "reports-detail", small.pk)

    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


def test_admin_drafts_and_exports(head, small):
    listed = seen(head.get("/admin/reports/report/"))
    assert "云岭区2022年总结" in listed

    data = {"action": "export_word", "_selected_action": [small.pk]}
    assert head.post("/admin/reports/report/", data).content[:2] == b"PK"
    key = Outline.objects.get(key="standard").pk
    data = {"action": "draft_report", "_selected_action": [key]}
    made = head.post("/admin/reports/outline/", data)
    assert made.url == reverse("reports-detail", args=[Report.objects.order_by("-pk")[0].pk])
    assert head.get(f"/admin/reports/report/{small.pk}/change/").status_code == 200
