"""The history of a report in words: what its services log, beside the usual changes."""

from __future__ import annotations

from collections.abc import Iterable

from apps.records.models import ChangeLog
from apps.records.sentences import Part, Sentence, tell
from apps.reports.models import Report

LONGEST = 120
_WORDS = {"status": "状态", "drafted_at": ""}
_PLACED = ("增加", "删除", "补入", "不再补写", "采用新数", "复制自")  # said with one text only


def tell_report(lines: Iterable[ChangeLog]) -> list[Sentence]:
    """Sentences of a report's log lines, in their order."""
    told = []
    for line in lines:
        sentence = tell([line], Report)
        if not sentence:
            continue
        parts = _parts(line) if line.action in ("report", "export") else sentence[0].parts
        told.append(Sentence(sentence[0].who, sentence[0].when, tuple(parts), line.reason))
    return told


def _parts(line: ChangeLog) -> list[Part]:
    parts: list[Part] = []
    for name, (old, new) in line.changes.items():
        what, old, new = _WORDS.get(name, name), _cut(old), _cut(new)
        if line.action == "export":
            return [Part("导出了"), Part(new, True), Part("文件")]
        if not what:
            return [Part(f"{new}了报告")]
        if what.startswith(_PLACED) or not (old or new):
            parts += [Part(what)] + ([Part("："), Part(old or new, True)] if old or new else [])
        else:
            parts += [Part("把"), Part(what), Part("由"), Part(old, True)]
            parts += [Part("改为"), Part(new, True)]
    return parts or [Part("处理了报告")]


def _cut(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
