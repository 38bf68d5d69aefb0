"""What the first page shows: figures by theme, and what the year's report still lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Value

from apps.core.periods import Period
from apps.metrics.figures import Figure, Growth
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate_periods, growth
from apps.records import registry
from apps.records.registry import RecordType
from apps.records.scope import Scope

KEY_FIGURES = ("talents-total", "doctors", "masters", "senior-titles", "trainees", "classes")
TEAMS = (
    "team-party", "team-management", "team-technical", "team-skilled", "team-rural", "team-social",
)  # fmt: skip
SHARES = ("bachelors-up-share", "women-share", "technical-titled-share")
EDUCATION = "talents-by-education"
TRAINING = ("classes", "trainees", "training-cost", "away-classes", "visits", "classes-completion")
OVERLAP, OVERLAP_OF = "teams-overlap", "teams-sum"

# What a report is written from: record type, years after the report's own, and what is missed.
NEEDS = (
    ("talents.PoolMembership", 0, "没有在库人才，人才总量和队伍结构无从统计"),
    ("talents.Title", 0, "没有当年取得职称的记录，职称晋升人数无从统计"),
    ("training.TrainingClass", 0, "没有当年培训班，培训期数和人次无从统计"),
    ("training.ClassAudience", 0, "没有当年培训对象，分类别培训人次无从统计"),
    ("governance.Policy", 0, "没有当年印发的政策文件，文件目录无从列出"),
    ("governance.Measure", 0, "没有当年工作举措，“主要做法和成效”缺少文字"),
    ("governance.Problem", 0, "没有当年存在问题，“存在的问题”缺少内容"),
    ("governance.PlanItem", 1, "没有下年度工作打算，“下一步打算”缺少内容"),
    ("organizations.Indicator", 0, "没有当年区情指标，生产总值等背景数据无从引用"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure drawn against the largest one beside it; ``width`` in percent."""

    label: str
    text: str
    url: str
    width: int


@dataclass(frozen=True, slots=True)
class Need:
    """How many records of a type the year has, and what is missed when there is none."""

    record_type: RecordType
    period: Period
    count: int
    sentence: str

    @property
    def words(self) -> str:
        return f"{self.record_type.name} {self.count:,} 条"

    @property
    def url(self) -> str:
        return f"{self.record_type.url('list')}?{urlencode({'period': self.period.key})}"


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the first page."""

    period: Period
    scope: Scope
    keys: list[Growth]
    teams: list[Bar]
    education: list[Bar]
    shares: list[Figure]
    overlap: Figure | None
    training: list[Growth]
    needs: list[Need]

    @property
    def lacking(self) -> list[Need]:
        return [need for need in self.needs if not need.count]


def overview(year: int, scope: Scope) -> Overview:
    """Figures of a year and the one before; the number of queries is fixed."""
    period = Period.year(year)
    wanted = [*KEY_FIGURES, *TEAMS, *SHARES, EDUCATION, *TRAINING, OVERLAP, OVERLAP_OF]
    metrics = list(Metric.objects.filter(key__in=wanted))
    figures, before = evaluate_periods(metrics, [period, period.previous()], scope)
    grown = growth(figures, before)
    education = figures.get(EDUCATION)
    return Overview(
        period=period,
        scope=scope,
        keys=[grown[key] for key in KEY_FIGURES if key in grown],
        teams=bars([(f.label.removesuffix("数"), f) for f in _some(figures, TEAMS)]),
        education=bars([(group.label, group) for group in education.groups] if education else []),
        shares=_some(figures, SHARES),
        overlap=figures.get(OVERLAP),
        training=[grown[key] for key in TRAINING if key in grown],
        needs=needs(year, scope),
    )


def _some(figures: dict[str, Figure], keys: Sequence[str]) -> list[Figure]:
    return [figures[key] for key in keys if key in figures]


def bars(items: Sequence[tuple[str, object]]) -> list[Bar]:
    """Bars of the figures or groups that are not nought; the smallest is still seen."""
    known = [(label, item) for label, item in items if item.value]  # type: ignore[attr-defined]
    largest = max((item.value for _, item in known), default=0)  # type: ignore[attr-defined]
    return [
        Bar(
            label,
            item.text("screen"),  # type: ignore[attr-defined]
            item.url,  # type: ignore[attr-defined]
            max(round(item.value * 100 / largest), 1),  # type: ignore[attr-defined]
        )
        for label, item in known
    ]


def needs(year: int, scope: Scope) -> list[Need]:
    """What the report of a year is written from; one query for all of it."""
    found, parts = [], []
    for label, later, sentence in NEEDS:
        record_type, period = registry.get(label), Period.year(year + later)
        found.append((record_type, period, sentence))
        assert record_type.period is not None  # noqa: S101 -- every type above has dates
        rows = record_type.queryset(scope).counted().filter(record_type.period.q(period))
        parts.append(
            rows.order_by().values(of=Value(label)).annotate(n=Count("pk")).values("of", "n")
        )
    counted = parts[0].union(*parts[1:], all=True)
    counts = {row["of"]: row["n"] for row in counted}
    return [Need(t, period, counts.get(t.label, 0), sentence) for t, period, sentence in found]
