"""What was done to a record, one sentence per change."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from apps.records import sentences
from apps.records.models import ChangeLog
from apps.records.views.base import RecordView
from apps.records.views.crumbs import crumbs

PAGE = 20


class HistoryView(RecordView):
    """``<pk>/history/``: the log holds masks only, so this page can show no more."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.rows().filter(pk=pk).first()
        if row is None:
            raise Http404
        lines = ChangeLog.objects.filter(record_type=self.record_type.label, object_id=pk)
        page = Paginator(lines.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
        return self.render(
            "records/history.html",
            row=row,
            page=page,
            sentences=sentences.tell(page.object_list, self.record_type.model),
            **crumbs(self.record_type, row),
        )
