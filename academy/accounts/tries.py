"""How often somebody may knock at a door, counted for one address or one nickname, shared by all processes.

A try is counted and committed before it is made, and taken back when it was a good one: guessing in parallel gains nothing, and
thirty people who sign in from one centre's address are no attack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import update
from sqlalchemy.orm import Session

from academy.accounts import rules
from academy.accounts.errors import TooManyTries
from academy.accounts.models import Tally
from academy.kernel.crypto import keyring
from academy.kernel.db import Database, insert_on


@dataclass(frozen=True)
class Try:
    """A door somebody knocks on: how often in how long, counted for one address or one nickname."""

    door: str
    limit: int
    window: timedelta
    by_nickname: bool = False


SIGN_IN_BY_ADDRESS = Try("sign-in address", 30, timedelta(minutes=15))
SIGN_IN_BY_NICKNAME = Try("sign-in nickname", 10, timedelta(minutes=15), by_nickname=True)
CODE_BY_ADDRESS = Try("code address", 15, timedelta(minutes=15))
RECOVERY_BY_NICKNAME = Try("recovery nickname", 10, timedelta(minutes=60), by_nickname=True)


def _window(kind: Try, now: datetime) -> datetime:
    """When the window that holds `now` ends."""
    seconds = kind.window.total_seconds()
    start = datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=now.tzinfo)
    return start + kind.window


def _bucket(kind: Try, subject: str) -> str:
    # One subject however the nickname is written.
    name = rules.nickname_key(subject) if kind.by_nickname else subject
    return keyring.fingerprint(kind.door, name)


def count_try(session: Session, kind: Try, subject: str, *, now: datetime) -> None:
    """Count one try. To be committed before the try is made; `forgive` takes it back when it was a good one.

    Raises:
        TooManyTries: the window already holds as many tries as are allowed.
    """
    ends_at = _window(kind, now)
    insert = insert_on(session, Tally).values(
        bucket=_bucket(kind, subject), ends_at=ends_at, count=1
    )
    count = session.scalar(
        insert.on_conflict_do_update(
            index_elements=[Tally.bucket, Tally.ends_at], set_={"count": Tally.count + 1}
        ).returning(Tally.count)
    )
    if count is not None and count > kind.limit:
        raise TooManyTries(minutes=max(1, ceil((ends_at - now) / timedelta(minutes=1))))


def forgive(session: Session, tries: Sequence[tuple[Try, str]], *, now: datetime) -> None:
    """Take good tries back: thirty people who sign in from one centre's address are no attack."""
    for kind, subject in tries:
        session.execute(
            update(Tally)
            .where(
                Tally.bucket == _bucket(kind, subject),
                Tally.ends_at == _window(kind, now),
                Tally.count > 0,
            )
            .values(count=Tally.count - 1)
        )


def count(database: Database, tries: Sequence[tuple[Try, str]], *, now: datetime) -> None:
    """Count tries, each committed on its own: one that was refused must stay counted.

    Raises:
        TooManyTries
    """
    for kind, subject in tries:
        too_many: TooManyTries | None = None
        with database.writing() as session:
            try:
                count_try(session, kind, subject, now=now)
            except TooManyTries as error:
                too_many = error
        if too_many:
            raise too_many


def count_code_try(database: Database, address: str, *, now: datetime) -> None:
    """Raises:
    TooManyTries: too many codes were tried from this address.
    """
    count(database, ((CODE_BY_ADDRESS, address),), now=now)


def forgive_code_try(database: Database, address: str, *, now: datetime) -> None:
    """The code was good."""
    with database.writing() as session:
        forgive(session, ((CODE_BY_ADDRESS, address),), now=now)
