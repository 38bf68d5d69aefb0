"""The sentence language: text with cited figures, parsed to nodes and never run as a template.

    全年培训{{ 培训人次 }}人次[，{{ 培训人次.同比 }}]。

``{{ label.form }}`` cites a figure; ``[...]`` is a clause that is left out when a figure in it is
missing; ``？`` at the start of a sentence or clause leaves it out when its first figure is zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.core.errors import DomainError
from apps.reports.outline.forms import FORMS, check_forms

_TOKEN = re.compile(r"\{\{(?P<cite>[^{}]*)\}\}|(?P<mark>[\[\]{}])")
_SKIP = re.compile("[?？] *")


class OutlineError(DomainError):
    """A sentence or an outline that cannot be read; ``line`` counts from 1."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"第 {line} 行：{message}" if line else message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A figure cited by its label, in a form; no form = as such a figure is usually written."""

    label: str
    forms: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return "{{ " + ".".join((self.label, *self.forms)) + " }}"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that may be left out without harm to the rest."""

    nodes: tuple[Text | Citation, ...]
    skip_zero: bool = False

    @property
    def source(self) -> str:
        return f"[{'？' if self.skip_zero else ''}{source_of(self.nodes)}]"


Node = Text | Citation | Clause


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (one line)."""

    nodes: tuple[Node, ...]
    skip_zero: bool = False
    line: int = 0

    @property
    def source(self) -> str:
        return ("？" if self.skip_zero else "") + source_of(self.nodes)

    def citations(self) -> Iterator[Citation]:
        """Every citation, those in clauses included, in order."""
        for node in self.nodes:
            if isinstance(node, Citation):
                yield node
            elif isinstance(node, Clause):
                yield from (part for part in node.nodes if isinstance(part, Citation))


def source_of(nodes: tuple[Node, ...]) -> str:
    """Nodes written in the language again; parsing the result gives the same nodes."""
    return "".join(node.text if isinstance(node, Text) else node.source for node in nodes)


def parse_sentence(source: str, line: int = 0) -> Sentence:
    """One line as a sentence; OutlineError says what is wrong with it and how to mend it."""
    source = source.strip()
    skip = _SKIP.match(source)
    body = source[skip.end() :] if skip else source
    nodes = _Parser(body, line).parse()
    sentence = Sentence(nodes, bool(skip), line)
    if skip and not any(sentence.citations()):
        raise OutlineError("以“？”开头的句子为零时不写，须引用一个数字，请补上或去掉“？”。", line)
    return sentence


def parse_lines(source: str, first: int = 0) -> list[Sentence]:
    """A paragraph, one sentence a line, without blank lines; ``first`` numbers its first line."""
    lines = enumerate(source.splitlines(), first)
    return [parse_sentence(text, number if first else 0) for number, text in lines if text.strip()]


def parse_citation(source: str, line: int = 0) -> Citation:
    """What stands between the braces: a label and its forms, parted by full stops."""
    label, *forms = [part.strip() for part in source.strip().split(".")]
    if not label:
        raise OutlineError("“{{ }}”里没有写指标名称，请写成如“{{ 培训人次 }}”。", line)
    for form in forms:
        if form not in FORMS:
            known = "、".join(FORMS)
            raise OutlineError(f"“{label}”的写法“{form}”不认识，可用的写法有：{known}。", line)
    if fault := check_forms(tuple(forms)):
        raise OutlineError(f"“{label}.{'.'.join(forms)}”：{fault}", line)
    return Citation(label, tuple(forms))


class _Parser:
    """Reads one sentence from left to right."""

    def __init__(self, source: str, line: int) -> None:
        self.source, self.line = source, line
        self.nodes: list[Node] = []
        self.clause: list[Text | Citation] | None = None

    def parse(self) -> tuple[Node, ...]:
        place = 0
        for token in _TOKEN.finditer(self.source):
            self.add_text(self.source[place : token.start()])
            place = token.end()
            if token["cite"] is not None:
                self.add(parse_citation(token["cite"], self.line))
            else:
                self.mark(token["mark"])
        self.add_text(self.source[place:])
        if self.clause is not None:
            raise OutlineError("方括号“[”没有对应的“]”，请补上。", self.line)
        return tuple(self.nodes)

    def add_text(self, text: str) -> None:
        if text:
            self.add(Text(text))

    def add(self, node: Text | Citation) -> None:
        (self.nodes if self.clause is None else self.clause).append(node)

    def mark(self, mark: str) -> None:
        if mark in "{}":
            raise OutlineError("数字引用的大括号没有成对，请写成如“{{ 培训人次 }}”。", self.line)
        if mark == "[":
            if self.clause is not None:
                raise OutlineError("方括号里不能再用方括号，请分成两段。", self.line)
            self.clause = []
        elif self.clause is None:
            raise OutlineError("方括号“]”没有对应的“[”，请补上。", self.line)
        else:
            self.nodes.append(self.close(self.clause))
            self.clause = None

    def close(self, nodes: list[Text | Citation]) -> Clause:
        skip = isinstance(nodes[0], Text) and _SKIP.match(nodes[0].text) if nodes else None
        if skip:
            rest = nodes[0].text[skip.end() :] if isinstance(nodes[0], Text) else ""
            nodes = [*([Text(rest)] if rest else []), *nodes[1:]]
        if not any(isinstance(node, Citation) for node in nodes):
            raise OutlineError(
                "方括号括住缺数时可略去的分句，其中须引用数字；一般说明请用圆括号（）。", self.line
            )
        return Clause(tuple(nodes), bool(skip))
