import factory

from apps.metrics.models import CrossTable, Metric, ReportedFigure
from tests.factories.base import OwnedFactory, RecordFactory


class MetricFactory(RecordFactory):
    class Meta:
        model = Metric

    key = factory.Sequence(lambda n: f"metric-{n}")
    label = factory.Sequence(lambda n: f"自定指标{n}")
    definition = "在册人才人数。"
    unit_of_measure = "人"
    record_type = "talents.Person"
    aggregate = Metric.Aggregate.COUNT
    theme = "人才队伍"


class ReportedFigureFactory(OwnedFactory):
    """Of the unit that owns it."""

    class Meta:
        model = ReportedFigure

    metric = factory.SubFactory(MetricFactory)
    unit = factory.SelfAttribute("owner")
    year = factory.Iterator([2022, 2021, 2020])
    value = 120
    source = "年度统计报表"


class CrossTableFactory(RecordFactory):
    class Meta:
        model = CrossTable

    title = factory.Sequence(lambda n: f"自设统计表{n}")
    unit_of_measure = "人"
    definition = factory.LazyFunction(
        lambda: {"record_type": "talents.Person", "rows": [{"by": "education"}]}
    )
