import factory

from apps.records.models import CustomField, Tag
from tests.factories.base import RecordFactory


class CustomFieldFactory(RecordFactory):
    class Meta:
        model = CustomField

    record_type = "talents.Person"
    label = factory.Sequence(lambda n: f"自设字段{n}")


class TagFactory(RecordFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"标签{n}")
