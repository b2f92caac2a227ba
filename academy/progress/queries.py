"""What the progress room reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from academy.progress.models import Attempt, Completion, LessonState, Reflection


@dataclass(frozen=True)
class LessonProgress:
    """Where a person is in a lesson; everything empty when it was not begun."""

    seen: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    bookmarks: tuple[str, ...] = ()
    last_block: str = ""
    completed_at: datetime | None = None
    started_at: datetime | None = None


@dataclass(frozen=True)
class LessonMark:
    """One begun lesson, without its answers."""

    course_key: str
    lesson_key: str
    last_block: str
    bookmarks: tuple[str, ...]
    started_at: datetime
    last_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True)
class CompletionView:
    course_key: str
    code: str
    titles: Mapping[str, str]
    hours: Decimal
    completed_on: date

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["ko"]


# Put together once: for the page of a lesson that costs more than running them.
_PROGRESS = select(
    LessonState.seen,
    LessonState.answers,
    LessonState.bookmarks,
    LessonState.last_block,
    LessonState.completed_at,
    LessonState.started_at,
).where(
    LessonState.account_id == bindparam("account"),
    LessonState.course_key == bindparam("course"),
    LessonState.lesson_key == bindparam("lesson"),
)
_REFLECTIONS = select(Reflection).where(
    Reflection.account_id == bindparam("account"),
    Reflection.course_key == bindparam("course"),
    Reflection.lesson_key == bindparam("lesson"),
)


def lesson_progress(
    session: Session, account_id: int, course_key: str, lesson_key: str
) -> LessonProgress:
    row = session.execute(
        _PROGRESS, {"account": account_id, "course": course_key, "lesson": lesson_key}
    ).one_or_none()
    if row is None:
        return LessonProgress()
    return LessonProgress(
        seen=tuple(row.seen),
        answers=row.answers,
        bookmarks=tuple(row.bookmarks),
        last_block=row.last_block,
        completed_at=row.completed_at,
        started_at=row.started_at,
    )


def marks(session: Session, account_id: int, course_key: str | None = None) -> list[LessonMark]:
    """The lessons a person has begun, the latest first; of one course when it is named."""
    query = (
        select(
            LessonState.course_key,
            LessonState.lesson_key,
            LessonState.last_block,
            LessonState.bookmarks,
            LessonState.started_at,
            LessonState.last_at,
            LessonState.completed_at,
        )
        .where(LessonState.account_id == account_id)
        .order_by(LessonState.last_at.desc())
    )
    if course_key is not None:
        query = query.where(LessonState.course_key == course_key)
    return [
        LessonMark(
            course_key=row.course_key,
            lesson_key=row.lesson_key,
            last_block=row.last_block,
            bookmarks=tuple(row.bookmarks),
            started_at=row.started_at,
            last_at=row.last_at,
            completed_at=row.completed_at,
        )
        for row in session.execute(query)
    ]


def reflections(
    session: Session, account_id: int, course_key: str, lesson_key: str
) -> dict[str, Reflection]:
    rows = session.scalars(
        _REFLECTIONS, {"account": account_id, "course": course_key, "lesson": lesson_key}
    )
    return {row.block_key: row for row in rows}


def _completion(row: Completion) -> CompletionView:
    return CompletionView(row.course_key, row.code, row.titles, row.hours, row.completed_on)


def completions(session: Session, account_id: int) -> list[CompletionView]:
    rows = session.scalars(
        select(Completion)
        .where(Completion.account_id == account_id)
        .order_by(Completion.completed_on.desc())
    )
    return [_completion(row) for row in rows]


def completion(session: Session, account_id: int, course_key: str) -> CompletionView | None:
    row = session.get(Completion, (account_id, course_key))
    return _completion(row) if row else None


def completion_by_code(session: Session, code: str) -> CompletionView | None:
    """The certificate with this code: course, hours and date, and nothing about the person."""
    row = session.scalar(select(Completion).where(Completion.code == code))
    return _completion(row) if row else None


def everything_about(session: Session, account_id: int) -> dict[str, Any]:
    """All that this room holds about one person, as JSON-able values."""
    states = session.scalars(select(LessonState).where(LessonState.account_id == account_id))
    attempts = session.scalars(
        select(Attempt).where(Attempt.account_id == account_id).order_by(Attempt.id)
    )
    written = session.scalars(select(Reflection).where(Reflection.account_id == account_id))
    return {
        "lessons": [
            {
                "course": row.course_key,
                "lesson": row.lesson_key,
                "seen": row.seen,
                "answers": row.answers,
                "bookmarks": row.bookmarks,
                "started_at": row.started_at.isoformat(),
                "last_at": row.last_at.isoformat(),
                "completed_at": row.completed_at.isoformat() if row.completed_at else None,
            }
            for row in states
        ],
        "attempts": [
            {
                "course": row.course_key,
                "lesson": row.lesson_key,
                "block": row.block_key,
                "verdict": row.verdict,
                "misconceptions": row.misconceptions,
                "at": row.at.isoformat(),
            }
            for row in attempts
        ],
        "reflections": [
            {
                "course": row.course_key,
                "lesson": row.lesson_key,
                "block": row.block_key,
                "text": row.text,
                "shown_to_mentor": row.shown,
            }
            for row in written
        ],
        "completions": [
            {
                "course": row.course_key,
                "code": row.code,
                "hours": str(row.hours),
                "completed_on": row.completed_on.isoformat(),
            }
            for row in completions(session, account_id)
        ],
    }
