"""Deleting a record: first what would go with it, in numbers; then the deed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from apps.records.deleting import plan_delete
from apps.records.views.base import RecordView
from apps.records.views.crumbs import crumbs


class DeleteView(RecordView):
    """``<pk>/delete/``."""

    needs = "delete"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.rows().filter(pk=pk).first()
        if row is None:
            raise Http404
        return self.render(
            "records/delete.html",
            row=row,
            plan=plan_delete(row, self.actor.scope),
            **crumbs(self.record_type, row),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.rows().filter(pk=pk).first()
        if row is None:
            raise Http404
        if plan_delete(row, self.actor.scope).is_refused:
            return self.get(request, pk)
        gone = self.record_type.delete(row, by=self.actor)
        messages.success(request, gone.sentence.replace("将删除", "已删除", 1))
        return HttpResponseRedirect(self.record_type.url("list"))
