"""An outline as text: settings, then headings, paragraphs, points, records, tables, charts.

# 主要做法和成效            heading; the number of # is its level
坚持党管人才原则。          paragraph, one sentence a line; a blank line ends it
- 加强组织领导。            point: 一是, 二是 … are written by the engine
【举措：体制机制】          points of the year's records; ？ before it: none is no gap
@写建议                    the next block only if the switch is on; @非写建议 only if off
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from apps.core.errors import DomainError
from apps.reports.outline.language import OutlineError, Sentence, parse_sentence

HEAD = {
    "标识": "key", "名称": "name", "类型": "kind", "标题": "title", "说明": "description",
    "开关": "switches",
}  # fmt: skip
CHART_KINDS = {"柱": "bar", "条": "hbar", "线": "line", "饼": "pie"}
WHOLE = "全区"  # a switch of every outline: on for the whole district, off for a unit
RECORDS = ("举措", "问题", "打算")
_DIRECTIVE = re.compile("【(?P<kind>[^：】]+)(?:：(?P<argument>[^】]+))?】(?P<rest>.*)")
_SWITCH = re.compile("(?P<name>[^=（）]+)=(?P<state>[是否])(?:（(?P<note>.*)）)?")
_HEADING = re.compile("(?P<marks>#{1,4}) *(?P<text>.+)")


class OutlineErrors(DomainError):
    """All faults of an outline, each with its line."""

    def __init__(self, faults: list[OutlineError]) -> None:
        super().__init__("\n".join(fault.message for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Condition:
    """A switch that must be on (or off) for a block to be written."""

    switch: str
    wanted: bool = True

    def holds(self, switches: dict[str, bool]) -> bool:
        return switches.get(self.switch, False) == self.wanted


@dataclass(frozen=True, slots=True)
class Part:
    """A block of an outline. ``sentences`` hold its text; of a table or chart its caption."""

    kind: str  # heading, paragraph, point, records, table, chart
    sentences: tuple[Sentence, ...] = ()
    level: int = 0
    line: int = 0
    when: Condition | None = None
    argument: tuple[str, str] = ("", "")  # of records: kind and section or theme
    head: tuple[str, ...] = ()  # of a table its head, of a chart its categories
    rows: tuple[tuple[Sentence, ...], ...] = ()  # first cell: the row's or series' name
    note: Sentence | None = None
    settings: tuple[tuple[str, str], ...] = ()

    def all_sentences(self) -> Iterator[Sentence]:
        yield from self.sentences
        for row in self.rows:
            yield from row
        if self.note:
            yield self.note


@dataclass(slots=True)
class OutlineText:
    """A parsed outline."""

    key: str = ""
    name: str = ""
    kind: str = ""
    title: Sentence = field(default_factory=lambda: Sentence(()))
    description: str = ""
    switches: dict[str, bool] = field(default_factory=dict)
    switch_notes: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def labels(self) -> set[str]:
        """Every label that is cited."""
        sentences = [self.title, *(s for part in self.parts for s in part.all_sentences())]
        return {citation.label for sentence in sentences for citation in sentence.citations()}


def parse_outline(source: str) -> OutlineText:
    """The outline of a text; OutlineErrors lists every line that cannot be read."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self.lines = list(enumerate((text.strip() for text in source.splitlines()), 1))
        self.outline = OutlineText()
        self.faults: list[OutlineError] = []
        self.when: Condition | None = None
        self.place = 0

    def read(self) -> OutlineText:
        self.lines = [(n, text) for n, text in self.lines if not text.startswith("//")]
        self.head()
        while self.place < len(self.lines):
            try:
                self.block(*self.lines[self.place])
            except OutlineError as fault:
                self.faults.append(fault)
                self.place += 1
        if self.faults:
            raise OutlineErrors(sorted(self.faults, key=lambda fault: fault.line))
        return self.outline

    # -- head ------------------------------------------------------------------------------------

    def head(self) -> None:
        """``键：值`` lines up to the first blank one."""
        while self.place < len(self.lines):
            number, text = self.lines[self.place]
            if not text:
                break
            self.place += 1
            name, colon, value = text.partition("：")
            if not colon or name not in HEAD:
                known = "、".join(HEAD)
                self.fault(
                    f"提纲开头的“{text}”看不懂，应为“名称：……”这样的设置（{known}）。", number
                )
                continue
            self.setting(HEAD[name], value.strip(), number)
        for name in ("标识", "名称", "标题"):
            if not getattr(self.outline, HEAD[name]) or self.outline.title == Sentence(()):
                self.fault(f"提纲开头缺少“{name}：”，请补上。", 1)
                break

    def setting(self, name: str, value: str, number: int) -> None:
        if name == "switches":
            for item in filter(None, value.split("；")):
                self.switch(item, number)
        elif name == "title":
            try:
                self.outline.title = parse_sentence(value, number)
            except OutlineError as fault:
                self.faults.append(fault)
        else:
            setattr(self.outline, name, value)

    def switch(self, item: str, number: int) -> None:
        """``写建议=否（末尾另写一部分建议）``: a switch, how it stands at first, what it does."""
        found = _SWITCH.fullmatch(item.strip())
        if not found:
            self.fault(f"开关“{item}”看不懂，请写成如“写建议=否（末尾另写一部分建议）”。", number)
            return
        self.outline.switches[found["name"]] = found["state"] == "是"
        self.outline.switch_notes[found["name"]] = found["note"] or ""

    # -- blocks ----------------------------------------------------------------------------------

    def block(self, number: int, text: str) -> None:
        if not text:
            self.place += 1
        elif text.startswith("@"):
            self.place += 1
            self.condition(text[1:].strip(), number)
        elif heading := _HEADING.fullmatch(text):
            self.place += 1
            sentence = parse_sentence(heading["text"], number)
            self.add(Part("heading", (sentence,), len(heading["marks"]), number))
        elif directive := _DIRECTIVE.fullmatch(text.lstrip("?？ ")):
            self.directive(directive, number)
        else:
            self.text(number)

    def condition(self, text: str, number: int) -> None:
        wanted = not text.startswith("非")
        switch = text if wanted else text[1:]
        if switch != WHOLE and switch not in self.outline.switches:
            known = "、".join(self.outline.switches) or "没有"
            raise OutlineError(f"没有名为“{switch}”的开关，开头设了：{known}。", number)
        self.when = Condition(switch, wanted)

    def text(self, number: int) -> None:
        """A paragraph, or points that each begin with a dash."""
        groups: list[tuple[str, int, list[Sentence]]] = []
        for line, text in self.take_lines():
            is_point = text.startswith(("- ", "－"))
            try:
                sentence = parse_sentence(text.lstrip("-－ ") if is_point else text, line)
            except OutlineError as fault:
                self.faults.append(fault)
                continue
            if is_point or not groups:
                groups.append(("point" if is_point else "paragraph", line, []))
            groups[-1][2].append(sentence)
        for kind, line, sentences in groups:
            self.add(Part(kind, tuple(sentences), 0, line), keep=True)
        self.when = None

    def take_lines(self) -> Iterator[tuple[int, str]]:
        """The lines up to a blank one or the next heading or directive."""
        while self.place < len(self.lines):
            number, text = self.lines[self.place]
            if not text or text.startswith(("#", "【", "@", "？【", "?【")):
                return
            self.place += 1
            yield number, text

    def add(self, part: Part, *, keep: bool = False) -> None:
        self.outline.parts.append(replace(part, when=self.when))
        self.when = self.when if keep else None

    def directive(self, found: re.Match[str], number: int) -> None:
        self.place += 1
        kind, argument, rest = found["kind"], found["argument"] or "", found["rest"].strip()
        if kind in RECORDS:
            settings = (("quiet", "1"),) if self.lines[self.place - 1][1][0] in "?？" else ()
            self.add(Part("records", (), 0, number, argument=(kind, argument), settings=settings))
        elif kind == "表":
            self.table(rest, number)
        elif kind == "图":
            self.chart(rest, number, CHART_KINDS.get(argument or "柱", ""))
        else:
            raise OutlineError(
                f"“【{kind}】”不认识，可用的有：【举措：章节】【问题】【打算：主题】【表】【图】。",
                number,
            )

    def table(self, caption: str, number: int) -> None:
        """``表头：甲 | 乙`` and ``行：名称 | {{ 数 }}`` lines, then ``注：``."""
        head: tuple[str, ...] = ()
        note: Sentence | None = None
        rows: list[tuple[Sentence, ...]] = []
        settings: list[tuple[str, str]] = []
        for line, name, value in self.spec_lines():
            if name == "表头":
                head = _cells(value)
            elif name in ("行", "合计"):
                cells = tuple(parse_sentence(cell, line) for cell in _cells(value))
                if len(cells) != len(head):
                    raise OutlineError(
                        f"这一行有{len(cells)}格，表头有{len(head)}格，请对齐。", line
                    )
                rows.append(cells)
                settings += [("total", "1")] if name == "合计" else []
            elif name == "零行" and value == "不列":
                settings.append(("skip_zero", "1"))
            elif name == "注":
                note = parse_sentence(value, line)
            else:
                raise OutlineError(
                    f"表里的“{name}：”不认识，可用：表头、行、合计、注、零行。", line
                )
        if not head or not rows:
            raise OutlineError("表格至少要有“表头：”和一个“行：”。", number)
        caption_of = (parse_sentence(caption, number),)
        self.add(
            Part("table", caption_of, 0, number, head=head, rows=tuple(rows), note=note,
                 settings=tuple(settings))
        )  # fmt: skip

    def chart(self, caption: str, number: int, kind: str) -> None:
        """``类别：甲 | 乙`` and ``系列：2022年 | {{ 数 }} | {{ 数 }}`` lines, ``单位：``."""
        if not kind:
            raise OutlineError(f"图的样式可用：{'、'.join(CHART_KINDS)}，如“【图：柱】”。", number)
        head: tuple[str, ...] = ()
        rows: list[tuple[Sentence, ...]] = []
        settings = [("kind", kind)]
        for line, name, value in self.spec_lines():
            if name == "类别":
                head = _cells(value)
            elif name == "系列":
                cells = tuple(parse_sentence(cell, line) for cell in _cells(value))
                if len(cells) != len(head) + 1:
                    raise OutlineError(
                        f"系列应为名称和{len(head)}个数，现有{len(cells)}格，请对齐。", line
                    )
                rows.append(cells)
            elif name == "单位":
                settings.append(("unit", value))
            else:
                raise OutlineError(f"图里的“{name}：”不认识，可用：类别、系列、单位。", line)
        if not head or not rows:
            raise OutlineError("图至少要有“类别：”和一个“系列：”。", number)
        caption_of = (parse_sentence(caption, number),)
        self.add(
            Part("chart", caption_of, 0, number, head=head, rows=tuple(rows),
                 settings=tuple(settings))
        )  # fmt: skip

    def spec_lines(self) -> Iterator[tuple[int, str, str]]:
        for line, text in self.take_lines():
            name, colon, value = text.partition("：")
            if not colon:
                raise OutlineError(f"“{text}”看不懂，应为“行：……”这样的设置。", line)
            yield line, name.strip(), value.strip()

    def fault(self, message: str, number: int) -> None:
        self.faults.append(OutlineError(message, number))


def _cells(value: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in value.split("|"))
