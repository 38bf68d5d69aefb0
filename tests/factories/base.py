from typing import Any

import factory

from apps.organizations.models import Unit
from apps.records import registry
from apps.records.actors import Actor


class RecordFactory(factory.django.DjangoModelFactory):
    """Saves by the record type; ``by`` is who does it, the system unless told."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Any:
        by = kwargs.pop("by", None) or Actor.system()
        return registry.of(model_class).save(model_class(*args, **kwargs), by=by)


def root_unit() -> Unit:
    """The unit at the top; made when there is none."""
    unit = Unit.objects.filter(parent=None).first() or Unit(name="云岭区", type="11")
    return unit if unit.pk else registry.of(Unit).save(unit, by=Actor.system())


class OwnedFactory(RecordFactory):
    class Meta:
        abstract = True

    owner = factory.LazyFunction(root_unit)
