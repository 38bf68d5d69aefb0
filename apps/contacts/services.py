"""What follows for visits from changes of their links, and a visit that a leader notes himself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.contacts.models import ContactLink, Visit
from apps.core.errors import DomainError
from apps.records import registry
from apps.records.actors import Actor


def follow_link_owner(links: Sequence[ContactLink], *, by: Actor) -> None:
    """A link that passes to another unit takes along its visits."""
    moved = {
        link.pk: link
        for link in links
        if isinstance(link.before, ContactLink) and link.before.owner_id != link.owner_id
    }
    visits = list(Visit.objects.filter(link__in=moved)) if moved else []
    for visit in visits:
        visit.link = moved[visit.link_id]
        visit.owner = visit.link.owner
    if visits:
        registry.of(Visit).save_many(visits, by=by)


def is_own(link: ContactLink, user: Any) -> bool:
    """Whether a link is one of the leader who uses this account."""
    return bool(user and link.leader and link.leader.user_id == user.pk)


def note_visit(visit: Visit, *, by: Actor) -> Visit:
    """Save a visit that a leader notes himself: of a link of his own, and of no other."""
    if not is_own(visit.link, by.user):
        raise DomainError("这不是您本人的结对联系，不能登记走访，请联系人才办。")
    saved: Visit = registry.of(Visit).save(visit, by=by)
    return saved
