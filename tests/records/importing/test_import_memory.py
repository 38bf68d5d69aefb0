"""What a user decides about headings and words is kept when the import is confirmed, and said."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.records.actors import Actor
from apps.records.extras import definitions
from apps.records.importing import memory
from apps.records.models import ImportBatch, ImportMemory
from apps.talents.models import Person
from tests.factories import CustomFieldFactory, UnitFactory, root_unit
from tests.records.importing.test_import_wizard import text_of
from tests.records.importing.workbooks import MAN, ROSTER, THIRD, WOMAN, book, person

HEAD = (*ROSTER, "毕业学校全称", "血型")
PEOPLE = "talents.Person"


@pytest.fixture
def unit(world, office):
    return UnitFactory(name="区教育局", parent=root_unit())


def sheet(*rows):
    return book(名单=[HEAD, *rows])


def row(name="张三", number=MAN, school="财经大学", blood="A", **cells):
    return [*person(name, number, **cells), school, blood]


def upload(client, data):
    client.post(reverse("talents-person-import"), {"file": SimpleUploadedFile("名单.xlsx", data)})
    batch = ImportBatch.objects.first()
    return batch, client.get(reverse("import-batch", args=[batch.pk]))


def column(batch, heading):
    columns = batch.summary["sheets"][0]["columns"]
    return next(n for n, c in enumerate(columns) if c["heading"] == heading)


def word(batch, text):
    words = batch.summary["sheets"][0]["words"]
    return next(n for n, w in enumerate(words) if w["word"] == text)


def decide(client, batch, **choices):
    sent = {"type-0": PEOPLE, **choices}
    page = client.post(reverse("import-batch", args=[batch.pk]), sent, follow=True)
    batch.refresh_from_db()
    return page


def confirm(client, batch):
    sent = {"mode": "all", "create_all": "1"}
    return client.post(reverse("import-confirm", args=[batch.pk]), sent, follow=True)


def taught(client, **words):
    """One confirmed import in which the school, the blood group and some words were decided."""
    batch, _ = upload(client, sheet(row(**words)))
    choices = {
        f"column-0-{column(batch, '毕业学校全称')}": "school",
        f"column-0-{column(batch, '血型')}": "",
    }
    if words:
        choices[f"word-0-{word(batch, words['学历'])}"] = "21"
    decide(client, batch, **choices)
    confirm(client, batch)
    return batch


def kept():
    found = ImportMemory.objects.order_by("heading", "word")
    return [(m.record_type, m.heading, m.word, m.meaning) for m in found]


def test_unknown_words_are_listed_with_count_and_choices(staff, unit):
    rows = [row(学历="大本"), row("李四", WOMAN, 学历="大本"), row("王五", THIRD, 学历="见备注")]

    batch, page = upload(staff, sheet(*rows))

    text = text_of(page)
    assert "“学历”中认不出的内容" in text
    assert "大本 2" in text
    assert "见备注 1" in text
    assert "未对应，作为错误" in text
    assert "大学专科" in text
    assert batch.summary["totals"]["faulty_rows"] == 3


def test_a_word_that_is_decided_is_no_fault_any_more(staff, unit):
    batch, _ = upload(staff, sheet(row(学历="大本"), row("李四", WOMAN, 学历="见备注")))

    page = decide(staff, batch, **{f"word-0-{word(batch, '大本')}": "21"})

    assert "已按新的对应关系重新检查" in text_of(page)
    assert [f["message"] for f in batch.summary["shown"]["faults"]] == [
        f["message"] for f in batch.summary["shown"]["faults"] if "见备注" in f["message"]
    ]
    assert batch.summary["totals"]["faulty_rows"] == 1
    # taken back on the same page
    decide(staff, batch, **{f"word-0-{word(batch, '大本')}": ""})
    assert batch.summary["totals"]["faulty_rows"] == 2


def test_nothing_is_kept_before_the_import_is_confirmed(staff, unit):
    batch, _ = upload(staff, sheet(row()))
    decide(staff, batch, **{f"column-0-{column(batch, '毕业学校全称')}": "school"})
    assert kept() == []

    confirm(staff, batch)

    assert Person.objects.get().school == "财经大学"
    assert kept() == [(PEOPLE, "毕业学校全称", "", "school")]


def test_the_next_upload_applies_and_says_it(staff, unit):
    taught(staff, 学历="大本")
    assert kept() == [
        (PEOPLE, "学历", "大本", "21"), (PEOPLE, "毕业学校全称", "", "school"),
        (PEOPLE, "血型", "", ""),
    ]  # fmt: skip

    batch, page = upload(staff, sheet(row("李四", WOMAN, 学历="大 本", school="云岭大学")))

    text = text_of(page)
    assert "按上次的对应：“毕业学校全称”列 → 毕业院校；“血型”列 → 不导入；" in text
    assert "“学历”中的“大本” → 大学本科" in text
    assert batch.summary["totals"]["faulty_rows"] == 0
    confirm(staff, batch)
    stored = Person.objects.get(name="李四")
    assert (stored.school, stored.education) == ("云岭大学", "21")


def test_memory_is_set_aside_for_one_import(staff, unit):
    taught(staff, 学历="大本")
    batch, _ = upload(staff, sheet(row("李四", WOMAN, 学历="大本")))
    address = reverse("import-batch", args=[batch.pk])

    page = staff.post(address, {"no_memory": "1"}, follow=True)
    batch.refresh_from_db()
    assert "这次没有采用上次的对应" in text_of(page)
    assert "“毕业学校全称”" in text_of(page)
    assert batch.summary["totals"]["faulty_rows"] == 1
    staff.post(address, {"no_memory": "0"})
    batch.refresh_from_db()
    assert batch.summary["totals"]["faulty_rows"] == 0

    decide(staff, batch, **{f"column-0-{column(batch, '毕业学校全称')}": "?",
                            f"word-0-{word(batch, '大本')}": ""})  # fmt: skip
    assert ["名单", "毕业学校全称"] in batch.summary["unknown_columns"]
    assert batch.summary["totals"]["faulty_rows"] == 1
    assert len(kept()) == 3


def test_an_ambiguous_word_is_decided_each_time(staff, unit):
    batch, page = upload(staff, sheet(row(学历="研究生")))
    assert "有歧义" in text_of(page)
    assert batch.summary["totals"]["faulty_rows"] == 1

    decide(staff, batch, **{f"word-0-{word(batch, '研究生')}": "14"})
    confirm(staff, batch)

    assert Person.objects.get().education == "14"
    assert kept() == []


def test_a_known_heading_that_is_overruled_is_not_kept(staff, unit):
    batch, _ = upload(staff, book(名单=[ROSTER, person(备注="说明")]))
    decide(staff, batch, **{f"column-0-{column(batch, '备注')}": ""})
    confirm(staff, batch)

    assert Person.objects.get().remarks == ""
    assert kept() == []


def test_what_no_longer_fits_is_passed_over(staff, unit):
    field = CustomFieldFactory(record_type=PEOPLE, label="毕业学校")
    for heading, word_, meaning in (
        ("毕业学校全称", "", field.key), ("血型", "", "no_such_field"), ("学历", "大本", "999"),
    ):  # fmt: skip
        ImportMemory.objects.create(
            record_type=PEOPLE, heading=heading, word=word_, meaning=meaning
        )
    batch, _ = upload(staff, sheet(row(学历="大本")))
    assert batch.summary["unknown_columns"] == [["名单", "血型"]]
    assert batch.summary["totals"]["faulty_rows"] == 1

    field.is_active = False
    type(field).objects.filter(pk=field.pk).update(is_active=False)
    definitions.forget()
    batch, _ = upload(staff, sheet(row(学历="大本")))
    assert ["名单", "毕业学校全称"] in batch.summary["unknown_columns"]


def test_what_was_not_offered_is_refused(staff, unit):
    batch, _ = upload(staff, sheet(row(学历="大本")))

    page = decide(staff, batch, **{f"word-0-{word(batch, '大本')}": "nonsense"})

    assert page.status_code == 409
    assert "“大本”对应的内容不在可选范围内" in text_of(page)


def test_a_clerks_memory_is_that_of_the_unit(world, unit, staff):
    clerk = world.client("clerk", world.ours)
    batch, _ = upload(clerk, sheet(row(工作单位=world.ours.name)))
    decide(clerk, batch, **{f"column-0-{column(batch, '毕业学校全称')}": "school",
                            f"column-0-{column(batch, '血型')}": "remarks"})  # fmt: skip
    confirm(clerk, batch)
    assert {m.unit for m in ImportMemory.objects.all()} == {world.ours}

    _, of_staff = upload(staff, sheet(row("李四", WOMAN)))
    assert "按上次的对应" not in text_of(of_staff)
    ImportMemory.objects.create(record_type=PEOPLE, heading="毕业学校全称", meaning="major")
    _, of_clerk = upload(clerk, sheet(row("李四", WOMAN, 工作单位=world.ours.name)))
    assert "“毕业学校全称”列 → 毕业院校" in text_of(of_clerk)
    other = memory.recall(Actor(world.user("clerk", world.theirs)))
    assert other[PEOPLE].columns == {"毕业学校全称": "major"}


def test_the_page_shows_and_forgets(staff, world, unit):
    assert "还没有记下任何对应" in text_of(staff.get(reverse("import-memory")))
    taught(staff, 学历="大本")
    page = text_of(staff.get(reverse("import-memory")))
    assert "人才 学历 大本 大学本科 全办 测试staff" in page
    assert "人才 毕业学校全称 （整列） 毕业院校" in page
    assert "人才 血型 （整列） 不导入" in page
    assert "talents" not in page

    clerk = world.client("clerk", world.ours)
    keys = list(ImportMemory.objects.values_list("pk", flat=True))
    assert "删除所选" not in text_of(clerk.get(reverse("import-memory")))
    clerk.post(reverse("import-memory"), {"key": keys})
    assert len(kept()) == 3

    done = staff.post(reverse("import-memory"), {"key": keys[:2]}, follow=True)
    assert "已删除 2 条对应记忆" in text_of(done)
    assert len(kept()) == 1
    nothing = staff.post(reverse("import-memory"), {"key": ["x"]}, follow=True)
    assert "请先勾选" in text_of(nothing)
    assert world.client("leader").get(reverse("import-memory")).status_code == 403


def test_added_choices_have_words_too(staff, unit):
    field = CustomFieldFactory(
        record_type=PEOPLE, label="来源", kind="choice", options="校招\n社招", order=1
    )
    batch, _ = upload(staff, book(名单=[(*ROSTER, "来源"), [*person(), "校园招聘"]]))
    decide(staff, batch, **{f"word-0-{word(batch, '校园招聘')}": "校招"})
    confirm(staff, batch)

    assert Person.objects.get().extra == {field.key: "校招"}
    assert kept() == [(PEOPLE, "来源", "校园招聘", "校招")]
