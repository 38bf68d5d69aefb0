"""With JavaScript switched off: a filter, a form and an import still work."""

from tests.e2e.test_import import ROSTER, figures, upload


def test_list_filters(demo, window):
    page = window(demo, "staff", java_script_enabled=False)
    page.goto("/talents/person/")
    drop = page.locator("#query details.pick[data-label='性别']")
    drop.locator("summary").click()
    drop.get_by_label("女", exact=True).check()
    page.get_by_role("button", name="查询").click()

    assert "sex=2" in page.url
    assert "性别：女" in page.locator(".chips").inner_text()
    assert set(page.locator("tbody td[data-l='性别']").all_inner_texts()) <= {"女"}


def test_form_saves(demo, window):
    page = window(demo, "staff", java_script_enabled=False)
    page.goto("/governance/measure/")
    page.get_by_role("link", name="新增").click()
    page.locator("#id_year").fill("2022")
    page.locator("#id_section").select_option(index=1)
    page.locator("#id_title").fill("无脚本登记的举措")
    page.locator("#id_text").fill("定期召开人才工作例会。")
    page.get_by_role("button", name="保存", exact=True).click()

    page.goto("/governance/measure/?q=无脚本登记的举措")
    assert page.locator("tbody th").all_inner_texts() == ["无脚本登记的举措"]


def test_import_reaches_the_preview_and_is_given_up(demo, window):
    page = window(demo, "staff", java_script_enabled=False)
    upload(page, ROSTER["file"])

    assert figures(page)["无误的行"] > 0
    page.get_by_role("button", name="放弃").click()
    assert "已放弃" in page.locator("#messages").inner_text()
