"""One factory per model, a module an app. Rows go through ``RecordType.save``, so that they are as
the product makes them.
"""

from collections.abc import Iterator

from tests.factories.awards import AwardFactory, AwardRecipientFactory, AwardSchemeFactory
from tests.factories.base import OwnedFactory, RecordFactory, root_unit
from tests.factories.contacts import (
    ContactLinkFactory,
    LeaderFactory,
    ServiceRequestFactory,
    VisitFactory,
)
from tests.factories.funds import (
    ApplicationFactory,
    BudgetFactory,
    DisbursementFactory,
    FundFactory,
    ItemExclusionFactory,
    PolicyItemFactory,
)
from tests.factories.governance import (
    MeasureFactory,
    PlanItemFactory,
    PolicyFactory,
    ProblemFactory,
)
from tests.factories.metrics import CrossTableFactory, MetricFactory, ReportedFigureFactory
from tests.factories.organizations import DistrictFactory, IndicatorFactory, UnitFactory
from tests.factories.records import CustomFieldFactory, TagFactory
from tests.factories.talents import (
    CareerFactory,
    EducationFactory,
    ExpertTitleFactory,
    PersonFactory,
    PoolFactory,
    PoolMembershipFactory,
    PublicRoleFactory,
    RecognitionFactory,
    TitleFactory,
)
from tests.factories.training import ClassAudienceFactory, EnrolmentFactory, TrainingClassFactory

__all__ = [
    "FACTORIES",
    "ApplicationFactory",
    "AwardFactory",
    "AwardRecipientFactory",
    "AwardSchemeFactory",
    "BudgetFactory",
    "CareerFactory",
    "ClassAudienceFactory",
    "ContactLinkFactory",
    "CrossTableFactory",
    "CustomFieldFactory",
    "DisbursementFactory",
    "DistrictFactory",
    "EducationFactory",
    "EnrolmentFactory",
    "ExpertTitleFactory",
    "FundFactory",
    "IndicatorFactory",
    "ItemExclusionFactory",
    "LeaderFactory",
    "MeasureFactory",
    "MetricFactory",
    "OwnedFactory",
    "PersonFactory",
    "PlanItemFactory",
    "PolicyFactory",
    "PolicyItemFactory",
    "PoolFactory",
    "PoolMembershipFactory",
    "ProblemFactory",
    "PublicRoleFactory",
    "RecognitionFactory",
    "RecordFactory",
    "ReportedFigureFactory",
    "ServiceRequestFactory",
    "TagFactory",
    "TitleFactory",
    "TrainingClassFactory",
    "UnitFactory",
    "VisitFactory",
    "root_unit",
]


def _made(base: type[RecordFactory]) -> Iterator[type[RecordFactory]]:
    for made in base.__subclasses__():
        if not made._meta.abstract:  # type: ignore[attr-defined]
            yield made
        yield from _made(made)


FACTORIES: dict[str, type[RecordFactory]] = {
    made._meta.model._meta.label: made  # type: ignore[attr-defined]
    for made in _made(RecordFactory)
}
