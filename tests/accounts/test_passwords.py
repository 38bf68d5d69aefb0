"""Password rules, first sign-in, ninety days."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.models import PasswordHistory, User
from apps.accounts.services import change_password, random_password, reset_password
from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from tests.factories.accounts import PASSWORD, UserFactory, user_with

PAGE = "/accounts/password/"


def post(client, new, old=PASSWORD):
    return client.post(PAGE, {"old_password": old, "new_password1": new, "new_password2": new})


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Ab3-xyzqw", "10"),
        ("alllowercase99", "至少 3 类"),
        ("Fantastic-clerk07", "用户名"),
        ("Zhoujing-2026", "姓名拼音"),
        ("周静Pass-word1", "姓名"),
        ("password123", "常见"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password, fault):
    user = UserFactory.build(username="clerk07", name="周静")

    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)

    assert fault in "".join(refused.value.messages)


def test_random_passwords_keep_the_rules_and_differ():
    user = UserFactory.build(username="clerk07", name="周静")
    made = {random_password() for _ in range(50)}

    for password in made:
        validate_password(password, user)
    assert len(made) == 50


def test_last_five_passwords_are_refused_and_the_sixth_is_free():
    user = UserFactory()
    used = [PASSWORD, *(f"Qinghe-{n}-shan" for n in range(5))]
    for password in used[1:]:
        change_password(user, password, by=Actor.system())

    for password in used[1:]:
        with pytest.raises(ValidationError, match="最近 5 次"):
            validate_password(password, user)
    validate_password(used[0], user)
    assert PasswordHistory.objects.filter(user=user).count() == 5


def test_given_password_must_be_changed_before_anything_else(client, hospital):
    user = user_with("clerk", hospital, must_change_password=True)
    client.force_login(user)

    assert client.get("/accounts/profile/").url == PAGE
    assert "请先修改密码" in client.get(PAGE).text
    assert post(client, "Xinmima-2026-a").url == "/accounts/profile/"

    assert client.get("/accounts/profile/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password("Xinmima-2026-a")


def test_stale_password_stops_htmx_and_api_too(client, hospital):
    client.force_login(user_with("clerk", hospital, must_change_password=True))

    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == PAGE
    assert client.get("/api/anything/").json() == {"detail": "请先修改密码，再继续使用系统。"}
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.parametrize(("days", "stale"), [(89, False), (91, True)])
def test_password_lasts_ninety_days(client, hospital, days, stale):
    user = user_with("clerk", hospital)
    changed = timezone.now() - timedelta(days=days)
    User.objects.update(password_changed_at=changed)
    client.force_login(user)

    assert (client.get("/accounts/profile/").status_code == 302) == stale


def test_password_may_last_for_ever(client, hospital, settings):
    settings.PASSWORD_MAX_AGE_DAYS = 0
    user = user_with("clerk", hospital)
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=999))
    client.force_login(user)

    assert client.get("/accounts/profile/").status_code == 200


def test_password_page_refuses_wrong_old_and_used_new_ones(client, hospital):
    client.force_login(user_with("clerk", hospital))

    assert "原密码不正确" in post(client, "Xinmima-2026-a", old="Wrong-pass-1").text
    assert "最近 5 次" in post(client, PASSWORD).text


def test_changing_a_password_keeps_this_session_and_is_logged_without_it(client, hospital):
    user = user_with("clerk", hospital)
    client.force_login(user)

    post(client, "Xinmima-2026-a")

    line = ChangeLog.objects.filter(action="update", record_type="accounts.User").get()
    assert (line.user, line.changes) == (user, {"password": ["", "（本人修改）"]})
    assert client.get("/accounts/profile/").status_code == 200


def test_reset_gives_a_password_to_change(hospital):
    user = user_with("clerk", hospital)

    password = reset_password(user, by=Actor(user=user_with("sysadmin")))

    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password


@pytest.mark.parametrize("key", ["sysadmin", "secadmin", "auditor"])
def test_administrators_are_reset_on_the_server_only(key, capsys):
    user = user_with(key)

    with pytest.raises(DomainError, match="在服务器上执行"):
        reset_password(user, by=Actor(user=user_with("sysadmin")))
    call_command("reset_password", user.username)

    password = capsys.readouterr().out.split("新密码：")[1].split()[0]
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password


def test_reset_of_an_unknown_account_says_so():
    with pytest.raises(CommandError, match="没有用户名为“nobody”的账号"):
        call_command("reset_password", "nobody")
