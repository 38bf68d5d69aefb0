import factory

from apps.metrics.models import Metric
from tests.factories.base import RecordFactory


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
