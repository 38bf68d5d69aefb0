"""Looks at a file before a library opens it: its kind, its unpacked size, its farthest cells."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from apps.records.importing.errors import ImportRefused

MEGABYTE = 1024 * 1024
SAVE_AS = "请在 WPS 或 Excel 中打开后另存为 .xlsx 文件，再重新上传"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d+)"([^>]*)>')


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold. The defaults fit an office; settings may give others."""

    megabytes: int = 40
    unpacked_megabytes: int = 400
    ratio: int = 400
    parts: int = 5_000
    columns: int = 200
    rows: int = 100_000


def check_file(data: bytes, limits: Limits) -> str:
    """The kind of workbook (xlsx, xls, ods) that the bytes are; ImportRefused for anything else."""
    if not data:
        raise ImportRefused("文件是空的，没有任何内容。请确认表格已保存，再重新上传。")
    if len(data) > limits.megabytes * MEGABYTE:
        size = -(-len(data) // MEGABYTE)
        raise ImportRefused(
            f"文件有 {size} MB，超过 {limits.megabytes} MB 的上限。"
            "请删去图片，或按工作表、年份拆成几个文件后分别上传。"
        )
    if data.startswith(_OLE):
        return _check_ole(data)
    if data.startswith(_ZIP):
        return _check_zip(data, limits)
    raise ImportRefused(f"{_guess(data)}{SAVE_AS}。")


def _guess(data: bytes) -> str:
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(b"%pdf"):
        return "这是 PDF 文件，不是表格。请取得原来的表格文件；"
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        return "这其实是网页文件，只是改了扩展名。"
    if b"\x00" not in head:
        return "这是文本文件，不是 Excel 工作簿，改扩展名不会改变内容。"
    return "无法识别这个文件，它不是 Excel 工作簿或已损坏。"


def _check_ole(data: bytes) -> str:
    """An old binary file: its directory names its streams in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ImportRefused(
            "工作簿设有打开密码，系统无法读取。请在 WPS 或 Excel 中打开，"
            "取消密码（另存为时不设密码）后重新上传。"
        )
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return "xls"
    raise ImportRefused(f"这是其他类型的旧版文档（如 Word），不是 Excel 工作簿。{SAVE_AS}。")


def _check_zip(data: bytes, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            kind = _kind_of_zip(archive)
            _check_sizes(archive, len(data), limits)
            for part in archive.infolist():
                _check_part(archive, part, kind, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise ImportRefused(f"文件已损坏，无法打开。{SAVE_AS}。") from None
    return kind


def _kind_of_zip(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if any(part.flag_bits & 0x1 for part in archive.infolist()):
        raise ImportRefused("文件设有密码，系统无法读取。请取消密码后重新上传。")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise ImportRefused(f"这是二进制工作簿（.xlsb）。{SAVE_AS}。")
    declared = archive.open("mimetype").read(200) if "mimetype" in names else b""
    if declared.strip() == _ODS:
        return "ods"
    raise ImportRefused(f"这是压缩包或其他类型的文档，不是 Excel 工作簿。{SAVE_AS}。")


def _check_sizes(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    """Declared sizes; that they are true is seen while the parts are read."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    too_big = unpacked > limits.unpacked_megabytes * MEGABYTE
    if too_big or len(parts) > limits.parts or unpacked > max(packed, 100_000) * limits.ratio:
        raise ImportRefused(
            "文件解压后异常庞大，为安全起见没有打开。请把需要的数据复制到新建的工作簿，"
            "另存为 .xlsx 后上传。"
        )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, kind: str, limits: Limits) -> None:
    """Read one part through (its size and checksum are verified) and look where its cells lie."""
    is_sheet = kind == "xlsx" and _SHEET_PART.fullmatch(part.filename)
    is_content = kind == "ods" and part.filename in ("content.xml", "META-INF/manifest.xml")
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(MEGABYTE):
            text = tail + chunk
            if is_sheet:
                _check_cells(text, limits, _place(part.filename))
            elif is_content:
                _check_repeats(text, limits)
            tail = text[-200:] if is_sheet or is_content else b""


def _place(part: str) -> str:
    """Parts are numbered in the order of the sheets, as a rule."""
    number = re.search(r"(\d+)\.xml$", part)
    return f"第 {number[1]} 个工作表" if number else "工作表"


def _check_cells(text: bytes, limits: Limits, place: str) -> None:
    """One far cell would make a reader lay out everything before it."""
    for match in _far_cells(limits).finditer(text):
        if match[1]:
            raise too_wide(place, limits)
        if int(match[2]) > limits.rows + 1_000:
            raise too_long(place, limits)


@cache
def _far_cells(limits: Limits) -> re.Pattern[bytes]:
    """Cell references right of the last allowed column, or with as many digits as the row limit."""
    first, last = divmod(limits.columns - 1, 26)
    a, b = chr(64 + first), chr(65 + last)
    beyond = f"[A-Z]{{3,7}}|{a}(?![A-{b}])[A-Z]|(?![A-{a}])[A-Z]{{2}}"
    digits = len(str(limits.rows))
    return re.compile(rf'r="(?:({beyond})\d|[A-Z]{{0,2}}(\d{{{digits},10}})")'.encode())


def _check_repeats(text: bytes, limits: Limits) -> None:
    """OpenDocument repeats cells and rows by a number; only empty ones may be many."""
    if b"encryption-data" in text:
        raise ImportRefused("工作簿设有打开密码，系统无法读取。请取消密码后重新上传。")
    for match in _REPEATED.finditer(text):
        count, rest = int(match[2]), match[3]
        if match[1] == b"columns" and b"value" in rest and count > limits.columns:
            raise too_wide("工作表", limits)
        if match[1] == b"rows" and count > limits.rows:
            following = text[match.end() : match.end() + 400].split(b"</table:table-row>")[0]
            if b"office:value" in following:
                raise too_long("工作表", limits)


def too_wide(place: str, limits: Limits) -> ImportRefused:
    return ImportRefused(
        f"{place}超过 {limits.columns} 列，可能在很靠右的单元格里有误填的内容。"
        "请删去多余的列（选中整列后删除）再上传。"
    )


def too_long(place: str, limits: Limits) -> ImportRefused:
    return ImportRefused(
        f"{place}超过 {limits.rows:,} 行，可能在很靠下的单元格里有误填的内容。"
        "请删去多余的行，或按年份、单位拆成几个文件后分别上传。"
    )
