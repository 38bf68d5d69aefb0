"""Cell text as people type it, made comparable: blanks, full-width forms, headings."""

import re

_WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
_BLANKS = dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09), " ")
_NOTHING = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x0D), "")
_CONTROLS = dict.fromkeys((code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)), "")
_CLEAN: dict[int, int | str] = {**_WIDE, **_BLANKS, **_NOTHING, **_CONTROLS}
# Headings also compare punctuation, which differs with the input method in use.
_PUNCTUATION = str.maketrans("（）［］【】〔〕：；，／－—＿＊", "()[][]():;,/--_*")
_DOTS: dict[int, int | str] = dict.fromkeys((0x2022, 0x2027, 0x30FB, 0xFF65, 0x2219, 0x22C5), "·")

HANZI = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SPACED_OUT = re.compile(rf"[{HANZI}](?: +[{HANZI}])+")
_BETWEEN_HANZI = re.compile(rf"(?<=[{HANZI}·]) +(?=[{HANZI}·])")
_RUNS = re.compile(r" {2,}")
_BRACKETED = re.compile(r"\([^()]*\)$|\[[^\[\]]*\]$")


def narrow(text: str) -> str:
    """Full-width digits and letters to ASCII, every kind of blank to one blank; hanzi stay."""
    return text if text.isascii() else text.translate(_CLEAN)


def clean_text(text: str, *, lines: bool = False) -> str:
    """Normalise the text of a cell; with `lines`, line breaks are kept.

    A text of single hanzi set apart by blanks (`王　芳`, `合 计`) is layout and is joined.
    """
    text = text.translate(_CLEAN)
    if lines:
        return "\n".join(part.strip() for part in text.split("\n")).strip()
    text = _RUNS.sub(" ", text.replace("\n", " ")).strip()
    return text.replace(" ", "") if " " in text and _SPACED_OUT.fullmatch(text) else text


def clean_name(text: str) -> str:
    """Normalise a person's name: no blanks between hanzi, one form of the middle dot."""
    return _BETWEEN_HANZI.sub("", clean_text(text).translate(_DOTS))


def squeeze(text: str) -> str:
    """The text without any blank: for numbers, codes and comparisons."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    return "".join(text.translate(_CLEAN).split())


def normalise(text: str) -> str:
    """What two spellings of one word have in common: `初级 （助理）` is `初级(助理)`."""
    return squeeze(text).translate(_PUNCTUATION).lower()


def heading_key(text: str) -> str:
    """What two spellings of one heading have in common: `*经费 （元）：` is `经费(元)`."""
    return normalise(text).strip("*:")


def bare_heading(key: str) -> str:
    """A heading key without its bracketed tail: `经费(元)` is `经费`."""
    return _BRACKETED.sub("", key).strip("*:") or key
