import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.organizations.models import Unit
from apps.records.importing import staging
from apps.records.models import ImportBatch
from apps.talents.models import Person, PoolMembership
from tests.factories import UnitFactory, root_unit
from tests.factories.accounts import user_with
from tests.records.importing.workbooks import MAN, ROSTER, THIRD, WOMAN, book, person, roster

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def staff(client):
    user = user_with("staff")
    client.force_login(user)
    return client


def upload(client, data, name="名单.xlsx", url="talents-person-import"):
    return client.post(reverse(url), {"file": SimpleUploadedFile(name, data)}, follow=True)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def confirm(client, batch, **data):
    return client.post(reverse("import-confirm", args=[batch.pk]), data, follow=True)


def test_upload_page_warns_of_secrets_and_offers_the_template(staff):
    page = staff.get(reverse("talents-person-import"))

    assert "本系统为非涉密系统，严禁录入涉密信息。" in text_of(page)
    template = staff.get(reverse("talents-person-template"))
    assert template.headers["Content-Disposition"].startswith("attachment")
    assert template.content[:2] == b"PK"


def test_refused_file_is_explained_and_nothing_kept(staff):
    page = upload(staff, "姓名\n张三".encode())

    assert "这是文本文件，不是 Excel 工作簿" in text_of(page)
    assert "还没有选择文件" in text_of(staff.post(reverse("import")))
    assert ImportBatch.objects.count() == 0


def test_file_over_the_limit_is_refused(staff, settings):
    settings.UPLOAD_MAX_MB = 1

    assert "超过 1 MB 的上限" in text_of(upload(staff, b"x" * 1_100_000))


def test_upload_is_kept_encrypted(staff):
    data = roster(person())
    upload(staff, data)

    batch = ImportBatch.objects.get()
    with batch.upload.open("rb") as stream:
        kept = stream.read()
    assert data[:100] not in kept
    assert kept.startswith(b"sm4-gcm$")
    assert staging.data_of(batch) == data
    assert "520398197010073330" not in str(batch.summary)


def test_errors_come_first_and_the_page_is_small(staff):
    rows = [person(f"王{n}", "1") for n in range(1_500)]
    page = upload(staff, roster(person(), *rows))

    said = text_of(page)
    assert "第 3 行“身份证号”为“****”，身份证号应为 18 位，现为 1 位，请核对。" in said
    assert said.index("第 3 行") < said.index("确认导入")
    assert len(page.content) <= 200_000
    batch = ImportBatch.objects.get()
    second = staff.get(reverse("import-batch", args=[batch.pk]), {"show": "faults", "page": 15})
    assert "第 1403 行" in text_of(second)


def test_import_from_upload_to_undo(staff):
    upload(staff, book(党政人才=[ROSTER, person(), person("李四", WOMAN)]), url="import")
    batch = ImportBatch.objects.get()

    asked = confirm(staff, batch, mode="all")
    assert "有 1 个名称未勾选新建，涉及 2 行" in text_of(asked)
    assert Person.objects.count() == 0

    done = confirm(staff, batch, mode="all", create=["organizations.Unit:区教育局"])
    assert "人才：新增 2 条。" in text_of(done)
    assert PoolMembership.objects.count() == 2
    assert Unit.objects.filter(name="区教育局").exists()

    again = confirm(staff, batch, mode="all", create_all="1")
    assert "不能再更改" in text_of(again)
    undone = staff.post(reverse("import-undo", args=[batch.pk]), follow=True)
    assert "已撤销“名单.xlsx”的导入" in text_of(undone)
    assert Person.objects.count() == 0


def test_large_numbers_are_written_with_thousands(staff):
    upload(staff, roster(person()))
    batch = ImportBatch.objects.get()
    batch.summary["totals"] |= {"new": 2327, "faulty_rows": 1047, "accepted_rows": 1173}
    batch.save(update_fields=["summary"])

    page = text_of(staff.get(reverse("import-batch", args=[batch.pk])))

    assert "新增 2,327" in page
    assert "有 1,047 行存在错误" in page
    assert "只导入无误的 1,173 行" in page


def test_valid_rows_only_and_the_faulty_ones_to_download(staff):
    UnitFactory(name="区教育局")
    upload(staff, roster(person(), person("李四", "1")))
    batch = ImportBatch.objects.get()

    refused = confirm(staff, batch, mode="all")
    assert "有 1 行存在错误，没有导入任何数据" in text_of(refused)
    faulty = staff.get(reverse("import-faulty", args=[batch.pk]))
    assert faulty.content[:2] == b"PK"
    done = confirm(staff, batch, mode="valid")
    assert "有错误、没有导入的 1 行" in text_of(done)
    assert Person.objects.count() == 1


def test_undo_that_is_not_possible_says_why(staff):
    UnitFactory(name="区教育局")
    upload(staff, roster(person()))
    batch = ImportBatch.objects.get()
    confirm(staff, batch, mode="all")
    Person.objects.update(version=9)

    page = staff.post(reverse("import-undo", args=[batch.pk]), follow=True)

    assert page.status_code == 409
    assert "没有撤销，未作任何改动" in text_of(page)
    assert "人才“张三”在导入后被" in text_of(page)
    assert Person.objects.count() == 1


def test_mapping_may_be_changed_and_taken_up_again(staff):
    UnitFactory(name="区教育局")
    data = book(甲=[[*ROSTER, "毕业学校全称", "血型"], [*person(), "财经大学", "A"]])
    page = upload(staff, data)
    assert "有 2 列没有对应的字段" in text_of(page)
    batch = ImportBatch.objects.get()
    address = reverse("import-batch", args=[batch.pk])

    staff.post(
        address, {"column-0-9": "school", "column-0-10": "", "setting-0-as_of": "2021-06-30"}
    )
    later = staff.get(address)  # left and come back
    assert "没有对应的字段" not in text_of(later)
    confirm(staff, batch, mode="all")

    stored = Person.objects.get()
    assert (stored.school, stored.entered_on) == ("财经大学", dt.date(2021, 6, 30))


def test_pool_of_a_sheet_may_be_chosen(staff):
    UnitFactory(name="区教育局")
    upload(staff, roster(person()))
    batch = ImportBatch.objects.get()
    sheet = batch.summary["sheets"][0]
    assert sheet["settings"]["pool"] == ""
    pool = PoolMembership._meta.get_field("pool").related_model.objects.get(name="高技能人才")

    staff.post(reverse("import-batch", args=[batch.pk]), {"setting-0-pool": str(pool.pk)})
    confirm(staff, batch, mode="all")

    assert PoolMembership.objects.get().pool == pool


@pytest.mark.parametrize(
    "choice",
    [{"type-0": "accounts.User"}, {"column-0-0": "owner__path"}, {"setting-0-as_of": "昨天"}],
)
def test_choices_that_were_not_offered_are_refused(staff, choice):
    upload(staff, roster(person()))
    batch = ImportBatch.objects.get()

    page = staff.post(reverse("import-batch", args=[batch.pk]), choice)

    assert page.status_code == 409
    assert ImportBatch.objects.get().options == {}


def test_import_of_somebody_else_does_not_exist(staff, client):
    upload(staff, roster(person()))
    batch = ImportBatch.objects.get()
    client.force_login(user_with("staff"))

    for name in ("import-batch", "import-faulty"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == 404
    for name in ("import-confirm", "import-undo", "import-discard"):
        assert client.post(reverse(name, args=[batch.pk])).status_code == 404


def test_who_may_import_nothing_is_refused(client):
    client.force_login(user_with("leader"))

    assert client.get(reverse("import")).status_code == 403
    assert client.get(reverse("talents-person-import")).status_code == 403


def test_clerk_cannot_reach_beyond_the_own_unit(client):
    own = UnitFactory(name="区人民医院", parent=root_unit())
    UnitFactory(name="区教育局", parent=root_unit())
    client.force_login(user_with("clerk", own))

    page = upload(client, roster(person(), person("李四", WOMAN, 工作单位="区人民医院")))

    batch = ImportBatch.objects.get()
    assert batch.summary["totals"]["new"] == 1
    assert "第 2 行" in text_of(page)


def test_discarded_and_old_uploads_are_deleted(staff):
    upload(staff, roster(person()))
    first = ImportBatch.objects.get()
    storage, name = first.upload.storage, first.upload.name
    staff.post(reverse("import-discard", args=[first.pk]))
    assert not storage.exists(name)
    assert staff.get(reverse("import-batch", args=[first.pk])).status_code == 404

    upload(staff, roster(person("王五", THIRD)))
    second = ImportBatch.objects.get(state=ImportBatch.State.PREVIEW)
    assert staging.expire() == 0
    assert staging.expire(timezone.now() + dt.timedelta(days=8)) == 1
    second.refresh_from_db()
    assert (second.state, second.summary, bool(second.upload)) == ("expired", {}, False)
    assert MAN not in str(second.__dict__)
