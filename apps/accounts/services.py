"""Accounts and grants: every change goes through here and stands in the log."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from apps.accounts import rules
from apps.accounts.models import ApiToken, Family, Grant, Role, User
from apps.core import crypto
from apps.core.errors import DomainError
from apps.records import columns
from apps.records.actors import Actor
from apps.records.history import log_change

FACTS = ("username", "name", "family", "unit", "mobile", "expires_on", "is_active")
TOKEN_DAYS, TOKENS = 366, 10  # how long a token may last, how many of them somebody may have
LETTERS = ("ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789")  # no 0O 1lI


def random_password() -> str:
    """Twelve random signs in three groups, easy to read out; keeps the password rules."""
    while True:
        signs = [secrets.choice("".join(LETTERS)) for _ in range(12)]
        if all(set(signs) & set(kind) for kind in LETTERS):
            return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))


# -- accounts --------------------------------------------------------------------------------------


def create_user(
    *,
    username: str,
    name: str,
    by: Actor,
    unit: Any = None,
    family: str = Family.BUSINESS,
    mobile: str = "",
    expires_on: date | None = None,
) -> tuple[User, str]:
    """A new account and its first password, which is shown once and changed at first sign-in."""
    user = User(
        username=username, name=name, unit=unit, family=family, mobile=mobile,
        expires_on=expires_on, must_change_password=True,
    )  # fmt: skip
    password = random_password()
    user.set_password(password)  # slow on purpose, so before the transaction
    user.full_clean()
    with transaction.atomic():
        user.save()
        log_change("create", by=by, record=user, changes=_differences(None, user))
    return user, password


def update_user(user: User, *, by: Actor) -> User:
    """Save changed facts of an account."""
    user.full_clean()
    with transaction.atomic():
        old = User.objects.select_related("unit").get(pk=user.pk)
        if old.family != user.family:
            raise DomainError("账号类别建账号后不能修改，请另建账号。")
        changes = _differences(old, user)
        if changes:
            user.save(update_fields=[*FACTS])
            log_change("update", by=by, record=user, changes=changes)
    return user


def set_active(user: User, *, active: bool, by: Actor) -> User:
    """Disable an account or enable it again; a disabled one stops at its next click."""
    if by.user and by.user.pk == user.pk:
        raise DomainError("不能停用或启用自己的账号，请由另一位系统管理员办理。")
    user.is_active = active
    return update_user(user, by=by)


def change_password(user: User, password: str, *, by: Actor) -> None:
    """A password that the user chose; the form has checked the rules."""
    _store_password(user, password, must_change=False, by=by, what="本人修改")


def reset_password(user: User, *, by: Actor) -> str:
    """A new random password, shown once and to be changed at the next sign-in.

    Those of the three administrators are reset on the server only (``by.user`` is None), so that
    none of them can take over another's account.
    """
    if by.user is not None and by.user.pk == user.pk:
        raise DomainError("自己的密码请在“修改密码”页面修改。")
    if by.user is not None and user.is_administrator:
        raise DomainError(
            f"{user.get_family_display()}的密码不能在网页上重置，"
            f"请在服务器上执行 manage.py reset_password {user.username}。"
        )
    password = random_password()
    _store_password(user, password, must_change=True, by=by, what="重置")
    return password


def _store_password(user: User, password: str, *, must_change: bool, by: Actor, what: str) -> None:
    user.set_password(password)
    user.must_change_password = must_change
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        log_change("update", by=by, record=user, changes={"password": ["", f"（{what}）"]})


def _differences(old: User | None, new: User) -> dict[str, list[str]]:
    changes = {}
    for name in FACTS:
        column = columns.of_field(User, name)
        before, after = column.text(old) if old else "", column.text(new)
        if before != after or (old and getattr(old, name) != getattr(new, name)):
            changes[name] = [before, after]
    return changes


# -- grants ----------------------------------------------------------------------------------------


def grant(
    *,
    user: User,
    role: Role | str,
    by: Actor,
    unit: Any = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Grant:
    """Ask for a role over a unit and those below it; nothing works before it is approved."""
    if by.user and by.user.pk == user.pk:
        raise DomainError("不能为自己申请授权，请由另一位系统管理员办理。")
    wanted = Grant(
        user=user,
        role=role if isinstance(role, Role) else Role.objects.get(key=role),
        unit=unit,
        valid_from=valid_from or timezone.localdate(),
        valid_to=valid_to,
        created_by=by.user,
    )
    wanted.full_clean()
    with transaction.atomic():
        wanted.save()
        _log_grant(wanted, "申请授权", by)
    return wanted


def approve_grant(wanted: Grant, *, by: Actor) -> Grant:
    """Put a grant in force. The approver is neither its holder nor who asked for it."""
    _check_security_administrator(wanted, by)
    if by.user and wanted.created_by_id == by.user.pk:
        raise DomainError("授权不能由申请人自己批准，请由另一位安全管理员办理。")
    _move(wanted, Grant.State.PENDING, Grant.State.APPROVED, "approved", by)
    _log_grant(wanted, "批准授权", by)
    return wanted


def refuse_grant(wanted: Grant, *, by: Actor) -> Grant:
    _check_security_administrator(wanted, by)
    _move(wanted, Grant.State.PENDING, Grant.State.REFUSED, "ended", by)
    _log_grant(wanted, "不批准授权", by)
    return wanted


def revoke_grant(held: Grant, *, by: Actor) -> Grant:
    """Take a grant back; it stops at the holder's next click."""
    _check_security_administrator(held, by)
    _move(held, Grant.State.APPROVED, Grant.State.REVOKED, "ended", by)
    _log_grant(held, "收回授权", by)
    return held


def _check_security_administrator(subject: Grant, by: Actor) -> None:
    if by.user is None:
        return
    if not by.user.has_perm("accounts.approve_grant"):
        raise DomainError("只有安全管理员可以批准或收回授权。")
    if subject.user_id == by.user.pk:
        raise DomainError("不能批准或收回自己的授权，请由另一位安全管理员办理。")


@transaction.atomic
def _move(subject: Grant, old: str, new: str, step: str, by: Actor) -> None:
    """Change the state once: of two people who click at the same time one is told."""
    moved = {"state": new, f"{step}_by": by.user, f"{step}_at": timezone.now()}
    if not Grant.objects.filter(pk=subject.pk, state=old).update(**moved):
        raise DomainError("这条授权刚刚已由他人处理，请刷新页面查看。")
    for name, value in moved.items():
        setattr(subject, name, value)


def _log_grant(subject: Grant, step: str, by: Actor) -> None:
    dates = f"{subject.valid_from:%Y-%m-%d} 至 " + (
        f"{subject.valid_to:%Y-%m-%d}" if subject.valid_to else "长期"
    )
    log_change(
        "grant",
        by=by,
        record=subject,
        changes={"state": ["", subject.get_state_display()], "valid_to": ["", dates]},
        reason=by.reason or step,
    )


# -- tokens of the API -----------------------------------------------------------------------------


def create_token(user: User, *, name: str, expires_on: date, by: Actor) -> tuple[ApiToken, str]:
    """A token for a program of the user's, and its value, which is shown once and not kept."""
    if user.is_administrator:
        raise DomainError("三员账号不接触业务数据，不能建立接口令牌。")
    last = timezone.localdate() + timedelta(days=TOKEN_DAYS)
    if not timezone.localdate() <= expires_on <= last:
        raise DomainError(f"令牌有效期最早到今天，最晚到 {last:%Y-%m-%d}，请改正。")
    if user.tokens.working().count() >= TOKENS:
        raise DomainError(f"一个账号最多 {TOKENS} 个有效令牌，请先停用不用的。")
    value = f"tw{secrets.token_hex(24)}"
    token = ApiToken(
        user=user, name=name.strip(), expires_on=expires_on,
        digest=crypto.digest(value), prefix=value[:8],
    )  # fmt: skip
    token.full_clean()
    with transaction.atomic():
        token.save()
        changes = {"name": ["", token.name], "expires_on": ["", f"{expires_on:%Y-%m-%d}"]}
        log_change("create", by=by, record=token, changes=changes)
    return token, value


def revoke_token(token: ApiToken, *, by: Actor) -> ApiToken:
    """A token works no more, from its next request on. By its user or a 系统管理员."""
    may = by.user is None or by.user.pk == token.user_id or by.user.has_perm("accounts.change_user")
    if not may:
        raise DomainError("只能停用自己的接口令牌。")
    now = timezone.now()
    with transaction.atomic():
        if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            raise DomainError("这个接口令牌已停用。")
        token.revoked_at = now
        changes = {"revoked_at": ["", f"{timezone.localtime(now):%Y-%m-%d %H:%M}"]}
        log_change("update", by=by, record=token, changes=changes, reason="停用接口令牌")
    return token


# -- roles and first accounts ----------------------------------------------------------------------


@transaction.atomic
def load_roles() -> list[str]:
    """Load ``fixtures/roles.json`` and work its rules out; again and again with the same result.

    Returns the rules that name a permission which does not exist.
    """
    path = Path(settings.BASE_DIR) / "fixtures" / "roles.json"
    permissions = {
        f"{app}.{code}": pk
        for pk, app, code in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    idle = []
    for rank, row in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
        codes, unmet = rules.allowed(row["rules"], permissions)
        idle += [f"{row['name']}：{rule}" for rule in unmet]
        role = Role.objects.select_related("group").filter(key=row["key"]).first()
        group = role.group if role else Group.objects.get_or_create(name=row["name"])[0]
        Role.objects.update_or_create(
            key=row["key"], defaults={**row, "rank": rank, "group": group}
        )
        group.permissions.set([permissions[code] for code in codes])
    return idle


def create_demo_accounts(units: Sequence[Any]) -> list[tuple[str, str, str, str]]:
    """One account a role, and a clerk for each unit after the first, which is the office's own.

    Returns (username, name, role, password) of those that did not exist yet; their grants are
    approved by the system, there being nobody yet who could.
    """
    office, members = (units[0] if units else None), units[1:]
    wanted: list[tuple[str, str, str, Any, Any]] = [
        (key, name, key, None, None) for key, name in Family.choices if key != Family.BUSINESS
    ]
    wanted += [
        ("head", "人才办主任", "head", office, None),
        ("staff", "业务员", "staff", office, None),
        ("leader", "分管领导", "leader", office, None),
    ]
    wanted += [
        (f"clerk{number}", f"{unit}填报员", "clerk", unit, unit)
        for number, unit in enumerate(members, start=1)
    ]
    taken = set(User.objects.values_list("username", flat=True))
    return [_create_demo_account(*row) for row in wanted if row[0] not in taken]


def _create_demo_account(
    username: str, name: str, key: str, home: Any, unit: Any
) -> tuple[str, str, str, str]:
    by = Actor.system("初始账号")
    role = Role.objects.get(key=key)
    with transaction.atomic():
        user, password = create_user(
            username=username, name=name[:40], unit=home, family=role.family, by=by
        )
        approve_grant(grant(user=user, role=role, unit=unit, by=by), by=by)
    return username, user.name, role.name, password
