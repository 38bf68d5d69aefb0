"""A field of each kind and two tags on training classes, and a way to read and to fill pages."""

import datetime

import pytest

from apps.records import registry
from apps.records.actors import Actor
from apps.records.extras import values
from tests.factories import CustomFieldFactory, TagFactory, TrainingClassFactory

LABEL = "training.TrainingClass"


@pytest.fixture
def classes():
    return registry.get(LABEL)


class Added:
    """The definitions by a short name, and classes that hold values of them."""

    def __init__(self):
        def field(label, kind, **more):
            return CustomFieldFactory(record_type=LABEL, label=label, kind=kind, **more)

        self.mentor = field("导师", "text", order=1)
        self.score = field("满意度", "number", order=2)
        self.checked = field("回访日期", "date", order=3)
        self.way = field("承办方式", "choice", options="自办\n委托高校\n委托党校", order=4)
        self.watched, self.model = TagFactory(name="重点跟踪"), TagFactory(name="示范班次")

    def held(self, name, unit, **more):
        """A class with values by the short names; ``tags`` are tags."""
        tags = more.pop("tags", ())
        given = {key: more.pop(key) for key in list(more) if hasattr(self, key)}
        row = TrainingClassFactory(name=name, owner=unit, **more)
        for key, value in given.items():
            values.put(row, getattr(self, key).key, value)
        values.put(row, "tags", [tag.key for tag in tags])
        return registry.get(LABEL).save(row, by=Actor.system())


@pytest.fixture
def added(db):
    return Added()


@pytest.fixture
def three(world, added):
    """Three classes: two with values that differ, one without any."""
    day = datetime.date
    return [
        added.held("甲班", world.ours, mentor="张三", score=9, checked=day(2022, 3, 5), way="自办",
                   tags=[added.watched]),
        added.held("乙班", world.ours, mentor="李四张", score=12.5, checked=day(2022, 11, 20),
                   way="委托高校", tags=[added.watched, added.model]),
        added.held("丙班", world.ours),
    ]  # fmt: skip
