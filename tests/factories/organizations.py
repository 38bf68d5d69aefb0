import factory

from apps.organizations.models import District, Indicator, Unit
from tests.factories.base import OwnedFactory, RecordFactory


class DistrictFactory(RecordFactory):
    class Meta:
        model = District

    code = factory.Sequence(lambda n: f"520398{100 + n}")
    name = factory.Sequence(lambda n: f"第{n}镇")


class UnitFactory(RecordFactory):
    """A unit below the first one, which is the root."""

    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"第{n}中学")
    type = "21"


class IndicatorFactory(OwnedFactory):
    class Meta:
        model = Indicator

    name = factory.Sequence(lambda n: f"区情指标{n}")
    year = 2022
    value = 100
    unit_of_measure = "亿元"
