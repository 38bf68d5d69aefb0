"""Password rules (AUTH_PASSWORD_VALIDATORS), beside those that Django brings."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from apps.accounts.models import PasswordHistory, User
from apps.core import pinyin

CLASSES = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9]")


class ClassesValidator:
    """At least three of: capitals, small letters, digits, other signs."""

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: User | None = None) -> None:
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < self.least:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return f"密码须含大写字母、小写字母、数字、其他符号中的至少 {self.least} 类。"


class NameValidator:
    """Neither the username nor the person's name, in characters or in pinyin."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        typed = password.lower()
        words = {user.username.lower(), *pinyin.search_text(user.name).split()}
        if any(word in typed for word in words if len(word) >= 3 or not word.isascii()):
            raise ValidationError(self.get_help_text(), code="password_name")

    def get_help_text(self) -> str:
        return "密码不能包含用户名、姓名或姓名拼音。"


class HistoryValidator:
    """None of the last passwords; it also keeps them, whoever changes a password."""

    def __init__(self, last: int = 5) -> None:
        self.last = last

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or not user.pk:
            return
        kept = PasswordHistory.objects.filter(user=user).values_list("password", flat=True)
        used = dict.fromkeys([user.password, *kept[: self.last]])  # the one in use even if not kept
        if any(check_password(password, old) for old in used):
            raise ValidationError(self.get_help_text(), code="password_used")

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        mine = PasswordHistory.objects.filter(user=user)
        mine.create(user=user, password=user.password)
        mine.exclude(pk__in=list(mine.values_list("pk", flat=True)[: self.last])).delete()

    def get_help_text(self) -> str:
        return f"密码不能与最近 {self.last} 次用过的相同。"
