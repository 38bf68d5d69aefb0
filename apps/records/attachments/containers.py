"""Office files are containers: what is in them, and nothing that runs or bursts."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
}
_RUNS = re.compile(
    r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|sh|svg|html?)$"
)
_TYPES = "[content_types].xml"
_DAMAGED = "已损坏，无法打开，请重新导出或另存后再上传。"
_WITH_MACROS = "带有宏程序，为安全起见不能上传。请另存为不带宏的文件（如 .docx、.xlsx）后再上传。"
_WITH_PASSWORD = "设有打开密码，系统无法检查内容。请取消密码后再上传，文件会加密保存。"  # noqa: S105

MEGABYTE = 1024 * 1024
UNPACKED_MEGABYTES = 400
RATIO = 100  # of unpacked to packed, from SMALL on
SMALL = 20 * MEGABYTE
PARTS = 5_000
END = 0xFFFFFFFE  # of a chain of sectors


class Unfit(Exception):
    """Why a file is not kept: what follows its name in a sentence."""


def kind_of_ole(data: bytes) -> str | None:
    """doc, xls or ppt by the streams of the old binary container; None for another use of it."""
    if _LOCKED in data:
        raise Unfit(_WITH_PASSWORD)
    if _MACROS in data:
        raise Unfit(_WITH_MACROS)
    try:
        names = _streams(data)
    except (struct.error, IndexError, ValueError):
        raise Unfit(_DAMAGED) from None
    return next((_STREAMS[name] for name in names if name in _STREAMS), None)


def _streams(data: bytes) -> list[str]:
    """Names of what lies directly in the root; those inside embedded objects do not count."""
    directory = _directory(data)
    names, todo, seen = [], [_entry(directory, 0)[4]], set()
    while todo:
        number = todo.pop()
        if number in seen or number >= len(directory) // 128:
            continue
        seen.add(number)
        name, _, left, right, _ = _entry(directory, number)
        names.append(name)
        todo += [left, right]
    return names


def _entry(directory: bytes, number: int) -> tuple[str, int, int, int, int]:
    part = directory[number * 128 : number * 128 + 128]
    length, kind, _, left, right, child = struct.unpack_from("<HBBIII", part, 64)
    return part[: max(length - 2, 0)].decode("utf-16-le"), kind, left, right, child


def _directory(data: bytes) -> bytes:
    """The sectors of the directory, followed along the allocation table."""
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise ValueError("no such sector size")
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", data, 48)
    tables = struct.unpack_from("<109I", data, 76)
    found, seen = [], set()
    while sector < END and sector not in seen:
        seen.add(sector)
        start = (sector + 1) * size
        found.append(data[start : start + size])
        place, offset = divmod(sector, size // 4)
        (sector,) = struct.unpack_from("<I", data, (tables[place] + 1) * size + offset * 4)
    return b"".join(found)


def kind_of_zip(data: bytes) -> str | None:
    """docx, xlsx, pptx or ofd; None for another archive."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _kind_of(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise Unfit(_DAMAGED) from None


def _kind_of(archive: zipfile.ZipFile, packed: int) -> str | None:
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unfit(_WITH_PASSWORD)
    unpacked = sum(part.file_size for part in parts)
    bursts = unpacked > SMALL and unpacked > packed * RATIO
    if bursts or unpacked > UNPACKED_MEGABYTES * MEGABYTE or len(parts) > PARTS:
        raise Unfit("解压后异常庞大，为安全起见没有上传。请把需要的内容另存为新文件后再上传。")
    names = {part.filename.lower(): part for part in parts}
    kind = _declared(archive, names)
    if kind is None:
        return None
    if archive.testzip() is not None:
        raise Unfit(_DAMAGED)
    if any(_RUNS.search(name) for name in names):
        raise Unfit("里夹带了程序或网页文件，为安全起见不能上传。请删去夹带的对象后再上传。")
    return kind


def _declared(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> str | None:
    if _TYPES not in names:
        return "ofd" if "ofd.xml" in names else None
    with archive.open(names[_TYPES]) as stream:
        types = stream.read(MEGABYTE)
    lower = types.lower()
    sheets = any(name.startswith(("xl/macrosheets/", "xl/intlmacrosheets/")) for name in names)
    if b"macroenabled" in lower or b"vbaproject" in lower or sheets:
        raise Unfit(_WITH_MACROS)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unfit(_WITH_MACROS)
    return next((kind for part, kind in _MAIN_PARTS.items() if part in types), None)
