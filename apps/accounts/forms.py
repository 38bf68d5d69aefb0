from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.accounts.models import Grant, Role, User
from apps.accounts.services import change_password
from apps.records.actors import Actor
from apps.records.models import ChangeLog
from apps.records.rendering import RENDERER

WRONG = "用户名或密码不正确，请核对后重试。连续 %(limit)s 次不正确，账号将锁定 %(minutes)s 分钟。"


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _Look(forms.BaseForm):
    """The look of every form of the product."""

    default_renderer = RENDERER
    use_required_attribute = False  # faults come in our own words

    def _dress(self) -> None:
        for field in self.fields.values():
            chosen = isinstance(field.widget, forms.Select)
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = "请选择" if field.required else "（不填）"
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"
            field.error_messages["required"] = f"请{'选择' if chosen else '填写'}{field.label}。"


class SignInForm(_Look, AuthenticationForm):
    """One message for an unknown user, a wrong password and an account that has ended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"
        self._dress()

    def get_invalid_login_error(self) -> ValidationError:
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        return ValidationError(
            WRONG,
            code="invalid_login",
            params={"limit": settings.AXES_FAILURE_LIMIT, "minutes": minutes},
        )

    def confirm_login_allowed(self, user: Any) -> None:
        """Only who gave the right password gets here."""
        if not user.standing.held and not user.is_superuser:
            raise ValidationError(
                "该账号还没有生效的授权，暂不能登录，请联系安全管理员批准。", code="no_grant"
            )


class PasswordForm(_Look, PasswordChangeForm):
    """The account's own password; the rules are those of AUTH_PASSWORD_VALIDATORS."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "原密码不正确，请重新输入。",
        "password_mismatch": "两次输入的新密码不一致，请重新输入。",
    }

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].label = "原密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一次新密码"
        for name in ("new_password1", "new_password2"):
            self.fields[name].help_text = ""  # the page lists the rules
        self._dress()

    def store(self, by: Actor) -> None:
        change_password(self.user, self.cleaned_data["new_password1"], by=by)


class UserForm(_Look, forms.ModelForm):
    """Facts of an account. Username and family are settled when it is made."""

    class Meta:
        model = User
        fields = ("username", "name", "family", "unit", "mobile", "expires_on")
        widgets = {"expires_on": _day()}
        help_texts = {
            "username": "登录用，建账号后不能修改",
            "family": "三员账号不接触业务数据，建账号后不能修改",
            "unit": "三员账号不填",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["username"], self.fields["family"]
        self._dress()

    def clean_mobile(self) -> Any:
        typed = self.cleaned_data["mobile"]
        if "mobile" not in self.changed_data:
            return self.instance.mobile
        if typed and not re.fullmatch(r"1[0-9]{10}", typed):
            raise ValidationError("手机号码应为 11 位数字，请核对。")
        return typed


class GrantForm(_Look, forms.ModelForm):
    """A role for an account; only roles of the account's own family are offered."""

    class Meta:
        model = Grant
        fields = ("role", "unit", "valid_from", "valid_to")
        widgets = {"valid_from": _day(), "valid_to": _day()}

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"instance": Grant(user=user), **kwargs})
        self.fields["role"].queryset = Role.objects.filter(family=user.family)  # type: ignore[attr-defined]
        if user.is_administrator:
            del self.fields["unit"]
        self._dress()


class TokenForm(_Look, forms.Form):
    """What a program is called, and for how long it may get in."""

    name = forms.CharField(
        label="用途", max_length=40, help_text="哪个系统用它，例如 数据共享平台；写入操作日志"
    )
    expires_on = forms.DateField(
        label="有效期至", widget=_day(), help_text="最长一年，到期后重新建立"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("expires_on", timezone.localdate() + timedelta(days=180))
        self._dress()


class LogForm(_Look, forms.Form):
    """What the reader of the log looks for."""

    action = forms.ChoiceField(
        label="操作", required=False, choices=[("", "全部"), *ChangeLog.Action.choices]
    )
    search = forms.CharField(label="用户、对象或地址", required=False, max_length=60)
    first = forms.DateField(label="自", required=False, widget=_day())
    last = forms.DateField(label="至", required=False, widget=_day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dress()
