"""Ticked rows under the hand: kept over pages, all of a filter, changed, deleted; kept filters."""

import re

from playwright.sync_api import expect

from tests.e2e.test_list import LIST, settle, total

MEASURES = "/governance/measure/"


def tick(page, *places):
    for place in places:
        page.locator("tbody input[name=row]").nth(place).check()


def bar(page):
    return page.locator(".batch")


def act(page, word):
    bar(page).get_by_role("button", name=word, exact=True).click()


def choose_field(page, label):
    page.get_by_label("字段", exact=True).select_option(label=label)
    page.wait_for_load_state()


def measure(page, title):
    """A record that the test may delete."""
    page.goto(f"{MEASURES}new/")
    page.locator("#id_year").fill("2022")
    page.locator("#id_section").select_option(index=1)
    page.locator("#id_title").fill(title)
    page.locator("#id_text").fill("定期召开人才工作例会。")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(rf"{MEASURES}\d+/"))


def test_ticks_bring_the_bar_and_stay_over_pages(demo, window):
    page = window(demo, "staff")
    page.goto(f"{LIST}?size=20")
    expect(bar(page)).to_be_hidden()

    tick(page, 0, 2)
    expect(bar(page)).to_contain_text("已选 2 项")
    expect(bar(page)).to_contain_text(f"选择全部 {total(page):,} 项")
    settle(page, lambda: page.locator("#page-next").click())
    expect(bar(page)).to_contain_text("已选 2 项")
    page.get_by_label("选择本页").check()
    expect(bar(page)).to_contain_text("已选 22 项")
    settle(page, lambda: page.locator("#page-previous").click())
    ticked = page.locator("tbody input[name=row]:checked")
    expect(ticked).to_have_count(2)

    bar(page).get_by_role("button", name="取消选择").click()
    expect(bar(page)).to_be_hidden()
    expect(ticked).to_have_count(0)


def test_a_range_is_ticked_with_shift(demo, window):
    page = window(demo, "staff")
    page.goto(LIST)
    boxes = page.locator("tbody input[name=row]")

    boxes.nth(1).click()
    boxes.nth(5).click(modifiers=["Shift"])

    expect(bar(page)).to_contain_text("已选 5 项")


def test_other_conditions_begin_without_ticks(demo, window):
    page = window(demo, "staff")
    page.goto(LIST)
    tick(page, 0)

    page.goto(f"{LIST}?sex=2")
    expect(bar(page)).to_be_hidden()
    page.goto(LIST)
    expect(bar(page)).to_contain_text("已选 1 项")


def test_all_of_a_filter_are_changed_after_a_preview(demo, window):
    page = window(demo, "staff")
    page.goto(f"{LIST}?title_level__at_least=411")
    count = total(page)
    tick(page, 0)
    bar(page).get_by_label("选择全部").check()
    expect(bar(page)).to_contain_text(f"已选 {count:,} 项")
    act(page, "批量修改")

    choose_field(page, "备注")
    page.get_by_label("改为", exact=True).fill("正高名单已核对")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".bulk-figures")).to_contain_text(f"将修改 {count:,} 条")
    page.get_by_role("button", name=f"修改 {count:,} 条").click()

    expect(page.locator("#messages")).to_contain_text(f"已修改 {count:,} 条人才的“备注”。")
    assert page.url.endswith("?title_level__at_least=411")
    expect(bar(page)).to_be_hidden()
    page.locator("table.list tbody th a").first.click()
    expect(page.locator("main")).to_contain_text("正高名单已核对")


def test_a_reference_is_picked_by_typing(demo, window):
    page = window(demo, "staff")
    page.goto(LIST)
    tick(page, 0, 1)
    act(page, "批量修改")
    choose_field(page, "工作单位")

    page.get_by_label("改为", exact=True).press_sequentially("云岭中学")
    page.locator(".reference-list li[data-at]").first.click()
    page.get_by_role("button", name="预览").click()

    expect(page.locator(".bulk-said")).to_contain_text("改为“云岭中学”")
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("改为", exact=True)).to_have_value("云岭中学")
    page.get_by_role("link", name="取消").click()
    expect(bar(page)).to_contain_text("已选 2 项")


def test_rows_are_deleted_after_the_numbers_are_seen(demo, window):
    page = window(demo, "head")
    for number in (1, 2):
        measure(page, f"待删的举措{number}")
    page.goto(f"{MEASURES}?q=待删的举措")
    page.get_by_label("选择本页").check()
    act(page, "删除")

    expect(page.locator(".note")).to_contain_text("将删除 2 条工作举措。")
    page.get_by_role("button", name="删除 2 条").click()

    expect(page.locator("#messages")).to_contain_text("已删除 2 条工作举措。")
    expect(page.locator("#result")).to_contain_text("没有符合条件的工作举措")


def test_a_filter_is_kept_opened_and_deleted(demo, window):
    page = window(demo, "staff")
    page.goto(f"{LIST}?sex=2&sort=-education")
    count = total(page)
    page.locator(".tools-end summary", has_text="保存筛选").click()
    page.get_by_label("名称").fill("女性按学历")
    page.locator(".drop[open]").get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("已保存常用筛选“女性按学历”。")

    page.goto(LIST)
    page.locator(".saved summary").click()
    page.locator(".saved").get_by_role("link", name="女性按学历").click()
    page.wait_for_url(re.compile("sex=2&sort=-education&columns="))
    assert total(page) == count

    page.locator(".saved summary").click()
    page.get_by_role("link", name="改名、共享、删除").click()
    row = page.locator("tr", has_text="女性按学历")
    row.locator("summary", has_text="删除").click()
    row.get_by_role("button", name="删除").click()
    expect(page.locator("#messages")).to_contain_text("已删除常用筛选“女性按学历”。")


def test_columns_move_in_their_panel(demo, window):
    page = window(demo, "staff")
    page.goto(LIST)
    heads = page.locator("thead th[scope=col]")
    usual = heads.all_inner_texts()
    panel = page.locator("[data-columns]")
    page.locator("summary", has_text="列设置").click()

    panel.locator("button[name=down][value=sex]").click()
    panel.get_by_role("button", name="保存").click()

    expect(page.locator("#messages")).to_contain_text("列设置已保存。")
    assert heads.all_inner_texts()[:3] == [usual[0], usual[2], usual[1]]
    page.locator("summary", has_text="列设置").click()
    panel.get_by_role("button", name="恢复默认").click()
    expect(page.locator("#messages")).to_contain_text("已恢复默认的列。")
    assert heads.all_inner_texts() == usual


def test_without_script_ticks_are_a_plain_form(demo, window):
    page = window(demo, "staff", java_script_enabled=False)
    page.goto(LIST)
    expect(bar(page)).to_be_hidden()
    tick(page, 0, 1)
    expect(bar(page)).to_be_visible()
    act(page, "批量修改")

    page.get_by_label("字段", exact=True).select_option(label="专长")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("改为", exact=True).fill("项目申报")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="修改 2 条").click()
    assert "已修改 2 条人才的“专长”。" in page.locator("#messages").inner_text()

    page.locator("summary", has_text="列设置").click()
    page.get_by_role("link", name="选择列和次序").click()
    page.locator("button[name=up][value=age]").click()
    shown = page.locator(".columns-shown input").evaluate_all("all => all.map(one => one.value)")
    assert shown[:3] == ["name", "age", "sex"]


def test_ticks_work_by_thumb(demo, window):
    page = window(demo, "staff", viewport={"width": 390, "height": 844})
    page.goto(LIST)

    tick(page, 1)

    expect(bar(page)).to_be_visible()
    box = bar(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
