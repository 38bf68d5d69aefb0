"""Signing in and out, being locked out, idle and stale sessions."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.records.models import ChangeLog
from tests.factories.accounts import PASSWORD, UserFactory, user_with

LOGIN = "/accounts/login/"
WARNING = "本系统为非涉密系统，严禁录入涉密信息。"


def sign_in(client, username, password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": username, "password": password}, **extra)


def errors(response):
    found = re.search(r'<div class="note note-error" role="alert">(.*?)</div>', response.text, re.S)
    return re.sub(r"<[^>]+>|\s", "", found.group(1)) if found else ""


@pytest.fixture
def clerk(hospital):
    return user_with("clerk", hospital, username="clerk", name="周静")


def later(monkeypatch, **span):
    now = timezone.now() + timedelta(**span)
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: now)


def test_sign_in_page_is_chinese_and_warns(client):
    page = client.get(LOGIN).text

    assert WARNING in page
    assert "用户名" in page
    assert "密码" in page
    assert not re.search(r"<script|style=|Username|Password", page)


def test_sign_in_opens_the_session_and_is_logged(client, clerk):
    response = sign_in(client, "clerk", REMOTE_ADDR="10.1.2.3")

    line = ChangeLog.objects.get(action="login")
    assert response.url == "/"
    assert client.get("/accounts/profile/").context["user"] == clerk
    assert (line.user, line.user_name, line.address, line.object_id) == (
        clerk, "周静", "10.1.2.3", clerk.pk,
    )  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{32}", line.request_id)


@pytest.mark.parametrize(
    ("key", "home"),
    [
        ("sysadmin", "/accounts/users/"),
        ("secadmin", "/accounts/grants/"),
        ("auditor", "/accounts/log/"),
    ],
)
def test_administrators_arrive_at_their_own_page(client, key, home):
    user = user_with(key)

    assert sign_in(client, user.username).url == home
    assert client.get(home).status_code == 200


def test_one_message_for_every_wrong_sign_in(client, clerk, hospital):
    user_with("clerk", hospital, username="gone", is_active=False)
    expired = timezone.localdate() - timedelta(days=1)
    user_with("clerk", hospital, username="past", expires_on=expired)

    said = {
        errors(sign_in(client, "clerk", "Wrong-pass-1")),
        errors(sign_in(client, "nobody")),
        errors(sign_in(client, "gone")),
        errors(sign_in(client, "past")),
    }

    assert said == {"用户名或密码不正确，请核对后重试。连续5次不正确，账号将锁定30分钟。"}


def test_account_works_through_its_last_day(client, hospital):
    user_with("clerk", hospital, username="last", expires_on=timezone.localdate())

    assert sign_in(client, "last").status_code == 302


def test_account_without_an_approved_grant_cannot_sign_in(client):
    user = UserFactory()

    response = sign_in(client, user.username)

    line = ChangeLog.objects.get(action="login_failed")
    assert "还没有生效的授权" in errors(response)
    assert (line.object_id, line.reason) == (user.pk, "没有生效的授权")


def test_failures_are_logged_with_the_name_as_typed(client, clerk):
    sign_in(client, "clerk", "Wrong-pass-1", REMOTE_ADDR="10.1.2.3")
    sign_in(client, "nobody")

    lines = ChangeLog.objects.filter(action="login_failed").order_by("pk")
    assert [(x.user, x.object_text, x.reason) for x in lines] == [
        (clerk, "clerk", "用户名或密码不正确"), (None, "nobody", "用户名或密码不正确"),
    ]  # fmt: skip
    assert lines[0].address == "10.1.2.3"
    assert [line.user_name for line in lines] == ["周静", "（未登录）"]
    assert "Wrong-pass-1" not in str(list(ChangeLog.objects.values()))
    assert "Wrong-pass-1" not in str(list(AccessAttempt.objects.values()))


@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_five_failures_lock_whether_the_account_exists_or_not(client, clerk, username):
    answers = [sign_in(client, username, f"Wrong-pass-{n}") for n in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "该账号已锁定 30 分钟" in answers[-1].text
    lock = ChangeLog.objects.filter(action="login_failed").latest("pk")
    assert (lock.object_text, lock.reason) == (username, "连续失败 5 次，锁定 30 分钟")


def test_locked_account_refuses_the_right_password_from_anywhere(clerk):
    for number in range(5):
        sign_in(Client(), "clerk", "Wrong-pass-1", REMOTE_ADDR=f"10.0.0.{number}")

    answer = sign_in(Client(), "clerk", REMOTE_ADDR="10.9.9.9")

    assert answer.status_code == 429
    assert ChangeLog.objects.filter(action="login").count() == 0
    assert ChangeLog.objects.latest("pk").reason == "账号锁定期内"


def test_lock_ends_after_its_time_even_under_further_attempts(client, clerk, monkeypatch):
    for _ in range(5):
        sign_in(client, "clerk", "Wrong-pass-1")
    with monkeypatch.context() as patch:
        later(patch, minutes=29)
        assert sign_in(client, "clerk", "Wrong-pass-1").status_code == 429

    later(monkeypatch, minutes=31)

    assert sign_in(client, "clerk").status_code == 302


def test_failures_further_apart_than_the_window_do_not_add_up(client, clerk, monkeypatch):
    for _ in range(4):
        sign_in(client, "clerk", "Wrong-pass-1")
    later(monkeypatch, minutes=16)

    assert sign_in(client, "clerk", "Wrong-pass-1").status_code == 200
    assert sign_in(client, "clerk").status_code == 302


def test_success_forgets_earlier_failures(client, clerk):
    for _ in range(2):
        for _ in range(4):
            assert sign_in(client, "clerk", "Wrong-pass-1").status_code == 200
        assert sign_in(client, "clerk").status_code == 302


def test_signing_out_kills_the_session_and_is_logged(client, clerk):
    sign_in(client, "clerk")
    stolen = client.cookies["sessionid"].value

    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").url == LOGIN

    client.cookies["sessionid"] = stolen
    assert client.get("/accounts/profile/").url == f"{LOGIN}?next=/accounts/profile/"
    assert ChangeLog.objects.get(action="logout").user == clerk


def test_idle_session_ends_on_the_server(client, clerk, monkeypatch):
    sign_in(client, "clerk")
    with monkeypatch.context() as patch:
        later(patch, minutes=20)
        assert client.get("/accounts/profile/").status_code == 200

    with monkeypatch.context() as patch:
        later(patch, minutes=49)
        assert client.get("/accounts/profile/").status_code == 200

    later(monkeypatch, minutes=80)
    assert client.get("/accounts/profile/").status_code == 302


def test_idle_session_says_why(client, clerk):
    sign_in(client, "clerk")
    session = client.session
    session["seen_at"] -= 31 * 60
    session.save()

    page = client.get("/accounts/profile/", follow=True)

    assert page.redirect_chain == [(f"{LOGIN}?next=/accounts/profile/", 302)]
    assert "您已超过 30 分钟没有操作" in page.text
    assert "30 分钟没有操作" in ChangeLog.objects.get(action="logout").reason


def test_signing_in_elsewhere_ends_the_earlier_session(clerk):
    first, second = Client(), Client()
    sign_in(first, "clerk")
    sign_in(second, "clerk")

    assert "该账号已在别处登录" in first.get("/accounts/profile/", follow=True).text
    assert second.get("/accounts/profile/").status_code == 200


def test_several_sessions_where_the_office_allows_them(clerk, settings):
    settings.SINGLE_SESSION = False
    first, second = Client(), Client()
    sign_in(first, "clerk")
    sign_in(second, "clerk")

    assert first.get("/accounts/profile/").status_code == 200


def test_ended_session_answers_htmx_and_api_in_their_own_way(client, clerk):
    sign_in(client, "clerk")
    User.objects.update(sign_in_mark="other")
    htmx = client.get("/accounts/profile/", headers={"HX-Request": "true"})

    sign_in(client, "clerk")
    User.objects.update(sign_in_mark="other")
    api = client.get("/api/anything/")

    assert (htmx.status_code, htmx["HX-Redirect"]) == (200, LOGIN)
    assert (api.status_code, "该账号已在别处登录" in api.json()["detail"]) == (401, True)


def test_disabled_account_stops_at_its_next_click(client, clerk):
    sign_in(client, "clerk")
    User.objects.update(is_active=False)

    assert client.get("/accounts/profile/").status_code == 302


def test_maintenance_entrance_signs_in_here_too(client):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith(LOGIN)
    assert WARNING in answer.text


def test_every_answer_carries_its_number(client):
    one, two = client.get(LOGIN), client.get(LOGIN)

    assert re.fullmatch(r"[0-9a-f]{32}", one["X-Request-ID"])
    assert one["X-Request-ID"] != two["X-Request-ID"]
