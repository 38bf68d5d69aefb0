from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.dashboards import selectors
from apps.dashboards.remembering import counted
from apps.records.scope import Scope
from apps.records.years import working_year

ENTRANCES = (  # where those who hold no business role begin
    ("accounts.view_user", "accounts-users"),
    ("records.view_changelog", "accounts-log"),
)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page: totals, structure, training over two years, and what the report lacks."""
    if not request.user.has_perm("metrics.view_metric"):
        for permission, name in ENTRANCES:
            if request.user.has_perm(permission):
                return redirect(name)
        return redirect(reverse("accounts-profile"))
    found = counted(selectors.overview, working_year(request), Scope.of(request.user))
    context = {
        "overview": found.shown,
        "heading": f"{found.shown.period.label}人才工作",
        "counted_at": found.at,
    }
    return render(request, "dashboards/home.html", context)
