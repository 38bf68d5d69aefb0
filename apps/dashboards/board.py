"""The leaders' dashboard: key figures with growth, structure, progress, and what is overdue."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.contacts import selectors as contacts
from apps.core import codes
from apps.core.periods import Period
from apps.metrics.charts import Chart, Series
from apps.metrics.cross import Definition, Item, Part, tabulate
from apps.metrics.cross.definition import ages
from apps.metrics.cross.tabulating import Cell
from apps.metrics.figures import Figure, Group, Growth
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate_periods, growth
from apps.records.scope import Scope

KEYS = (
    "talents-total", "talents-joined", "doctors", "senior-titles", "trainees", "awards",
    "funds-paid", "contact-visits",
)  # fmt: skip
TEAMS = (
    "team-party", "team-management", "team-technical", "team-skilled", "team-rural", "team-social",
)  # fmt: skip
TRENDS = (
    "classes", "trainees", "award-people", "funds-paid", "contact-visits", "contact-solved",
    "service-requests", "service-closed",
)  # fmt: skip
PROGRESS = ("classes-planned", "classes", "classes-completion")
MONEY = ("funds-budgeted", "funds-allocated", "funds-paid-budgeted", "funds-allocated-paid")
REQUESTS = ("service-open", "service-late", "service-closed-share", "service-satisfied-share")
GROUPED = ("talents-by-industry", "talents-by-town", "awards-by-scheme")
SHOWN = 10  # bars of an open list

# first signs of the codes of GB/T 4658
DEGREES = (("研究生", "1"), ("大学本科", "2"), ("大学专科", "3"), ("中专及以下", "46789"))
TITLE_LEVELS = (
    ("正高级", ["411"]), ("副高级", ["412"]), ("中级", ["420"]), ("初级", ["434", "435"]),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the dashboard of one year and scope."""

    period: Period
    scope: Scope
    on: datetime.date
    keys: list[Growth]
    trends: list[Growth]
    progress: list[Figure]
    money: list[Figure]
    structure: list[Chart]
    spread: list[Chart]
    leaders: list[contacts.LeaderDue]
    requests: list[Figure]

    @property
    def charts(self) -> list[Chart]:
        return [*self.structure, *self.spread]


def board(year: int, scope: Scope, today: datetime.date) -> Board:
    """Figures of a year beside the one before; a year that is over as of its last day."""
    period = Period.year(year)
    on = min(period.end, today)
    wanted = {*KEYS, *TEAMS, *TRENDS, *PROGRESS, *MONEY, *REQUESTS, *GROUPED}
    metrics = list(Metric.objects.filter(key__in=wanted))
    now, before = evaluate_periods(metrics, [period, period.previous()], scope, in_one=True)
    grown = growth(now, before)
    return Board(
        period=period,
        scope=scope,
        on=on,
        keys=_some(grown, KEYS),
        trends=_some(grown, TRENDS),
        progress=_some(now, PROGRESS),
        money=_some(now, MONEY),
        structure=[_teams(_some(now, TEAMS)), *_structure(period, scope)],
        spread=[
            _groups("by-industry", "行业分布", now.get("talents-by-industry"), "行业"),
            _groups("by-town", "镇街分布", now.get("talents-by-town"), "镇街"),
            _groups("by-scheme", "表彰奖励", now.get("awards-by-scheme"), "奖项"),
        ],
        leaders=contacts.due_by_leader(scope, on),
        requests=_some(now, REQUESTS),
    )


def _some(found: Mapping[str, Any], keys: Sequence[str]) -> list[Any]:
    return [found[key] for key in keys if key in found]


def _teams(figures: Sequence[Figure]) -> Chart:
    names = [figure.label.removesuffix("数") for figure in figures]
    texts = [figure.text("screen") for figure in figures]
    series = [Series("人数", list(figures), texts)]
    return Chart("teams", "六支队伍", "bars", names, series, "人", head="队伍")


def structure() -> Definition:
    """What everybody in a team is divided into on the dashboard."""
    known = codes.labels("gb4658_education")
    degrees = [
        Item(name, {"education": [code for code in known if code[0] in signs]})
        for name, signs in DEGREES
    ]
    titles = [Item(name, {"title_level": levels}) for name, levels in TITLE_LEVELS]
    columns = (
        ages(35, 40, 45, 50, 54),
        Part("学历", items=tuple(degrees)),
        Part("职称", items=tuple(titles), of_which=True),
    )
    return Definition("talents.Person", columns=columns, filter={"team": ["team"]})


def _structure(period: Period, scope: Scope) -> list[Chart]:
    """Age, education and title of everybody in a team; one query."""
    definition = structure()
    raw = json.dumps(definition.as_json(), ensure_ascii=False, separators=(",", ":"))
    table = tabulate(definition, period, scope, unit_of_measure="人", address={"cross": raw})
    charts, place = [], 1
    for key, band in zip(("ages", "education", "titles"), table.columns, strict=True):
        cells = table.total.cells[place : place + len(band.heads)]
        place += len(band.heads)
        charts.append(_one(key, f"{band.heading}结构", [h.label for h in band.heads], cells))
    return charts


def _one(key: str, title: str, names: Sequence[str], cells: Sequence[Cell]) -> Chart:
    texts = [f"{cell.text} 人" for cell in cells]
    return Chart(key, title, "columns", names, [Series("人数", cells, texts)], "人")


def _groups(key: str, title: str, figure: Figure | None, head: str) -> Chart:
    """The largest groups; the rest is told by how many there are."""
    groups = sorted((g for g in figure.groups if g.value), key=_size) if figure else []
    shown = groups[:SHOWN]
    series = [Series("数量", shown, [group.text("screen") for group in shown])]
    rest = len(groups) - len(shown)
    note = f"另有 {rest} 个{head}，见指标页。" if rest > 0 else ""
    unit = figure.unit_of_measure if figure else ""
    return Chart(key, title, "bars", [g.label for g in shown], series, unit, note=note, head=head)


def _size(group: Group) -> float:
    return -float(group.value or 0)
