"""Addresses: each app's own `urls` module, when it has one, under the root; what an app offers to
programs (`api/urls`) under /api/v1/.
"""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

admin.site.site_header = "人才工作台 · 维护入口"
admin.site.site_title = "人才工作台"
admin.site.index_title = "数据维护"


def offered(module: str) -> list[str]:
    """This module of every app that has one. Upper apps may override what lower ones offer."""
    found = [f"{app}.{module}" for app in reversed(settings.LOCAL_APPS)]
    return [name for name in found if find_spec(name.rpartition(".")[0]) and find_spec(name)]


urlpatterns = [
    # One way in: lock-out page, log and messages are those of our own sign-in.
    path("admin/login/", RedirectView.as_view(pattern_name="accounts-login", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts-password")),
    path("admin/", admin.site.urls),
]
urlpatterns += [path("", include(name)) for name in offered("urls")]
urlpatterns += [path("api/v1/", include(name)) for name in offered("api.urls")]
