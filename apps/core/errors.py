"""Errors that are shown to the user as they are."""


class DomainError(Exception):
    """A rule was broken; the message is a Chinese sentence naming the thing and the remedy."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
