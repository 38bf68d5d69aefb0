from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import DetailView, FormView, ListView, TemplateView, View

from apps.accounts import selectors, services
from apps.accounts.forms import (
    GrantForm,
    LogForm,
    PasswordForm,
    SignInForm,
    TokenForm,
    UserForm,
)
from apps.accounts.middleware import password_is_stale
from apps.accounts.models import ApiToken, Family, Grant, User
from apps.core.errors import DomainError
from apps.records.actors import Actor
from apps.records.history import log_change
from apps.records.models import ChangeLog

HOMES: dict[str, str] = {
    Family.SYSADMIN: "accounts-users",
    Family.SECADMIN: "accounts-grants",
    Family.AUDITOR: "accounts-log",
}


class SignInView(LoginView):
    """Sign-in; each administrator arrives at the page of their own work."""

    authentication_form = SignInForm

    def get_default_redirect_url(self) -> str:
        home = HOMES.get(str(getattr(self.request.user, "family", "")))
        return reverse(home) if home else super().get_default_redirect_url()

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.user_cache is not None:  # right password, but nothing granted
            log_change(
                "login_failed",
                by=Actor.of(self.request),
                record=form.user_cache,
                reason="没有生效的授权",
            )
        return super().form_invalid(form)


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class PasswordView(LoginRequiredMixin, FormView):
    form_class = PasswordForm
    template_name = "accounts/password.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            stale=password_is_stale(self.request.user),
            rules=password_validators_help_texts(),
            **kwargs,
        )

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        form.store(Actor.of(self.request))
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, "密码已修改，请妥善保管。")
        return redirect("accounts-profile")


class ProfileView(LoginRequiredMixin, TemplateView):
    """Who I am here: my account, roles and units."""

    template_name = "accounts/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        offered = settings.API_ENABLED and not user.is_administrator
        tokens = selectors.tokens(user) if offered else []
        return super().get_context_data(offers_tokens=offered, tokens=tokens, **kwargs)


class UserListView(PermissionRequiredMixin, ListView):
    permission_required = "accounts.view_user"
    template_name = "accounts/users.html"
    paginate_by = 20

    def get_queryset(self) -> Any:
        return selectors.users(
            self.request.GET.get("q", "").strip(), self.request.GET.get("state", "")
        )


class UserDetailView(PermissionRequiredMixin, DetailView):
    permission_required = "accounts.view_user"
    template_name = "accounts/user.html"
    context_object_name = "account"
    queryset = User.objects.select_related("unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grants = self.object.grants.select_related(
            "user", "role", "unit", "created_by", "approved_by", "ended_by"
        )
        tokens = selectors.tokens(self.object)
        return super().get_context_data(grants=grants, tokens=tokens, **kwargs)


class AccountFormView(PermissionRequiredMixin, FormView):
    """A form whose service may still refuse what was typed."""

    template_name = "accounts/form.html"
    title = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.title, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self.perform(form, Actor.of(self.request))
        except ValidationError as error:
            form.add_error(None, error.messages)
        except DomainError as error:
            form.add_error(None, error.message)
        return self.form_invalid(form)

    def perform(self, form: Any, by: Actor) -> HttpResponse:
        raise NotImplementedError


@method_decorator(never_cache, name="dispatch")
class UserCreateView(AccountFormView):
    permission_required = "accounts.add_user"
    form_class = UserForm
    title = "新建账号"

    def perform(self, form: UserForm, by: Actor) -> HttpResponse:
        user, password = services.create_user(**form.cleaned_data, by=by)
        return _show_password_once(self.request, user, password, "账号已建立")


class UserUpdateView(AccountFormView):
    permission_required = "accounts.change_user"
    form_class = UserForm
    title = "修改账号"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "instance": get_object_or_404(User, pk=self.kwargs["pk"]),
        }

    def perform(self, form: UserForm, by: Actor) -> HttpResponse:
        user = services.update_user(form.instance, by=by)
        messages.success(self.request, f"已保存{user}的账号。")
        return redirect("accounts-user", user.pk)


@method_decorator(never_cache, name="dispatch")
class UserActionView(PermissionRequiredMixin, View):
    """Buttons of one account: reset its password, disable it, enable it."""

    permission_required = "accounts.change_user"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        by = Actor.of(request)
        try:
            if action == "reset":
                password = services.reset_password(user, by=by)
                return _show_password_once(request, user, password, "密码已重置")
            services.set_active(user, active=action == "enable", by=by)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            done = "启用" if action == "enable" else "停用"
            messages.success(request, f"已{done}{user}的账号。")
        return redirect("accounts-user", pk)


class GrantCreateView(AccountFormView):
    permission_required = "accounts.add_grant"
    form_class = GrantForm
    title = "申请授权"

    @cached_property
    def subject(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.subject}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subject=self.subject, **kwargs)

    def perform(self, form: GrantForm, by: Actor) -> HttpResponse:
        services.grant(user=self.subject, **form.cleaned_data, by=by)
        messages.success(self.request, "授权申请已提交，安全管理员批准后生效。")
        return redirect("accounts-user", self.subject.pk)


@method_decorator(never_cache, name="dispatch")
class TokenCreateView(LoginRequiredMixin, AccountFormView):
    """A token for a program of one's own; the answer itself carries its value, once."""

    permission_required = ()
    form_class = TokenForm
    title = "新建接口令牌"
    template_name = "accounts/token_new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not settings.API_ENABLED:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form: TokenForm, by: Actor) -> HttpResponse:
        token, value = services.create_token(by.user, **form.cleaned_data, by=by)
        context = {"token": token, "value": value}
        return render(self.request, "accounts/token_once.html", context)


class TokenRevokeView(LoginRequiredMixin, View):
    """End a token: one's own, or anybody's for a 系统管理员."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user: Any = request.user
        seen = {} if user.has_perm("accounts.change_user") else {"user": user}
        token = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk, **seen)
        try:
            services.revoke_token(token, by=Actor.of(request))
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"已停用接口令牌“{token.name}”，使用它的程序不能再进入。")
        if token.user_id == user.pk:
            return redirect("accounts-profile")
        return redirect("accounts-user", token.user_id)


class GrantListView(PermissionRequiredMixin, ListView):
    """Grants that wait for 安全管理员, and those that were approved or ended."""

    permission_required = "accounts.view_grant"
    template_name = "accounts/grants.html"
    paginate_by = 20

    def get_queryset(self) -> Any:
        self.state = self.request.GET.get("state") or Grant.State.PENDING
        if self.state not in Grant.State.values:
            raise Http404
        return selectors.grants(self.state)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(state=self.state, states=Grant.State.choices, **kwargs)


class GrantActionView(PermissionRequiredMixin, View):
    """Approve, refuse or take back one grant."""

    permission_required = "accounts.approve_grant"
    http_method_names = ["post"]
    services = {
        "approve": (services.approve_grant, "已批准"),
        "refuse": (services.refuse_grant, "未批准"),
        "revoke": (services.revoke_grant, "已收回"),
    }

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        grant = get_object_or_404(Grant.objects.select_related("user", "role", "unit"), pk=pk)
        service, done = self.services[action]
        try:
            service(grant, by=Actor.of(request))
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"{done}：{grant}。")
        return redirect("accounts-grants")


class LogView(PermissionRequiredMixin, ListView):
    """The log, for 审计管理员."""

    permission_required = "records.view_changelog"
    template_name = "accounts/log.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        self.form = LogForm(self.request.GET)
        if not self.form.is_valid():
            return ChangeLog.objects.none()
        return selectors.log_lines(**self.form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, **kwargs)


def _show_password_once(request: HttpRequest, user: User, password: str, done: str) -> HttpResponse:
    """The answer itself carries the password: it stands in no address, session or message."""
    context = {"account": user, "password": password, "done": done}
    return render(request, "accounts/password_once.html", context)
