import datetime
from typing import Any

import factory

from apps.awards.models import Award, AwardRecipient, AwardScheme
from tests.factories.base import OwnedFactory, RecordFactory
from tests.factories.talents import PersonFactory


class AwardSchemeFactory(RecordFactory):
    class Meta:
        model = AwardScheme

    name = factory.Sequence(lambda n: f"科技进步奖（{n}）")


class AwardFactory(OwnedFactory):
    class Meta:
        model = Award

    scheme = factory.SubFactory(AwardSchemeFactory)
    year = 2022
    level = "4"
    recipient = factory.Sequence(lambda n: f"获奖人{n}")
    recipient_kind = Award.RecipientKind.PERSON
    conferred_on = datetime.date(2022, 6, 30)
    conferring_body = "区委区政府"
    amount_yuan = 50000


class AwardRecipientFactory(RecordFactory):
    class Meta:
        model = AwardRecipient

    award = factory.SubFactory(AwardFactory)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        """Somebody is the recipient: a person, unless a unit or a name is given."""
        if not any(kwargs.get(name) for name in ("person", "unit", "name")):
            kwargs.setdefault("person", PersonFactory())
        return kwargs
