"""The annual report from the wizard to the two files, and each figure down to its records."""

import re

import pytest
from playwright.sync_api import expect

from tests.reports.document.pages import read_text
from tests.reports.document.test_word import word_text

PLAIN = re.compile(r"[\d,]+(?:\.\d+)?%?")
HEAD = re.compile(r'<p class="lens-figure">.*?<b>(.*?)</b>', re.DOTALL)


def number(text):
    """The figure in front of a unit, without thousands."""
    return PLAIN.match(text.strip())[0].replace(",", "")


@pytest.fixture(scope="module")
def address(playwright, browser, demo):
    """A report of 2022 that the head of the office has made with the wizard."""
    context = browser.new_context(base_url=demo.url, storage_state=demo.state(playwright, "head"))
    page = context.new_page()
    page.goto("/reports/new/")
    page.locator("#id_year").fill("2022")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="生成报告").click()
    page.wait_for_selector("article.doc")
    path = re.search(r"/reports/\d+/", page.url)[0]
    context.close()
    return path


def test_report_reads_as_an_office_writes(demo, window, address):
    page = window(demo, "head")
    page.goto(address)

    text = page.locator("article.doc").inner_text()

    assert "2022年" in text
    assert len(re.sub(r"\s", "", text)) > 3000
    assert not re.search(r"[{}]|None|null|True|，，|。。", text)
    for title in ("存在", "下一步"):
        assert title in text


def test_click_on_a_figure_shows_the_same_number_at_the_head_of_the_list(demo, window, address):
    page = window(demo, "head")
    page.goto(address)
    mark = page.locator("article.doc p a.figure[href*='metric=']").first
    text = mark.inner_text()

    mark.click()
    page.wait_for_selector(".lens-figure b")

    assert number(page.locator(".lens-figure b").inner_text()) == number(text)


def test_every_figure_equals_the_head_of_its_list(playwright, demo, address):
    client = demo.client(playwright, "head")
    html = client.get(address).text()
    marks = re.findall(r'<a class="figure"[^>]*?href="([^"]+metric=[^"]+)"[^>]*>(.*?)</a>', html)
    shown = {href.replace("&amp;", "&"): re.sub(r"<[^>]+>", "", text) for href, text in marks}
    plain = {href: text for href, text in shown.items() if PLAIN.fullmatch(text)}
    assert len(plain) > 20

    wrong = {}
    for href, text in plain.items():
        answer = client.get(href)
        found = HEAD.search(answer.text()) if answer.ok else None
        head = number(found[1]) if found else answer.status
        if head != number(text):
            wrong[href] = (text, head)
    client.dispose()

    assert wrong == {}


def test_edit_keeps_the_figures_alive(demo, window, address):
    page = window(demo, "head")
    page.goto(address)
    block = page.locator(".report-block:has(p.doc-p a.figure)").first
    name = block.get_attribute("id")
    figures = block.locator(".figure").all_inner_texts()

    block.hover()
    block.get_by_role("link", name="编辑").click()
    area = page.locator("textarea.editor-text")
    source = area.input_value()
    assert "{{" in source
    area.fill(f"{source}\n这句话由人补写。")
    page.locator("form[data-editor]").get_by_role("button", name="保存").click()
    page.wait_for_selector(f"#{name}:has-text('这句话由人补写。')")

    changed = page.locator(f"#{name}")
    assert changed.locator(".figure").all_inner_texts() == figures
    page.reload()
    assert "这句话由人补写。" in page.locator(f"#{name}").inner_text()


def test_picked_figure_goes_where_the_writer_was(demo, window, address):
    page = window(demo, "head")
    page.goto(address)
    block = page.locator(".report-block:has(p.doc-p)").first
    block.hover()
    block.get_by_role("link", name="编辑").click()
    area = page.locator("textarea.editor-text")
    area.focus()
    page.keyboard.press("Control+End")

    page.get_by_role("button", name="插入数字").click()
    page.get_by_label("查找指标").fill("培训人次")
    page.locator(".picker-item", has_text="培训人次").first.click()
    page.locator("[data-insert]").first.click()

    assert re.search(r"\{\{ 培训人次[^{}]*\}\}$", area.input_value())


def override(page, text, reason):
    """Fill in the form that stands under the source of a figure."""
    page.get_by_text("改写这个数字").click()
    page.get_by_label("改写为").fill(text)
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name="改写", exact=True).click()


def test_override_needs_a_reason_and_shows(demo, window, address):
    page = window(demo, "head")
    page.goto(address)
    mark = page.locator("article.doc p a.figure[href*='metric=']").first
    old, node = mark.inner_text(), mark.get_attribute("data-figure")
    mark.hover()
    override(page, "9,999", "")
    assert "理由" in page.locator("#figure-panel [role=alert]").inner_text()

    page.goto(f"{address}figures/{node}/")
    override(page, "9,999", "以统计局公布数为准")
    page.wait_for_url(re.compile(f"{address}(#.*)?$"))

    expect(page.locator(f".figure[data-figure='{node}']").first).to_have_text("9,999")
    overrides = page.locator("#overrides").inner_text()
    assert f"{old} → 9,999" in overrides
    assert "以统计局公布数为准" in overrides


def test_final_report_leaves_as_two_files_with_one_text(demo, window, address, tmp_path):
    page = window(demo, "head")
    page.goto(address)
    for step in ("征求意见", "审核"):
        forward = page.locator(".life-steps form button", has_text=step)
        if forward.count():
            forward.first.click()
            page.wait_for_load_state()
    page.locator(".life-steps details summary").click()
    page.locator(".life-confirm button").click()
    page.wait_for_selector(".report-life .digest")

    files = {}
    for label in ("Word", "PDF"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"导出 {label}").click()
        files[label] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[label])
    assert [path.suffix for path in files.values()] == [".docx", ".pdf"]
    assert "稿）" not in files["Word"].name

    word = "".join("".join(word_text(files["Word"].read_bytes())).split())
    charts, screen = text_of_print(page, address)
    pdf = read_text(files["PDF"])
    assert "9,999" in word
    assert "这句话由人补写。" in word
    for chart in charts:  # a picture in Word
        assert chart in pdf
        pdf, screen = pdf.replace(chart, "", 1), screen.replace(chart, "", 1)
    assert pdf == screen == word


def text_of_print(page, address):
    """What stands inside the charts of the printed page, and its whole text; no white space."""
    page.goto(f"{address}print/")
    places = (page.locator("figure.doc-chart svg"), page.locator("article.doc"))
    texts = [place.evaluate_all("all => all.map(node => node.textContent)") for place in places]
    charts, whole = (["".join(text.split()) for text in found] for found in texts)
    return charts, "".join(whole)


def test_final_report_takes_no_more_changes(demo, window, address):
    page = window(demo, "head")
    page.goto(address)

    assert page.locator(".block-tools").count() == 0
    assert "定稿，文字和数字不再改动" in page.locator(".report-life").inner_text()
