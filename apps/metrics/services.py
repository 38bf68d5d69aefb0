"""Loading the catalogue and saving the metrics that staff define."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.metrics import formulas
from apps.metrics.compiling import by_name
from apps.metrics.models import CrossTable, Metric
from apps.records import registry
from apps.records.actors import Actor

_FIELDS = (
    "label", "definition", "unit_of_measure", "theme", "order", "record_type", "filter",
    "aggregate", "field", "group_by", "denominator", "formula", "period_rule", "facts", "aliases",
)  # fmt: skip


@dataclass(slots=True)
class Loaded:
    """What loading the catalogue did, by labels."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def catalogue() -> list[Metric]:
    """The built-in metrics as they are shipped, unsaved: a file an area in fixtures/metrics."""
    found = []
    for path in sorted((Path(settings.BASE_DIR) / "fixtures" / "metrics").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            found.append(Metric(is_builtin=True, **row))
    return found


def load_metrics() -> Loaded:
    """Bring the built-in metrics up to date; the office's own, and those it changed, stay."""
    done = Loaded()
    stored = {metric.key: metric for metric in Metric.objects.all()}
    labels = {metric.label: metric.key for metric in stored.values()}
    rows, changed = [], []
    for shipped in catalogue():
        old = stored.get(shipped.key)
        taken = labels.get(shipped.label, shipped.key) != shipped.key
        if taken or (old and (not old.is_builtin or old.updated_by_id)):
            done.kept.append(shipped.label)
        elif old is None:
            rows.append(shipped)
            done.added.append(shipped.label)
        elif any(getattr(old, name) != getattr(shipped, name) for name in _FIELDS):
            for name in _FIELDS:
                setattr(old, name, getattr(shipped, name))
            changed.append(old)
            done.changed.append(shipped.label)
    record_type, by = registry.of(Metric), Actor.system("装载指标目录")
    with transaction.atomic():
        record_type.save_many(rows, by=by)
        for metric in changed:
            record_type.save(metric, by=by)
    return done


def load_cross_tables() -> int:
    """Bring the built-in cross tables up to date; those the office changed stay. How many."""
    path = Path(settings.BASE_DIR) / "fixtures" / "crosstables.json"
    stored = {table.key: table for table in CrossTable.objects.all()}
    record_type, by = registry.of(CrossTable), Actor.system("装载统计表")
    done = 0
    with transaction.atomic():
        for row in json.loads(path.read_text(encoding="utf-8")):
            table = stored.get(row["key"]) or CrossTable(is_builtin=True)
            if table.updated_by_id or all(getattr(table, n) == v for n, v in row.items()):
                continue
            for name, value in row.items():
                setattr(table, name, value)
            record_type.save(table, by=by)
            done += 1
    return done


def formula_by_keys(text: str) -> str:
    """A formula with every metric named by its key; names that are none stay as they are."""
    known = by_name(list(Metric.objects.all()))
    return formulas.rewrite(text, lambda name: f"{{{known[name].key if name in known else name}}}")


def new_key() -> str:
    """Key of a metric that staff define; nobody has to think of one."""
    return f"own-{secrets.token_hex(4)}"


def save_metric(metric: Metric, *, by: Actor) -> Metric:
    """Save a metric that staff define, its formula by keys, so that labels may change."""
    if metric.is_formula:
        metric.formula = formula_by_keys(metric.formula)
    saved: Any = registry.of(Metric).save(metric, by=by)
    return saved  # type: ignore[no-any-return]
