"""A clerk's change on its way to the figures: handed in, sent back, mended, approved; by hand."""

import re

import pytest

PEOPLE = "/talents/person/"


@pytest.fixture
def staff(demo, window):
    return window(demo, "staff")


@pytest.fixture
def clerk(demo, window):
    return window(demo, "clerk1")


def badge(page):
    """The number in the top bar."""
    count = page.locator(".bar-button .count")
    return int(count.inner_text()) if count.count() else 0


def change_post(page, number, post):
    """Open one of the unit's people, change the post, and come back to the page of the record."""
    page.goto(PEOPLE)
    page.locator("tbody th a").nth(number).click()
    page.get_by_role("link", name="编辑").click()
    page.locator("#id_post").fill(post)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/talents/person/\d+/$"))
    return page.locator("h1").inner_text()


def row_of(page, name):
    return page.locator(".waiting-table tbody tr", has=page.get_by_role("link", name=name))


def test_a_change_is_handed_in_sent_back_mended_and_approved(staff, clerk):
    name = change_post(clerk, 0, "副院长")
    assert "草稿" in clerk.locator(".page-head").inner_text()
    before = badge(clerk)

    clerk.locator(".bar-button", has_text="待办").click()
    assert clerk.url.endswith("/review/mine/")
    assert "副院长" in row_of(clerk, name).inner_text()
    row_of(clerk, name).get_by_role("checkbox").check()
    assert clerk.locator("[data-count]").inner_text() == "已选 1 条"
    clerk.get_by_role("button", name="报送所选").click()
    assert "已报送 1 条，等待审核。" in clerk.locator("#messages").inner_text()
    assert badge(clerk) == before - 1

    staff.goto("/review/")
    waiting = badge(staff)
    assert waiting >= 1
    row_of(staff, name).get_by_role("checkbox").check()
    staff.get_by_role("button", name="退回所选").click()
    assert "请写明退回理由" in staff.get_by_role("alert").inner_text()
    assert row_of(staff, name).get_by_role("checkbox").is_checked()
    staff.get_by_label("退回理由").fill("职务与任免文件不一致")
    staff.get_by_label("退回理由").press("Enter")
    staff.wait_for_selector("#messages .note-success")
    assert "已退回 1 条" in staff.locator("#messages").inner_text()
    assert badge(staff) == waiting - 1

    clerk.goto("/review/mine/?state=returned")
    assert "退回理由：职务与任免文件不一致" in row_of(clerk, name).inner_text()
    row_of(clerk, name).get_by_role("link", name=name).click()
    assert "职务与任免文件不一致" in clerk.locator(".review").inner_text()
    clerk.get_by_role("link", name="编辑").click()
    clerk.locator("#id_post").fill("院长助理")
    clerk.get_by_role("button", name="保存", exact=True).click()
    clerk.get_by_role("button", name="报送").click()
    assert "等待审核" in clerk.locator("#messages").inner_text()

    staff.goto("/review/")
    assert "院长助理" in row_of(staff, name).inner_text()
    staff.locator("[data-all]").check()
    ticked = staff.locator("input[name=row]:checked").count()
    assert ticked == staff.locator("input[name=row]").count()
    staff.get_by_role("button", name="所选审核通过").click()
    assert f"审核通过 {ticked} 条，计入统计。" in staff.locator("#messages").inner_text()
    clerk.goto(f"{PEOPLE}?q={name}")
    clerk.locator("tbody th a", has_text=name).first.click()
    assert "已审核" in clerk.locator(".page-head").inner_text()


def test_all_drafts_go_and_one_comes_back_approved_without_script(demo, window):
    clerk = window(demo, "clerk1", java_script_enabled=False)
    staff = window(demo, "staff", java_script_enabled=False)
    name = change_post(clerk, 2, "科主任")

    clerk.goto("/review/mine/")
    clerk.get_by_role("button", name=re.compile("报送全部草稿")).click()
    assert "等待审核。" in clerk.locator("#messages").inner_text()

    staff.goto("/review/?type=talents.Person")
    row_of(staff, name).get_by_role("checkbox").check()
    staff.get_by_role("button", name="所选审核通过").click()
    assert "审核通过 1 条" in staff.locator("#messages").inner_text()
    assert not row_of(staff, name).count()


def test_what_two_people_changed_is_settled_without_script(demo, window):
    mine = window(demo, "staff", java_script_enabled=False)
    mine.watch.expected = ("status of 409",)
    other = window(demo, "head", java_script_enabled=False)
    mine.goto(PEOPLE)
    mine.locator("tbody th a").nth(5).click()
    address = mine.url
    for page in (mine, other):
        page.goto(f"{address}edit/")
    other.locator("#id_post").fill("对方的职务")
    other.locator("#id_school").fill("清河大学")
    other.get_by_role("button", name="保存", exact=True).click()

    mine.locator("#id_post").fill("我的职务")
    mine.locator("#id_speciality").fill("骨科")
    mine.get_by_role("button", name="保存", exact=True).click()
    assert "有 1 处与您填写的不同" in mine.locator("#conflict").inner_text()
    mine.get_by_label("另填").check()
    mine.locator("#id_post").fill("商定的职务")
    mine.get_by_role("button", name="按选定的保存").click()

    shown = mine.locator(".record-facts").inner_text()
    assert "商定的职务" in shown
    assert "清河大学" in shown
    assert "骨科" in shown
