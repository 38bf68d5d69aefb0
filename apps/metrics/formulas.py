"""Arithmetic over metrics: numbers, + - * / and brackets. Read by hand, never by eval.

A metric stands as ``{key}`` or by its label: ``{talents} / {staff}``, ``人才总量 / 从业人员数``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.metrics.errors import BrokenMetric

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|\{(?P<key>[^{}]+)\}|(?P<word>[^\W\d_]\w*)|(?P<sign>[-+*/()（）×÷]))"
)
_SIGNS = {"（": "(", "）": ")", "×": "*", "÷": "/"}
_DEPTH = 20


class ZeroDivisor(Exception):
    """The formula divides by zero: its value is missing."""


@dataclass(frozen=True, slots=True)
class Node:
    """``kind`` is number, name or one of the signs."""

    kind: str
    value: Decimal | str = ""
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def parse(text: str) -> Node:
    """The formula as a tree; BrokenMetric says what cannot be read."""
    reader = _Reader(_tokens(text))
    tree = reader.sum(0)
    if reader.here is not None:
        raise BrokenMetric(f"公式“{text}”在“{reader.here.text}”处看不懂，请检查符号和括号。")
    return tree


def _tokens(text: str) -> list[_Token]:
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            rest = text[position:].strip()
            raise BrokenMetric(f"公式在“{rest}”处看不懂，只能用数字、指标名称、+ - × ÷ 和括号。")
        kind, raw = next((k, v) for k, v in found.groupdict().items() if v is not None)
        if kind == "sign":
            raw = _SIGNS.get(raw, raw)
        tokens.append(_Token("name" if kind in ("key", "word") else kind, raw.strip()))
        position = found.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.rest: Iterator[_Token] = iter(tokens)
        self.here = next(self.rest, None)

    def take(self, *signs: str) -> str:
        """Step over the next token if it is one of some signs."""
        if self.here is None or self.here.kind != "sign" or self.here.text not in signs:
            return ""
        text = self.here.text
        self.here = next(self.rest, None)
        return text

    def sum(self, depth: int) -> Node:
        node = self.product(depth)
        while sign := self.take("+", "-"):
            node = Node(sign, parts=(node, self.product(depth)))
        return node

    def product(self, depth: int) -> Node:
        node = self.atom(depth)
        while sign := self.take("*", "/"):
            node = Node(sign, parts=(node, self.atom(depth)))
        return node

    def atom(self, depth: int) -> Node:
        if depth > _DEPTH:
            raise BrokenMetric("公式的括号太多层，请拆成几个指标。")
        if self.take("-"):
            return Node("-", parts=(Node("number", Decimal(0)), self.atom(depth + 1)))
        if self.take("("):
            node = self.sum(depth + 1)
            if not self.take(")"):
                raise BrokenMetric("公式缺少右括号，请补上。")
            return node
        token = self.here
        if token is None or token.kind == "sign":
            raise BrokenMetric("公式不完整：符号两边都要有数字或指标名称。")
        self.here = next(self.rest, None)
        if token.kind == "number":
            return Node("number", Decimal(token.text))
        return Node("name", token.text)


def names(node: Node) -> set[str]:
    """The metrics a formula is about, as they are written."""
    if node.kind == "name":
        return {str(node.value)}
    return {name for part in node.parts for name in names(part)}


def work_out(node: Node, values: Mapping[str, Decimal]) -> Decimal:
    """The value; ZeroDivisor where it divides by zero."""
    if node.kind == "number":
        return Decimal(node.value)
    if node.kind == "name":
        return values[str(node.value)]
    left, right = (work_out(part, values) for part in node.parts)
    if node.kind == "+":
        return left + right
    if node.kind == "-":
        return left - right
    if node.kind == "*":
        return left * right
    if right == 0:
        raise ZeroDivisor
    return left / right


def rewrite(text: str, name: Callable[[str], str]) -> str:
    """The formula with each metric written anew, such as by its key or its label."""
    parse(text)
    pieces = []
    for token in _tokens(text):
        pieces.append(name(token.text) if token.kind == "name" else token.text)
    joined = " ".join(pieces)
    return joined.replace("( ", "(").replace(" )", ")")
