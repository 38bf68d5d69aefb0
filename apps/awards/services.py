"""What follows from changes of awards and of their schemes."""

from collections.abc import Sequence

from apps.awards.models import Award, AwardRecipient, AwardScheme
from apps.organizations.models import Unit
from apps.records import registry
from apps.records.actors import Actor
from apps.records.models import Record


def link_units(awards: Sequence[Award], *, by: Actor) -> None:
    """Make the unit that the certificate names a recipient of an award that counts, as long as
    it has none. (An import says itself who the recipients are.)
    """
    named = {
        award.pk: award
        for award in awards
        if award.recipient_kind == Award.RecipientKind.UNIT and award.state == Record.State.APPROVED
    }
    if by.batch is not None or not named:
        return
    held = set(AwardRecipient.objects.filter(award__in=named).values_list("award_id", flat=True))
    open_ones = [award for pk, award in named.items() if pk not in held]
    names = {award.recipient for award in open_ones}
    units = {
        unit.name: unit for unit in registry.of(Unit).queryset(by.scope).filter(name__in=names)
    }
    rows = [
        AwardRecipient(award=award, unit=units[award.recipient])
        for award in open_ones
        if award.recipient in units
    ]
    if rows:
        registry.of(AwardRecipient).save_many(rows, by=by)


def follow_scheme_names(schemes: Sequence[AwardScheme], *, by: Actor) -> None:
    """Awards of a scheme that was renamed take on its new name."""
    renamed = [
        scheme
        for scheme in schemes
        if isinstance(scheme.before, AwardScheme) and scheme.before.name != scheme.name
    ]
    rows = Award.objects.filter(scheme__in=renamed).select_related("scheme", "owner")
    if renamed and (awards := list(rows)):
        registry.of(Award).save_many(awards, by=by)
