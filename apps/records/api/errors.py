"""Whatever goes wrong in the API becomes a sentence: ``{"detail": …, "fields": {…}}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from apps.core.errors import DomainError
from apps.records.api.parsing import TooLarge
from apps.records.errors import FilterError, StaleRecord

NOT_THERE = "没有这条记录，可能已删除或不在您的权限范围内。"
MAY_NOT = "您没有这项操作的权限，请联系安全管理员。"
SIGN_IN = "请在请求头中提供接口令牌：Authorization: Bearer 令牌。令牌在“我的账号”中建立。"
RACE = "刚刚有人保存了相同的记录，请核对后再保存。"
IN_USE = "这条记录还被其他记录引用，不能删除，请先删除或改掉它们。"
OUT_OF_RANGE = "提交的数值或文字超出了允许的范围，请改正后重新提交。"


class Faulty(exceptions.APIException):
    """Fields that break rules: ``fields`` are sentences by the name of the field."""

    status_code = 400

    def __init__(self, fields: Mapping[str, list[str]], sentences: list[str] | None = None) -> None:
        own = list(sentences or [])
        count = sum(map(len, fields.values()))
        if count:
            own.append(f"有 {count} 处不符合要求，没有保存。")
        super().__init__("".join(own) or "提交的内容不符合要求，没有保存。")
        self.fields = {name: list(texts) for name, texts in fields.items()}


class Existing(exceptions.APIException):
    """The record is there already; ``known`` is it, where the writer may see it."""

    status_code = 409

    def __init__(self, sentence: str, known: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.known = known


def answer(error: Exception, context: Any) -> Response | None:
    """Exception handler of every view of the API. None leaves it to the server's own page."""
    for kinds, make in _ANSWERS:
        if isinstance(error, kinds):
            return make(error)
    return None


def _says(status: int, sentence: str, **more: Any) -> Response:
    return Response({"detail": sentence, **more}, status=status)


def _domain(error: DomainError) -> Response:
    if isinstance(error, StaleRecord):
        pairs = {
            name: {"sent": mine, "stored": theirs} for name, (mine, theirs) in error.changes.items()
        }
        return _says(409, error.message, conflicts=pairs)
    return _says(400 if isinstance(error, FilterError) else 409, error.message)


def _invalid(error: ValidationError) -> Response:
    if not hasattr(error, "error_dict"):
        return _says(400, "".join(error.messages), fields={})
    fields = dict(error.message_dict)
    own = fields.pop(NON_FIELD_ERRORS, [])
    return _api(Faulty(fields, own))


def _api(error: exceptions.APIException) -> Response:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    body: dict[str, Any] = {"detail": _sentence(error)}
    if isinstance(error, exceptions.Throttled):
        seconds = max(int(error.wait or 1), 1)
        headers["Retry-After"] = str(seconds)
        body["detail"] = f"请求太频繁，请 {seconds} 秒后再试。"
    if isinstance(error, Faulty):
        body["fields"] = error.fields
    if isinstance(error, Existing) and error.known is not None:
        body["existing"] = error.known
    return Response(body, status=error.status_code, headers=headers)


def _sentence(error: exceptions.APIException) -> str:
    """Our own words, also where the framework has English ones."""
    text = str(error.detail)
    if isinstance(error, exceptions.MethodNotAllowed):
        return "这个地址不支持这种请求方法，请查看接口说明。"
    if isinstance(error, exceptions.UnsupportedMediaType):
        return (
            "请以 JSON 提交（附件以表单提交），并在请求头中写明 Content-Type，如 application/json。"
        )
    if text == str(type(error).default_detail):
        return _INSTEAD.get(type(error), text)
    return text


_INSTEAD: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: SIGN_IN,
    exceptions.PermissionDenied: MAY_NOT,
    exceptions.NotFound: NOT_THERE,
}
_ANSWERS: tuple[tuple[Any, Callable[[Any], Response]], ...] = (
    (DomainError, _domain),
    (ValidationError, _invalid),
    (exceptions.APIException, _api),
    (Http404, lambda error: _says(404, NOT_THERE if str(error).isascii() else str(error))),
    (PermissionDenied, lambda error: _says(403, MAY_NOT)),
    ((ProtectedError, RestrictedError), lambda error: _says(409, IN_USE)),
    (IntegrityError, lambda error: _says(409, RACE)),
    ((DataError, OverflowError), lambda error: _says(400, OUT_OF_RANGE)),
    (RequestDataTooBig, lambda error: _api(TooLarge())),
    (SuspiciousOperation, lambda error: _says(400, "请求不正确，请查看接口说明。")),
)
