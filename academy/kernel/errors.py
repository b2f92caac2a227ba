"""Errors carry facts; the words for them wait at the edge."""


class DomainError(Exception):
    """Something a person asked for cannot be done. Subclasses are frozen dataclasses of facts."""

    status = 409


class NotFound(DomainError):
    """There is no such thing, or it is not this person's: both look the same from outside."""

    status = 404


class NotAllowed(DomainError):
    """The person is known and may not do this."""

    status = 403
