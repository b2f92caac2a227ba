"""Tables of the catalogue. A revision is never changed once it is written."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from academy.kernel.db import NONE, PSEUDONYM, Base


class Course(Base):
    """A course as learners find it: its key, and the revision they see now."""

    __tablename__ = "catalog_course"

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    key: Mapped[str] = mapped_column(unique=True, info=NONE)
    origin: Mapped[str] = mapped_column(info=NONE)
    """`files` or `studio`: who owns the text."""
    audience: Mapped[str] = mapped_column(info=NONE)
    track: Mapped[str] = mapped_column(info=NONE)
    number: Mapped[str] = mapped_column(info=NONE)
    level: Mapped[int] = mapped_column(info=NONE)
    hours: Mapped[Decimal] = mapped_column(info=NONE)
    card: Mapped[dict[str, Any]] = mapped_column(info=NONE)
    """titles and summaries by language, required lessons: what a list shows. Derived from the revision."""
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("catalog_revision.id", use_alter=True), info=NONE
    )
    retired_at: Mapped[datetime | None] = mapped_column(info=NONE)


class Revision(Base):
    """One published state of a course."""

    __tablename__ = "catalog_revision"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    course_id: Mapped[int] = mapped_column(ForeignKey("catalog_course.id"), info=NONE)
    number: Mapped[int] = mapped_column(info=NONE)
    digest: Mapped[str] = mapped_column(info=NONE)
    """SHA-256 of the canonical text; the same course has the same digest in a file and in a row."""
    text: Mapped[str] = mapped_column(Text, info=NONE)
    """The canonical JSON of the course."""
    outline: Mapped[dict[str, Any]] = mapped_column(info=NONE)
    """What the course page shows, by language. Derived."""
    renderer: Mapped[str] = mapped_column(info=NONE)
    """Which renderer and lexicon made the pages; another one makes them again. Derived."""
    published_at: Mapped[datetime] = mapped_column(info=NONE)
    published_by: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), info=PSEUDONYM
    )


class LessonPage(Base):
    """A lesson of a revision in one language, rendered once."""

    __tablename__ = "catalog_lesson_page"
    __table_args__ = (UniqueConstraint("revision_id", "lesson_key", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    revision_id: Mapped[int] = mapped_column(ForeignKey("catalog_revision.id"), info=NONE)
    lesson_key: Mapped[str] = mapped_column(info=NONE)
    language: Mapped[str] = mapped_column(info=NONE)
    rendered: Mapped[str] = mapped_column(Text, info=NONE)
    """`document.render.RenderedLesson` as JSON."""
    questions: Mapped[str] = mapped_column(Text, info=NONE)
    """The lesson's questions as canonical JSON, for grading; never sent to a browser."""


class Medium(Base):
    """A picture, sound, film or file, found by the hash of its bytes; the bytes lie in the media store."""

    __tablename__ = "catalog_medium"

    sha256: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    content_type: Mapped[str] = mapped_column(info=NONE)
    size: Mapped[int] = mapped_column(info=NONE)


class SearchEntry(Base):
    """A course or a lesson of the current revision, in one language, as search sees it."""

    __tablename__ = "catalog_search_entry"

    id: Mapped[int] = mapped_column(primary_key=True, info=NONE)
    course_id: Mapped[int] = mapped_column(
        ForeignKey("catalog_course.id", ondelete="CASCADE"), index=True, info=NONE
    )
    lesson_key: Mapped[str] = mapped_column(info=NONE)
    """Empty for the course itself."""
    language: Mapped[str] = mapped_column(info=NONE)
    title: Mapped[str] = mapped_column(info=NONE)
    text: Mapped[str] = mapped_column(Text, info=NONE)
    """Plain text, for the excerpt."""
    folded: Mapped[str] = mapped_column(Text, info=NONE)
    """Title and text as `document.hangul.fold` gives them, then the initial consonants."""


class SearchGram(Base):
    """Two letters that stand side by side in an entry (one, for the first and only letter of a query)."""

    __tablename__ = "catalog_search_gram"

    gram: Mapped[str] = mapped_column(primary_key=True, info=NONE)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("catalog_search_entry.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        info=NONE,
    )
