"""The short form on which a leader notes a visit."""

from __future__ import annotations

from typing import Any

from django.forms.models import modelform_factory

from apps.contacts import services
from apps.contacts.models import Visit
from apps.records import registry
from apps.records.formfields import form_field
from apps.records.forms import RecordForm

FIELDS = (
    "visited_on", "form", "opinions", "difficulties", "solved", "solved_earlier", "summary",
)  # fmt: skip


class _NoteVisitForm(RecordForm):
    """A visit of the link that ``instance`` holds, saved as the leader's own."""

    record_type = registry.of(Visit)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opinions", "difficulties", "solved", "solved_earlier"):
            field: Any = self.fields[name]
            field.is_owed = False  # nought stands there already

    def save(self, commit: bool = True) -> Any:
        return services.note_visit(self.instance, by=self.actor)


NoteVisitForm: Any = modelform_factory(
    Visit, form=_NoteVisitForm, fields=FIELDS, formfield_callback=form_field
)
