"""The OpenAPI document: what each view says of itself, kept for the life of the process."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from apps.records.api.base import ApiView, Operation
from apps.records.api.describing import COMPONENTS, SENTENCE, SHAPES, WORDS


class ApiSchema(AutoSchema):
    """Takes everything from the view's own description."""

    view: ApiView

    @property
    def said(self) -> Operation:
        return self.view.describe()

    def is_excluded(self) -> bool:
        return not isinstance(self.view, ApiView)

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # pages of a list are described as such

    def get_operation_id(self) -> str:
        words = [*self._tokenize_path(), str(self.view.action)]
        return "_".join(dict.fromkeys(words)).replace("-", "_")

    def get_summary(self) -> str:
        return self.said.summary

    def get_description(self) -> str:
        return self.said.text

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_request_serializer(self) -> Any:
        asked = self.said.request
        if not isinstance(asked, dict) or "multipart/form-data" in asked:
            return asked  # a serializer, or schemas by media type
        return {"application/json": asked}

    def get_override_parameters(self) -> list[Any]:
        return list(self.said.parameters)

    def get_response_serializers(self) -> Any:
        said = self.said
        done = {code: OpenApiResponse(what, "成功") for code, what in said.responses.items()}
        refused = {
            code: OpenApiResponse(SHAPES.get(code, SENTENCE), WORDS[code])
            for code in sorted(said.errors)
        }
        return done | refused


class FieldShapes(OpenApiSerializerFieldExtension):
    """Our fields say themselves what they look like, coming and going."""

    target_class = "apps.records.api.fields.ApiField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        shape: dict[str, Any] = self.target.schema(direction)
        return shape


class ExtraShape(FieldShapes):
    target_class = "apps.records.api.extra.ExtraField"
    match_subclasses = False


class TokenShape(OpenApiAuthenticationExtension):
    target_class = "apps.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "在“我的账号”中建立的接口令牌"}


class SessionShape(OpenApiAuthenticationExtension):
    target_class = "apps.accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        words = "网页登录后的会话；写操作须带 X-CSRFToken 请求头"
        name = settings.SESSION_COOKIE_NAME
        return {"type": "apiKey", "in": "cookie", "name": name, "description": words}


def add_components(result: Any, **_: Any) -> Any:
    """The answers that all operations share."""
    result["components"]["schemas"] |= COMPONENTS
    return result


@cache
def document() -> Any:
    """The document as it stands until the next start: it follows from the declarations alone."""
    return SchemaGenerator(api_version="v1").get_schema(public=True)
