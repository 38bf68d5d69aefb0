"""One factory per model. Rows go through ``RecordType.save``, so that they are as the product
makes them.
"""

import datetime
from typing import Any

import factory

from apps.governance.models import Measure, PlanItem, Policy, Problem
from apps.metrics.models import Metric
from apps.organizations.models import District, Indicator, Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.talents.models import Education, Person, Pool, PoolMembership, Title
from apps.training.models import ClassAudience, Enrolment, TrainingClass
from tests.factories.numbers import id_number


class RecordFactory(factory.django.DjangoModelFactory):
    """Saves by the record type; ``by`` is who does it, the system unless told."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Any:
        by = kwargs.pop("by", None) or Actor.system()
        return registry.of(model_class).save(model_class(*args, **kwargs), by=by)


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


def root_unit() -> Unit:
    """The unit at the top; made when there is none."""
    return Unit.objects.filter(parent=None).first() or UnitFactory(name="云岭区", type="11")


class OwnedFactory(RecordFactory):
    class Meta:
        abstract = True

    owner = factory.LazyFunction(root_unit)


class IndicatorFactory(OwnedFactory):
    class Meta:
        model = Indicator

    name = factory.Sequence(lambda n: f"区情指标{n}")
    year = 2022
    value = 100
    unit_of_measure = "亿元"


class PersonFactory(RecordFactory):
    class Meta:
        model = Person

    name = factory.Sequence(
        lambda n: f"王{'一二三四五六七八九十'[n % 10]}{'明芳伟秀军丽强敏静磊'[n // 10 % 10]}"
    )
    id_number = factory.Sequence(id_number)
    unit = factory.LazyFunction(lambda: UnitFactory(parent=root_unit()))
    education = "21"
    entered_on = datetime.date(2021, 1, 1)


class PoolFactory(RecordFactory):
    class Meta:
        model = Pool

    code = factory.Sequence(lambda n: f"pool-{n}")
    name = factory.Sequence(lambda n: f"专门人才库{n}")


class PoolMembershipFactory(RecordFactory):
    class Meta:
        model = PoolMembership

    person = factory.SubFactory(PersonFactory)
    pool = factory.SubFactory(PoolFactory)
    joined_on = datetime.date(2021, 1, 1)


class EducationFactory(RecordFactory):
    class Meta:
        model = Education

    person = factory.SubFactory(PersonFactory)
    education = factory.Iterator(["21", "31", "41", "61", "71"])
    obtained_on = datetime.date(2010, 7, 1)


class TitleFactory(RecordFactory):
    class Meta:
        model = Title

    person = factory.SubFactory(PersonFactory)
    name = factory.Sequence(lambda n: f"高级工程师（第{n}专业）")
    level = "412"
    obtained_on = datetime.date(2022, 6, 1)


class TrainingClassFactory(OwnedFactory):
    class Meta:
        model = TrainingClass

    code = factory.Sequence(lambda n: f"P2022{n:03}")
    name = factory.Sequence(lambda n: f"2022年业务能力提升班（第{n}期）")
    level = "4"
    kind = TrainingClass.Kind.SPECIAL
    topic = "02"
    starts_on = datetime.date(2022, 5, 10)
    ends_on = datetime.date(2022, 5, 12)
    head_count = 40
    cost = 12000


class ClassAudienceFactory(RecordFactory):
    class Meta:
        model = ClassAudience

    training_class = factory.SubFactory(TrainingClassFactory)
    category = factory.Iterator(["1", "2", "3", "4", "5", "6"])
    person_times = 40


class EnrolmentFactory(RecordFactory):
    class Meta:
        model = Enrolment

    training_class = factory.SubFactory(TrainingClassFactory)
    person = factory.SubFactory(PersonFactory)
    result = Enrolment.Result.PASSED


class PolicyFactory(OwnedFactory):
    class Meta:
        model = Policy

    title = factory.Sequence(lambda n: f"云岭区人才工作办法之{n}")
    number = factory.Sequence(lambda n: f"云组发〔2022〕{n + 1}号")
    issued_on = datetime.date(2022, 3, 5)


class MeasureFactory(OwnedFactory):
    class Meta:
        model = Measure

    year = 2022
    section = Measure.Section.MECHANISM
    title = factory.Sequence(lambda n: f"举措{n}")
    text = "定期召开人才工作例会，逐项研究解决难题。"


class ProblemFactory(OwnedFactory):
    class Meta:
        model = Problem

    year = 2022
    theme = "2"
    title = factory.Sequence(lambda n: f"问题{n}")
    text = "基层一线人才偏少。"


class PlanItemFactory(OwnedFactory):
    class Meta:
        model = PlanItem

    year = 2023
    theme = "1"
    title = factory.Sequence(lambda n: f"打算{n}")
    text = "完善人才工作目标责任制。"


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


FACTORIES: dict[str, type[RecordFactory]] = {
    made._meta.model._meta.label: made  # type: ignore[attr-defined]
    for made in (
        DistrictFactory, UnitFactory, IndicatorFactory, PersonFactory, PoolFactory,
        PoolMembershipFactory, EducationFactory, TitleFactory, TrainingClassFactory,
        ClassAudienceFactory, EnrolmentFactory, PolicyFactory, MeasureFactory, ProblemFactory,
        PlanItemFactory,
        MetricFactory,
    )
}  # fmt: skip
