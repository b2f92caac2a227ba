"""Tables of the accounts room."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import NONE, PSEUDONYM, SECRET, Base


class Account(Base):
    """A person, known by a nickname. There is no name, address or telephone number here or anywhere near."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True, info=PSEUDONYM)
    public_id: Mapped[str] = mapped_column(unique=True, info=PSEUDONYM)
    nickname: Mapped[str] = mapped_column(info=PSEUDONYM)
    nickname_key: Mapped[str] = mapped_column(unique=True, info=PSEUDONYM)
    password_hash: Mapped[str] = mapped_column(info=SECRET)
    roles: Mapped[list[str]] = mapped_column(info=PSEUDONYM)
    language: Mapped[str] = mapped_column(default="ko", info=NONE)
    large_text: Mapped[bool] = mapped_column(default=False, info=NONE)
    easy_words: Mapped[bool] = mapped_column(default=False, info=NONE)
    suspended: Mapped[bool] = mapped_column(default=False, info=PSEUDONYM)


class Device(Base):
    """A visit that is signed in: one browser on one device. Only the hash of its token is kept."""

    __tablename__ = "account_device"

    id: Mapped[int] = mapped_column(primary_key=True, info=PSEUDONYM)
    public_id: Mapped[str] = mapped_column(unique=True, info=PSEUDONYM)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=PSEUDONYM
    )
    token_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    name: Mapped[str] = mapped_column(info=PSEUDONYM)
    shared: Mapped[bool] = mapped_column(info=NONE)
    acknowledged: Mapped[bool] = mapped_column(default=False, info=NONE)
    """Whether the owner has been shown that this device signed in."""
    signed_in_at: Mapped[datetime] = mapped_column(info=PSEUDONYM)
    last_seen_at: Mapped[datetime] = mapped_column(index=True, info=PSEUDONYM)


class RecoveryCode(Base):
    """A printed code that lets its owner choose a new password, once."""

    __tablename__ = "account_recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), info=PSEUDONYM
    )
    code_hash: Mapped[str] = mapped_column(info=SECRET)


class Invitation(Base):
    """A code that opens one account, or as many as it has places. The code itself is shown once and not kept."""

    __tablename__ = "account_invitation"

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    public_id: Mapped[str] = mapped_column(unique=True, info=NONE)
    code_hash: Mapped[str] = mapped_column(unique=True, info=SECRET)
    roles: Mapped[list[str]] = mapped_column(info=NONE)
    places: Mapped[int] = mapped_column(info=NONE)
    used: Mapped[int] = mapped_column(default=0, info=NONE)
    made_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=PSEUDONYM
    )
    made_at: Mapped[datetime] = mapped_column(info=NONE)
    expires_at: Mapped[datetime] = mapped_column(info=NONE)
    withdrawn: Mapped[bool] = mapped_column(default=False, info=NONE)


class Tally(Base):
    """How often something was tried in a window of time. `bucket` is a keyed hash, so it names nobody."""

    __tablename__ = "account_tally"
    __table_args__ = (Index("ix_account_tally_ends_at", "ends_at"),)

    bucket: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    ends_at: Mapped[datetime] = mapped_column(primary_key=True, info=NONE)
    count: Mapped[int] = mapped_column(info=NONE)


class AuditEntry(Base):
    """What staff did about somebody's account, visible to that person and to staff. Never changed."""

    __tablename__ = "account_audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    at: Mapped[datetime] = mapped_column(info=NONE)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=PSEUDONYM
    )
    about_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, info=PSEUDONYM
    )
    deed: Mapped[str] = mapped_column(info=NONE)
    """One of `rules.Deed`."""
    detail: Mapped[str] = mapped_column(default="", info=NONE)
    """Roles or numbers; never a name."""
