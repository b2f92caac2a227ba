"""Tables of the progress room. Everything is keyed by course, lesson and block key, so editing a course loses nothing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.crypto import EncryptedText
from academy.kernel.db import NONE, PERSONAL, PSEUDONYM, Base


class LessonState(Base):
    """Where one person is in one lesson: one row, read with one look-up."""

    __tablename__ = "progress_lesson_state"
    __table_args__ = (Index("ix_progress_lesson_state_latest", "account_id", "last_at"),)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, info=PSEUDONYM
    )
    course_key: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    lesson_key: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    seen: Mapped[list[str]] = mapped_column(info=PSEUDONYM)
    """Keys of the blocks that were on screen."""
    answers: Mapped[dict[str, Any]] = mapped_column(info=PSEUDONYM)
    """Block key → {verdict, points, tries, answer, parts, at}: the best verdict, the last answer."""
    bookmarks: Mapped[list[str]] = mapped_column(info=PSEUDONYM)
    """Keys of the blocks that the person marked to find again."""
    last_block: Mapped[str] = mapped_column(info=NONE)
    started_at: Mapped[datetime] = mapped_column(info=PSEUDONYM)
    last_at: Mapped[datetime] = mapped_column(info=PSEUDONYM)
    completed_at: Mapped[datetime | None] = mapped_column(info=PSEUDONYM)


class Attempt(Base):
    """One answer given once. `client_id` was made by the browser: the same answer sent twice is one attempt."""

    __tablename__ = "progress_attempt"
    __table_args__ = (
        UniqueConstraint("account_id", "course_key", "lesson_key", "block_key", "client_id"),
        Index("ix_progress_attempt_question", "course_key", "lesson_key", "block_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), info=PSEUDONYM
    )
    course_key: Mapped[str] = mapped_column(info=NONE)
    lesson_key: Mapped[str] = mapped_column(info=NONE)
    block_key: Mapped[str] = mapped_column(info=NONE)
    client_id: Mapped[str] = mapped_column(info=NONE)
    verdict: Mapped[str] = mapped_column(info=PSEUDONYM)
    misconceptions: Mapped[list[str]] = mapped_column(info=PSEUDONYM)
    at: Mapped[datetime] = mapped_column(info=PSEUDONYM)


class Reflection(Base):
    """A private text: an answer to a reflection, or (block `practice`) a note on the step in life.

    Shown to a mentor only while `shown` is set by its writer.
    """

    __tablename__ = "progress_reflection"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, info=PSEUDONYM
    )
    course_key: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    lesson_key: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    block_key: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    text: Mapped[str] = mapped_column(EncryptedText, info=PERSONAL)
    shown: Mapped[bool] = mapped_column(default=False, info=NONE)
    at: Mapped[datetime] = mapped_column(info=PSEUDONYM)


class Completion(Base):
    """A course that was finished. Never taken back by an edit; the certificate tells nothing about the person."""

    __tablename__ = "progress_completion"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, info=PSEUDONYM
    )
    course_key: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    code: Mapped[str] = mapped_column(unique=True, info=PSEUDONYM)
    titles: Mapped[dict[str, Any]] = mapped_column(info=NONE)
    """The course's title on that day, by language."""
    hours: Mapped[Decimal] = mapped_column(info=NONE)
    revision: Mapped[str] = mapped_column(info=NONE)
    """Digest of the revision that was finished."""
    completed_on: Mapped[date] = mapped_column(info=PSEUDONYM)
