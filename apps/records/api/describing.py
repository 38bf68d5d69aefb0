"""What the API says about itself, in Chinese: every operation of a record type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django_filters import Filter
from drf_spectacular.utils import OpenApiParameter

from apps.records.api.base import Operation
from apps.records.api.serializers import page_class, serializer_class
from apps.records.filters import CompareFilter, DayFilter, NumberFilter, YearFilter, YesNoFilter
from apps.records.listing import PAGE_SIZES
from apps.records.menu import AREAS
from apps.records.registry import RecordType

SENTENCE = {"$ref": "#/components/schemas/Sentence"}
FAULTY = {"$ref": "#/components/schemas/Faulty"}
CONFLICT = {"$ref": "#/components/schemas/Conflict"}
REVIEW = {"$ref": "#/components/schemas/Review"}
READ_ERRORS = (401, 403, 404, 429)
WRITE_ERRORS = (400, 401, 403, 404, 409, 413, 415, 429)
WORDS = {
    400: "地址或内容不符合要求",
    401: "没有有效的令牌",
    403: "没有权限",
    404: "没有这条记录，或不在权限范围内",
    409: "与已有的记录冲突",
    413: "内容过大",
    415: "不是 JSON",
    429: "请求太频繁",
}
SHAPES = {400: FAULTY, 409: CONFLICT}

# What the schema names once: see SPECTACULAR_SETTINGS.
COMPONENTS: dict[str, Any] = {
    "Sentence": {
        "type": "object",
        "description": "说明结果或原因的一句话",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    },
    "Faulty": {
        "type": "object",
        "description": "不符合要求之处；fields 按字段列出",
        "properties": {
            "detail": {"type": "string"},
            "fields": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        },
        "required": ["detail"],
    },
    "Conflict": {
        "type": "object",
        "description": "冲突：conflicts 逐栏列出两个版本，existing 是已有的记录",
        "properties": {
            "detail": {"type": "string"},
            "conflicts": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "properties": {
                        "label": {"type": "string"},
                        "sent": {"type": "string", "description": "提交的"},
                        "stored": {"type": "string", "description": "现有的"},
                    },
                },
            },
            "existing": {
                "type": "object",
                "properties": {"id": {"type": "integer"}, "url": {"type": "string"}},
            },
        },
        "required": ["detail"],
    },
    "Review": {
        "type": "object",
        "properties": {
            "move": {
                "type": "string",
                "enum": ["submit", "approve", "return"],
                "description": "submit 报送；approve 审核通过；return 退回",
            },
            "reason": {"type": "string", "description": "退回理由，退回时必填"},
            "version": {"type": "integer", "minimum": 1, "description": "读到的版本"},
        },
        "required": ["move"],
    },
}


def tag_of(record_type: RecordType) -> str:
    return f"{AREAS.get(record_type.area, ('其他',))[0]}·{record_type.name}"


def describe(record_type: RecordType, action: str) -> Operation:
    """One operation of a record type."""
    name, one = record_type.name, serializer_class(record_type)
    match, key = if_match(), number()
    found = {
        "list": Operation(
            f"查询{name}", {200: page_class(record_type)}, None, tuple(asked(record_type)),
            record_type.purpose, (400, *READ_ERRORS),
        ),
        "create": Operation(
            f"新增{name}", {201: one}, one,
            text="填报员新增的为草稿，报送并审核后计入统计。已有相同的记录时答 409。",
            errors=WRITE_ERRORS,
        ),
        "retrieve": Operation(f"读取{name}", {200: one}, None, (key,), "", (400, *READ_ERRORS)),
        "update": Operation(
            f"整条修改{name}", {200: one}, one, (key, match),
            "没有写的字段清空；只改部分字段请用 PATCH。", WRITE_ERRORS,
        ),
        "partial_update": Operation(
            f"修改{name}", {200: one}, one, (key, match), "只改写到的字段。", WRITE_ERRORS
        ),
        "destroy": Operation(
            f"删除{name}", {200: SENTENCE}, None, (key, match),
            "附属于它的记录一并删除，答复中写明条数。", (400, *READ_ERRORS, 409),
        ),
        "review": Operation(
            f"报送或审核{name}", {200: one}, REVIEW, (key, match),
            "与页面上的“报送”“审核通过”“退回”相同。", WRITE_ERRORS,
        ),
    }  # fmt: skip
    return found[action]


def number() -> OpenApiParameter:
    shape = {"type": "integer", "minimum": 1}
    return OpenApiParameter("pk", shape, "path", required=True, description="记录编号")


def if_match() -> OpenApiParameter:
    return OpenApiParameter(
        "If-Match", str, "header", description="读到的版本，代替内容中的 version"
    )


def asked(record_type: RecordType) -> Iterator[OpenApiParameter]:
    """The parameters of a list: how it is shown, then every filter."""
    yield OpenApiParameter("page", {"type": "integer", "minimum": 1}, description="页码")
    sizes = {"type": "integer", "enum": list(PAGE_SIZES), "default": PAGE_SIZES[0]}
    yield OpenApiParameter("size", sizes, description="每页条数")
    yield OpenApiParameter("sort", str, description="排序字段，前加 - 为降序")
    if record_type.period is not None:
        words = "时段，如 2022、2022H1、2022Q3"
        yield OpenApiParameter("period", str, description=words)
        yield OpenApiParameter(
            "as_of", {"type": "string", "format": "date"}, description="截至日期"
        )
    yield OpenApiParameter("scope", str, description="统计范围，取自指标的链接")
    yield OpenApiParameter("metric", str, description="指标标识：只列出它所统计的记录")
    yield OpenApiParameter("sums", {"type": "string", "enum": ["0", "1"]}, description="1 为附合计")
    for name, known in record_type.filterset.base_filters.items():
        yield OpenApiParameter(name, shape_of(known), description=words_of(known))


def words_of(known: Filter) -> str:
    tail = "，可写多个" if getattr(known, "multiple", False) else ""
    return f"{known.label}{tail}"


def shape_of(known: Any) -> dict[str, Any]:
    inner = getattr(known, "inner", known) if hasattr(type(known), "inner") else known
    if isinstance(inner, YearFilter):
        return {"type": "integer", "minimum": 1900, "maximum": 2100}
    if isinstance(inner, DayFilter):
        return {"type": "string", "format": "date"}
    if isinstance(inner, NumberFilter):
        return {"type": "number"}
    if isinstance(inner, YesNoFilter):
        return {"type": "string", "enum": ["1", "0"]}
    if isinstance(inner, CompareFilter) or not getattr(inner, "multiple", False):
        return {"type": "string"}
    return {"type": "array", "items": {"type": "string"}}
