"""Signing in, and the first password that somebody else has seen."""

import re

OTHER_PASSWORD = "Vk7p-Rn3z-Xt5w"  # not one of those that were used before


def sign_in(page, username, password):
    page.goto("/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def test_first_sign_in_must_change_the_password(demo, window):
    page, account = window(demo), demo.renew("clerk2")

    sign_in(page, account.username, account.password)

    assert page.url.endswith("/accounts/password/")
    assert "请先修改密码" in page.locator("main").inner_text()
    page.goto("/talents/person/")
    assert page.url.endswith("/accounts/password/")
    page.get_by_label("原密码").fill(account.password)
    page.get_by_label("新密码", exact=True).fill(OTHER_PASSWORD)
    page.get_by_label("再输一次新密码").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    page.wait_for_url(re.compile(r"^(?!.*/password/)"))
    account.password, account.has_changed = OTHER_PASSWORD, True
    page.goto("/talents/person/")
    assert page.locator("h1").inner_text() == "人才"


def test_wrong_password_says_one_sentence(demo, window):
    page = window(demo)

    sign_in(page, "nobody", "no-such-password")

    assert "用户名或密码不正确，请核对后重试。" in page.locator("body").inner_text()
    assert "非涉密" in page.locator("body").inner_text()


def test_signing_out_ends_the_session(demo, window):
    page = window(demo, "clerk2")
    page.goto("/")
    del demo.states["clerk2"]

    page.locator(".bar-user summary").click()
    page.get_by_role("button", name="退出").click()
    page.goto("/talents/person/")

    assert "/accounts/login/" in page.url
