"""People for tests: only what matters is named."""

from datetime import datetime
from itertools import count

from flask.testing import FlaskClient

from academy.accounts import api as accounts
from academy.accounts import queries, service
from academy.accounts.api import Person, Role
from academy.kernel.db import Database

PASSWORD = "비 온 뒤 맑은 소리"
_number = count(1)
# Hashing takes its time on purpose; all people of the tests share one password.
_hash: list[str] = []


def password_hash() -> str:
    if not _hash:
        _hash.append(accounts.hash_password(PASSWORD))
    return _hash[0]


def an_account(database: Database, nickname: str = "", *roles: Role, language: str = "ko") -> int:
    """The number of a new account; a learner unless told otherwise."""
    with database.writing() as session:
        return service.add_account(
            session,
            nickname=nickname or f"참새 {next(_number)}",
            password_hash=password_hash(),
            roles=roles or (Role.LEARNER,),
            language=language,
        ).account_id


def an_invitation(
    database: Database, *roles: Role, places: int = 1, days: int = 14, now: datetime
) -> str:
    """The code of a new invitation; for one learner unless told otherwise."""
    with database.writing() as session:
        return service.invite(
            session, roles=roles or (Role.LEARNER,), places=places, days=days, by=None, now=now
        )


def a_visit(database: Database, account_id: int, *, now: datetime, shared: bool = False) -> str:
    """The token of a new visit."""
    with database.writing() as session:
        return service.open_visit(
            session, account_id, shared=shared, device_name="Android · Chrome", now=now
        )


def a_person(
    database: Database, nickname: str = "", *roles: Role, now: datetime, language: str = "ko"
) -> Person:
    """Somebody who is signed in."""
    account_id = an_account(database, nickname, *roles, language=language)
    token = a_visit(database, account_id, now=now)
    with database.reading() as session:
        person = queries.person_by_token(session, token, now=now)
    assert person is not None
    return person


def signed_in(
    client: FlaskClient,
    database: Database,
    nickname: str = "",
    *roles: Role,
    now: datetime,
    shared: bool = False,
) -> Person:
    """Sign the client in as a new person; who it is."""
    account_id = an_account(database, nickname, *roles)
    token = a_visit(database, account_id, now=now, shared=shared)
    client.set_cookie(accounts.COOKIE, token)
    with database.reading() as session:
        person = queries.person_by_token(session, token, now=now)
    assert person is not None
    return person
