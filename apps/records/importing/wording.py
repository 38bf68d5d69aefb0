"""Sentences about a plan, for the preview page, the result page and the command line."""

from apps.records import registry
from apps.records.importing.plan import Plan

STATUS_WORDS = {"new": "新增", "changed": "更新", "unchanged": "未变"}
IGNORED_WORDS = {
    "blank": "空行", "total": "合计行", "note": "说明行", "head": "重复表头", "numbering": "栏号行",
}  # fmt: skip


def count_sentences(plan: Plan) -> list[str]:
    """One line a record type, then the rows: `人才：新增 1,154 条。`"""
    lines = []
    for label, counts in plan.counts().items():
        parts = [f"{STATUS_WORDS[s]} {counts[s]:,} 条" for s in STATUS_WORDS if counts.get(s)]
        lines.append(f"{registry.get(label).name}：{'，'.join(parts)}。")
    rows = [f"无误 {plan.accepted_rows:,} 行"]
    if plan.duplicates:
        rows.append(f"重复 {len(plan.duplicates):,} 行")
    if plan.faults:
        rows.append(f"有错误 {plan.faulty_rows:,} 行")
    lines.append(f"数据行：{'，'.join(rows)}。")
    return lines


def ignored_sentence(plan: Plan) -> str:
    """`未作为数据的行：空行 6 行，合计行 6 行。`"""
    parts = [f"{IGNORED_WORDS[k]} {n:,} 行" for k, n in plan.ignored_rows.items() if n]
    return f"未作为数据的行：{'，'.join(parts)}。" if parts else ""


def proposal_sentences(plan: Plan) -> list[str]:
    """Records that would be created on the way: `将新建单位 37 个：…`."""
    by_type: dict[str, list[str]] = {}
    for entry in plan.proposals:
        by_type.setdefault(str(entry.record._meta.verbose_name), []).append(str(entry.record))
    return [f"将新建{name} {len(texts)} 个：{'、'.join(texts)}" for name, texts in by_type.items()]
