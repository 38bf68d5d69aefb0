"""The records of a list as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone

from apps.records.errors import FilterError
from apps.records.exporting import export
from apps.records.listing import Listing
from apps.records.views.base import RecordView

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportView(RecordView):
    """``export/`` with the address of a list; ``fields=all`` gives every field in import order."""

    needs = "export"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        fields = request.GET.get("fields", "")
        if fields not in ("", "all"):
            raise FilterError("导出的列只能是“列表中的列”或“全部字段”，请从列表页重新导出。")
        done = export(
            Listing(request, self.record_type),
            everything=fields == "all",
            by=self.actor,
            purpose=request.GET.get("purpose", "").strip()[:100],
        )
        name = f"{self.record_type.name}_{timezone.localtime():%Y%m%d_%H%M}.xlsx"
        response = FileResponse(done.file, as_attachment=True, filename=name, content_type=TYPE)
        response["Cache-Control"] = "no-store"
        return response
