"""The pages that explain the API."""

from apps.records import registry
from tests.api import list_url
from tests.records.conftest import text_of


def test_the_page_shows_how_to_get_in_and_every_type(staff):
    page = staff.get("/api-docs/")

    words = text_of(page)
    assert 'curl -H "Authorization: Bearer 令牌" http://testserver/api/v1/' in words
    assert "每个令牌每分钟最多 300 次请求" in words
    for record_type in registry.types():
        assert list_url(record_type) in words, record_type.label
        assert record_type.name in words


def test_the_page_of_a_type_names_its_fields_and_filters(staff):
    words = text_of(staff.get("/api-docs/talents/person/"))

    assert "name 姓名 文字 必填" in words
    assert "id_number 身份证号 保密" in words
    assert "unit 工作单位 引用 必填 指向单位" in words
    assert "state 审核状态 代码 只读 draft 草稿" in words
    assert "education__at_least 学历（及以上），可写多个" in words
    assert "version 版本 整数 修改时必填" in words


def test_who_may_not_see_records_sees_no_description(world):
    auditor = world.client("auditor")

    assert "您没有可以查看的记录类型" in text_of(auditor.get("/api-docs/"))
    assert auditor.get("/api-docs/talents/person/").status_code == 403
    assert auditor.get("/api-docs/talents/nothing/").status_code == 404


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/api-docs/").url == "/accounts/login/?next=/api-docs/"
