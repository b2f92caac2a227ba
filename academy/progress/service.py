"""What the progress room records."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Row, delete, func, literal, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from academy.kernel.clock import SEOUL
from academy.kernel.db import insert_for, insert_on
from academy.progress import rules
from academy.progress.models import Attempt, Completion, LessonState, Reflection
from academy.progress.rules import Graded, LessonGoal


@dataclass(frozen=True)
class Place:
    """A lesson of a course, by keys."""

    course: str
    lesson: str


@dataclass(frozen=True)
class CourseGoal:
    """What a course asks for, and what its certificate says."""

    required: Collection[str]
    titles: Mapping[str, str]
    hours: Decimal
    revision: str


@dataclass(frozen=True)
class Recorded:
    """What became of one answer or one look.

    `lesson_done`: the lesson was finished by this very step. `course_done`: the course was.
    `repeated`: this answer was here before, so nothing was kept.
    """

    answers: Mapping[str, Any]
    seen: Collection[str]
    complete: bool
    lesson_done: bool = False
    course_done: bool = False
    repeated: bool = False


# What an answer writes is put together once for each kind of database: that costs more than running it.


@cache
def _holding(dialect: str) -> ReturningInsert[Any]:
    insert = insert_for(dialect, LessonState)
    return insert.on_conflict_do_update(
        index_elements=[LessonState.account_id, LessonState.course_key, LessonState.lesson_key],
        set_={"last_at": insert.excluded.last_at},
    ).returning(
        LessonState.seen, LessonState.answers, LessonState.last_block, LessonState.completed_at
    )


@cache
def _attempting(dialect: str) -> ReturningInsert[Any]:
    return insert_for(dialect, Attempt).on_conflict_do_nothing().returning(Attempt.id)


def _hold(session: Session, account_id: int, place: Place, *, now: datetime) -> Row[Any]:
    """Begin or open the lesson's row and keep everybody else away from it until the commit.

    One statement on both databases: an upsert that takes the row's lock and gives the row.
    """
    return session.execute(
        _holding(session.get_bind().dialect.name),
        {
            "account_id": account_id,
            "course_key": place.course,
            "lesson_key": place.lesson,
            "seen": [],
            "answers": {},
            "bookmarks": [],
            "last_block": "",
            "started_at": now,
            "last_at": now,
        },
    ).one()


def _keep(
    session: Session,
    account_id: int,
    place: Place,
    *,
    seen: list[str],
    answers: dict[str, Any],
    last_block: str,
    goal: LessonGoal,
    course: CourseGoal,
    completed_at: datetime | None,
    now: datetime,
) -> Recorded:
    done_now = completed_at is None and rules.is_complete(goal, seen, answers)
    complete = done_now or completed_at is not None
    change = (
        update(LessonState)
        .where(
            LessonState.account_id == account_id,
            LessonState.course_key == place.course,
            LessonState.lesson_key == place.lesson,
        )
        .values(
            seen=seen,
            answers=answers,
            last_block=last_block,
            completed_at=now if done_now else completed_at,
        )
    )
    if complete and session.get_bind().dialect.name == "postgresql":
        # Two tabs that finish the last two lessons at once do not see each other's lesson before the
        # commit: who comes second waits here. SQLite has one writer anyway.
        change = change.returning(func.pg_advisory_xact_lock(account_id))
    session.execute(change)
    # Asked at every step of a finished lesson: a new revision may ask for less than before.
    course_done = complete and _complete_course(session, account_id, place.course, course, now=now)
    return Recorded(answers, seen, complete, done_now, course_done)


def _complete_course(
    session: Session, account_id: int, course_key: str, goal: CourseGoal, *, now: datetime
) -> bool:
    """Complete the course when all its required lessons are finished; whether that happened now."""
    required = set(goal.required)
    if not required:
        return False
    finished = (
        select(func.count())
        .select_from(LessonState)
        .where(
            LessonState.account_id == account_id,
            LessonState.course_key == course_key,
            LessonState.lesson_key.in_(required),
            LessonState.completed_at.is_not(None),
        )
        .scalar_subquery()
    )
    values: dict[str, Any] = {
        "account_id": account_id,
        "course_key": course_key,
        "code": rules.new_certificate_code(),
        "titles": dict(goal.titles),
        "hours": goal.hours,
        "revision": goal.revision,
        "completed_on": now.astimezone(SEOUL).date(),
    }
    columns = Completion.__table__.columns
    made = session.execute(
        insert_on(session, Completion)
        .from_select(
            list(values),
            select(*(literal(value, columns[name].type) for name, value in values.items())).where(
                finished == len(required)
            ),
        )
        .on_conflict_do_nothing(index_elements=[Completion.account_id, Completion.course_key])
        .returning(Completion.code)
    )
    return made.first() is not None


def record_answer(
    session: Session,
    account_id: int,
    place: Place,
    block: str,
    graded: Graded,
    *,
    client_id: str,
    goal: LessonGoal,
    course: CourseGoal,
    now: datetime,
) -> Recorded:
    """Keep one answer. The same `client_id` for the same block counts once, from whichever tab it comes."""
    row = _hold(session, account_id, place, now=now)
    counted = session.execute(
        _attempting(session.get_bind().dialect.name),
        {
            "account_id": account_id,
            "course_key": place.course,
            "lesson_key": place.lesson,
            "block_key": block,
            "client_id": client_id,
            "verdict": graded.verdict,
            "misconceptions": list(graded.misconceptions),
            "at": now,
        },
    ).first()
    if counted is None:
        return Recorded(row.answers, row.seen, row.completed_at is not None, repeated=True)
    return _keep(
        session,
        account_id,
        place,
        seen=rules.with_seen(row.seen, [block]),
        answers=rules.with_answer(row.answers, block, graded, now.isoformat()),
        last_block=block,
        goal=goal,
        course=course,
        completed_at=row.completed_at,
        now=now,
    )


def record_seen(
    session: Session,
    account_id: int,
    place: Place,
    blocks: Collection[str],
    *,
    at_block: str,
    goal: LessonGoal,
    course: CourseGoal,
    now: datetime,
) -> Recorded:
    """Keep that blocks were on screen, and where the person is now."""
    row = _hold(session, account_id, place, now=now)
    return _keep(
        session,
        account_id,
        place,
        seen=rules.with_seen(row.seen, [key for key in blocks if key in goal.blocks]),
        answers=row.answers,
        last_block=at_block or row.last_block,
        goal=goal,
        course=course,
        completed_at=row.completed_at,
        now=now,
    )


def set_bookmark(
    session: Session, account_id: int, place: Place, block: str, *, on: bool, now: datetime
) -> None:
    """Mark a block to find it again, or take the mark away."""
    _hold(session, account_id, place, now=now)
    row = session.get_one(LessonState, (account_id, place.course, place.lesson))
    others = [key for key in row.bookmarks if key != block]
    row.bookmarks = [*others, block] if on else others


def keep_reflection(
    session: Session, account_id: int, place: Place, block: str, text: str, *, now: datetime
) -> bool:
    """Keep a private text, sealed; an empty one removes it. Whether its writer lets the mentor read it."""
    if not text:
        session.execute(
            delete(Reflection).where(
                Reflection.account_id == account_id,
                Reflection.course_key == place.course,
                Reflection.lesson_key == place.lesson,
                Reflection.block_key == block,
            )
        )
        return False
    insert = insert_on(session, Reflection).values(
        account_id=account_id,
        course_key=place.course,
        lesson_key=place.lesson,
        block_key=block,
        text=text,
        shown=False,
        at=now,
    )
    kept = insert.on_conflict_do_update(
        index_elements=[
            Reflection.account_id,
            Reflection.course_key,
            Reflection.lesson_key,
            Reflection.block_key,
        ],
        set_={"text": insert.excluded.text, "at": insert.excluded.at},
    )
    return session.execute(kept.returning(Reflection.shown)).scalar_one()


def show_reflection(
    session: Session, account_id: int, place: Place, block: str, *, shown: bool
) -> None:
    """Let the mentor read this text, or no longer."""
    session.execute(
        update(Reflection)
        .where(
            Reflection.account_id == account_id,
            Reflection.course_key == place.course,
            Reflection.lesson_key == place.lesson,
            Reflection.block_key == block,
        )
        .values(shown=shown)
    )


def erase(session: Session, account_id: int) -> None:
    """Delete everything about one person in this room, certificates included."""
    for table in (LessonState, Attempt, Reflection, Completion):
        session.execute(delete(table).where(table.account_id == account_id))
