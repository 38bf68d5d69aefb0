"""Cells that hold an Excel error such as #N/A: the reading library shows them as empty."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from io import BytesIO

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_FORMULA = rb"(?:<f[^>]*(?:/>|>[^<]*</f>))?"
_ERROR = re.compile(
    rb'<c\s(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"[^>]*>' + _FORMULA + rb"<v>([^<]*)</v>"
)

Found = dict[str, list[tuple[int, int, str]]]


def error_cells(data: bytes) -> Found:
    """Sheet name → (row, column, error) counted from 0; of .xlsx files only."""
    found: Found = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        for name, part in _sheets(archive, names):
            if part not in names:
                continue
            text = archive.read(part)
            if b't="e"' in text:
                found[name] = [
                    (int(row) - 1, _column(letters), unescape(error.decode(errors="replace")))
                    for letters, row, error in _ERROR.findall(text)
                ]
    return found


def _sheets(archive: zipfile.ZipFile, names: set[str]) -> list[tuple[str, str]]:
    """Name and part of each sheet, as workbook.xml and its relations say."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return []
    targets = {}
    for attributes in map(_attributes, _RELATION.findall(archive.read(relations))):
        target = attributes.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets[attributes.get("Id", "")] = part
    sheets = map(_attributes, _SHEET.findall(archive.read("xl/workbook.xml")))
    return [(s.get("name", ""), targets.get(s.get("r:id", ""), "")) for s in sheets]


def _attributes(text: bytes) -> dict[str, str]:
    pairs = _ATTRIBUTE.findall(text)
    return {key.decode(): unescape(value.decode(errors="replace")) for key, value in pairs}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
