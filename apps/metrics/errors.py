from apps.core.errors import DomainError


class BrokenMetric(DomainError):
    """A metric whose definition no longer compiles. It is shown broken and never counted."""
