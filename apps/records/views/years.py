"""The switch of the working year in the top bar."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.core.keys import parse_key
from apps.records import years


@login_required
@require_POST
def choose_year(request: HttpRequest) -> HttpResponse:
    """Keep the chosen year in the session and go back to where the reader was."""
    year = parse_key(request.POST.get("year", ""))
    if year is not None and year in years.choices(request):
        years.choose(request, year)
    else:
        messages.error(request, "没有这个工作年度，请从列表中选择。")
    back = request.POST.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(back, hosts, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else "/")
