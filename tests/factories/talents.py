import datetime

import factory

from apps.talents.models import (
    Career,
    Education,
    ExpertTitle,
    OrganisationKind,
    Person,
    Pool,
    PoolMembership,
    PublicRole,
    Recognition,
    Title,
)
from tests.factories.base import RecordFactory, root_unit
from tests.factories.numbers import id_number
from tests.factories.organizations import UnitFactory


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


class ExpertTitleFactory(RecordFactory):
    class Meta:
        model = ExpertTitle

    person = factory.SubFactory(PersonFactory)
    kind = factory.Iterator(["04", "05", "06", "07", "08"])
    level = "4"
    round = "第三批"
    field = "特色农业"
    obtained_on = datetime.date(2022, 3, 1)


class RecognitionFactory(RecordFactory):
    class Meta:
        model = Recognition

    person = factory.SubFactory(PersonFactory)
    catalogue = factory.Iterator(["1", "2", "3", "4"])
    tier = "D"
    starts_on = datetime.date(2022, 4, 1)


class CareerFactory(RecordFactory):
    class Meta:
        model = Career

    person = factory.SubFactory(PersonFactory)
    unit_name = "望江县水利局"
    post = factory.Sequence(lambda n: f"第{n}科科长")
    kind = OrganisationKind.OFFICE
    starts_on = datetime.date(2018, 3, 1)


class PublicRoleFactory(RecordFactory):
    class Meta:
        model = PublicRole

    person = factory.SubFactory(PersonFactory)
    role = factory.Iterator(["1", "2", "3"])
    level = "4"
    term = "第十八届"
    elected_on = datetime.date(2021, 12, 20)
