"""The log in words: who did what when, one readable sentence per line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from apps.records.extras import definitions
from apps.records.models import ChangeLog, Record

Action = ChangeLog.Action
LONGEST = 80
_OF_FILES = (Action.ATTACH, Action.DETACH, Action.EXPORT)
MOVES = {
    Record.State.SUBMITTED.label: "报送审核",
    Record.State.APPROVED.label: "审核通过",
    Record.State.RETURNED.label: "退回",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; names and values stand out from the words between them."""

    text: str
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    who: str
    when: str
    parts: tuple[Part, ...]
    reason: str = ""

    def __str__(self) -> str:
        words = "".join(f" {p.text} " if p.is_value else p.text for p in self.parts)
        tail = f"（理由：{self.reason}）" if self.reason else ""
        text = f"{self.who} {self.when} {words}".replace(" ，", "，").replace("  ", " ").strip()
        return text + tail


def tell(lines: Iterable[ChangeLog], model: type[models.Model]) -> list[Sentence]:
    """Sentences of log lines. The state that a review moves stands in the line of the review."""
    rows = list(lines)
    reviewed = {line.request_id for line in rows if line.action == Action.REVIEW}
    return [
        _sentence(line, model)
        for line in rows
        if not (
            line.action == Action.UPDATE
            and set(line.changes) == {"state"}
            and line.request_id in reviewed
        )
    ]


def _sentence(line: ChangeLog, model: type[models.Model]) -> Sentence:
    at = timezone.localtime(line.at)
    when = f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
    return Sentence(line.user_name, when, tuple(_words(line, model)), line.reason)


def _words(line: ChangeLog, model: type[models.Model]) -> list[Part]:
    if line.action == Action.CREATE:
        return [Part("导入了这条记录" if line.batch_id else "新增了这条记录")]
    if line.action == Action.REVIEW:
        new = line.changes.get("state", ["", ""])[1]
        return [Part(MOVES.get(new, "审核"))]
    if line.action == Action.REVEAL:
        names = "、".join(_label(model, name) for name in line.changes)
        return [Part("查看了"), Part(names, is_value=True), Part("的明文")]
    if line.action in _OF_FILES and "file" in line.changes:
        return _file_words(line)
    if line.action == Action.UPDATE and line.changes:
        return _changes(line, model)
    return [Part(str(line.get_action_display()))]


def _file_words(line: ChangeLog) -> list[Part]:
    """A file that came, went, or left the system."""
    old, new = (Part(_cut(name), is_value=True) for name in line.changes["file"])
    place = line.changes.get("slot", ["", "附件"])[1]
    if line.action == Action.EXPORT:
        return [Part(f"下载了{place}"), new]
    if old.text and new.text:
        return [Part(f"把{place}由"), old, Part("换成"), new]
    return [Part(f"上传了{place}"), new] if new.text else [Part(f"删除了{place}"), old]


def _changes(line: ChangeLog, model: type[models.Model]) -> list[Part]:
    parts: list[Part] = [Part("通过导入")] if line.batch_id else []
    for number, (name, (old, new)) in enumerate(line.changes.items()):
        if number:
            parts.append(Part("，"))
        if name == definitions.TAGS:
            parts += _tags(old, new)
        else:
            parts += _change(_label(model, name), _cut(old), _cut(new))
    return parts


def _tags(old: str, new: str) -> list[Part]:
    """Which tags came and which went."""
    before, after = (text.split(definitions.JOINED) if text else [] for text in (old, new))
    came = [tag for tag in after if tag not in before]
    gone = [tag for tag in before if tag not in after]
    parts: list[Part] = []
    for word, tags in (("增加标签", came), ("去掉标签", gone)):
        if tags:
            parts += [Part(f"，{word}" if parts else word)]
            parts += [Part(_cut(definitions.JOINED.join(tags)), True)]
    return parts


def _change(label: str, old: str, new: str) -> list[Part]:
    if not old:
        return [Part("把"), Part(label, True), Part("填为"), Part(new, True)]
    if not new:
        return [Part("清除了"), Part(label, True), Part("（原为"), Part(old, True), Part("）")]
    return [
        Part("把"), Part(label, True), Part("由"), Part(old, True), Part("改为"), Part(new, True)
    ]  # fmt: skip


def _cut(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _label(model: type[models.Model], name: str) -> str:
    labels = {field.name: field.verbose_name for field in model._meta.concrete_fields}
    return str(labels.get(name) or definitions.of(model._meta.label).label(name) or "已取消的栏目")
