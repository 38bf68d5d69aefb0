"""Punctuation of the produced text, checked by GB/T 15834 and the forms of GB/T 9704."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from apps.reports.document.tree import (
    Document,
    Heading,
    Paragraph,
    Table,
    as_run,
    attachment_label,
    attachment_lines,
    numbered,
    printable,
)

Kind = Literal["paragraph", "heading", "title", "cell"]

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}
_PAIRS = dict(zip("“‘（《〈〔【「", "”’）》〉〕】」", strict=True))
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
_END = re.compile("[。！？：；…][”’）】]?$|）$")
_POINT = re.compile(f"(?<=[{_HAN}）》”])[,;:?!.](?=[{_HAN}（《“]|$)")
_AFTER_DIGIT = re.compile(f"(?<=[0-9%])[,;](?=[{_HAN}])")
_BRACKET = re.compile(f"(?<=[{_HAN}])\\(|\\((?=[{_HAN}])|(?<=[{_HAN}])\\)|\\)(?=[{_HAN}])")
_DOUBLE = re.compile("[，。；：、？！,;][，。；：、,;]+|[。？！]{2,}|(?<!…)…(?!…)|\\.{3,}|。。+")
_LISTED = re.compile("(?<=[》”])、(?=[《“])")
_YEAR = re.compile("[\\[【（(\uff3b]((?:19|20)\\d{2})[\\]】）)\uff3d](?=\\s*第?\\d+号)")
_NUMBER_WORD = re.compile("(?<=〕)第(?=\\d+号)|(?<=〕)0+(?=\\d+号)")
_RANGE = re.compile("(?<![\\d.])\\d+(?:\\.\\d+)?[~～—-]\\d+(?:\\.\\d+)?%")
_ZERO_DATE = re.compile("\\d年0\\d月|月0\\d日")
_FULL_DIGIT = re.compile("[０-９Ａ-Ｚａ-ｚ％]+")
_SPACE = re.compile(f"(?<=[{_HAN}，。；：、]) +(?=[{_HAN}])")
_MIXED_COMMA = re.compile("(?<=[一二三四五六七八九十]是)，")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault: line of `plain_text` (from 0), start and end in it, rule, and a Chinese sentence."""

    line: int
    start: int
    end: int
    rule: str
    message: str


def lint_document(document: Document) -> list[Finding]:
    """All findings of a document; `line` counts as `plain_text(document)` does."""
    findings: list[Finding] = []
    for line, (text, kind) in enumerate(_lines(document)):
        findings += lint_text(text, kind, line=line)
    return findings


def lint_text(text: str, kind: Kind = "paragraph", *, line: int = 0) -> list[Finding]:
    """The findings of one line of text, in order of position."""
    found = [*_pattern_faults(text), *_pair_faults(text), *_end_faults(text, kind)]
    return [Finding(line, *fault) for fault in sorted(found)]


_Fault = tuple[int, int, str, str]


def _pattern_faults(text: str) -> Iterator[_Fault]:
    for match in [*_POINT.finditer(text), *_AFTER_DIGIT.finditer(text)]:
        mark = match.group()
        yield _fault(match, "half-width", f"“{mark}”是半角标点，请改为“{_FULL[mark]}”。")
    for match in _BRACKET.finditer(text):
        yield _fault(match, "half-width", f"“{match.group()}”是半角括号，请改为全角括号。")
    for match in _DOUBLE.finditer(text):
        mark = match.group()
        hint = "省略号应为“……”" if "…" in mark or "..." in mark else f"“{mark}”标点重复"
        yield _fault(match, "double", f"{hint}，请改正。")
    for match in _LISTED.finditer(text):
        yield _fault(match, "listed", "并列的书名号或引号之间不用顿号，请删去“、”。")
    for match in _YEAR.finditer(text):
        good = f"〔{match.group(1)}〕"
        yield _fault(match, "year", f"文号的年份应用六角括号，请改为“{good}”。")
    for match in _NUMBER_WORD.finditer(text):
        yield _fault(match, "year", f"文号的序号前不写“{match.group()}”，请删去。")
    for match in _RANGE.finditer(text):
        yield _fault(match, "range", f"“{match.group()}”的前一个数也应带百分号，如“20%～30%”。")
    for match in _ZERO_DATE.finditer(text):
        yield _fault(match, "date", f"“{match.group()}”中的月、日不编虚位，请去掉0。")
    for match in _FULL_DIGIT.finditer(text):
        yield _fault(match, "full-width", f"“{match.group()}”是全角数字或字母，请改为半角。")
    for match in _SPACE.finditer(text):
        yield _fault(match, "space", "汉字之间有空格，请删去。")
    for match in _MIXED_COMMA.finditer(text):
        yield _fault(match, "point", "“一是”“二是”之后不用逗号，请删去。")
    for match in re.finditer("[\"']", text):
        yield _fault(match, "quote", "引号是直引号，请改为“”或‘’。")


def _pair_faults(text: str) -> Iterator[_Fault]:
    """Quotation marks and brackets that do not pair."""
    waiting: list[tuple[str, int]] = []
    for place, letter in enumerate(text):
        if letter in _PAIRS:
            if letter in "“《" and waiting and waiting[-1][0] == letter:
                inner = {"“": "‘’", "《": "〈〉"}[letter]
                yield place, place + 1, "nested", f"“{letter}”之内再用，应为“{inner}”。"
            waiting.append((letter, place))
        elif letter in _CLOSING:
            if waiting and waiting[-1][0] == _CLOSING[letter]:
                waiting.pop()
            else:
                yield place, place + 1, "pair", f"“{letter}”没有对应的“{_CLOSING[letter]}”。"
    for letter, place in waiting:
        yield place, place + 1, "pair", f"“{letter}”没有对应的“{_PAIRS[letter]}”。"


def _end_faults(text: str, kind: Kind) -> Iterator[_Fault]:
    length = len(text)
    if kind == "paragraph" and text and not _END.search(text):
        yield length, length, "end", "段落末尾缺少句末标点，请补上“。”。"
    if kind in ("heading", "title") and re.search("[。，；：、.,;:]$", text):
        yield length - 1, length, "heading", f"标题末尾不用标点，请删去“{text[-1]}”。"
    if not text and kind != "cell":
        yield 0, 0, "empty", "这里没有文字，请补上或删去。"


def _fault(match: re.Match[str], rule: str, message: str) -> _Fault:
    return match.start(), match.end(), rule, message


def _lines(document: Document) -> Iterator[tuple[str, Kind]]:
    """The lines of `plain_text` with what each is."""
    document = numbered(document)
    groups: list[tuple[str, Kind]] = [(line, "title") for line in document.title]
    if document.addressee:
        groups.append((document.addressee, "cell"))
    groups += [line for block in document.blocks for line in _block_lines(block)]
    groups += [(line, "title") for line in attachment_lines(document)]
    groups += [(line, "cell") for line in (document.signature, document.date_text) if line]
    for position, item in enumerate(document.attachments, 1):
        groups += [(attachment_label(document, position), "title"), (item.title, "title")]
        groups += [line for block in item.blocks for line in _block_lines(block)]
    for text, kind in groups:
        yield "\t".join(printable(cell).strip() for cell in text.split("\t")), kind


def _block_lines(block: object) -> Iterator[tuple[str, Kind]]:
    if isinstance(block, Heading):
        yield block.label, "heading"
    elif isinstance(block, Paragraph):
        yield block.text, "paragraph"
    elif isinstance(block, Table):
        if block.label:
            yield block.label, "title"
        for row in (block.head, *block.rows):
            yield "\t".join(printable(as_run(cell).text) for cell in row), "cell"
        if block.note:
            yield block.note, "paragraph"
    elif label := getattr(block, "label", ""):
        yield label, "title"
