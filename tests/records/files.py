"""Small files of every kind, made in the test."""

import struct
import zipfile
from io import BytesIO

import docx
import openpyxl
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TYPES = (
    '<Types><Override PartName="/ppt/presentation.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>'
)


def picture(width=300, height=400, kind="JPEG", colour="#4477aa"):
    stream = BytesIO()
    Image.new("RGB", (width, height), colour).save(stream, kind)
    return stream.getvalue()


def word(text="证明"):
    stream = BytesIO()
    made = docx.Document()
    made.add_paragraph(text)
    made.save(stream)
    return stream.getvalue()


def workbook():
    stream = BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def archive(**parts):
    """A zip file; a name is written with / for __ and . for the last _."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            stem, _, extension = name.replace("__", "/").rpartition("_")
            made.writestr(f"{stem}.{extension}" if stem else extension, content)
    return stream.getvalue()


def with_part(data, name, content=b"x"):
    """An office file with one part more."""
    stream = BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return stream.getvalue()


def slides():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("ppt/presentation.xml", "<p/>")
    return stream.getvalue()


def ole(*names, inner=()):
    """An old binary container with streams in its root, and others in a storage of it."""
    entries = [_entry("Root Entry", 5, child=1)]
    for place, name in enumerate(names, start=1):
        right = place + 1 if place < len(names) or inner else -1
        entries.append(_entry(name, 2, right=right))
    if inner:
        first = len(entries) + 1
        entries.append(_entry("ObjectPool", 1, child=first))
        for place, name in enumerate(inner, start=first):
            right = place + 1 if place < first + len(inner) - 1 else -1
            entries.append(_entry(name, 2, right=right))
    while len(entries) % 4:
        entries.append(bytes(128))
    sectors = len(entries) // 4
    chain = [-3, *range(2, sectors + 1), -2]
    table = struct.pack(f"<{len(chain)}i", *chain).ljust(512, b"\xff")
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 62, 3, 0xFFFE, 9, 6)
    struct.pack_into("<ii", head, 44, 1, 1)
    struct.pack_into("<109i", head, 76, 0, *[-1] * 108)
    return bytes(head) + table + b"".join(entries)


def _entry(name, kind, left=-1, right=-1, child=-1):
    text = name.encode("utf-16-le")
    start = text.ljust(64, b"\0") + struct.pack(
        "<HBBiii", len(text) + 2, kind, 1, left, right, child
    )
    return start.ljust(128, b"\0")
