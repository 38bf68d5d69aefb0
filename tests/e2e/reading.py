"""What a reader sees of a page, and what must never be seen on one."""

import re
from html.parser import HTMLParser

# What stands in code and pre is typed into a program as it is.
SILENT = {"script", "style", "template", "svg", "head", "code", "pre"}
SPOKEN = ("title", "placeholder", "aria-label", "alt")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Names of programs and formats that an office writes so, endings of file names, and units.
ALLOWED = {
    "WPS", "Excel", "Word", "PDF", "Edge", "Office", "xlsx", "xls", "ods", "docx", "pdf", "MB",
    "KB", "GB", "SM", "Ctrl", "Esc", "Enter", "IP", "OFD", "JPG", "PNG", "jpg", "png",
}  # fmt: skip
WORD = re.compile(r"[A-Za-z_][A-Za-z_]+")
# Numbers that classes bear, and the number of a request on an error page.
NUMBERS = re.compile(r"\bPX\d+\b|\b[0-9a-f]{32}\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Reader(HTMLParser):
    """Collects visible text, words in attributes, and links."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.silent = 0
        self.title = ""
        self.in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag in SILENT:
            self.silent += 1
        if tag == "title" and not self.title:
            self.in_title = True
        self.texts += [values[name] for name in SPOKEN if values.get(name)]
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.texts.append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent -= 1
        if tag == "title":
            self.in_title = False

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        if not self.silent or self.in_title:
            self.texts.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def foreign_words(texts: list[str], known: set[str]) -> list[str]:
    """Words that are not Chinese and that nobody would write so; ``known`` are names of data."""
    found = []
    for text in texts:
        for word in WORD.findall(NUMBERS.sub("", text)):
            if word not in ALLOWED and word not in known:
                found.append(f"{word}（{text.strip()[:40]}）")
    return found
