"""The form of a record type, made from its declaration. It reads what was typed and reports faults;
what is a fault the write path decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.models import construct_instance, modelform_factory
from django.urls import NoReverseMatch
from django.utils.functional import cached_property

from apps.core import crypto
from apps.core.errors import DomainError
from apps.core.fields import EncryptedField, Protected
from apps.core.keys import parse_key
from apps.records import columns, duplicates, saving
from apps.records.actors import Actor
from apps.records.extras import definitions, entering, values
from apps.records.formfields import (
    MaskedFormField,
    ReferenceFormField,
    form_field,
    required_message,
)
from apps.records.models import Record
from apps.records.registry import RecordType
from apps.records.rendering import RENDERER

HIDDEN = ("version", "base")
MARK = "\x1f"  # between a text and what tells it from another of the same text
STALE = "您打开之后这条记录已被他人修改，没有保存。请重新打开核对后再修改。"
OWNER_HELP = "留空时按所属人才、工作单位或您的单位确定"
NO_OWNER = "您的账号没有所在单位，无法确定填报单位，请联系系统管理员。"


class RecordForm(forms.ModelForm):
    """Form of one record. ``version`` and ``base`` say in which state it was opened."""

    record_type: ClassVar[RecordType]
    actor: Actor = Actor()
    refuses_stale = False  # where no page shows both versions: a fault among the others
    default_renderer = RENDERER
    use_required_attribute = False  # faults come in our own words, beside the field

    version = forms.IntegerField(label="版本", required=False, widget=forms.HiddenInput)
    base = forms.CharField(label="原值", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor or self.actor
        self.label_suffix = ""
        self.auto_filled: set[str] = set()
        self.extras = self.record_type.extras
        self.fields |= entering.form_fields(self.extras)
        self.initial = {**entering.initial(self.instance, self.extras), **self.initial}
        for name, field in self.fields.items():
            self._bind(name, field)
        self._keep_owner_or_not()
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.initial["base"] = json.dumps(snapshot(self), ensure_ascii=False)
        for name in duplicates.checked_fields(self.record_type) & set(self.fields):
            self.fields[name].widget.attrs["data-check"] = "1"

    def _bind(self, name: str, field: forms.Field) -> None:
        if name in self.record_type.filled:
            field.required = field.is_owed = False  # type: ignore[attr-defined]
        if isinstance(field, ReferenceFormField):
            stored = self.instance._meta.get_field(name)
            current = (
                getattr(self.instance, name) if getattr(self.instance, stored.attname) else None
            )
            field.bind(self.actor.scope, current, _source(field.target))
        elif isinstance(field, MaskedFormField):
            field.stored = getattr(self.instance, name)
            field.widget.attrs["data-check"] = "1"

    def _keep_owner_or_not(self) -> None:
        """The owning unit is asked for where there is a choice; elsewhere it follows by itself."""
        field: Any = self.fields.get("owner")
        if field is None:
            return
        field.required = field.is_owed = False
        field.help_text = OWNER_HELP
        scope = self.actor.scope
        units = [] if scope.is_everything else list(field.target.queryset(scope)[:2])
        self.only_unit = units[0] if len(units) == 1 else None
        if not scope.is_everything and len(units) < 2:
            del self.fields["owner"]

    # -- reading what was typed --------------------------------------------------------------------

    def _post_clean(self) -> None:
        """Everything after the fields themselves follows the write path's rules."""
        failed = set(self.errors)
        if not self.cleaned_data.get("owner"):
            self.cleaned_data.pop("owner", None)  # left to the default, or kept
        opts = self._meta
        self.instance = construct_instance(self, self.instance, opts.fields, opts.exclude)
        entering.take(self.instance, self.extras, self.cleaned_data)
        before = {name: self._is_blank(name) for name in self.fields}
        try:
            self._prepare()
            saving.full_clean(self.instance, exclude=failed - {NON_FIELD_ERRORS})
        except ValidationError as error:
            self.attach(error)
        except DomainError as error:
            self.add_error(None, error.message)
        if self.refuses_stale and self.instance.pk and self._is_stale():
            self.add_error(None, STALE)
        blank = (name for name, was_blank in before.items() if was_blank)
        self.auto_filled = {name for name in blank if not self._is_blank(name)} - {"owner"}

    def _prepare(self) -> None:
        saving.prepare(self.record_type, self.instance, by=self.actor)
        if isinstance(self.instance, Record) and self.instance.owner_id is None:
            self.instance.owner = getattr(self, "only_unit", None)

    def _is_stale(self) -> bool:
        return bool(self.cleaned_data.get("version") != self.instance.version)

    def _is_blank(self, name: str) -> bool:
        return getattr(self.instance, name, "") in (None, "") if name in self.model_names else False

    @cached_property
    def model_names(self) -> set[str]:
        return {f.name for f in self.instance._meta.concrete_fields if not f.remote_field}

    def attach(self, error: ValidationError) -> None:
        """Put the faults that the write path found beside their fields, in our own words."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, list(error.messages))
            return
        for name, errors in error.error_dict.items():
            field = self._model_field(name)
            texts = [text for e in errors for text in self._say(field, e)]
            if name in self.fields:
                self.add_error(name, texts)
            elif name == "owner":
                self.add_error(None, NO_OWNER)
            else:
                self.add_error(None, texts)

    def _model_field(self, name: str) -> models.Field | None:
        found = {f.name: f for f in self.instance._meta.concrete_fields}
        return found.get(name)

    def _say(self, field: models.Field | None, error: ValidationError) -> list[str]:
        if field is not None and error.code in ("blank", "null"):
            return [required_message(field)]
        if field is not None and error.code == "unique":
            return [f"{field.verbose_name}相同的{self.record_type.name}已存在，请核对。"]
        return list(error.messages)

    def save(self, commit: bool = True) -> Any:
        """Save by the write path; without ``commit`` the caller does it (Django admin)."""
        row = super().save(commit=False)
        return self.record_type.save(row, by=self.actor) if commit else row

    # -- showing -----------------------------------------------------------------------------------

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Headings with their fields, as declared; owner and remarks stand last."""
        tail = ("其他", ["owner", "remarks"])
        named = [*self.record_type.all_sections, tail]
        rows = [(head, [self[n] for n in names if n in self.fields]) for head, names in named]
        return [(head, fields) for head, fields in rows if fields]

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """All errors for the top of the page: (id of the field, its label, sentence)."""
        found: list[tuple[str, str, str]] = []
        for name, errors in self.errors.items():
            bound = self[name] if name in self.fields else None
            where = (str(bound.id_for_label), str(bound.label)) if bound else ("", "")
            found += [(*where, str(text)) for text in errors]
        return found


def _source(target: RecordType) -> str:
    """The address that offers records while one types; the field works without it."""
    try:
        return target.url("autocomplete")
    except NoReverseMatch:
        return ""


def snapshot(form: RecordForm) -> dict[str, str]:
    """The stored record as texts by field; a protected value as its mask. A mark behind a text
    tells it from another of the same text.
    """
    return {name: shown(form.instance, name) for name in form.fields if name not in HIDDEN}


def shown(row: Any, name: str) -> str:
    if definitions.is_key(name):
        return values.text(row, name)
    model: type[models.Model] = type(row)
    text, field, mark = columns.of_field(model, name).text(row), model._meta.get_field(name), ""
    if isinstance(field, EncryptedField):
        value = getattr(row, name)
        mark = crypto.fingerprint(value.token.encode())[:12] if isinstance(value, Protected) else ""
    elif isinstance(field, models.ForeignKey):
        mark = str(getattr(row, field.attname) or "")
    return f"{text}{MARK}{mark}" if mark else text


@lru_cache(maxsize=200)
def form_class(record_type: RecordType) -> type[RecordForm]:
    """The form of a record type."""
    names = [*record_type.fields, "remarks"]
    if issubclass(record_type.model, Record) and "owner" not in names:
        names.append("owner")
    base = type("RecordForm", (RecordForm,), {"record_type": record_type})
    made: Any = modelform_factory(
        record_type.model, form=base, fields=names, formfield_callback=form_field
    )
    return made


def initial_from(
    record_type: RecordType, params: Mapping[str, str], actor: Actor
) -> dict[str, Any]:
    """Values for a new record out of an address, such as ``?person=12``: records of the scope."""
    made = form_class(record_type).base_fields
    found: dict[str, Any] = {}
    for name in set(params) & set(made) - set(HIDDEN):
        field = made[name]
        if isinstance(field, MaskedFormField):
            continue  # protected values never stand in an address
        if isinstance(field, ReferenceFormField):
            key = parse_key(params[name])
            row = field.target.queryset(actor.scope).filter(pk=key).first()
            if row is not None:
                found[name] = row
        else:
            found[name] = params[name]
    return found
