"""The columns and the page size that somebody has chosen for a list."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.core.errors import DomainError
from apps.records.listing import PAGE_SIZES
from apps.records.models import ListLayout
from apps.records.views.base import RecordView


class LayoutView(RecordView):
    """Saves or resets the layout and goes back to the list as it was asked for."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = ListLayout.objects.filter(user=request.user.pk, record_type=self.record_type.label)
        if "reset" in request.POST:
            own.delete()
            messages.success(request, "已恢复默认的列。")
        else:
            own.model.objects.update_or_create(
                user_id=self.actor.user.pk,
                record_type=self.record_type.label,
                defaults=self.chosen(),
            )
            messages.success(request, "列设置已保存。")
        return HttpResponseRedirect(self.back())

    def chosen(self) -> dict[str, Any]:
        known = self.record_type.all_columns
        names = [name for name in known if name in set(self.request.POST.getlist("columns"))]
        size = self.request.POST.get("page_size", "")
        if size not in map(str, PAGE_SIZES):
            raise DomainError("每页条数不正确，请从列表中选择后再保存。")
        return {"columns": [self.record_type.columns[0], *names], "page_size": int(size)}

    def back(self) -> str:
        pairs = parse_qsl(self.request.POST.get("query", ""))
        query = urlencode([(name, value) for name, value in pairs if name not in ("page", "size")])
        return self.record_type.url("list") + (f"?{query}" if query else "")
