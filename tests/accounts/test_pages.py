"""Pages of accounts, grants and the log."""

import re

import pytest
from django.test import Client

from apps.accounts.models import Grant, User
from apps.records.models import ChangeLog
from tests.factories.accounts import UserFactory, grant_to, user_with

USERS, GRANTS, LOG = "/accounts/users/", "/accounts/grants/", "/accounts/log/"


def signed_in(key, unit=None):
    client = Client()
    client.force_login(user_with(key, unit))
    return client


@pytest.fixture
def sysadmin():
    return signed_in("sysadmin")


@pytest.fixture
def secadmin():
    return signed_in("secadmin")


def facts(**changes):
    return {"username": "zhou", "name": "周静", "family": "business", **changes}


@pytest.mark.parametrize(
    ("key", "open_pages"),
    [
        ("sysadmin", {USERS, GRANTS, f"{USERS}new/"}),
        ("secadmin", {USERS, GRANTS}),
        ("auditor", {LOG}),
        ("head", set()),
        ("leader", set()),
    ],
)
def test_each_role_opens_its_own_pages_only(key, open_pages):
    client = signed_in(key)

    answers = {page: client.get(page).status_code for page in (USERS, GRANTS, f"{USERS}new/", LOG)}

    assert answers == {page: 200 if page in open_pages else 403 for page in answers}


def test_pages_send_strangers_to_sign_in(client):
    assert client.get(USERS).url == f"/accounts/login/?next={USERS}"


def test_new_account_shows_its_password_once(sysadmin, hospital):
    page = sysadmin.post(f"{USERS}new/", facts(unit=hospital.pk, mobile="13800001234"))

    user = User.objects.get(username="zhou")
    password = page.context["password"]
    assert page.text.count(password) == 1
    assert user.check_password(password)
    assert user.must_change_password
    assert (user.unit, str(user.mobile)) == (hospital, "138****1234")
    assert "no-store" in page["Cache-Control"]
    assert password not in sysadmin.get(f"{USERS}{user.pk}/").text
    assert password not in str(list(ChangeLog.objects.values()))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"username": "TAKEN"}, "用户名已被使用"),
        ({"name": ""}, "请填写姓名。"),
        ({"mobile": "1380000"}, "手机号码应为 11 位数字"),
        ({"family": "auditor", "unit": "any"}, "三员账号不属于任何单位"),
        ({"family": "superuser"}, "不在可用的选项中"),
    ],
)
def test_wrong_facts_are_refused_with_the_reason(sysadmin, hospital, changes, fault):
    UserFactory(username="taken")
    if "unit" in changes:
        changes = {**changes, "unit": hospital.pk}

    assert fault in sysadmin.post(f"{USERS}new/", facts(**changes)).text
    assert not User.objects.filter(username="zhou").exists()


def test_account_is_changed_with_old_and_new_in_the_log(sysadmin, hospital, school):
    user = user_with("clerk", hospital, unit=hospital, mobile="13800001234")
    kept = {"name": user.name, "unit": school.pk, "mobile": str(user.mobile), "expires_on": ""}

    sysadmin.post(f"{USERS}{user.pk}/edit/", kept)

    user.refresh_from_db()
    line = ChangeLog.objects.filter(action="update", object_id=user.pk).latest("pk")
    assert line.changes == {"unit": ["区人民医院", "区第一中学"]}
    assert user.mobile.reveal() == "13800001234"


def test_reset_disable_and_enable(sysadmin, hospital):
    user = user_with("clerk", hospital)
    old = user.password

    page = sysadmin.post(f"{USERS}{user.pk}/reset/")
    user.refresh_from_db()
    assert user.password != old
    assert user.check_password(page.context["password"])

    for action, active in (("disable", False), ("enable", True)):
        sysadmin.post(f"{USERS}{user.pk}/{action}/")
        user.refresh_from_db()
        assert user.is_active is active
    assert sysadmin.get(f"{USERS}{user.pk}/disable/").status_code == 405


def test_nobody_disables_themselves(sysadmin):
    me = User.objects.get(family="sysadmin")

    page = sysadmin.post(f"{USERS}{me.pk}/disable/", follow=True)

    assert "不能停用或启用自己的账号" in page.text
    assert User.objects.get(pk=me.pk).is_active


def test_administrator_is_not_reset_on_a_page(sysadmin, secadmin):
    user = User.objects.get(family="secadmin")

    page = sysadmin.post(f"{USERS}{user.pk}/reset/", follow=True)

    assert "在服务器上执行" in page.text
    assert User.objects.get(pk=user.pk).password == user.password


def test_grant_from_request_to_approval(sysadmin, secadmin, hospital):
    user = UserFactory()
    page = sysadmin.get(f"{USERS}{user.pk}/grants/new/")
    offered = set(page.context["form"].fields["role"].queryset.values_list("key", flat=True))
    assert offered == {"head", "staff", "clerk", "leader"}

    role = page.context["form"].fields["role"].queryset.get(key="clerk").pk
    data = {"role": role, "unit": hospital.pk, "valid_from": "2026-01-01", "valid_to": ""}
    sysadmin.post(f"{USERS}{user.pk}/grants/new/", data)
    asked = Grant.objects.get(user=user)
    assert asked.state == "pending"
    assert sysadmin.post(f"{GRANTS}{asked.pk}/approve/").status_code == 403
    assert "区人民医院" in secadmin.get(GRANTS).text

    page = secadmin.post(f"{GRANTS}{asked.pk}/approve/", follow=True)

    assert "已批准" in page.text
    assert User.objects.get(pk=user.pk).role_keys == {"clerk"}


def test_grant_page_says_what_is_wrong(sysadmin, hospital):
    user = user_with("clerk", hospital)
    address = f"{USERS}{user.pk}/grants/new/"
    role = Grant.objects.get(user=user).role_id
    data = {"role": role, "valid_from": "2026-01-01"}

    assert "须指明单位" in sysadmin.post(address, data).text
    assert "已有相同角色和单位" in sysadmin.post(address, {**data, "unit": hospital.pk}).text
    assert (
        "失效日期不得早于生效日期"
        in sysadmin.post(address, {**data, "valid_to": "2025-01-01"}).text
    )


def test_administrator_is_offered_their_own_role_without_unit(sysadmin):
    user = UserFactory(family="auditor")

    form = sysadmin.get(f"{USERS}{user.pk}/grants/new/").context["form"]

    assert [role.key for role in form.fields["role"].queryset] == ["auditor"]
    assert "unit" not in form.fields


def test_refused_and_revoked_grants_stand_in_their_tabs(secadmin, hospital):
    user = user_with("clerk", hospital)
    secadmin.post(f"{GRANTS}{Grant.objects.get(user=user).pk}/revoke/")

    assert user.name in secadmin.get(GRANTS, {"state": "revoked"}).text
    assert user.name not in secadmin.get(GRANTS, {"state": "approved"}).text
    assert secadmin.get(GRANTS, {"state": "other"}).status_code == 404


def test_account_list_finds_by_name_unit_and_state(sysadmin, hospital):
    UserFactory(name="周静", unit=hospital)
    UserFactory(name="吴敏", is_active=False)

    def names(**params):
        return {u.name for u in sysadmin.get(USERS, params).context["object_list"]}

    assert names(q="周") == names(q="人民医院") == {"周静"}
    assert names(state="disabled") == {"吴敏"}
    assert "没有符合条件的账号" in sysadmin.get(USERS, {"q": "无此人"}).text


@pytest.mark.parametrize("page", [USERS, f"{GRANTS}?state=approved"])
def test_lists_cost_the_same_for_one_row_and_for_many(
    secadmin, hospital, page, django_assert_num_queries
):
    secadmin.get(page)  # the frame's years are cached
    counts = []
    for _ in range(2):
        user = user_with("clerk", hospital, unit=hospital)
        grant_to(user, "staff", hospital)
        with django_assert_num_queries(6 if page == USERS else 5) as seen:
            secadmin.get(page)
        counts.append(len(seen))

    assert len(set(counts)) == 1


def test_auditor_reads_the_log_by_action_person_and_day():
    client = signed_in("auditor")
    UserFactory(name="周静", username="zhou")
    client.post("/accounts/login/", {"username": "zhou", "password": "Wrong-pass-1"})

    def lines(**params):
        found = client.get(LOG, params).context["object_list"]
        return [(line.get_action_display(), line.user_name) for line in found]

    assert lines(action="login_failed") == [("登录失败", "周静")]
    assert ("登录失败", "周静") in lines(search="周静")
    assert lines(first="2099-01-01") == lines(last="2000-01-01") == lines(first="x") == []


def test_no_page_of_ours_carries_inline_script_or_style(sysadmin, hospital):
    user = user_with("clerk", hospital)

    for page in (USERS, f"{USERS}{user.pk}/", f"{USERS}new/", "/accounts/password/"):
        assert not re.search(r"<script(?! src)|style=|onclick", sysadmin.get(page).text)


def test_profile_names_roles_and_units(hospital):
    page = signed_in("clerk", hospital).get("/accounts/profile/").text

    cells = [re.sub(r"\s", "", cell) for cell in re.findall(r"<td>(.*?)</td>", page, re.S)]
    assert cells == ["填报员", "区人民医院及其下级单位", "长期"]
