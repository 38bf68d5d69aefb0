"""What the tests of reports share: a report of a unit, the figure of a metric."""

from apps.core.periods import Period
from apps.metrics.selectors import evaluate
from apps.records.scope import Scope
from tests.factories import ReportedFigureFactory

YEAR, ALL = Period.year(2022), Scope.everything()


def told(metric, unit, value, year=2022, **more):
    """A reviewed report."""
    return ReportedFigureFactory(metric=metric, owner=unit, year=year, value=value, **more)


def ask(metric, scope=ALL, period=YEAR):
    return evaluate([metric], period, scope)[metric.key]


def within(unit):
    return Scope((unit.path,), str(unit))
