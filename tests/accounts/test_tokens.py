"""Tokens: made and ended by their user, never shown twice, useless when the account is."""

import datetime

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.accounts.models import ApiToken, User
from apps.accounts.services import create_token, revoke_token
from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from tests.factories.accounts import user_with

PROFILE, NEW, ENTRANCE = "/accounts/profile/", "/accounts/tokens/new/", "/api/v1/"
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def made(user, name="数据共享平台", days=30):
    expires_on = today() + days * DAY
    return create_token(user, name=name, expires_on=expires_on, by=Actor.system())


def ask(value, address=ENTRANCE):
    return Client(headers={"authorization": f"Bearer {value}"}).get(address)


@pytest.fixture
def user():
    return user_with("staff")


@pytest.fixture
def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# -- pages -----------------------------------------------------------------------------------------


def test_a_new_token_is_shown_once(user, signed_in):
    page = signed_in.post(NEW, {"name": "数据共享平台", "expires_on": str(today() + 30 * DAY)})

    value = page.context["value"]
    token = ApiToken.objects.get()
    assert page.text.count(value) == 1
    assert "只显示这一次" in page.text
    assert "no-store" in page["Cache-Control"]
    assert value not in str(ApiToken.objects.values().get())
    assert value not in str(list(ChangeLog.objects.values()))
    profile = signed_in.get(PROFILE).text
    assert value not in profile
    assert f"{token.prefix}…" in profile
    assert "从未使用" in profile
    assert ask(value).status_code == 200
    assert "从未使用" not in signed_in.get(PROFILE).text


def test_making_and_ending_a_token_is_logged(user, signed_in):
    signed_in.post(NEW, {"name": "数据共享平台", "expires_on": str(today() + DAY)})
    token = ApiToken.objects.get()
    signed_in.post(f"/accounts/tokens/{token.pk}/revoke/")

    ended, begun = ChangeLog.objects.filter(record_type="accounts.ApiToken")
    assert (begun.action, begun.user, begun.object_text) == ("create", user, str(token))
    assert begun.changes == {
        "name": ["", "数据共享平台"],
        "expires_on": ["", str(today() + DAY)],
    }
    assert (ended.action, ended.user, ended.reason) == ("update", user, "停用接口令牌")
    assert begun.address == ended.address == "127.0.0.1"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ""}, "请填写用途。"),
        ({"expires_on": ""}, "请填写有效期至。"),
        ({"expires_on": "2020-01-01"}, "令牌有效期最早到今天"),
        ({"expires_on": "2999-01-01"}, "令牌有效期最早到今天"),
        ({"name": "旧平台"}, "您已有同样用途的令牌"),
    ],
)
def test_a_faulty_token_is_refused_in_words(user, signed_in, changes, fault):
    made(user, "旧平台")

    page = signed_in.post(NEW, {"name": "新平台", "expires_on": str(today() + DAY), **changes})

    assert fault in page.text
    assert ApiToken.objects.count() == 1


def test_nobody_collects_tokens_without_end(user):
    for number in range(10):
        made(user, f"平台{number}")

    with pytest.raises(DomainError, match="一个账号最多 10 个有效令牌"):
        made(user, "又一个")


def test_administrators_have_no_tokens():
    sysadmin = user_with("sysadmin")
    client = Client()
    client.force_login(sysadmin)

    assert "接口令牌" not in client.get(PROFILE).text
    page = client.post(NEW, {"name": "平台", "expires_on": str(today() + DAY)})
    assert "三员账号不接触业务数据，不能建立接口令牌。" in page.text
    assert not ApiToken.objects.exists()


def test_the_system_administrator_sees_and_ends_tokens_of_others(user):
    token, value = made(user)
    client = Client()
    client.force_login(user_with("sysadmin"))

    page = client.get(f"/accounts/users/{user.pk}/").text
    assert token.name in page
    assert f"{token.prefix}…" in page
    assert value not in page
    done = client.post(f"/accounts/tokens/{token.pk}/revoke/", follow=True)
    assert "已停用接口令牌“数据共享平台”" in done.text
    assert done.redirect_chain == [(f"/accounts/users/{user.pk}/", 302)]
    assert ask(value).status_code == 401


def test_others_neither_see_nor_end_a_token(user):
    token, value = made(user)
    for key in ("staff", "secadmin", "auditor"):
        client = Client()
        client.force_login(user_with(key))
        assert client.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
        assert token.name not in client.get(PROFILE).text
    with pytest.raises(DomainError, match="只能停用自己的接口令牌"):
        revoke_token(token, by=Actor(user_with("staff")))
    assert ask(value).status_code == 200


# -- getting in ------------------------------------------------------------------------------------


def lock(user):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        Client().post("/accounts/login/", {"username": user.username, "password": "wrong"})


REFUSALS = {
    "revoked": (lambda user, token: revoke_token(token, by=Actor(user)), "接口令牌已停用"),
    "expired": (
        lambda user, token: ApiToken.objects.update(expires_on=today() - DAY),
        "接口令牌已过期",
    ),
    "disabled": (lambda user, token: User.objects.update(is_active=False), "账号已停用"),
    "past": (
        lambda user, token: User.objects.update(expires_on=today() - DAY),
        "账号已停用或已过有效期",
    ),
    "stale": (
        lambda user, token: User.objects.update(must_change_password=True),
        "账号的密码须修改",
    ),
    "old": (
        lambda user, token: User.objects.update(password_changed_at=timezone.now() - 91 * DAY),
        "账号的密码须修改",
    ),
    "locked": (lambda user, token: lock(user), "已锁定"),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_token_that_must_not_work_is_refused_with_the_reason(user, why):
    token, value = made(user)
    assert ask(value).status_code == 200
    happen, words = REFUSALS[why]
    happen(user, token)

    responses = [ask(value), ask(value, "/api/v1/talents/person/")]

    for response in responses:
        assert response.status_code == 401
        assert words in response.json()["detail"]
        assert response["WWW-Authenticate"] == "Bearer"
    lines = ChangeLog.objects.filter(action="login_failed", record_type="accounts.ApiToken")
    assert [words in line.reason for line in lines] == [True]  # once an hour, not each time


@pytest.mark.parametrize("value", ["", "tw", "tw" + "0" * 48, "令牌", "ÿþ", "x" * 5000])
def test_an_unknown_token_is_refused(value):
    response = Client().get(ENTRANCE, HTTP_AUTHORIZATION=f"Bearer {value}")

    assert response.status_code == 401
    assert response.json()["detail"].startswith("接口令牌不正确")


def test_another_scheme_is_no_token(user):
    _, value = made(user)

    response = Client(headers={"authorization": f"Basic {value}"}).get(ENTRANCE)

    assert response.status_code == 401
    assert "Authorization: Bearer" in response.json()["detail"]


def test_a_session_may_write_with_the_token_of_its_page(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.get(ENTRANCE).status_code == 200

    bare = client.post("/api/v1/records/tag/", "{}", content_type="application/json")
    client.get(PROFILE)
    csrf = client.cookies["csrftoken"].value
    body = '{"name": "重点"}'
    sent = client.post(
        "/api/v1/records/tag/", body, "application/json", headers={"x-csrftoken": csrf}
    )

    assert bare.status_code == 403
    assert "CSRF 令牌" in bare.json()["detail"]
    assert sent.status_code == 201, sent.text


def test_too_many_requests_wait(user, settings):
    settings.API_RATE_PER_MINUTE = 2
    _, first = made(user)
    _, second = made(user, "另一个平台")

    answers = [ask(first), ask(first), ask(first), ask(second)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    seconds = int(answers[2]["Retry-After"])
    assert 1 <= seconds <= 60
    assert answers[2].json() == {"detail": f"请求太频繁，请 {seconds} 秒后再试。"}
    cache.clear()
    settings.API_RATE_PER_MINUTE = 0
    assert {ask(first).status_code for _ in range(5)} == {200}


def test_the_switch_shuts_every_door(user, signed_in, settings):
    _, value = made(user)
    settings.API_ENABLED = False

    for address in (ENTRANCE, "/api/v1/talents/person/", "/api/v1/metrics/", "/api/v1/schema/"):
        response = ask(value, address)
        assert response.status_code == 404
        assert response.json()["detail"] == "接口没有启用，请联系系统管理员。"
    assert "接口令牌" not in signed_in.get(PROFILE).text
    assert signed_in.get(NEW).status_code == 404
    assert signed_in.get("/api-docs/").status_code == 404
