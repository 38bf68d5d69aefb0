"""Record types: one declaration each, from which lists, forms, Excel, history and admin are
made.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from apps.core.errors import DomainError
from apps.core.fields import EncryptedField, SearchField
from apps.core.periods import Event, Period, Span
from apps.core.text import heading_key
from apps.records import columns, deleting, saving
from apps.records.actors import Actor
from apps.records.columns import Column
from apps.records.errors import FilterError
from apps.records.extras import definitions
from apps.records.extras.definitions import Extras
from apps.records.filters import (
    ChoiceFilter,
    RecordFilter,
    RecordFilterSet,
    ReferenceFilter,
    SearchFilter,
)
from apps.records.models import Record, Tracked, TrackedQuerySet
from apps.records.scope import Scope


class RecordType:
    """Declaration of a record type; subclasses set the attributes and override hooks.

    ``fields``      detail, form, Excel and API, in this order
    ``sections``    (heading, fields) of form and detail; all fields under one heading without it
    ``columns``     of the list; ``sums`` are the columns added up below it
    ``card``        the three that stand beside the name on a narrow screen
    ``quick``       the 3–6 filters that stand in the first row
    ``second_period`` another time that metrics may count by, such as the year of approval
    ``import_key``  fields that find the stored row of an Excel row
    ``repeat_fault`` (field, kind of fault, rule in words) where rows of one import key are never
    merged, nor a stored row changed: what says otherwise than another row of its key is faulty
    ``weak_key``    finds the stored row where the import key is not complete
    ``holder``      the field that names whose number the import key is: an import never changes it
    ``filled``      required fields that ``prepare`` fills where they are empty
    ``aliases``     Excel heading → field
    ``extendable``  whether the office may add fields and tags
    ``in_menu``     whether the generic list stands in the menu
    ``natural_key`` the field that stands for a record in addresses, metrics and Excel
    ``lookup``      the fields by which a column of another type finds a record of this one
    ``named_by``    the references of which the name of a record is made
    ``searched``    columns of other records that the search box looks through as well
    ``synonyms``    field → {word in a cell: stored value}, for choices that offices call otherwise
    ``slots``       places that hold one file each → their names; only pictures fit into ``photo``
    ``sheet_lookups`` setting of a sheet → record type one of whose names stands in its name or
    title
    """

    model: type[Tracked]
    filterset: type[RecordFilterSet] = RecordFilterSet
    fields: Sequence[str] = ()
    sections: Sequence[tuple[str, Sequence[str]]] = ()
    columns: Sequence[str] = ()
    sums: Sequence[str] = ()
    card: Sequence[str] = ()
    quick: Sequence[str] = ()
    computed: ClassVar[Mapping[str, tuple[str, str]]] = {}  # method → (label, kind)
    period: Event | Span | None = None
    second_period: Event | None = None
    import_key: Sequence[str] = ()
    repeat_fault: tuple[str, str, str] | None = None
    weak_key: Sequence[str] = ()
    holder = ""
    filled: Sequence[str] = ()
    aliases: ClassVar[Mapping[str, str]] = {}
    natural_key = "pk"
    lookup: Sequence[str] = ("name",)
    named_by: Sequence[str] = ()
    searched: Sequence[str] = ()
    synonyms: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    slots: ClassVar[Mapping[str, str]] = {}
    sheet_lookups: ClassVar[Mapping[str, str]] = {}
    create_missing = False
    area = ""
    icon = "list"
    purpose = ""
    extendable = True
    in_menu = True

    def __reduce__(self) -> tuple[Any, ...]:
        """A cache keeps the name of a record type, not its insides."""
        return get, (self.label,)

    # -- names and addresses ---------------------------------------------------------------------

    @property
    def label(self) -> str:
        """Such as talents.Person."""
        return self.model._meta.label

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)

    def url(self, action: str, *args: Any) -> str:
        meta = self.model._meta
        return reverse(f"{meta.app_label}-{meta.model_name}-{action}", args=args)

    def permission(self, action: str) -> str:
        return f"{self.model._meta.app_label}.{action}_{self.model._meta.model_name}"

    # -- reading ---------------------------------------------------------------------------------

    def queryset(self, scope: Scope) -> TrackedQuerySet:
        """The rows a scope may see. Every read for a user starts here."""
        return self.model.objects.visible_to(scope)

    def filters(
        self,
        params: Mapping[str, Iterable[Any]],
        *,
        scope: Scope,
        as_of: datetime.date | None = None,
        counted: bool = False,
        period: Period | None = None,
    ) -> RecordFilterSet:
        return self.filterset(
            params, record_type=self, scope=scope, as_of=as_of, counted=counted, period=period
        )

    def q(
        self,
        params: Mapping[str, Iterable[Any]],
        *,
        scope: Scope,
        as_of: datetime.date | None = None,
        counted: bool = False,
    ) -> Q:
        """``{filter: [values]}`` as a condition; FilterError names what is unknown or
        impossible.
        """
        return self.filters(params, scope=scope, as_of=as_of, counted=counted).condition()

    @cached_property
    def is_personal(self) -> bool:
        """Whether rows tell of persons: they, or rows they point to, hold protected values."""
        pointed = [f.related_model for f in self.model._meta.fields if f.name in self.fields]
        models_ = [self.model, *(model for model in pointed if model is not None)]
        return any(isinstance(f, EncryptedField) for m in models_ for f in m._meta.fields)

    @property
    def is_span(self) -> bool:
        return isinstance(self.period, Span)

    def references(self, model: type[models.Model], names: Iterable[str] = ()) -> list[str]:
        """Foreign keys to fetch along, so that showing a row costs no query."""
        wanted = set(names) or {f.name for f in model._meta.fields}
        wanted |= set(self.named_by) if model is self.model else set()
        found = [f for f in model._meta.fields if f.is_relation and f.name in wanted]
        return [path for field in found for path in (field.name, *_names_behind(field))]

    def column(self, name: str) -> Column:
        if name in self.computed:
            label, kind = self.computed[name]
            return columns.computed(name, label, kind, getattr(self, name))
        if definitions.is_key(name):
            return self.extras.columns[name]
        return columns.of_field(self.model, name)

    @property
    def all_columns(self) -> dict[str, Column]:
        """Every column a list may show, the usual ones first, what the office added last."""
        added = self.extras
        return {**self.declared_columns, **{name: added.columns[name] for name in added.names}}

    @cached_property
    def declared_columns(self) -> dict[str, Column]:
        """The columns that the declaration gives."""
        tail = ["owner", "state"] if issubclass(self.model, Record) else []
        names = [*self.columns, *self.computed, *self.fields, *tail, "remarks", "updated_at"]
        return {name: self.column(name) for name in dict.fromkeys(names)}

    @cached_property
    def search_field(self) -> str:
        """The column the search box looks through; empty when there is none."""
        return next((f.name for f in self.model._meta.fields if isinstance(f, SearchField)), "")

    @property
    def search_paths(self) -> list[str]:
        """All columns that the search box looks through."""
        return [name for name in (self.search_field, *self.searched) if name]

    @cached_property
    def form_sections(self) -> list[tuple[str, list[str]]]:
        if self.sections:
            return [(heading, list(names)) for heading, names in self.sections]
        return [("基本信息", list(self.fields))]

    # -- what the office added -------------------------------------------------------------------

    @cached_property
    def taken_headings(self) -> set[str]:
        """Headings that mean something already, so that no added field may bear them."""
        labels = [column.label for column in self.declared_columns.values()]
        return set(map(heading_key, [*labels, *self.aliases, definitions.TAGS_LABEL]))

    @property
    def extras(self) -> Extras:
        """The fields and tags that the office has added, as they are now; no query."""
        return definitions.of(self.label) if self.extendable else definitions.NONE

    def field(self, name: str) -> Any:
        """A field by its name, an added one included."""
        added = self.extras.model_field(name) if definitions.is_key(name) else None
        return added if added is not None else self.model._meta.get_field(name)

    @property
    def all_fields(self) -> list[str]:
        """The fields of the declaration and those that the office added."""
        return [*self.fields, *self.extras.names]

    @property
    def all_sections(self) -> list[tuple[str, list[str]]]:
        """The sections of form and detail, what the office added in one of its own."""
        added = self.extras.names
        return [*self.form_sections, *([(definitions.HEADING, added)] if added else [])]

    @property
    def all_filters(self) -> dict[str, RecordFilter]:
        """Every filter by name, those of added fields and tags last."""
        return {**self.filterset.base_filters, **self.extras.filters}

    def unknown_filter(self, name: str) -> FilterError:
        """Why there is no such filter; a field that the office took away is called by its name."""
        key = name.partition("__")[0]
        gone = self.extras.every.get(key)
        if gone is not None and not gone.is_active:
            return FilterError(f"自设字段“{gone.label}”已停用，不能再按它筛选，请去掉这个条件。")
        if definitions.is_key(key):
            return FilterError("条件用到的自设字段或标签已删除，请去掉这个条件。")
        return FilterError(f"没有名为“{name}”的筛选条件，请从查询栏重新选择后再查询。")

    def related_types(self) -> list[tuple[RecordType, str]]:
        """Record types whose rows point to rows of this one, with the pointing field."""
        found = []
        for other in types():
            for field in other.model._meta.fields:
                if field.related_model is self.model and field.name in other.fields:
                    found.append((other, field.name))
        return found

    def detail_facts(self, row: Any) -> list[str]:
        """A few words that stand beside the name of a record."""
        return []

    # -- writing ---------------------------------------------------------------------------------

    def default_owner(self, row: Any, by: Actor) -> Any:
        """The unit a new row belongs to when nobody says so: its parent record's owner.

        Else the writer's own unit, else the unit at the top of the tree.
        """
        for field in self.model._meta.fields:
            parent = row._state.fields_cache.get(field.name)
            if isinstance(parent, Record):
                return parent.owner
        if by.home_unit is None and "top" not in by.memo:
            units: Any = self.model._meta.get_field("owner").related_model  # type: ignore[misc]
            by.memo["top"] = units.objects.filter(parent=None).order_by("pk").first()
        return by.home_unit or by.memo["top"]

    def counts_at_once(self, row: Any, by: Actor) -> bool:
        """Hook: whether what somebody enters needs no review."""
        return by.counts_at_once

    def prepare(self, row: Any) -> None:
        """Hook: fill what follows from the row itself, before validation; no queries."""

    def faults_of(self, rows: Sequence[Any]) -> Mapping[int, ValidationError]:
        """Hook: what is wrong with prepared rows by rules that ask the database, by index; a fixed
        number of queries. Somebody else may be writing at the same time: what must hold then is a
        constraint, or is looked at once more under a lock in ``after_save``.
        """
        return {}

    def after_save(self, rows: Sequence[Any], *, by: Actor) -> None:
        """Hook: keep what depends on these rows in step, in the same transaction.

        ``row.before`` is the row as it was stored, None for a new one.
        """

    def check_scope(self, row: Any, by: Actor) -> None:
        """Refuse a row that would belong to a unit outside the writer's scope."""
        self.check_scope_many([row], by)

    def check_scope_many(self, rows: Sequence[Any], by: Actor) -> None:
        scope = by.scope
        if scope.is_everything or not issubclass(self.model, Record):
            return
        for row in rows:
            if not scope.covers(row.owner.path):
                raise DomainError(
                    f"“{row}”的填报单位“{row.owner}”不在您的管理范围内，请改为本单位或联系人才办。"
                )

    def save(self, row: Any, *, by: Actor) -> Any:
        """Validate and save one row: ``saving.save``."""
        return saving.save(self, row, by=by)

    def save_many(self, rows: Sequence[Any], *, by: Actor, checked: bool = False) -> None:
        """Validate and save many rows set-wise: ``saving.save_many``."""
        saving.save_many(self, rows, by=by, checked=checked)

    def weigh_delete(self, plan: deleting.Deletion, scope: Scope) -> None:
        """Hook: say what else a deletion would do (``note``), or refuse it (``refusal``)."""

    def after_delete(self, rows: Sequence[Any], *, by: Actor) -> None:
        """Hook: keep in step what depended on rows that are gone, in the same transaction."""

    def delete(self, row: Any, *, by: Actor) -> deleting.Deletion:
        """Delete a row and what hangs on it: ``deleting.delete``."""
        return deleting.delete(self, row, by=by)

    def delete_many(self, rows: Sequence[Any], *, by: Actor) -> deleting.Deletions:
        """Delete rows and what hangs on them, all or none: ``deleting.delete_many``."""
        return deleting.delete_many(self, rows, by=by)

    # -- importing -------------------------------------------------------------------------------

    def refer(self, row: Any) -> None:
        """Hook of the importer: name other records that several cells of a row speak of, with
        ``row.refer``, before they are looked for.
        """

    def read_row(self, row: Any) -> None:
        """Hook of the importer: the last word on the values and faults of one Excel row."""

    def derived_rows(self, row: Any) -> Sequence[Any]:
        """Hook of the importer: further records that stand in the same Excel row."""
        return ()


_types: dict[str, RecordType] = {}


def _names_behind(field: Any) -> list[str]:
    """The references that the name of a referenced record is made of."""
    target = _types.get(field.related_model._meta.label)
    return [f"{field.name}__{part}" for part in target.named_by] if target else []


def register(cls: type[RecordType]) -> type[RecordType]:
    """Class decorator: make the record type known, with the filters that every type has."""
    record_type = cls()
    common: dict[str, Any] = {}
    if paths := record_type.search_paths:
        common["q"] = SearchFilter(field_name=paths[0], paths=paths, label="关键词")
    if issubclass(cls.model, Record):
        common["owner"] = ReferenceFilter(
            target="organizations.Unit", field_name="owner", label="填报单位"
        )
        common["state"] = ChoiceFilter(
            choices=Record.State.choices, field_name="state", label="审核状态"
        )
    if missing := common.keys() - cls.filterset.base_filters.keys():
        added = {name: common[name] for name in common if name in missing}
        cls.filterset = type(
            cls.filterset.__name__, (cls.filterset,), {**added, "Meta": cls.filterset.Meta}
        )
    _types[cls.model._meta.label] = record_type
    return cls


def types() -> list[RecordType]:
    """All record types in the order of the apps and their declarations."""
    return list(_types.values())


def get(label: str) -> RecordType:
    """Record type of a model label such as talents.Person; KeyError when there is none."""
    if label not in _types:
        apps.get_model(label)  # a clear error for a wrong label
    return _types[label]


def of(model: type[models.Model]) -> RecordType:
    return _types[model._meta.label]
