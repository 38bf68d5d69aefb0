"""Lenses: a way for an upper app to narrow a list by an address parameter and to head it.

The metrics app shows the records behind a figure with ``?metric=KEY&period=2022&scope=all``::

    def metric_lens(request, record_type, value):
        metric = …                                   # FilterError when there is none
        period = Period.parse(request.GET["period"])
        scope = lenses.narrowed(request)             # the reader's scope, within scope=
        compiled = compile_metric(metric, period, scope)
        return Lens(
            condition=compiled.condition,            # Q over rows of record_type
            counted=True,                            # reviewed rows only
            as_of=period.as_of,
            parts=(metric.name, period.label, scope.label),
            value=lambda rows: compiled.text(rows),  # aggregates the list's own rows
        )

    register_lens("metric", metric_lens, uses=("period", "group", "part"))

The list computes the value over the very rows that it shows, further filters included: without
them the head of the list and the figure that led here are the same number, with them the head
still says what is below it. ``uses`` are the parameters that the lens reads itself, so that the
list does not apply them a second time; ``scope`` is always applied by the list as well.
Register in the ``ready()`` of the app. The lens refuses a record type that is not its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps.records.errors import FilterError
from apps.records.scope import Scope

if TYPE_CHECKING:
    from apps.records.registry import RecordType


@dataclass(frozen=True, slots=True)
class Lens:
    """What narrows and heads a list. ``value`` turns the list's rows into the text of the figure.

    ``parts`` say in words what is counted; ``note`` is a further sentence, ``url`` leads back.
    """

    condition: Q
    parts: tuple[str, ...]
    value: Callable[[QuerySet], str] | None = None
    counted: bool = False
    as_of: datetime.date | None = None
    note: str = ""
    url: str = ""


LensFunction = Callable[[HttpRequest, "RecordType", str], Lens]


@dataclass(frozen=True, slots=True)
class _Known:
    function: LensFunction
    uses: tuple[str, ...]


_lenses: dict[str, _Known] = {}


def register_lens(param: str, function: LensFunction, uses: tuple[str, ...] = ("period",)) -> None:
    """Let an address parameter narrow lists; a second registration replaces the first."""
    _lenses[param] = _Known(function, uses)


def parameters(param: str) -> tuple[str, ...]:
    """The address parameters that belong to a lens, its own first."""
    return (param, *_lenses[param].uses)


def active(params: dict[str, list[str]]) -> str:
    """The parameter of the lens that an address asks for; FilterError for two at once."""
    given = [name for name in _lenses if name in params]
    if len(given) > 1:
        raise FilterError("地址中同时有两种统计条件，请去掉其中一个后重试。")
    return given[0] if given else ""


def look(param: str, request: HttpRequest, record_type: RecordType, value: str) -> Lens:
    return _lenses[param].function(request, record_type, value)


def narrowed(request: HttpRequest, key: str | None = None) -> Scope:
    """The reader's scope within ``scope=`` of the address; FilterError when nothing is left."""
    scope = Scope.of(request.user)
    key = request.GET.get("scope", "") if key is None else key
    if not key:
        return scope
    asked = Scope.parse(key)
    if asked.is_everything:
        return scope
    both = scope & asked
    if not both.paths:
        raise FilterError("地址中的统计范围不在您的权限范围内，请从页面上的链接重新进入。")
    return Scope(both.paths, unit_names(both))


def unit_names(scope: Scope) -> str:
    """The units at the top of a scope, in words."""
    from apps.records import registry  # noqa: PLC0415 -- app ready

    units: Any = registry.get("organizations.Unit").model._default_manager
    return "、".join(units.filter(path__in=scope.paths).values_list("name", flat=True))
