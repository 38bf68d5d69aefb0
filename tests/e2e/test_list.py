"""The list of people under the hand: filters, chips, order, pages, Back, keys; what it weighs."""

import re

from playwright.sync_api import expect

LIST = "/talents/person/"
MARK = "window.marked = true"


def shown(page):
    """Names on the page, as the rows stand."""
    return page.locator("table.list tbody th").all_inner_texts()


def total(page):
    text = page.locator("#result [role=status]").first.text_content()
    return int(re.search(r"共 ([\d,]+) 条", text)[1].replace(",", ""))


def settle(page, change):
    """Do something that swaps the table, and wait until it has come."""
    with page.expect_response(lambda answer: LIST in answer.url):
        change()
    expect(page.locator(".htmx-request")).to_have_count(0)


def pick(page, label, *texts):
    """Tick choices of a filter in the query form."""
    drop = page.locator(f"#query details.pick[data-label='{label}']")
    drop.locator("summary").click()
    for text in texts:
        drop.get_by_label(text, exact=True).check()
    drop.locator("summary").click()


def test_filter_swaps_only_the_table_and_shows_removable_chips(demo, window):
    page = window(demo, "staff")
    page.goto(LIST)
    everybody = total(page)
    page.evaluate(MARK)

    pick(page, "性别", "女")
    settle(page, lambda: page.get_by_role("button", name="查询").click())

    women = total(page)
    assert 0 < women < everybody
    assert page.evaluate("window.marked") is True
    assert "sex=2" in page.url
    assert "性别：女" in page.locator(".chips").inner_text()

    page.locator(".chips .chip", has_text="性别：女").click()
    page.wait_for_url(re.compile(r"/talents/person/(\?(?!.*sex=2).*)?$"))
    assert total(page) == everybody


def test_sort_page_and_back(demo, window):
    page = window(demo, "staff")
    page.goto(f"{LIST}?size=20")
    first = shown(page)
    page.evaluate(MARK)

    settle(page, lambda: page.locator("#page-next").click())
    assert len(shown(page)) == 20
    assert shown(page) != first
    assert "page=2" in page.url
    assert page.evaluate("window.marked") is True
    assert page.evaluate("document.activeElement.id") in ("page-next", "page-previous", "page-2")

    page.go_back()
    page.wait_for_url(re.compile(r"/\?size=20$"))
    expect(page.locator("table.list tbody th")).to_have_text(first)
    page.go_forward()
    page.wait_for_url(re.compile("page=2"))

    settle(page, lambda: page.locator("#sort-work_started_on").click())
    assert "sort=work_started_on" in page.url
    column = page.locator("thead th").all_inner_texts().index("参加工作时间")
    months = page.locator(f"tbody tr td:nth-child({column + 1})").all_inner_texts()
    assert months == sorted(months)
    assert re.fullmatch(r"\d{4}\.\d{2}", months[0])


def test_search_finds_by_name_pinyin_and_initials(demo, window):
    page = window(demo, "staff")
    page.goto(LIST)
    name = shown(page)[0].split()[0]

    for text in (name, name[:1]):
        page.goto(f"{LIST}?q={text}")
        assert all(text[0] in found for found in shown(page))
    page.goto(f"{LIST}?q=zhang")
    assert total(page) > 0
    page.goto(f"{LIST}?q=zw")
    assert total(page) > 0


def test_slash_goes_to_the_search_box(demo, window):
    page = window(demo, "staff")
    page.goto(LIST)

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.id") == "global-search"


def test_nothing_found_says_what_was_asked(demo, window):
    page = window(demo, "staff")
    page.goto(f"{LIST}?q=没有这个人&sex=1")

    text = page.locator("#result").inner_text()
    assert "没有符合条件的人才" in text
    assert "没有这个人" in text
    page.get_by_role("link", name="清除全部条件").click()
    assert total(page) > 0


def test_page_is_light(demo, window):
    """Cold, with nothing in the cache of the browser."""
    page = window(demo, "staff")
    sizes = []
    page.context.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
    page.goto(f"{LIST}?size=50", wait_until="networkidle")

    assert len(shown(page)) == 50
    assert len(page.watch.requests) <= 15
    assert sum(sizes) <= 600 * 1024
    assert page.evaluate("document.querySelectorAll('*').length") <= 2500
