"""Outlines from text files into the database, checked against the metrics there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.core.errors import DomainError
from apps.metrics.models import Metric
from apps.records.actors import Actor
from apps.records.history import log_change
from apps.reports.models import Outline, Report
from apps.reports.outline.language import OutlineError
from apps.reports.outline.parser import OutlineErrors, OutlineText, parse_outline
from apps.reports.selectors.material import query_for

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "outlines"
FACTS = ("年度", "上年度", "下年度", "时段", "地区", "范围", "截止日期")


@transaction.atomic
def load_outlines(*, by: Actor) -> dict[str, list[str]]:
    """Load every text of ``fixtures/outlines``; again and again with the same result.

    Returns the names of those made, changed and left as they were; OutlineErrors names the file.
    """
    done: dict[str, list[str]] = {"made": [], "changed": [], "same": []}
    labels = known_labels()
    for order, path in enumerate(sorted(FOLDER.glob("*.txt")), 1):
        source = path.read_text(encoding="utf-8")
        try:
            outline = check_outline(source, labels)
        except DomainError as error:
            raise DomainError(f"提纲文件 {path.name} 有误：\n{error.message}") from None
        done[_store(outline, source, order, by)].append(outline.name)
    return done


def _store(text: OutlineText, source: str, order: int, by: Actor) -> str:
    kinds = {str(label): value for value, label in Report.Kind.choices}
    values = {
        "name": text.name,
        "kind": kinds.get(text.kind, Report.Kind.SUMMARY),
        "description": text.description,
        "source": source,
        "order": order * 10,
        "is_builtin": True,
    }
    row = Outline.objects.filter(key=text.key).first()
    if row is None:
        row = Outline.objects.create(key=text.key, **values)
        log_change("create", by=by, record=row)
        return "made"
    if all(getattr(row, name) == value for name, value in values.items()):
        return "same"
    Outline.objects.filter(pk=row.pk).update(**values, version=row.version + 1)
    log_change("update", by=by, record=row, changes={"source": ["", "（重新装载）"]})
    return "changed"


def known_labels() -> set[str]:
    """Every name a sentence may cite a metric by: labels and former labels."""
    found: set[str] = set()
    for label, aliases in Metric.objects.values_list("label", "aliases"):
        found |= {label, *aliases}
    return found


def check_outline(source: str, labels: Iterable[str]) -> OutlineText:
    """The parsed outline; OutlineErrors lists every line that cites what does not exist."""
    outline = parse_outline(source)
    known = {*labels, *FACTS}
    faults = []
    sentences = [outline.title, *(s for p in outline.parts for s in p.all_sentences())]
    for sentence in sentences:
        for citation in sentence.citations():
            if citation.label not in known:
                faults.append(OutlineError(unknown_label(citation.label, known), sentence.line))
    for part in outline.parts:
        if part.kind == "records":
            try:
                query_for(*part.argument, 2000)
            except DomainError as error:
                faults.append(OutlineError(error.message, part.line))
    if faults:
        raise OutlineErrors(sorted(faults, key=lambda fault: fault.line))
    return outline


def unknown_label(label: str, known: Iterable[str]) -> str:
    """The sentence for a label that does not exist, with the nearest that does."""
    near = difflib.get_close_matches(label, list(known), n=1, cutoff=0.4)
    hint = f"，是不是“{near[0]}”" if near else ""
    return f"没有名为“{label}”的指标{hint}？请改用已有指标，或先在“统计指标”中新建。"
