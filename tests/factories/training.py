import datetime

import factory

from apps.training.models import ClassAudience, Enrolment, TrainingClass
from tests.factories.base import OwnedFactory, RecordFactory
from tests.factories.talents import PersonFactory


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
