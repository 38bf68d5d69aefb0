"""The small language in which a role says what it allows.

Rules are read in order, so that a later one may take away what an earlier one gave:

``own: view add``        these actions on every record type that units own
``shared: view``         the same on the types that everybody shares
``metrics.view_*``       permissions by name, ``*`` standing for anything
``-records.reveal_*``    takes permissions away again
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from django.apps import apps

from apps.core.errors import DomainError
from apps.records.models import Record, Reference

KINDS = {"own": Record, "shared": Reference}


def allowed(rules: Iterable[str], permissions: Iterable[str]) -> tuple[set[str], list[str]]:
    """The permissions that the rules give, and the rules by name that met none."""
    known = set(permissions)
    given: set[str] = set()
    idle = []
    for rule in rules:
        takes = rule.startswith("-")
        met = _meant(rule.removeprefix("-"), known)
        given = given - met if takes else given | met
        if not met and not takes and "*" not in rule:
            idle.append(rule)
    return given, idle


def _meant(rule: str, known: set[str]) -> set[str]:
    kind, colon, actions = rule.partition(":")
    if not colon:
        return {permission for permission in known if fnmatchcase(permission, rule)}
    if kind not in KINDS or not actions.split():
        raise DomainError(f"权限规则“{rule}”无法理解，应形如“own: view add”或“metrics.view_*”。")
    return known & {
        f"{model._meta.app_label}.{action}_{model._meta.model_name}"
        for model in apps.get_models()
        if issubclass(model, KINDS[kind])
        for action in actions.split()
    }
