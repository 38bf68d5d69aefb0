"""The records of a list as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone

from apps.records import bulk
from apps.records.errors import FilterError
from apps.records.exporting import export
from apps.records.listing import Listing
from apps.records.selection import ticked
from apps.records.views.base import RecordView
from apps.records.views.crumbs import crumbs

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 100  # letters of a purpose
OWED = "导出的内容含个人信息，请写明用途，如“报送市委组织部”。"


class ExportView(RecordView):
    """``export/``: the rows of an address by GET, or by POST those of the address in ``query`` or
    the ticked ones. ``fields=all`` gives every field in the order of the import.
    """

    needs = "export"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.answer(Listing(request, self.record_type), request.GET)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.answer(posted(self), request.POST)

    def answer(self, listing: Listing, given: Any) -> HttpResponseBase:
        fields = given.get("fields", "")
        if fields not in ("", "all"):
            raise FilterError("导出的列只能是“列表中的列”或“全部字段”，请从列表页重新导出。")
        purpose = " ".join(given.get("purpose", "").split())[:LONGEST]
        if self.record_type.is_personal and not purpose:
            fault = OWED if "purpose" in given else ""
            return ask(self, listing, fields=fields, fault=fault)
        done = export(listing, everything=fields == "all", by=self.actor, purpose=purpose)
        name = f"{self.record_type.name}_{timezone.localtime():%Y%m%d_%H%M}.xlsx"
        response = FileResponse(done.file, as_attachment=True, filename=name, content_type=TYPE)
        response["Cache-Control"] = "no-store"
        return response


def posted(view: RecordView) -> Listing:
    """The listing that a form asks for: ticked rows, or all rows of an address."""
    query = view.request.POST.get("query", "")
    keys = None if view.request.POST.get("all") else ticked(view.request)
    if keys is not None:
        bulk.check_size(len(keys))
        if not keys:
            raise FilterError("请先在列表中勾选要导出的记录。")
    return Listing(view.request, view.record_type, query=query, ticked=keys)


def ask_for_export(view: RecordView) -> HttpResponseBase:
    """From the bar below a list: which columns, and what for."""
    return ask(view, posted(view))


def ask(view: RecordView, listing: Listing, *, fields: str = "", fault: str = "") -> Any:
    """The page that asks for the columns and the purpose before personal data leaves."""
    context = {
        "listing": listing,
        "count_text": f"{listing.totals.count:,}",
        "column_count": len(listing.columns),
        "keys": ",".join(map(str, sorted(listing.ticked or ()))),
        "everything": listing.ticked is None,
        "query": listing.query(),
        "fields": fields,
        "fault": fault,
        "export_url": view.record_type.url("export"),
        "back_url": listing.url(),
        **crumbs(view.record_type),
    }
    return view.render("records/export.html", **context)
