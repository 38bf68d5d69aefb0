"""What grants give, and what they do not."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from apps.accounts.backends import GrantBackend
from apps.accounts.models import Grant, Role, User
from apps.accounts.services import approve_grant, grant, load_roles, refuse_grant, revoke_grant
from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.records.scope import Scope
from apps.talents.models import Person
from tests.factories import PersonFactory, UnitFactory
from tests.factories.accounts import UserFactory, grant_to, user_with

TODAY = timezone.localdate


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_clerk_sees_the_subtree_of_the_granted_unit(hospital, school):
    ward = UnitFactory(name="区人民医院分院", parent=hospital)
    mine, below = PersonFactory(unit=hospital, owner=hospital), PersonFactory(unit=ward, owner=ward)
    PersonFactory(unit=school, owner=school)

    scope = user_with("clerk", hospital).scope

    assert scope == Scope((hospital.path,), "区人民医院")
    assert set(Person.objects.visible_to(scope)) == {mine, below}


def test_scope_of_two_units_names_both_and_drops_what_lies_within(hospital, school):
    ward = UnitFactory(name="区人民医院分院", parent=hospital)
    user = user_with("clerk", hospital)
    for unit in (school, ward):
        grant_to(user, "clerk", unit)

    scope = fresh(user).scope

    assert set(scope.paths) == {hospital.path, school.path}
    assert set(scope.label.split("、")) == {"区人民医院", "区第一中学"}


@pytest.mark.parametrize("at_root", [True, False])
def test_grant_without_unit_or_at_the_root_is_everything(root, at_root):
    user = user_with("staff", root if at_root else None)

    assert user.scope == Scope.everything()


def test_clerk_needs_a_unit():
    with pytest.raises(ValidationError, match="请选择授权单位"):
        user_with("clerk")


def test_clerk_grant_without_unit_gives_nothing_even_if_stored():
    user = UserFactory()
    Grant.objects.create(
        user=user, role=Role.objects.get(key="clerk"), state="approved", approved_at=timezone.now()
    )

    assert fresh(user).scope == Scope.nothing()
    assert fresh(user).roles == []


def test_unapproved_grant_gives_nothing(hospital):
    user = UserFactory()
    grant(user=user, role="clerk", unit=hospital, by=Actor.system())

    user = fresh(user)

    assert (user.scope, user.get_all_permissions(), user.roles) == (Scope.nothing(), set(), [])
    assert not user.has_perm("talents.view_person")


@pytest.mark.parametrize(("starts", "ends"), [(-10, -1), (1, 10)])
def test_grant_outside_its_dates_gives_nothing(hospital, starts, ends):
    user = UserFactory()
    days = [TODAY() + timedelta(days=days) for days in (starts, ends)]
    grant_to(user, "clerk", hospital, valid_from=days[0], valid_to=days[1])

    assert fresh(user).scope == Scope.nothing()
    assert not fresh(user).has_perm("talents.view_person")


def test_grant_counts_on_its_first_and_last_day(hospital):
    user = UserFactory()
    grant_to(user, "clerk", hospital, valid_from=TODAY(), valid_to=TODAY())

    assert fresh(user).role_keys == {"clerk"}


@pytest.mark.parametrize("change", [{"is_active": False}, {"expires_on": "yesterday"}])
def test_disabled_or_expired_account_has_nothing(hospital, change):
    if "expires_on" in change:
        change = {"expires_on": TODAY() - timedelta(days=1)}
    user = user_with("clerk", hospital)
    User.objects.filter(pk=user.pk).update(**change)

    assert fresh(user).scope == Scope.nothing()
    assert not fresh(user).has_perm("talents.view_person")
    assert GrantBackend().get_user(user.pk) is None


def test_roles_differ_in_what_they_allow(hospital):
    clerk = user_with("clerk", hospital)
    staff, leader, head = (user_with(key) for key in ("staff", "leader", "head"))
    asked = ["view", "add", "change", "delete", "import", "export"]

    def allowed(user: User, model: str) -> set[str]:
        return {
            a for a in asked if user.has_perm(f"{model.split('.')[0]}.{a}_{model.split('.')[1]}")
        }

    assert allowed(clerk, "talents.person") == {"view", "add", "change", "import", "export"}
    assert allowed(clerk, "organizations.unit") == {"view"}
    assert allowed(staff, "talents.person") == set(asked)
    assert allowed(staff, "organizations.unit") == set(asked) - {"delete"}
    assert allowed(leader, "talents.person") == {"view"}
    assert staff.has_perm("records.review_records")
    assert not clerk.has_perm("records.review_records")
    assert not any(user.has_perm("records.view_changelog") for user in (clerk, staff, leader))
    finalisers = [u for u in (clerk, staff, leader, head) if u.has_perm("reports.finalise_report")]
    assert finalisers == [head]
    assert Actor(user=staff).counts_at_once
    assert not Actor(user=clerk).counts_at_once


@pytest.mark.parametrize("key", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_business_data(key):
    PersonFactory()
    user = user_with(key)
    business = {"talents", "training", "governance", "organizations", "metrics", "reports"}

    assert user.scope == Scope.nothing()
    assert list(Person.objects.visible_to(user.scope)) == []
    assert user.get_all_permissions()
    assert not {p.partition(".")[0] for p in user.get_all_permissions()} & business


@pytest.mark.parametrize(
    ("account", "wanted"), list(permutations(["sysadmin", "secadmin", "auditor", "head"], 2))
)
def test_administrators_exclude_each_other_and_business(account, wanted):
    user = user_with(account)

    with pytest.raises(ValidationError, match="互不兼任"):
        grant(user=user, role=wanted, by=Actor.system())


def test_grant_of_another_family_gives_nothing_even_if_stored():
    user = user_with("sysadmin")
    Grant.objects.create(
        user=user, role=Role.objects.get(key="head"), state="approved", approved_at=timezone.now()
    )

    assert fresh(user).role_keys == {"sysadmin"}
    assert fresh(user).scope == Scope.nothing()


def test_administrator_belongs_to_no_unit(hospital):
    with pytest.raises(IntegrityError):
        UserFactory(family="auditor", unit=hospital)


def test_security_administrator_approves_and_takes_back(hospital):
    sysadmin, secadmin, user = user_with("sysadmin"), user_with("secadmin"), UserFactory()
    asked = grant(user=user, role="clerk", unit=hospital, by=Actor(user=sysadmin))

    approve_grant(asked, by=Actor(user=secadmin))
    assert fresh(user).role_keys == {"clerk"}

    revoke_grant(asked, by=Actor(user=secadmin))
    assert fresh(user).role_keys == set()
    lines = ChangeLog.objects.filter(action="grant", object_id=asked.pk).order_by("pk")
    assert [(line.user, line.reason) for line in lines] == [
        (sysadmin, "申请授权"), (secadmin, "批准授权"), (secadmin, "收回授权"),
    ]  # fmt: skip


def test_nobody_else_approves(hospital):
    sysadmin, user = user_with("sysadmin"), UserFactory()
    asked = grant(user=user, role="clerk", unit=hospital, by=Actor(user=sysadmin))

    for approver in (sysadmin, user_with("head"), user_with("auditor"), user):
        with pytest.raises(DomainError, match="只有安全管理员"):
            approve_grant(asked, by=Actor(user=fresh(approver)))
    assert fresh(user).role_keys == set()


def test_nobody_asks_or_approves_for_themselves():
    sysadmin, secadmin = user_with("sysadmin"), user_with("secadmin")
    own = Grant.objects.get(user=secadmin)

    with pytest.raises(DomainError, match="自己"):
        grant(user=sysadmin, role="sysadmin", by=Actor(user=sysadmin))
    with pytest.raises(DomainError, match="自己"):
        revoke_grant(own, by=Actor(user=secadmin))


def test_who_asked_cannot_approve(hospital):
    secadmin, user = user_with("secadmin"), UserFactory()
    asked = grant(user=user, role="clerk", unit=hospital, by=Actor(user=secadmin))

    with pytest.raises(DomainError, match="申请人"):
        approve_grant(asked, by=Actor(user=secadmin))
    with pytest.raises(IntegrityError):
        Grant.objects.filter(pk=asked.pk).update(approved_by=secadmin)


def test_grant_is_decided_once(hospital):
    secadmin, user = user_with("secadmin"), UserFactory()
    asked = grant(user=user, role="clerk", unit=hospital, by=Actor.system())
    stale = Grant.objects.get(pk=asked.pk)
    refuse_grant(asked, by=Actor(user=secadmin))

    with pytest.raises(DomainError, match="刚刚已由他人处理"):
        approve_grant(stale, by=Actor(user=secadmin))


def test_same_grant_twice_is_refused_until_the_first_ended(hospital):
    user = user_with("clerk", hospital)

    with pytest.raises(ValidationError, match="已有相同角色和单位的授权"):
        grant(user=user, role="clerk", unit=hospital, by=Actor.system())
    revoke_grant(Grant.objects.get(), by=Actor.system())
    grant_to(user, "clerk", hospital)

    assert fresh(user).role_keys == {"clerk"}


@pytest.mark.parametrize("with_unit", [True, False])
def test_same_grant_twice_is_refused_by_the_database_too(hospital, with_unit):
    user = user_with("staff", hospital if with_unit else None)
    held = Grant.objects.get(user=user)
    held.pk = None

    with pytest.raises(IntegrityError):
        held.save(force_insert=True)


def test_rights_and_scope_cost_one_query(hospital, school, django_assert_num_queries):
    user = user_with("clerk", hospital)
    grant_to(user, "clerk", school)
    user = fresh(user)

    with django_assert_num_queries(1):
        assert user.has_perm("talents.view_person")
        assert not user.has_perm("talents.delete_person")
        assert user.has_module_perms("talents")
        assert len(user.scope.paths) == 2
        assert len(user.roles) == 2
        assert not user.is_staff


def test_page_costs_three_queries_for_session_user_and_rights(
    hospital, client, django_assert_num_queries
):
    client.force_login(user_with("clerk", hospital))
    client.get("/accounts/password/")  # the frame's years are cached

    with django_assert_num_queries(3):
        assert client.get("/accounts/password/").status_code == 200


def test_loading_roles_again_changes_nothing():
    def state():
        return [
            (
                role.key,
                role.pk,
                role.group_id,
                set(role.group.permissions.values_list("pk", flat=True)),
            )
            for role in Role.objects.all()
        ]

    before = state()

    assert load_roles() == []
    assert state() == before
    assert [role.holds_data for role in Role.objects.all()] == [False] * 3 + [True] * 4


def test_users_are_found_by_permission(hospital):
    user_with("clerk", hospital)
    secadmin = user_with("secadmin")

    permission = Permission.objects.get(codename="approve_grant")

    for wanted in ("accounts.approve_grant", permission):
        assert list(GrantBackend().with_perm(wanted)) == [secadmin]
