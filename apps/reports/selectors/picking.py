"""The figures a writer may insert, with what each form would say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from apps.metrics.figures import Figure
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate
from apps.reports.models import Report
from apps.reports.outline.forms import FORMS
from apps.reports.outline.language import Citation
from apps.reports.selectors.catalogue import Catalogue

SHOWN = 40
_COMBINED = [("上年", "余")]


@dataclass(frozen=True, slots=True)
class Choice:
    """A form of a figure: how it is cited and what it says now."""

    source: str
    name: str
    meaning: str
    text: str


def themes() -> list[str]:
    """The themes of the metrics in their order."""
    found = Metric.objects.order_by("order", "key").values_list("theme", flat=True)
    return list(dict.fromkeys(theme for theme in found if theme))


def find(report: Report, words: str, theme: str) -> tuple[list[Figure], int]:
    """The first metrics with all words in label or definition, evaluated; and how many more."""
    rows = Metric.objects.order_by("order", "key")
    if theme:
        rows = rows.filter(theme=theme)
    for word in words.split():
        rows = rows.filter(Q(label__icontains=word) | Q(definition__icontains=word))
    several = list(rows[: SHOWN + 1])
    more = rows.count() - SHOWN if len(several) > SHOWN else 0
    figures = evaluate(several[:SHOWN], report.period, report.scope)
    return list(figures.values()), more


def _is_sensible(citation: Citation, value: Decimal | None) -> bool:
    """Whether anybody would write a value of this size so."""
    size = abs(value or Decimal(0))
    least = {"余": 100, "近": 100, "万": 10_000, "亿": 10_000_000}
    form = citation.forms[-1] if citation.forms else ""
    if form == "百分比":
        return size <= 1 and size != size.to_integral_value()
    return size >= least.get(form, 0)


def choices(report: Report, metric: Metric) -> list[Choice]:
    """The forms in which a metric can be written for the report, each with its text."""
    wanted: list[tuple[str, ...]] = [(), *((name,) for name in FORMS), *_COMBINED]
    if not metric.record_type:
        wanted.remove(("列表",))
    citations = [Citation(metric.label, forms) for forms in wanted]
    catalogue = Catalogue.read(citations, report.period, report.scope)
    found: list[Choice] = []
    for citation in citations:
        written = catalogue.write(citation)
        if written.missing or not _is_sensible(citation, written.value):
            continue
        if any(choice.text == written.text for choice in found):
            continue
        name = ".".join(citation.forms)
        meaning = FORMS[citation.forms[-1]].meaning if citation.forms else "原数"
        found.append(Choice(citation.source, name or "原数", meaning, written.text))
    return found
