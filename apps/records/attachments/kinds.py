"""What an uploaded file is: told by its content, and its name has to agree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from apps.core.errors import DomainError
from apps.records.attachments import containers
from apps.records.attachments.containers import Unfit

_HEADS = (
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"GIF8", "GIF 图片"),
    (b"RIFF", "其他格式的图片或音像"),
    (b"BM", "BMP 图片"),
    (b"{\\rtf", "RTF 文档"),
)
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<table", b"<meta", b"<head")
_NUMBERS = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)|(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
LONGEST_NAME = 200


class AttachmentRefused(DomainError):
    """A file cannot be kept; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file that is kept; the first extension is the usual one."""

    name: str
    media_type: str
    extensions: tuple[str, ...]

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("PDF 文件", "application/pdf", ("pdf",)),
    "ofd": Kind("OFD 文件", "application/ofd", ("ofd",)),
    "jpeg": Kind("JPG 图片", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    "png": Kind("PNG 图片", "image/png", ("png",)),
    "docx": Kind("Word 文档", f"{_OPEN_XML}wordprocessingml.document", ("docx",)),
    "xlsx": Kind("Excel 表格", f"{_OPEN_XML}spreadsheetml.sheet", ("xlsx",)),
    "pptx": Kind("演示文稿", f"{_OPEN_XML}presentationml.presentation", ("pptx", "ppsx")),
    "doc": Kind("旧版 Word 或 WPS 文档", "application/msword", ("doc", "wps")),
    "xls": Kind("旧版 Excel 或 WPS 表格", "application/vnd.ms-excel", ("xls", "et")),
    "ppt": Kind("旧版演示文稿", "application/vnd.ms-powerpoint", ("ppt", "pps", "dps")),
}
ACCEPTED = "PDF、OFD、Word、Excel、WPS、演示文稿、JPG 和 PNG 图片"
EXTENSIONS = tuple(f".{extension}" for kind in KINDS.values() for extension in kind.extensions)


def identify(data: bytes, name: str) -> Kind:
    """The kind of a file; AttachmentRefused unless it is one that is kept and is named so."""
    if not data:
        raise AttachmentRefused(f"“{name}”是空文件，没有任何内容，请核对后重新选择。")
    try:
        key = _key_of(data)
    except Unfit as unfit:
        raise AttachmentRefused(f"“{name}”{unfit}") from None
    if key is None:
        what = _guess(data)
        said = f"其实是{apart(what)}，不能上传" if what else "的内容无法识别，不能上传"
        raise AttachmentRefused(f"“{name}”{said}。可以上传的有：{ACCEPTED}。")
    kind = KINDS[key]
    stem, _, extension = name.rpartition(".")
    if extension.lower() not in kind.extensions:
        raise AttachmentRefused(
            f"“{name}”的内容其实是{apart(kind.name)}，与文件名不符，没有上传。"
            f"如确是要上传的文件，请改名为“{stem or name}.{kind.extensions[0]}”后再上传。"
        )
    return kind


def apart(words: str) -> str:
    """With a blank before words that begin with Latin letters."""
    return f" {words}" if words[:1].isascii() else words


def _key_of(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        picture_size(data)
        return "png" if data.startswith(b"\x89") else "jpeg"
    if data.startswith(containers.OLE):
        return containers.kind_of_ole(data)
    if data.startswith(containers.ZIP):
        return containers.kind_of_zip(data)
    return None


def _guess(data: bytes) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for start, what in _HEADS:
        if data.startswith(start):
            return what
    if head.startswith(_MARKUP):
        return "网页或矢量图"
    if b"\x00" not in head:
        return "纯文本（分不清是不是脚本，请另存为 Word 或 PDF）"
    return ""


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels; Unfit when the picture is broken or absurdly large."""
    from PIL import Image  # noqa: PLC0415 -- slow to import, seldom needed

    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            picture.verify()
            return picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("的像素过多，请缩小后再上传。") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Unfit("是图片，但内容已损坏，请重新导出后再上传。") from None


def clean_name(name: str) -> str:
    """A file name without folders and invisible signs; identity and mobile numbers half hidden."""
    text = "".join(sign for sign in name if sign.isprintable()).replace("\\", "/")
    text = _NUMBERS.sub(_hide, PurePath(text).name.strip()) or "附件"
    stem, dot, extension = text.rpartition(".")
    return f"{stem[: LONGEST_NAME - 12]}.{extension[:11]}" if dot else text[:LONGEST_NAME]


def _hide(found: re.Match[str]) -> str:
    if found[1]:
        return f"{found[1]}{'×' * 8}{found[2]}"
    return f"{found[3]}{'×' * 4}{found[4]}"
