"""Bodies of requests: JSON of a sane size, depth and alphabet, or a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MOST_BYTES = 1024 * 1024  # one record is small
DEEPEST = 8
STRANGE = "提交的内容中有不能识别的字符（空字符或不完整的字符），请删去后重新提交。"


class TooLarge(APIException):
    status_code = 413
    default_detail = f"提交的内容超过 {MOST_BYTES // 1024 // 1024} MB，请减少后重新提交。"


class JsonParser(BaseParser):
    """``application/json`` in UTF-8, the only language of the API."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge
        try:
            data = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
            _check(data, DEEPEST)
        except RecursionError:
            raise _TooDeep from None
        except UnicodeDecodeError:
            raise ParseError("提交的内容不是 UTF-8 编码，请改用 UTF-8。") from None
        except ValueError as error:
            near = f"（第 {error.lineno} 行）" if isinstance(error, json.JSONDecodeError) else ""
            raise ParseError(f"提交的内容不是正确的 JSON{near}，请检查引号、逗号和数字。") from None
        return data


class _TooDeep(ParseError):
    default_detail = f"提交的内容嵌套超过 {DEEPEST} 层，请按接口说明的格式提交。"


def _no_number(word: str) -> None:
    raise ValueError(word)


def _check(value: Any, depth: int) -> None:
    """No NUL, no half of a character, no endless nesting."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ParseError(STRANGE)
    elif isinstance(value, list | Mapping):
        if not depth:
            raise _TooDeep
        for part in value:
            _check(part, depth - 1)
        if isinstance(value, Mapping):
            for part in value.values():
                _check(part, depth - 1)
