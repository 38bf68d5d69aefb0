import datetime

import factory

from apps.governance.models import Measure, PlanItem, Policy, Problem
from tests.factories.base import OwnedFactory


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
