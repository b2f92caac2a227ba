"""What can go wrong at the door, as facts."""

from dataclasses import dataclass

from academy.accounts.rules import WeakPassword
from academy.kernel.errors import DomainError


@dataclass(eq=False)
class CodeNotValid(DomainError):
    """The code is unknown, used up, withdrawn or too old: from outside these look the same."""

    status = 422


@dataclass(eq=False)
class NicknameTaken(DomainError):
    nickname: str
    status = 422


@dataclass(eq=False)
class PasswordTooWeak(DomainError):
    weakness: WeakPassword
    status = 422


@dataclass(eq=False)
class WrongNameOrPassword(DomainError):
    status = 422


@dataclass(eq=False)
class TooManyTries(DomainError):
    """`minutes` until the next try is taken."""

    minutes: int
    status = 429


@dataclass(eq=False)
class LastAdministrator(DomainError):
    """Somebody has to be able to let others in."""

    status = 409
