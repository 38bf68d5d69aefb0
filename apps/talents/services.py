"""What follows for a person from changes of dependent records, and the other way round."""

from collections.abc import Iterable, Sequence

from django.db import models

from apps.core import codes
from apps.records import registry
from apps.records.models import Record
from apps.talents.models import Education, Person, Title


def follow_person_owner(people: Sequence[Person]) -> None:
    """Dependent records belong to the unit that the person belongs to; one update per type and
    new owner.
    """
    by_owner: dict[int, list[int]] = {}
    for person in people:
        if person.version > 1:  # a new person has nothing yet
            by_owner.setdefault(person.owner_id, []).append(person.pk)
    dependents = [
        (record_type.model, field)
        for record_type, field in registry.of(Person).related_types()
        if issubclass(record_type.model, Record)
    ]
    for owner_id, keys in by_owner.items():
        for model, field in dependents:
            rows = model._base_manager.filter(**{f"{field}__in": keys})
            rows.exclude(owner_id=owner_id).update(owner_id=owner_id)


def refresh_education(person_ids: Iterable[int]) -> None:
    """Write the highest finished education of each person into the columns of now."""
    names = ("education", "degree", "school", "major")
    _refresh(
        Education.objects.filter(person_id__in=list(person_ids)),
        lambda row: (codes.rank("gb4658_education", row.education), -row.obtained_on.toordinal()),
        {name: name for name in names},
    )


def refresh_titles(person_ids: Iterable[int]) -> None:
    """Write the highest title of each person into the columns of now."""
    _refresh(
        Title.objects.filter(person_id__in=list(person_ids)),
        lambda row: (codes.rank("title_level", row.level), -row.obtained_on.toordinal()),
        {"title": "name", "title_level": "level"},
    )


def _refresh(rows: models.QuerySet, order: object, columns: dict[str, str]) -> None:
    best: dict[int, models.Model] = {}
    for row in sorted(rows, key=order, reverse=True):  # type: ignore[arg-type]
        best[row.person_id] = row
    people = Person.objects.in_bulk(best)
    for pk, person in people.items():
        for target, source in columns.items():
            setattr(person, target, getattr(best[pk], source))
    Person.objects.bulk_update(people.values(), list(columns), batch_size=500)
