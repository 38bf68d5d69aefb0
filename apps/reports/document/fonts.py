"""The font files of the PDF, and which characters they lack."""

from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

FONT_FOLDER = Path(__file__).resolve().parents[3] / "assets" / "fonts"


@dataclass(frozen=True, slots=True)
class FontSet:
    """Font files by role (.otf, .ttf or .woff2). An office may name its own licensed files.

    `rare` holds characters that the others lack; line grid and charts rely on it.
    """

    title: Path = FONT_FOLDER / "FandolSong-Bold.otf"
    body: Path = FONT_FOLDER / "FandolFang-Regular.otf"
    kai: Path = FONT_FOLDER / "FandolKai-Regular.otf"
    hei: Path = FONT_FOLDER / "FandolHei-Regular.otf"
    number: Path = FONT_FOLDER / "FandolSong-Regular.otf"
    rare: Path = FONT_FOLDER / "LXGWWenKai-Regular.ttf"

    def absent(self) -> list[str]:
        """A Chinese sentence for each file that is not there."""
        return [
            f"字体文件不存在：{path}（{item.name}），请检查字体设置。"
            for item in fields(self)
            if not (path := getattr(self, item.name)).is_file()
        ]


@dataclass(frozen=True, slots=True)
class WordFonts:
    """Font names written into Word files; they are not embedded.

    `latin` is that of digits and letters; empty = the same font as the hanzi beside them.
    """

    title: str = "方正小标宋简体"
    body: str = "仿宋_GB2312"
    kai: str = "楷体_GB2312"
    hei: str = "黑体"
    number: str = "宋体"
    latin: str = ""


@lru_cache(maxsize=16)
def characters(path: Path) -> frozenset[int]:
    """The code points that a font file has glyphs for."""
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


def split_rare(text: str, path: Path) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether the font lacks its characters."""
    known = characters(path)

    def lacks(character: str) -> bool:
        return ord(character) not in known and not character.isspace()

    return [("".join(piece), is_rare) for is_rare, piece in groupby(text, lacks)]
