"""Files of a record: added, taken away after a question, and handed out after asking for the right.

No file has an address of the web server's: each request finds the record within the scope first.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import quote_etag

from apps.core.errors import DomainError
from apps.records import attachments
from apps.records.attachments.keeping import PHOTO
from apps.records.models import Attachment, Record
from apps.records.views.base import RecordView
from apps.records.views.crumbs import crumbs

ANCHOR = "#attachments"


class FilesView(RecordView):
    """What the pages about files share: the record, within the scope, and one of its files."""

    def row(self, pk: int) -> Any:
        row = self.rows().filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def file(self, row: Any, key: int) -> Attachment:
        found = attachments.of_record(row).filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def back(self, row: Any) -> HttpResponse:
        return HttpResponseRedirect(self.record_type.url("detail", row.pk) + ANCHOR)

    def reopens(self, row: Any) -> bool:
        """Whether the record has to be reviewed again after this."""
        approved = isinstance(row, Record) and row.state == Record.State.APPROVED
        return approved and not self.actor.counts_at_once


class AttachView(FilesView):
    """``<pk>/attachments/``: takes in one file or several; what is refused is said one by one."""

    needs = "change"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.row(pk)
        slot = request.POST.get("slot", "")
        files = request.FILES.getlist("file")
        if not files:
            messages.error(request, "还没有选择文件，请先选择要上传的文件。")
        if slot and len(files) > 1:
            place = self.record_type.slots.get(slot, "这个位置")
            messages.error(request, f"“{place}”只放一个文件，请只选一个再上传。")
            return self.back(row)
        reopens, kept = self.reopens(row), []
        for file in files:
            try:
                data = file.read()
                made = attachments.attach(
                    row, name=file.name or "", data=data, by=self.actor, slot=slot
                )
                kept.append(f"“{made.name}”")
            except DomainError as error:
                messages.error(request, error.message)
        if kept:
            text = f"已上传{''.join(kept)}。"
            text += "记录变为草稿，请重新报送。" if reopens else ""
            messages.success(request, text)
        return self.back(row)


class DetachView(FilesView):
    """``<pk>/attachments/<file>/delete/``: asks, then takes the file away."""

    needs = "change"

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        row = self.row(pk)
        found = self.file(row, file)
        context = {"row": row, "file": found, "reopens": self.reopens(row)}
        return self.render(
            "records/attachment_delete.html", **context, **crumbs(self.record_type, row)
        )

    def post(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        row = self.row(pk)
        found = self.file(row, file)
        attachments.remove(found, row, by=self.actor)
        messages.success(request, f"已删除附件“{found.name}”。")
        return self.back(row)


class AttachmentView(FilesView):
    """``<pk>/attachments/<file>/``: the file, to be saved; each download is logged."""

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        row = self.row(pk)
        return attachments.hand_out(self.file(row, file), row, by=self.actor)


class PhotoView(FilesView):
    """``<pk>/photo/``: the portrait, shown in the page. A browser asks each time whether it may."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.row(pk)
        found = attachments.of_record(row).filter(slot=PHOTO).first()
        if found is None:
            raise Http404
        etag = quote_etag(found.digest)
        if request.headers.get("If-None-Match") == etag:
            response = HttpResponse(status=304)
        else:
            response = HttpResponse(attachments.read(found), content_type=found.content_type)
            response["Content-Disposition"] = "inline"
        response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
        return response
