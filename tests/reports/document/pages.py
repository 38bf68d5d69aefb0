"""What poppler reads in a PDF page: lines of text with their places."""

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

MM = 72 / 25.4
TEXT_BOTTOM = (297 - 35) * MM
_WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


@dataclass(frozen=True)
class Line:
    """A line of text; left, right and middle in points from the page's top left corner."""

    text: str
    left: float
    right: float
    middle: float


def read_lines(pdf: Path, page: int) -> tuple[list[Line], list[Line]]:
    """The lines of a page inside the text block, and those below it (the page number)."""
    command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(pdf), "-"]
    html = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows: list[list[tuple[float, float, float, str]]] = []
    for left, top, right, bottom, text in sorted(_WORD.findall(html), key=_middle):
        middle = (float(top) + float(bottom)) / 2
        word = (float(left), float(right), middle, unescape(text))
        if rows and abs(middle - rows[-1][0][2]) < 8:
            rows[-1].append(word)
        else:
            rows.append([word])
    lines = [
        Line("".join(w[3] for w in sorted(row)), min(row)[0], max(w[1] for w in row), row[0][2])
        for row in rows
    ]
    inside = [line for line in lines if line.middle < TEXT_BOTTOM]
    return inside, [line for line in lines if line.middle >= TEXT_BOTTOM]


def read_text(pdf: Path) -> str:
    """The whole text in the order it was written, without white space and page numbers."""
    command = ["pdftotext", "-raw", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line for line in text.splitlines() if not re.fullmatch(r"\s*— \d+ —\s*", line)]
    return "".join("".join(lines).split())


def _middle(word: tuple[str, ...]) -> float:
    return (float(word[1]) + float(word[3])) / 2
