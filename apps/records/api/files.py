"""Files of a record over HTTP: the rights, checks and log of the page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.records import attachments, registry
from apps.records.api.base import ApiView, Operation
from apps.records.api.describing import READ_ERRORS, SENTENCE, WRITE_ERRORS, number
from apps.records.api.errors import NOT_THERE, Faulty
from apps.records.api.others import NO_ADDRESS
from apps.records.api.serializers import api_url
from apps.records.models import Attachment, Tracked
from apps.records.registry import RecordType

NO_FILE = "这条记录没有这个附件，可能已删除。"
NO_FORM = "请以表单（multipart/form-data）提交一个文件，字段名为 file；放在指定位置的另写 slot。"
_TEXT: dict[str, Any] = {"type": "string"}
ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "url": {**_TEXT, "description": "下载地址"},
        "name": {**_TEXT, "description": "文件名"},
        "slot": {**_TEXT, "description": "所在位置，如 photo 照片；其他附件为空"},
        "size": {"type": "integer", "description": "字节数"},
        "content_type": {**_TEXT, "description": "按内容识别的类型"},
        "created_by": {**_TEXT, "description": "上传人"},
        "created_at": {**_TEXT, "format": "date-time"},
    },
}
PAGE = {"type": "object", "properties": {"results": {"type": "array", "items": ITEM}}}
SENT = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {**_TEXT, "format": "binary"}, "slot": _TEXT},
        "required": ["file"],
    }
}


class UploadParser(MultiPartParser):
    """A form with one file, the only other language of the API."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except ParseError:
            raise ParseError(NO_FORM) from None


class FilesApi(ApiView):
    """``<app>/<model>/<pk>/files/``: the files of a record of any type."""

    tag = "附件"
    parser_classes: ClassVar[Any] = (UploadParser,)

    @cached_property
    def record_type(self) -> RecordType:
        label = (self.kwargs["app"], self.kwargs["model"])
        for each in registry.types():
            if (each.model._meta.app_label, each.model._meta.model_name) == label:
                return each
        raise NotFound(NO_ADDRESS)

    def permission(self) -> str:
        reads = self.action in ("list", "retrieve")
        return self.record_type.permission("view" if reads else "change")

    def describe(self) -> Operation:
        path = tuple(
            OpenApiParameter(name, str, "path", required=True, description=text)
            for name, text in (("app", "记录类型地址的前段"), ("model", "记录类型地址的后段"))
        )
        one = OpenApiParameter("file", int, "path", required=True, description="附件编号")
        found = {
            "list": Operation(
                "列出一条记录的附件", {200: PAGE}, None, (*path, number()), "", (400, *READ_ERRORS)
            ),
            "create": Operation(
                "上传附件", {201: ITEM}, SENT, (*path, number()),
                "类型按内容识别；已有同一内容的答 409。填报员上传后记录变为草稿。", WRITE_ERRORS,
            ),
            "retrieve": Operation(
                "下载附件", {(200, "application/octet-stream"): bytes}, None,
                (*path, number(), one), "每次下载记入日志。", (400, *READ_ERRORS, 409),
            ),
            "destroy": Operation(
                "删除附件", {200: SENTENCE}, None, (*path, number(), one),
                "填报员删除后记录变为草稿。", (400, *READ_ERRORS, 409),
            ),
        }  # fmt: skip
        return found[self.action]

    # -- what it does ----------------------------------------------------------------------------

    def row(self, pk: int) -> Tracked:
        self.strictly()
        row: Tracked | None = self.record_type.queryset(self.scope).filter(pk=pk).first()
        if row is None:
            raise NotFound(NOT_THERE)
        return row

    def file(self, row: Tracked, key: int) -> Attachment:
        found: Attachment | None = attachments.of_record(row).filter(pk=key).first()
        if found is None:
            raise NotFound(NO_FILE)
        return found

    def list(self, request: Request, pk: int, **_: str) -> Response:
        files = attachments.of_record(self.row(pk))
        return Response({"results": [self.shown(file) for file in files]})

    def create(self, request: Request, pk: int, **_: str) -> Response:
        row, sent = self.row(pk), request.data
        file, slot = sent.get("file"), sent.get("slot", "")
        if not isinstance(file, UploadedFile) or not isinstance(slot, str):
            raise Faulty({"file": [NO_FORM]})
        made = attachments.attach(
            row, name=file.name or "", data=file.read(), by=self.actor, slot=slot
        )
        response = Response(self.shown(made), status=201)
        response["Location"] = self.address(made)
        return response

    def retrieve(self, request: Request, pk: int, file: int, **_: str) -> HttpResponse:
        row = self.row(pk)
        return attachments.hand_out(self.file(row, file), row, by=self.actor)

    def destroy(self, request: Request, pk: int, file: int, **_: str) -> Response:
        row = self.row(pk)
        found = self.file(row, file)
        attachments.remove(found, row, by=self.actor)
        return Response({"detail": f"已删除附件“{found.name}”。"})

    def address(self, file: Attachment) -> str:
        return f"{api_url(self.record_type, 'detail', file.object_id)}files/{file.pk}/"

    def shown(self, file: Attachment) -> dict[str, Any]:
        at = timezone.localtime(file.created_at)
        return {
            "id": file.pk,
            "url": self.address(file),
            "name": file.name,
            "slot": file.slot,
            "size": file.size,
            "content_type": file.content_type,
            "created_by": str(file.created_by or "系统"),
            "created_at": at.isoformat(timespec="seconds"),
        }
