"""Files of a record: who may add, read and remove them, and what is kept of it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.errors import DomainError
from apps.records import attachments, registry
from apps.records.actors import Actor
from apps.records.importing import undo
from apps.records.models import Attachment, ChangeLog
from apps.talents.models import Person
from tests.factories import PersonFactory, PolicyFactory, PoolMembershipFactory, UnitFactory
from tests.records import files
from tests.records.importing.workbooks import committed, roster
from tests.records.importing.workbooks import person as person_row

PEOPLE = registry.get("talents.Person")
POLICIES = registry.get("governance.Policy")
PHOTO = files.picture()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def person(world):
    return PersonFactory(name="王明", unit=world.ours)


def upload(client, row, *named, slot="", record_type=PEOPLE):
    """Send files as the page does; named: name, content, name, content, …"""
    sent = [SimpleUploadedFile(n, d) for n, d in zip(named[::2], named[1::2], strict=True)]
    address = record_type.url("attach", row.pk)
    return client.post(address, {"file": sent, "slot": slot}, follow=True)


def stored(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_page_lists_what_was_uploaded(staff, person, read):
    response = upload(staff, person, "证书.pdf", files.PDF, "照片.png", files.picture(kind="PNG"))

    page = read(response)
    assert response.redirect_chain == [(PEOPLE.url("detail", person.pk) + "#attachments", 302)]
    assert "已上传“证书.pdf”“照片.png”。" in page
    assert "附件 2" in page
    assert f"证书.pdf {len(files.PDF)} 字节 测试staff" in page
    kept = Attachment.objects.get(name="证书.pdf")
    assert (kept.content_type, kept.size, kept.slot) == ("application/pdf", len(files.PDF), "")
    assert str(kept.created_by) == "测试staff"


def test_a_record_without_files_says_so_and_how(staff, leader, person, read):
    page = read(staff.get(PEOPLE.url("detail", person.pk)))
    seen = read(leader.get(PEOPLE.url("detail", person.pk)))

    assert "附件 0 还没有附件。" in page
    assert "每个不超过 20 兆字节，最多 20 个；文件加密保存。本系统为非涉密系统" in page
    assert "还没有附件。" in seen
    assert "文件加密保存" not in seen


def test_nothing_lies_on_disk_in_clear_or_under_its_name(staff, person, media):
    upload(staff, person, "王明的证书.pdf", files.PDF)

    (path,) = stored(media)
    assert "证书" not in str(path)
    assert path.suffix == ".bin"
    assert len(path.stem) == 32
    assert b"%PDF" not in path.read_bytes()
    assert path.read_bytes().startswith(b"sm4-gcm$")


def test_download_gives_the_file_back_and_is_logged(staff, leader, person, read):
    upload(staff, person, "证书.pdf", files.PDF)
    kept = Attachment.objects.get()

    response = leader.get(PEOPLE.url("attachment", person.pk, kept.pk))

    assert response.content == files.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E8%AF%81%E4%B9%A6.pdf"
    )
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    line = ChangeLog.objects.get(action="export")
    assert (line.object_id, line.changes) == (person.pk, {"file": ["", "证书.pdf"]})
    assert "测试leader" in read(staff.get(PEOPLE.url("history", person.pk)))
    assert "下载了附件 证书.pdf" in read(staff.get(PEOPLE.url("history", person.pk)))


def test_history_tells_what_came_and_went(staff, person, read):
    upload(staff, person, "证书.pdf", files.PDF)
    upload(staff, person, "旧照.jpg", PHOTO, slot="photo")
    upload(staff, person, "新照.jpg", files.picture(colour="#aa4444"), slot="photo")
    paper = Attachment.objects.get(slot="")
    staff.post(PEOPLE.url("detach", person.pk, paper.pk))

    page = read(staff.get(PEOPLE.url("history", person.pk)))

    for sentence in (
        "上传了附件 证书.pdf",
        "上传了照片 旧照.jpg",
        "把照片由 旧照.jpg 换成 新照.jpg",
        "删除了附件 证书.pdf",
    ):
        assert sentence in page


def test_removing_asks_first_and_takes_the_file_too(
    staff, person, media, read, django_capture_on_commit_callbacks
):
    upload(staff, person, "证书.pdf", files.PDF)
    address = PEOPLE.url("detach", person.pk, Attachment.objects.get().pk)

    asked = read(staff.get(address))
    assert "将删除人才“王明”的 1 个附件“证书.pdf”。" in asked
    assert Attachment.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        told = staff.post(address, follow=True)
    assert "已删除附件“证书.pdf”。" in read(told)
    assert not Attachment.objects.exists()
    assert stored(media) == []
    assert staff.post(address).status_code == 404


def test_photo_stands_at_the_head_and_asks_each_time(staff, clerk, person, world):
    upload(staff, person, "照片.jpg", PHOTO, slot="photo")

    page = staff.get(PEOPLE.url("detail", person.pk)).content.decode()
    address = PEOPLE.url("photo", person.pk)
    assert f'<img src="{address}?v={Attachment.objects.get().pk}"' in page
    assert 'alt="王明的照片"' in page
    response = clerk.get(address)
    assert response.content == PHOTO
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == "inline"
    assert response["Cache-Control"] == "private, no-cache"
    again = clerk.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = world.client("clerk", world.theirs)
    assert other.get(address, headers={"if-none-match": response["ETag"]}).status_code == 404


def test_a_place_holds_one_file(staff, person, media, django_capture_on_commit_callbacks):
    upload(staff, person, "旧照.jpg", PHOTO, slot="photo")
    with django_capture_on_commit_callbacks(execute=True):
        upload(staff, person, "新照.jpg", files.picture(colour="#aa4444"), slot="photo")

    assert Attachment.objects.get().name == "新照.jpg"
    assert len(stored(media)) == 1


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("证书.pdf", files.PDF, "“证书.pdf”是 PDF 文件，照片请上传 JPG 或 PNG 图片。"),
        ("小.jpg", files.picture(100, 100), "只有 100×100 像素，看不清楚"),
        ("大.png", files.picture(7_000, 500, kind="PNG"), "有 7000×500 像素，过大"),
    ],
)
def test_what_is_no_photo_is_refused(staff, person, read, name, data, sentence):
    assert sentence in read(upload(staff, person, name, data, slot="photo"))
    assert not Attachment.objects.exists()


def test_a_heavy_photo_is_refused(staff, person, read):
    told = upload(staff, person, "照片.jpg", PHOTO + bytes(5 * 1024 * 1024), slot="photo")

    assert "照片“照片.jpg”超过 5 兆字节，请缩小后再上传。" in read(told)


def test_a_place_of_another_type_and_two_files_for_one_place_are_refused(staff, person, read):
    told = read(upload(staff, person, "a.jpg", PHOTO, slot="document"))
    assert "人才没有这个附件位置" in told
    told = read(
        upload(staff, person, "a.jpg", PHOTO, "b.png", files.picture(kind="PNG"), slot="photo")
    )
    assert "“照片”只放一个文件，请只选一个再上传。" in told
    assert "还没有选择文件" in read(upload(staff, person))
    assert not Attachment.objects.exists()


def test_policy_keeps_its_document(staff, world, read):
    policy = PolicyFactory(owner=world.ours)

    page = read(upload(staff, policy, "办法.docx", files.word(), slot="document",
                       record_type=POLICIES))  # fmt: skip

    assert "用作" in page
    assert "办法.docx 政策文件" in page


def test_limits_are_said_with_the_remedy(staff, person, read, settings):
    settings.UPLOAD_MAX_MB, settings.ATTACHMENTS_PER_RECORD = 1, 1

    big = read(upload(staff, person, "大.pdf", files.PDF + bytes(2 * 1024 * 1024)))
    assert "“大.pdf”有 2 兆字节，超过 1 兆字节的上限，请压缩图片或拆成几个文件后再上传。" in big
    upload(staff, person, "一.pdf", files.PDF)
    assert "与已有的附件“一.pdf”内容相同" in read(upload(staff, person, "二.pdf", files.PDF))
    more = read(upload(staff, person, "三.pdf", files.PDF + b"\n"))
    assert "“三.pdf”没有上传：一条记录最多 1 个附件" in more
    assert Attachment.objects.count() == 1


def test_one_bad_file_does_not_keep_the_others_out(staff, person, read):
    page = read(upload(staff, person, "坏.pdf", b"MZ", "好.pdf", files.PDF))

    assert "“坏.pdf”其实是可执行程序" in page
    assert "已上传“好.pdf”。" in page
    assert Attachment.objects.get().name == "好.pdf"


def test_a_clerks_file_reopens_a_reviewed_record(clerk, person, read):
    assert person.get_state_display() == "已审核"

    page = read(upload(clerk, person, "证书.pdf", files.PDF))

    assert "记录变为草稿，请重新报送。" in page
    kept = Person.objects.get(pk=person.pk)
    assert (kept.get_state_display(), kept.version) == ("草稿", person.version + 1)
    assert str(kept.updated_by) == "测试clerk"
    lines = ChangeLog.objects.filter(object_id=person.pk).order_by("pk")
    assert [line.get_action_display() for line in lines][-2:] == ["修改", "上传附件"]
    assert lines[len(lines) - 2].changes == {"state": ["已审核", "草稿"]}


def test_staff_files_leave_the_review_as_it_is(staff, person):
    upload(staff, person, "证书.pdf", files.PDF)

    assert Person.objects.get(pk=person.pk).get_state_display() == "已审核"


def test_what_was_attached_since_it_was_read_is_not_approved(world, clerk, staff, read):
    draft = PersonFactory(name="王明", unit=world.ours, by=Actor(world.user("clerk", world.ours)))
    seen = draft.version
    upload(clerk, draft, "证书.pdf", files.PDF)

    told = staff.post(
        PEOPLE.url("review", draft.pk), {"move": "approve", "version": seen}, follow=True
    )

    assert "在您打开之后已被测试clerk修改" in read(told)


def test_deleting_a_record_takes_its_files_and_those_below(
    staff, person, media, read, django_capture_on_commit_callbacks
):
    below = PoolMembershipFactory(person=person)
    upload(staff, person, "一.pdf", files.PDF, "二.pdf", files.PDF + b"\n")
    memberships = registry.get("talents.PoolMembership")
    upload(staff, below, "三.pdf", files.PDF, record_type=memberships)
    stays = PersonFactory(unit=person.unit)
    upload(staff, stays, "四.pdf", files.PDF)
    assert "将删除人才“王明”及其 1 条入库记录、附件 3 个。" in read(
        staff.get(PEOPLE.url("delete", person.pk))
    )

    with django_capture_on_commit_callbacks(execute=True):
        staff.post(PEOPLE.url("delete", person.pk))

    assert [file.name for file in Attachment.objects.all()] == ["四.pdf"]
    assert len(stored(media)) == 1


def test_files_stay_when_the_deletion_fails(staff, person, media):
    upload(staff, person, "一.pdf", files.PDF)
    unit = registry.get("organizations.Unit")

    with pytest.raises(DomainError):
        unit.delete(person.unit, by=Actor.system())

    assert Attachment.objects.count() == len(stored(media)) == 1


def test_an_import_with_files_since_is_not_undone(world, staff, media, read):
    UnitFactory(name="区教育局", parent=world.root)
    batch = committed(roster(person_row()))
    made = Person.objects.get(name="张三")
    upload(staff, made, "证书.pdf", files.PDF)

    with pytest.raises(DomainError, match="人才“张三”在导入后被测试staff修改"):
        undo(batch, by=Actor.system())

    assert Attachment.objects.count() == len(stored(media)) == 1


def test_nothing_is_attached_to_a_record_that_is_gone(world, person, media):
    PEOPLE.delete(Person.objects.get(pk=person.pk), by=Actor.system())

    with pytest.raises(DomainError, match="已被他人删除"):
        attachments.attach(person, name="证书.pdf", data=files.PDF, by=Actor.system())

    assert stored(media) == []


def test_a_file_lost_from_the_disk_is_said(staff, person, media, read):
    upload(staff, person, "证书.pdf", files.PDF)
    (path,) = stored(media)
    path.unlink()

    response = staff.get(PEOPLE.url("attachment", person.pk, Attachment.objects.get().pk))

    assert response.status_code == 409
    assert "附件“证书.pdf”的文件不在服务器上" in read(response)


def test_a_changed_file_is_not_handed_out(staff, person, media, read):
    upload(staff, person, "证书.pdf", files.PDF)
    (path,) = stored(media)
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    response = staff.get(PEOPLE.url("attachment", person.pk, Attachment.objects.get().pk))

    assert response.status_code == 409
    assert "附件“证书.pdf”无法解密" in read(response)
    assert not ChangeLog.objects.filter(action="export").exists()


def test_no_file_has_an_address_of_the_web_server(staff, person, media):
    upload(staff, person, "证书.pdf", files.PDF)
    (path,) = stored(media)

    for start in ("/media/", "/static/", "/"):
        assert staff.get(f"{start}{path.relative_to(media)}").status_code == 404
    assert Path(settings.STATIC_ROOT) not in path.parents


def test_the_page_costs_the_same_for_one_file_and_for_twenty(staff, person):
    upload(staff, person, "0.pdf", files.PDF)
    address = PEOPLE.url("detail", person.pk)
    staff.get(address)
    with CaptureQueriesContext(connection) as one:
        staff.get(address)
    for number in range(1, 20):
        upload(staff, person, f"{number}.pdf", files.PDF + bytes([number]))
    staff.get(address)
    with CaptureQueriesContext(connection) as twenty:
        staff.get(address)

    assert len(one) == len(twenty) <= 12


def test_photos_of_many_people_take_one_query(world, staff, django_assert_num_queries):
    people = PersonFactory.create_batch(3, unit=world.ours)
    for row in people[:2]:
        upload(staff, row, "照片.jpg", PHOTO, slot="photo")
    upload(staff, people[2], "证书.jpg", PHOTO)

    with django_assert_num_queries(1):
        found = attachments.photos(people)

    first, second = (Attachment.objects.get(object_id=row.pk) for row in people[:2])
    assert found == {
        people[0].pk: f"{PEOPLE.url('photo', people[0].pk)}?v={first.pk}",
        people[1].pk: f"{PEOPLE.url('photo', people[1].pk)}?v={second.pk}",
    }
    assert attachments.photos([]) == {}
