"""Sentences about a plan, for the preview page, the result page and the command line."""

from collections.abc import Mapping

from apps.records import registry
from apps.records.importing.plan import Plan

STATUS_WORDS = {"new": "新增", "changed": "更新", "unchanged": "未变"}
IGNORED_WORDS = {
    "blank": "空行", "total": "合计行", "note": "说明行", "head": "重复表头", "numbering": "栏号行",
}  # fmt: skip


def type_sentences(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """One line a record type: `人才：新增 1,154 条，更新 3 条。`"""
    lines = []
    for label, by_status in counts.items():
        parts = [f"{w} {by_status[s]:,} 条" for s, w in STATUS_WORDS.items() if by_status.get(s)]
        lines.append(f"{registry.get(label).name}：{'，'.join(parts)}。")
    return lines


def ignored_words(ignored: Mapping[str, int]) -> str:
    """`空行 6 行，合计行 6 行`"""
    return "，".join(f"{IGNORED_WORDS[kind]} {n:,} 行" for kind, n in ignored.items() if n)


def count_sentences(plan: Plan) -> list[str]:
    """Record type by record type, then the rows."""
    rows = [f"无误 {plan.accepted_rows:,} 行"]
    if plan.duplicates:
        rows.append(f"重复 {len(plan.duplicates):,} 行")
    if plan.faults:
        rows.append(f"有错误 {plan.faulty_rows:,} 行")
    return [*type_sentences(plan.counts()), f"数据行：{'，'.join(rows)}。"]


def ignored_sentence(plan: Plan) -> str:
    """`未作为数据的行：空行 6 行，合计行 6 行。`"""
    words = ignored_words(plan.ignored_rows)
    return f"未作为数据的行：{words}。" if words else ""


def proposal_sentences(plan: Plan) -> list[str]:
    """Records that would be created on the way: `将新建单位 37 个：…`."""
    by_type: dict[str, list[str]] = {}
    for entry in plan.proposals:
        by_type.setdefault(str(entry.record._meta.verbose_name), []).append(str(entry.record))
    return [f"将新建{name} {len(texts)} 个：{'、'.join(texts)}" for name, texts in by_type.items()]
