"""A field of the office's own: added, filled in, filtered by, and there in the workbook."""

import io

import openpyxl
from playwright.sync_api import expect

from tests.e2e.test_list import settle, total

FIELD, VALUE = "联络员", "贺主任"


def test_a_field_is_added_filled_filtered_and_exported(demo, window):
    head = window(demo, "head")
    head.goto("/records/customfield/new/")
    head.get_by_label("记录类型").select_option(label="人才")
    head.get_by_label("名称").fill(FIELD)
    head.get_by_role("button", name="保存", exact=True).click()
    expect(head.locator("main")).to_contain_text(FIELD)

    page = window(demo, "staff")
    page.goto("/talents/person/")
    everybody = total(page)
    name = page.locator("table.list tbody th a").first
    who = name.inner_text()
    name.click()
    page.get_by_role("link", name="编辑").click()
    page.get_by_label(FIELD).fill(VALUE)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".record-facts")).to_contain_text(VALUE)

    page.goto("/talents/person/")
    page.locator("label.more-label").click()
    page.get_by_label(f"{FIELD}（包含）").fill("贺")
    settle(page, lambda: page.get_by_role("button", name="查询").click())
    assert total(page) == 1 < everybody
    assert page.locator("table.list tbody th").inner_text().startswith(who)
    assert f"{FIELD}（包含）：贺" in page.locator(".chips").inner_text()

    page.locator("summary", has_text="导出").click()
    page.get_by_label("全部字段").check()
    page.get_by_label("用途").fill("核对")
    with page.expect_download() as caught:
        page.get_by_role("button", name="导出 Excel").click()
    workbook = openpyxl.load_workbook(io.BytesIO(caught.value.path().read_bytes()))
    rows = list(workbook.worksheets[0].values)
    assert [row[rows[0].index(FIELD)] for row in rows[1:]] == [VALUE]
