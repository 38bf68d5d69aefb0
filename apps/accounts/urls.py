from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from apps.accounts import views

urlpatterns = [
    path("accounts/login/", views.SignInView.as_view(), name="accounts-login"),
    path("accounts/logout/", LogoutView.as_view(), name="accounts-logout"),
    path("accounts/password/", views.PasswordView.as_view(), name="accounts-password"),
    path("accounts/profile/", views.ProfileView.as_view(), name="accounts-profile"),
    path("accounts/users/", views.UserListView.as_view(), name="accounts-users"),
    path("accounts/users/new/", views.UserCreateView.as_view(), name="accounts-user-new"),
    path("accounts/users/<int:pk>/", views.UserDetailView.as_view(), name="accounts-user"),
    path(
        "accounts/users/<int:pk>/edit/", views.UserUpdateView.as_view(), name="accounts-user-edit"
    ),
    path(
        "accounts/users/<int:pk>/grants/new/",
        views.GrantCreateView.as_view(),
        name="accounts-grant-new",
    ),
    re_path(
        r"^accounts/users/(?P<pk>[0-9]+)/(?P<action>reset|disable|enable)/$",
        views.UserActionView.as_view(),
        name="accounts-user-action",
    ),
    path("accounts/grants/", views.GrantListView.as_view(), name="accounts-grants"),
    re_path(
        r"^accounts/grants/(?P<pk>[0-9]+)/(?P<action>approve|refuse|revoke)/$",
        views.GrantActionView.as_view(),
        name="accounts-grant-action",
    ),
    path("accounts/tokens/new/", views.TokenCreateView.as_view(), name="accounts-token-new"),
    path(
        "accounts/tokens/<int:pk>/revoke/",
        views.TokenRevokeView.as_view(),
        name="accounts-token-revoke",
    ),
    path("accounts/log/", views.LogView.as_view(), name="accounts-log"),
]
