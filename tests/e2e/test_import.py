"""An office's first day: two workbooks by hand into an empty district, and one taken back."""

import json
import re
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
ROSTER, TRAINING = EXPECTED["roster"], EXPECTED["training"]


def total_of(page, path):
    """How many records the list says there are."""
    page.goto(path)
    said = re.search(r"共 ([\d,]+) 条", page.locator("#result").text_content())
    return int(said[1].replace(",", ""))


def upload(page, name):
    page.goto("/import/")
    page.get_by_label("工作簿").set_input_files(SAMPLES / name)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"))


def figures(page):
    """The key figures above the preview, by their labels."""
    return {
        box.locator("span").inner_text(): int(box.locator("b").inner_text().replace(",", ""))
        for box in page.locator(".figure").all()
    }


def fault_rows(page):
    """(sheet, row, column, sentence) of every fault, over all pages of the preview."""
    found = []
    while True:
        for row in page.locator("#rows tbody tr").all():
            found.append(tuple(row.locator("td").all_inner_texts()))
        following = page.locator("#rows").get_by_role("link", name="下一页")
        if not following.count():
            return found
        following.click()
        page.wait_for_load_state()


def confirm(page):
    if page.get_by_label("全部新建").count():
        page.get_by_label("全部新建").check()
    page.locator("#confirm button").click()
    page.wait_for_selector("h1:has-text('已导入')")


def test_roster_by_hand_from_upload_to_undo(empty, window):
    page = window(empty, "staff")
    assert total_of(page, "/talents/person/") == 0

    upload(page, ROSTER["file"])

    shown = figures(page)
    rows_with_faults = {(f["sheet"], f["row"]) for f in ROSTER["faults"]}
    assert shown["有错误的行"] == len(rows_with_faults)
    assert shown["无误的行"] == ROSTER["rows_without_fault"]
    assert shown["重复的行"] == len(ROSTER["duplicates"])
    faults = fault_rows(page)
    assert [(sheet, int(row), column) for sheet, row, column, _ in faults] == [
        (f["sheet"], f["row"], f["column"]) for f in ROSTER["faults"]
    ]
    assert all(f"第 {row} 行" in sentence for _, row, _, sentence in faults)
    sound = f"{ROSTER['rows_without_fault']:,}"
    assert f"只导入无误的 {sound} 行" in page.locator("#confirm").inner_text()

    confirm(page)

    text = page.locator("main").inner_text()
    assert re.search(rf"人才[^。]*新增 {ROSTER['distinct_people']}\b", text.replace(",", ""))
    assert f"重复 {len(ROSTER['duplicates'])} 行" in text
    assert f"有错误、没有导入的 {len(rows_with_faults)} 行" in text
    result = page.url
    assert total_of(page, "/talents/person/") == ROSTER["distinct_people"]
    assert total_of(page, "/talents/poolmembership/") == ROSTER["memberships"]
    assert total_of(page, "/talents/person/?sex=2") == ROSTER["women"]

    page.goto(result)
    page.get_by_role("button", name="撤销这次导入").click()
    page.wait_for_selector("h1:has-text('已撤销')")
    assert total_of(page, "/talents/person/") == 0
    assert total_of(page, "/talents/poolmembership/") == 0


def test_training_workbook_after_the_roster(empty, window):
    page = window(empty, "staff")
    if total_of(page, "/talents/person/") == 0:
        upload(page, ROSTER["file"])
        confirm(page)

    upload(page, TRAINING["file"])
    assert "有错误的行" not in figures(page)
    confirm(page)

    held, listed = TRAINING["classes_held"], TRAINING["classes_listed"]
    for year in ("2021", "2022"):
        of_year = f"/training/trainingclass/?starts_on__year={year}"
        assert total_of(page, of_year) == listed[year]
        assert total_of(page, f"{of_year}&status=held") == held[year]
        total = page.locator("tfoot").inner_text()
        assert f"{TRAINING['person_times'][year]:,}" in total
        assert f"{TRAINING['cost_yuan'][year]:,}" in total
    assert total_of(page, "/training/enrolment/") == TRAINING["named_enrolments"]


def test_file_that_is_no_workbook_is_refused_in_a_sentence(empty, window, tmp_path):
    bad = tmp_path / "花名册.xlsx"
    bad.write_bytes(b"PK\x03\x04 this is not a workbook")
    page = window(empty, "staff")

    page.goto("/import/")
    page.get_by_label("工作簿").set_input_files(bad)
    page.get_by_role("button", name="上传并检查").click()

    sentence = page.get_by_role("alert").inner_text()
    assert re.search(r"[\u4e00-\u9fff].*。", sentence)
    assert "上传" in sentence or "文件" in sentence
