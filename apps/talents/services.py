"""What follows for a person from changes of dependent records, and the other way round."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models

from apps.core import codes
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import Record
from apps.talents.models import Career, Education, Person, Title

Order = Callable[[Any], tuple[int, int]]


def follow_person_owner(people: Sequence[Person], *, by: Actor) -> None:
    """A person who moves takes along the dependent records of the unit that is left."""
    left = {
        person.pk: person.before.owner_id
        for person in people
        if isinstance(person.before, Person) and person.before.owner_id != person.owner_id
    }
    known = {person.pk: person for person in people if person.pk in left}
    if not known:
        return
    for record_type, field in registry.of(Person).related_types():
        if not issubclass(record_type.model, Record):
            continue
        rows = record_type.model._base_manager.filter(**{f"{field}__in": known})
        moved = []
        for row in rows:
            person = known[getattr(row, f"{field}_id")]
            if row.owner_id == left[person.pk]:
                row.owner = person.owner
                moved.append(row)
        if moved:
            record_type.save_many(moved, by=by)


def fill_origins(rows: Sequence[Career]) -> None:
    """Where posts say nothing of it: the kind of workplace that their holders left last before.

    Posts of the same batch count as well, in whatever order they stand.
    """
    for row in rows:
        row.fill_workplace()
    blank = [row for row in rows if not row.origin and isinstance(row.starts_on, datetime.date)]
    if not blank:
        return
    own = {row.pk for row in rows} - {None}
    stored = Career.objects.filter(person_id__in={_holder(row) for row in blank})
    known: dict[Any, list[Career]] = {}
    for row in [*stored.exclude(pk__in=own), *rows]:
        known.setdefault(_holder(row), []).append(row)
    for row in blank:
        left = [
            other
            for other in known[_holder(row)]
            if other is not row and other.kind and other.ends_on and other.ends_on <= row.starts_on
        ]
        if left:
            row.origin = max(left, key=lambda other: (other.ends_on, other.starts_on)).kind


def _holder(row: Career) -> Any:
    """The person of a post; one of the same import may have got its key just now."""
    person = row._state.fields_cache.get("person")
    return row.person_id if person is None else person.pk


def refresh_education(person_ids: Iterable[int], *, by: Actor) -> None:
    """Write the highest finished education of each person into the columns of now."""
    _refresh(
        Education.objects.filter(person_id__in=list(person_ids)),
        lambda row: (codes.rank("gb4658_education", row.education), -row.obtained_on.toordinal()),
        {name: name for name in ("education", "degree", "school", "major")},
        by,
    )


def refresh_titles(person_ids: Iterable[int], *, by: Actor) -> None:
    """Write the highest title of each person into the columns of now."""
    _refresh(
        Title.objects.filter(person_id__in=list(person_ids)),
        lambda row: (codes.rank("title_level", row.level), -row.obtained_on.toordinal()),
        {"title": "name", "title_level": "level"},
        by,
    )


def _refresh(rows: models.QuerySet, order: Order, columns: dict[str, str], by: Actor) -> None:
    """Take the first row of each person in ``order``; save the people whom that changes."""
    best: dict[int, Any] = {}
    for row in sorted(rows, key=order, reverse=True):
        best[row.person_id] = row
    changed = []
    for person in Person.objects.select_related("unit", "owner").filter(pk__in=best):
        news = {target: getattr(best[person.pk], source) for target, source in columns.items()}
        if any(getattr(person, target) != value for target, value in news.items()):
            for target, value in news.items():
                setattr(person, target, value)
            changed.append(person)
    if changed:
        registry.of(Person).save_many(changed, by=by)
