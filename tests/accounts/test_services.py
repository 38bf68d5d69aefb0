"""First accounts, roles as data, and the warning about superusers."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from apps.accounts import rules
from apps.accounts.checks import no_superuser
from apps.accounts.models import Family, Grant, Role, User
from apps.accounts.services import create_demo_accounts, load_roles
from apps.core.errors import DomainError
from apps.records.scope import Scope
from tests.factories.accounts import UserFactory

KNOWN = [
    "talents.view_person",
    "talents.add_person",
    "organizations.view_unit",
    "metrics.view_metric",
]


@pytest.mark.parametrize(
    ("written", "given"),
    [
        (["own: view"], {"talents.view_person"}),
        (["own: view add"], {"talents.view_person", "talents.add_person"}),
        (["shared: view"], {"organizations.view_unit", "metrics.view_metric"}),
        (["metrics.*"], {"metrics.view_metric"}),
        (["own: view add", "-talents.add_*"], {"talents.view_person"}),
        (["-talents.*", "own: view"], {"talents.view_person"}),
        ([], set()),
    ],
)
def test_rules_give_and_take_in_order(written, given):
    assert rules.allowed(written, KNOWN) == (given, [])


def test_rule_that_names_no_permission_is_told():
    assert rules.allowed(["metrics.close_year", "reports.*"], KNOWN) == (
        set(),
        ["metrics.close_year"],
    )


@pytest.mark.parametrize("rule", ["mine: view", "own:", "own: "])
def test_rule_that_makes_no_sense_is_refused(rule):
    with pytest.raises(DomainError, match="无法理解"):
        rules.allowed([rule], KNOWN)


def test_roles_follow_the_file_and_leave_other_groups_alone(settings, tmp_path, capsys):
    Group.objects.create(name="其他")
    (tmp_path / "fixtures").mkdir()
    row = {"key": "staff", "name": "经办人", "rules": ["own: view", "records.no_such"]}
    (tmp_path / "fixtures" / "roles.json").write_text(json.dumps([row]), encoding="utf-8")
    settings.BASE_DIR = tmp_path

    call_command("load_roles")

    role = Role.objects.get(key="staff")
    codes = set(role.group.permissions.values_list("codename", flat=True))
    assert role.name == "经办人"
    assert {code.partition("_")[0] for code in codes} == {"view"}
    assert Group.objects.filter(name="其他").exists()
    assert "没有这样的权限，已略过：经办人：records.no_such" in capsys.readouterr().err


def test_demo_accounts_cover_every_role_with_passwords_of_their_own(root, hospital, school):
    made = create_demo_accounts([root, hospital, school])

    assert [(username, role) for username, _, role, _ in made] == [
        ("sysadmin", "系统管理员"),
        ("secadmin", "安全管理员"),
        ("auditor", "审计管理员"),
        ("head", "人才办主任"),
        ("staff", "业务员"),
        ("leader", "领导"),
        ("clerk1", "填报员"),
        ("clerk2", "填报员"),
    ]
    assert len({password for *_, password in made}) == len(made)
    for username, name, _, password in made:
        user = User.objects.get(username=username)
        assert (user.name, user.check_password(password)) == (name, True)
        assert user.must_change_password
        assert len(user.roles) == 1
    assert User.objects.get(username="clerk1").scope == Scope((hospital.path,), "区人民医院")
    assert User.objects.get(username="leader").scope == Scope.everything()


def test_demo_accounts_that_exist_are_left_alone(root):
    create_demo_accounts([root])
    before = list(User.objects.values_list("username", "password"))

    assert create_demo_accounts([root]) == []
    assert list(User.objects.values_list("username", "password")) == before


def test_demo_accounts_without_units():
    assert len(create_demo_accounts([])) == 6
    assert Grant.objects.exclude(unit=None).count() == 0


def test_families_are_the_three_administrators_and_business():
    load_roles()

    assert set(Role.objects.values_list("family", flat=True)) == set(Family.values)


def test_superuser_is_warned_about():
    assert no_superuser(databases=["default"]) == []
    User.objects.create_superuser("boss", "boss@example.invalid", "x", name="某人")

    (warning,) = no_superuser(databases=["default"])

    assert warning.msg == "存在超级用户：boss。正式环境不得有超级用户。"
    assert no_superuser() == []


def test_name_and_text_of_an_account():
    user = UserFactory.build(username="zhou", name="周静")

    assert (str(user), user.get_full_name(), user.get_short_name()) == ("周静", "周静", "周静")
    assert not user.is_administrator
