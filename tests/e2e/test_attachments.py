"""Files of a record in a real browser: uploaded, shown, downloaded, deleted, kept from others."""

import re
from pathlib import Path

import pytest

from tests.records.files import PDF, picture, word

PEOPLE = "/talents/person/"


@pytest.fixture
def files(tmp_path):
    """Files on the desk of the clerk."""
    for name, data in {
        "证件照.jpg": picture(),
        "职称证书.pdf": PDF,
        "证明.docx": word(),
        "伪装.pdf": b"MZ\x90\x00 not a paper",
    }.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def open_person(page, number):
    page.goto(PEOPLE)
    page.locator("tbody th a").nth(number).click()
    page.wait_for_url(re.compile(r"/talents/person/\d+/$"))
    return page.url


def upload(page, *paths, slot=""):
    page.locator("#attachment-file").set_input_files(list(paths))
    if slot:
        page.get_by_label("用作").select_option(label=slot)
    page.get_by_role("button", name="上传", exact=True).click()
    page.wait_for_selector("#messages .note")


def test_files_come_are_shown_and_go(demo, window, files):
    page = window(demo, "staff")
    address = open_person(page, 0)
    assert page.locator(".portrait img").count() == 0

    upload(page, files / "证件照.jpg", slot="照片")
    assert "已上传“证件照.jpg”。" in page.locator("#messages").inner_text()
    photo = page.locator(".portrait img")
    photo.wait_for()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 300

    upload(page, files / "职称证书.pdf", files / "证明.docx", files / "伪装.pdf")
    told = page.locator("#messages").inner_text()
    assert "已上传“职称证书.pdf”“证明.docx”。" in told
    assert "“伪装.pdf”其实是可执行程序，不能上传。" in told
    assert page.locator("#attachments h2").inner_text() == "附件 3"

    with page.expect_download() as download:
        page.get_by_role("link", name="职称证书.pdf").first.click()
    assert download.value.suggested_filename == "职称证书.pdf"
    assert Path(download.value.path()).read_bytes() == PDF

    page.goto(address)
    row = page.locator(".file-table tr", has_text="职称证书.pdf")
    row.get_by_role("link", name="删除").click()
    assert "的 1 个附件“职称证书.pdf”。" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="删除附件").click()
    assert "已删除附件“职称证书.pdf”。" in page.locator("#messages").inner_text()
    assert page.locator("#attachments h2").inner_text() == "附件 2"

    page.goto(f"{address}history/")
    history = page.locator(".history").inner_text()
    for sentence in ("上传了照片", "下载了附件", "删除了附件"):
        assert sentence in history


def test_files_are_uploaded_without_script(demo, window, files):
    page = window(demo, "clerk1", java_script_enabled=False)
    open_person(page, 1)

    upload(page, files / "职称证书.pdf")

    told = page.locator("#messages").inner_text()
    assert "已上传“职称证书.pdf”。记录变为草稿，请重新报送。" in told
    assert "草稿" in page.locator(".page-head").inner_text()


def test_another_unit_gets_neither_file_nor_photo(demo, window, files):
    staff = window(demo, "staff")
    address = open_person(staff, 0)
    if not staff.locator(".portrait img").count():
        upload(staff, files / "证件照.jpg", slot="照片")
    staff.goto(address)
    photo = staff.locator(".portrait img").get_attribute("src")
    file = staff.locator(".file-table a").first.get_attribute("href")
    unit = staff.locator(".keeping a").first.inner_text()

    stranger = window(demo, "clerk2")
    stranger.watch.expected = ("status of 404",)
    assert unit not in stranger.locator("body").inner_text()
    for path in (photo, file):
        assert stranger.request.get(path).status == 404
        assert "找不到页面" in stranger.request.get(path).text()


def test_a_phone_shows_files_and_photo_within_its_width(demo, window, files):
    page = window(demo, "staff", viewport={"width": 390, "height": 844})
    open_person(page, 3)
    upload(page, files / "证件照.jpg", slot="照片")

    assert page.locator(".portrait img").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
