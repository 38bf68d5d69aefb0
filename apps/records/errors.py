from collections.abc import Mapping

from django.core.exceptions import ValidationError

from apps.core.errors import DomainError


class FilterError(DomainError):
    """A filter in an address, a metric or a saved list is unknown or has an impossible value."""


class StaleRecord(DomainError):
    """Somebody else saved the record since it was read. ``changes`` says what they changed."""

    def __init__(self, message: str, changes: Mapping[str, list[str]]) -> None:
        super().__init__(message)
        self.changes = dict(changes)


class RowErrors(DomainError):
    """Rows of a bulk save that break rules: index of the row to its ValidationError."""

    def __init__(self, errors: Mapping[int, ValidationError]) -> None:
        super().__init__(f"{len(errors)} 行不符合要求，没有保存任何一行。")
        self.errors = dict(errors)
