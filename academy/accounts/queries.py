"""What the accounts room reads, as view dataclasses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from academy.accounts.models import Account, AuditEntry, Device, Invitation, RecoveryCode
from academy.accounts.rules import Deed, Role, has_expired, needs_touch, nickname_key
from academy.kernel.crypto import keyring


@dataclass(frozen=True)
class Person:
    """Who makes this request. `account_id` stays inside; `public_id` may be seen."""

    account_id: int
    public_id: str
    nickname: str
    roles: frozenset[Role]
    language: str
    large_text: bool
    easy_words: bool
    device_id: int
    device_shared: bool
    unseen_devices: bool
    needs_touch: bool

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class DeviceView:
    public_id: str
    name: str
    shared: bool
    this_one: bool
    new: bool
    signed_in_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class InvitationView:
    public_id: str
    roles: tuple[Role, ...]
    places: int
    used: int
    made_at: datetime
    expires_at: datetime
    withdrawn: bool

    def is_open(self, now: datetime) -> bool:
        return not self.withdrawn and self.used < self.places and now < self.expires_at


@dataclass(frozen=True)
class PersonRow:
    """A person as staff see them: nickname, roles, and whether they may sign in."""

    public_id: str
    nickname: str
    nickname_key: str
    roles: tuple[Role, ...]
    suspended: bool


@dataclass(frozen=True)
class Credentials:
    account_id: int
    password_hash: str
    suspended: bool


def roles_of(names: list[str]) -> tuple[Role, ...]:
    """Roles in the order in which they are declared."""
    return tuple(role for role in Role if role in names)


# One statement for every request: the visit, its account, and whether another device is waiting to be shown (whoever has just
# signed in needs no warning of it). Put together once, because that costs more than running it.
_OTHER = aliased(Device)
_BY_TOKEN = (
    select(
        Account.id,
        Account.public_id,
        Account.nickname,
        Account.roles,
        Account.language,
        Account.large_text,
        Account.easy_words,
        Account.suspended,
        Device.id,
        Device.shared,
        Device.last_seen_at,
        select(_OTHER.account_id)
        .where(
            _OTHER.account_id == Account.id,
            _OTHER.acknowledged.is_(False),
            _OTHER.id != Device.id,
        )
        .correlate(Account, Device)
        .exists(),
    )
    .join(Device, Device.account_id == Account.id)
    .where(Device.token_hash == bindparam("token_hash"))
)


def person_by_token(session: Session, token: str, *, now: datetime) -> Person | None:
    """Who holds this visit's token; None when it is unknown, idle for too long, or the account is suspended."""
    row = session.execute(
        _BY_TOKEN, {"token_hash": keyring.fingerprint("device", token)}
    ).one_or_none()
    if row is None:
        return None
    (
        account_id,
        public_id,
        nickname,
        roles,
        language,
        large,
        easy,
        suspended,
        device,
        shared,
        seen,
        unseen,
    ) = row
    if suspended or has_expired(last_seen=seen, shared=shared, now=now):
        return None
    return Person(
        account_id=account_id,
        public_id=public_id,
        nickname=nickname,
        roles=frozenset(Role(name) for name in roles),
        language=language,
        large_text=large,
        easy_words=easy,
        device_id=device,
        device_shared=shared,
        unseen_devices=bool(unseen),
        needs_touch=needs_touch(last_seen=seen, shared=shared, now=now),
    )


def credentials(session: Session, nickname: str) -> Credentials | None:
    row = session.execute(
        select(Account.id, Account.password_hash, Account.suspended).where(
            Account.nickname_key == nickname_key(nickname)
        )
    ).one_or_none()
    return Credentials(*row) if row else None


def account_id_by_nickname(session: Session, nickname: str) -> int | None:
    return session.scalar(select(Account.id).where(Account.nickname_key == nickname_key(nickname)))


def exists(session: Session, account_id: int) -> bool:
    """Whether the account is still there: its owner may erase it on one device while another sends something."""
    return session.get(Account, account_id) is not None


def is_taken(session: Session, nickname: str) -> bool:
    return account_id_by_nickname(session, nickname) is not None


def anybody(session: Session) -> bool:
    """Whether there is any account yet."""
    return session.scalar(select(Account.id).limit(1)) is not None


def devices(session: Session, person: Person, *, now: datetime) -> list[DeviceView]:
    """The devices on which this person is signed in, the latest first."""
    rows = session.scalars(
        select(Device)
        .where(Device.account_id == person.account_id)
        .order_by(Device.last_seen_at.desc())
    )
    return [
        DeviceView(
            public_id=device.public_id,
            name=device.name,
            shared=device.shared,
            this_one=device.id == person.device_id,
            new=not device.acknowledged,
            signed_in_at=device.signed_in_at,
            last_seen_at=device.last_seen_at,
        )
        for device in rows
        if not has_expired(last_seen=device.last_seen_at, shared=device.shared, now=now)
    ]


def recovery_codes_left(session: Session, account_id: int) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.account_id == account_id)
        )
        or 0
    )


def invitations(session: Session, *, limit: int = 50) -> list[InvitationView]:
    """The latest invitations."""
    rows = session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(limit))
    return [
        InvitationView(
            row.public_id,
            roles_of(row.roles),
            row.places,
            row.used,
            row.made_at,
            row.expires_at,
            row.withdrawn,
        )
        for row in rows
    ]


def people(session: Session, *, after: str = "", limit: int = 50) -> list[PersonRow]:
    """People by nickname, from the one after `after`. There is no search: staff look after lists, not persons."""
    rows = session.scalars(
        select(Account)
        .where(Account.nickname_key > after)
        .order_by(Account.nickname_key)
        .limit(limit)
    )
    return [
        PersonRow(row.public_id, row.nickname, row.nickname_key, roles_of(row.roles), row.suspended)
        for row in rows
    ]


@dataclass(frozen=True)
class DeedView:
    """A line of the audit trail; `by` and `about` are nicknames, empty when there is none (any more)."""

    at: datetime
    by: str
    about: str
    deed: Deed
    detail: str


def deeds(
    session: Session, *, about: int | None = None, by: int | None = None, limit: int = 50
) -> list[DeedView]:
    """The latest lines of the audit trail; about one person or by one person when that is given."""
    actor, subject = aliased(Account), aliased(Account)
    query = (
        select(AuditEntry, actor.nickname, subject.nickname)
        .outerjoin(actor, actor.id == AuditEntry.by_id)
        .outerjoin(subject, subject.id == AuditEntry.about_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if about is not None:
        query = query.where(AuditEntry.about_id == about)
    if by is not None:
        query = query.where(AuditEntry.by_id == by)
    return [
        DeedView(entry.at, by_name or "", about_name or "", Deed(entry.deed), entry.detail)
        for entry, by_name, about_name in session.execute(query)
    ]


def everything_about(session: Session, account_id: int) -> dict[str, Any]:
    """All that this room holds about one person, as JSON-able values; hashes of secrets are left out."""
    account = session.get_one(Account, account_id)
    visits = session.scalars(select(Device).where(Device.account_id == account_id))
    made = session.scalars(select(Invitation).where(Invitation.made_by == account_id))
    return {
        "nickname": account.nickname,
        "roles": account.roles,
        "language": account.language,
        "large_text": account.large_text,
        "easy_words": account.easy_words,
        "devices": [
            {
                "name": visit.name,
                "shared": visit.shared,
                "signed_in_at": visit.signed_in_at.isoformat(),
                "last_seen_at": visit.last_seen_at.isoformat(),
            }
            for visit in visits
        ],
        "recovery_codes_left": recovery_codes_left(session, account_id),
        "what_staff_did": [
            {"at": line.at.isoformat(), "deed": line.deed.value, "detail": line.detail}
            for line in deeds(session, about=account_id, limit=1000)
        ],
        # Whom it was done to is theirs, not this person's.
        "what_i_did_as_staff": [
            {"at": line.at.isoformat(), "deed": line.deed.value, "detail": line.detail}
            for line in deeds(session, by=account_id, limit=1000)
        ],
        "invitations_i_made": [
            {
                "roles": row.roles,
                "places": row.places,
                "used": row.used,
                "made_at": row.made_at.isoformat(),
                "expires_at": row.expires_at.isoformat(),
                "withdrawn": row.withdrawn,
            }
            for row in made
        ],
    }
