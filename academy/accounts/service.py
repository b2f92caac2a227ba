"""What the accounts room changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from academy.accounts import queries, rules, secrets, tries
from academy.accounts.errors import (
    CodeNotValid,
    LastAdministrator,
    NicknameTaken,
    PasswordTooWeak,
    WrongNameOrPassword,
)
from academy.accounts.models import Account, AuditEntry, Device, Invitation, RecoveryCode, Tally
from academy.accounts.queries import Person
from academy.accounts.rules import Deed, Role
from academy.kernel.crypto import keyring
from academy.kernel.db import Database
from academy.kernel.errors import NotAllowed, NotFound
from academy.kernel.ids import new_public_id

RECOVERY_CODES = 8
INVITATION_DAYS_MAX = 365
INVITATION_PLACES_MAX = 500


# Invitations


def invite(
    session: Session,
    *,
    roles: Sequence[Role],
    places: int,
    days: int,
    by: Person | None,
    now: datetime,
) -> str:
    """A new invitation; the code, which is not kept. `by` is None on the command line.

    Raises:
        NotAllowed: `by` may not give one of the roles.
    """
    if by is not None and not all(rules.may_grant(by.roles, role) for role in roles):
        raise NotAllowed
    code = secrets.new_code()
    session.add(
        Invitation(
            public_id=new_public_id(),
            code_hash=_code_hash("invitation", code),
            roles=[role.value for role in roles],
            places=places,
            used=0,
            made_by=by.account_id if by else None,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
    )
    names = ",".join(role.value for role in roles)
    _note(session, Deed.INVITED, by=by, about=None, detail=f"{names} × {places}", now=now)
    return code


def _note(
    session: Session,
    deed: Deed,
    *,
    by: Person | None,
    about: int | None,
    detail: str,
    now: datetime,
) -> None:
    session.add(
        AuditEntry(
            at=now,
            by_id=by.account_id if by else None,
            about_id=about,
            deed=deed.value,
            detail=detail,
        )
    )


def withdraw_invitation(session: Session, public_id: str, *, by: Person, now: datetime) -> None:
    """Close an invitation; accounts it opened stay.

    Raises:
        NotFound: there is no such invitation.
        NotAllowed: it gives a role that `by` may not give.
    """
    invitation = session.scalar(select(Invitation).where(Invitation.public_id == public_id))
    if invitation is None:
        raise NotFound
    if not all(rules.may_grant(by.roles, role) for role in queries.roles_of(invitation.roles)):
        raise NotAllowed
    invitation.withdrawn = True
    _note(session, Deed.WITHDREW_INVITATION, by=by, about=None, detail="", now=now)


def _code_hash(purpose: str, code: str) -> str:
    return keyring.fingerprint(purpose, secrets.clean_code(code))


def _open_invitation(
    session: Session, code: str, *, now: datetime, to_use: bool = False
) -> Invitation:
    query = select(Invitation).where(Invitation.code_hash == _code_hash("invitation", code))
    # Whoever takes a place waits for the one before; whoever only looks waits for nobody.
    invitation = session.scalar(query.with_for_update() if to_use else query)
    if (
        invitation is None
        or invitation.withdrawn
        or invitation.used >= invitation.places
        or invitation.expires_at <= now
    ):
        raise CodeNotValid
    return invitation


def check_code(session: Session, code: str, *, now: datetime) -> None:
    """Raises:
    CodeNotValid: the code opens nothing now.
    """
    _open_invitation(session, code, now=now)


# Joining


@dataclass(frozen=True)
class Join:
    code: str
    nickname: str
    password: str
    language: str


@dataclass(frozen=True)
class Joined:
    account_id: int
    recovery_codes: tuple[str, ...]


def join(database: Database, command: Join, *, now: datetime) -> Joined:
    """Open an account with an invitation code.

    The password is hashed between two transactions: it takes tens of milliseconds, in which nobody else should wait.

    Raises:
        CodeNotValid, NicknameTaken, PasswordTooWeak
    """
    weakness = rules.weakness(command.password, command.nickname)
    with database.reading() as session:
        _open_invitation(session, command.code, now=now)
        if queries.is_taken(session, command.nickname):
            raise NicknameTaken(command.nickname)
    if weakness:
        raise PasswordTooWeak(weakness)
    password_hash = secrets.hash_password(command.password)
    try:
        with database.writing() as session:
            invitation = _open_invitation(session, command.code, now=now, to_use=True)
            invitation.used += 1
            return add_account(
                session,
                nickname=command.nickname,
                password_hash=password_hash,
                roles=queries.roles_of(invitation.roles),
                language=command.language,
            )
    except IntegrityError as clash:
        # Somebody took the nickname between the two transactions.
        raise NicknameTaken(command.nickname) from clash


def add_account(
    session: Session, *, nickname: str, password_hash: str, roles: Sequence[Role], language: str
) -> Joined:
    account = Account(
        public_id=new_public_id(),
        nickname=nickname,
        nickname_key=rules.nickname_key(nickname),
        password_hash=password_hash,
        roles=[role.value for role in roles],
        language=language,
    )
    session.add(account)
    session.flush()  # the recovery codes need the account's number
    return Joined(account.id, _new_recovery_codes(session, account.id))


def _new_recovery_codes(session: Session, account_id: int) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = tuple(secrets.new_code() for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCode(account_id=account_id, code_hash=_code_hash("recovery", code))
        for code in codes
    )
    return codes


# Visits


@dataclass(frozen=True)
class SignIn:
    nickname: str
    password: str
    shared: bool
    device_name: str
    address: str


def sign_in(database: Database, command: SignIn, *, now: datetime) -> str:
    """The token of a new visit.

    Unknown nickname, wrong password and suspended account get the same answer after the same work.

    Raises:
        TooManyTries, WrongNameOrPassword
    """
    doors = (
        (tries.SIGN_IN_BY_ADDRESS, command.address),
        (tries.SIGN_IN_BY_NICKNAME, command.nickname),
    )
    tries.count(database, doors, now=now)
    with database.reading() as session:
        known = queries.credentials(session, command.nickname)
    fits = secrets.password_fits(command.password, known.password_hash if known else None)
    if known is None or not fits or known.suspended:
        raise WrongNameOrPassword
    try:
        with database.writing() as session:
            tries.forgive(session, doors, now=now)
            return open_visit(
                session,
                known.account_id,
                shared=command.shared,
                device_name=command.device_name,
                now=now,
            )
    except IntegrityError as gone:
        # The account was erased while the password was compared.
        raise WrongNameOrPassword from gone


def open_visit(
    session: Session, account_id: int, *, shared: bool, device_name: str, now: datetime
) -> str:
    """Sign a device in. The first device of an account is nothing new to its owner; later ones are shown."""
    first = (
        session.scalar(select(Device.id).where(Device.account_id == account_id).limit(1)) is None
    )
    token = secrets.new_token()
    session.add(
        Device(
            public_id=new_public_id(),
            account_id=account_id,
            token_hash=keyring.fingerprint("device", token),
            name=device_name,
            shared=shared,
            acknowledged=first,
            signed_in_at=now,
            last_seen_at=now,
        )
    )
    return token


def touch(session: Session, person: Person, *, now: datetime) -> None:
    session.execute(update(Device).where(Device.id == person.device_id).values(last_seen_at=now))


def sign_out(session: Session, person: Person) -> None:
    session.execute(delete(Device).where(Device.id == person.device_id))


def sign_out_device(session: Session, public_id: str, *, by: Person) -> None:
    """Raises:
    NotFound: there is no such device, or it is somebody else's.
    """
    found = session.execute(
        delete(Device)
        .where(Device.public_id == public_id, Device.account_id == by.account_id)
        .returning(Device.id)
    )
    if found.first() is None:
        raise NotFound


def sign_out_others(session: Session, *, by: Person) -> None:
    session.execute(
        delete(Device).where(Device.account_id == by.account_id, Device.id != by.device_id)
    )


def acknowledge_devices(session: Session, *, by: Person) -> None:
    session.execute(
        update(Device).where(Device.account_id == by.account_id).values(acknowledged=True)
    )


def forget_old_visits(session: Session, *, now: datetime) -> int:
    """Delete visits that ended by themselves and tallies that are over; how many visits."""
    session.execute(delete(Tally).where(Tally.ends_at < now))
    ended = session.execute(
        delete(Device)
        .where(
            (Device.shared.is_(True) & (Device.last_seen_at < now - rules.SHARED_IDLE))
            | (Device.last_seen_at < now - rules.OWN_IDLE)
        )
        .returning(Device.id)
    )
    return len(ended.all())


# Recovery


@dataclass(frozen=True)
class Recover:
    nickname: str
    code: str
    password: str
    address: str


def recover(database: Database, command: Recover, *, now: datetime) -> int:
    """A new password with a printed code; every device is signed out and the code is used up. The account's number.

    Raises:
        TooManyTries, PasswordTooWeak
        CodeNotValid: the nickname is unknown or the code is not one of its own.
    """
    doors = (
        (tries.CODE_BY_ADDRESS, command.address),
        (tries.RECOVERY_BY_NICKNAME, command.nickname),
    )
    # Before the try is counted: it says nothing about the code, and the code is typed again with a better one.
    weakness = rules.weakness(command.password, command.nickname)
    if weakness:
        raise PasswordTooWeak(weakness)
    tries.count(database, doors, now=now)
    password_hash = secrets.hash_password(command.password)
    with database.writing() as session:
        account_id = queries.account_id_by_nickname(session, command.nickname)
        used = session.execute(
            delete(RecoveryCode)
            .where(
                RecoveryCode.account_id == (account_id or 0),
                RecoveryCode.code_hash == _code_hash("recovery", command.code),
            )
            .returning(RecoveryCode.id)
        ).first()
        if account_id is None or used is None:
            raise CodeNotValid
        tries.forgive(session, doors, now=now)
        _replace_password(session, account_id, password_hash)
        return account_id


def _replace_password(session: Session, account_id: int, password_hash: str) -> None:
    session.execute(
        update(Account).where(Account.id == account_id).values(password_hash=password_hash)
    )
    session.execute(delete(Device).where(Device.account_id == account_id))


def set_password(session: Session, nickname: str, password_hash: str) -> bool:
    """For whoever runs the machine: a new password, every device signed out; whether there is such a nickname."""
    account_id = queries.account_id_by_nickname(session, nickname)
    if account_id is not None:
        _replace_password(session, account_id, password_hash)
    return account_id is not None


# One's own account


@dataclass(frozen=True)
class ChangePassword:
    old: str
    new: str


def change_password(
    database: Database, command: ChangePassword, *, by: Person, now: datetime
) -> None:
    """Raises:
    TooManyTries, PasswordTooWeak
    WrongNameOrPassword: the old password is not this one.
    """
    confirm_password(database, command.old, by=by, now=now)
    weakness = rules.weakness(command.new, by.nickname)
    if weakness:
        raise PasswordTooWeak(weakness)
    password_hash = secrets.hash_password(command.new)
    with database.writing() as session:
        session.execute(
            update(Account).where(Account.id == by.account_id).values(password_hash=password_hash)
        )
        sign_out_others(session, by=by)


def confirm_password(database: Database, password: str, *, by: Person, now: datetime) -> None:
    """Before something that cannot be undone: is it really this person?

    Raises:
        TooManyTries, WrongNameOrPassword
    """
    doors = ((tries.SIGN_IN_BY_NICKNAME, by.nickname),)
    tries.count(database, doors, now=now)
    with database.reading() as session:
        known = queries.credentials(session, by.nickname)
    if not secrets.password_fits(password, known.password_hash if known else None):
        raise WrongNameOrPassword
    with database.writing() as session:
        tries.forgive(session, doors, now=now)


def change_nickname(session: Session, nickname: str, *, by: Person) -> None:
    """Raises:
    NicknameTaken: somebody else has this nickname, however it is written.
    """
    holder = queries.account_id_by_nickname(session, nickname)
    if holder not in {None, by.account_id}:
        raise NicknameTaken(nickname)
    try:
        with session.begin_nested():
            session.execute(
                update(Account)
                .where(Account.id == by.account_id)
                .values(nickname=nickname, nickname_key=rules.nickname_key(nickname))
            )
    except IntegrityError as clash:
        raise NicknameTaken(nickname) from clash


def renew_recovery_codes(session: Session, *, by: Person) -> tuple[str, ...]:
    """New printed codes; the old ones stop working."""
    return _new_recovery_codes(session, by.account_id)


def choose_reading(session: Session, *, by: Person, **choices: str | bool) -> None:
    """Keep language, large text or plain words on the account."""
    session.execute(update(Account).where(Account.id == by.account_id).values(**choices))


# Other people, for staff


def set_roles(
    session: Session, public_id: str, roles: Sequence[Role], *, by: Person, now: datetime
) -> None:
    """Raises:
    NotFound
    NotAllowed: `by` may not give or take one of the roles that change.
    LastAdministrator: nobody would be left who can let others in.
    """
    account = _other(session, public_id)
    before = set(queries.roles_of(account.roles))
    if not all(rules.may_grant(by.roles, role) for role in before ^ set(roles)):
        raise NotAllowed
    if Role.ADMINISTRATOR in before and Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(session, besides=account.id)
    account.roles = [role.value for role in Role if role in roles]
    _note(session, Deed.SET_ROLES, by=by, about=account.id, detail=",".join(account.roles), now=now)


def set_suspended(
    session: Session, public_id: str, *, suspended: bool, by: Person, now: datetime
) -> None:
    """Close or open somebody's account; closing signs every device out.

    Raises:
        NotFound, LastAdministrator
        NotAllowed: the person has a role that `by` could not have given.
    """
    account = _other(session, public_id)
    if not all(rules.may_grant(by.roles, role) for role in queries.roles_of(account.roles)):
        raise NotAllowed
    if suspended and Role.ADMINISTRATOR in account.roles:
        _keep_an_administrator(session, besides=account.id)
    account.suspended = suspended
    _note(
        session,
        Deed.SUSPENDED if suspended else Deed.REOPENED,
        by=by,
        about=account.id,
        detail="",
        now=now,
    )
    if suspended:
        session.execute(delete(Device).where(Device.account_id == account.id))


_IS_ADMINISTRATOR = cast(Account.roles, String).contains(f'"{Role.ADMINISTRATOR.value}"')


def _other(session: Session, public_id: str) -> Account:
    # The administrators are locked as well, in one order: of two who take each other's role away at the same moment
    # the second must see what the first did.
    locked = session.scalars(
        select(Account)
        .where((Account.public_id == public_id) | _IS_ADMINISTRATOR)
        .order_by(Account.id)
        .with_for_update()
    )
    account = next((account for account in locked if account.public_id == public_id), None)
    if account is None:
        raise NotFound
    return account


def _keep_an_administrator(session: Session, *, besides: int) -> None:
    other = session.scalar(
        select(Account.id)
        .where(_IS_ADMINISTRATOR, Account.id != besides, Account.suspended.is_(False))
        .limit(1)
    )
    if other is None:
        raise LastAdministrator


def erase(session: Session, account_id: int) -> None:
    """Delete the account with all that hangs on it in this room."""
    _keep_somebody_in_charge(session, account_id)
    session.execute(delete(Account).where(Account.id == account_id))


def _keep_somebody_in_charge(session: Session, account_id: int) -> None:
    administrators = session.scalars(
        select(Account.id).where(_IS_ADMINISTRATOR).order_by(Account.id).with_for_update()
    ).all()
    if account_id in administrators:
        _keep_an_administrator(session, besides=account_id)
