"""Why a file is not imported at all."""

from apps.core.errors import DomainError


class ImportRefused(DomainError):
    """A file that cannot be read as a workbook; the sentence says what to do in WPS or Excel."""
