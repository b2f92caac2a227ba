"""What a learner does: answers, looks, notes, words. An answer goes through `document.grade` into progress, in one commit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from academy.accounts.api import Person
from academy.catalog.api import PublishedLesson
from academy.document import model
from academy.document.grade import Answer, Incomplete, Result, TooLong, Verdict, grade, parse_answer
from academy.document.render import feedback_key
from academy.kernel.db import insert_on
from academy.kernel.errors import DomainError, NotFound
from academy.learning.models import KeptWord
from academy.learning.queries import PRACTICE, goal_of, word
from academy.progress import api as progress
from academy.progress.api import CourseGoal, Graded, Place, Recorded

NOTE_MAX = 4000
FIELD_MAX = 2000
FIELDS_MAX = 200

Fields = Mapping[str, list[str]]


@dataclass(eq=False)
class AnswerIncomplete(DomainError):
    """Something was not chosen or typed."""

    block: str
    status = 422


@dataclass(eq=False)
class AnswerTooLong(DomainError):
    """`most` is in characters."""

    block: str
    most: int
    status = 422


@dataclass(eq=False)
class AnswerUnknown(DomainError):
    """The answer does not fit the question as it is now."""

    block: str
    status = 422


@dataclass(frozen=True)
class Answered:
    result: Result
    recorded: Recorded
    # Whether the mentor may read the text that was written.
    to_mentor: bool = False


def _place(lesson: PublishedLesson) -> Place:
    return Place(lesson.course_key, lesson.place.key)


def _course_goal(lesson: PublishedLesson) -> CourseGoal:
    return CourseGoal(
        required=lesson.outline.required(),
        titles=lesson.titles,
        hours=lesson.hours,
        revision=lesson.digest,
    )


def _bounded(fields: Fields) -> dict[str, list[str]]:
    """What is kept of the posted fields to show them again."""
    some = list(fields.items())[:FIELDS_MAX]
    return {
        _storable(name)[:80]: [_storable(value)[:FIELD_MAX] for value in values[:FIELDS_MAX]]
        for name, values in some
    }


def _storable(text: str) -> str:
    """`text` without U+0000, which PostgreSQL holds neither as text nor in JSON."""
    return text.replace("\0", "")


def _written(text: str) -> str:
    """A private text as its writer counts it: browsers send two characters for the end of a line."""
    return text.replace("\r\n", "\n").strip()


def answer(
    session: Session,
    lesson: PublishedLesson,
    block: str,
    fields: Fields,
    *,
    client_id: str,
    by: Person,
    now: datetime,
) -> Answered:
    """Grade one answer and keep it.

    Raises:
        NotFound: the lesson has no such question.
        AnswerIncomplete, AnswerTooLong, AnswerUnknown: nothing was kept.
    """
    question = lesson.questions.get(block)
    if question is None:
        raise NotFound
    # A list from which nothing was chosen is sent as an empty text: not a strange pair, only none yet.
    chosen = {name: [value for value in values if value] for name, values in fields.items()}
    given = parse_answer(question, lesson.rendered.unmixed(block, chosen))
    if isinstance(given, TooLong):
        raise AnswerTooLong(block, given.limit)
    if isinstance(given, Incomplete):
        raise AnswerIncomplete(block)
    if not isinstance(given, Answer):
        # The page is older than the course, or somebody made the form up.
        raise AnswerUnknown(block)
    result = grade(question, given)
    shown = _bounded(fields)
    text = ""
    if isinstance(question, model.Reflection):
        text = given.one("answer")
        if len(text) > NOTE_MAX:
            raise AnswerTooLong(block, NOTE_MAX)
        shown = {}
    recorded = progress.record_answer(
        session,
        by.account_id,
        _place(lesson),
        block,
        Graded(
            verdict=result.verdict.value,
            points=result.points,
            answer={
                "fields": shown,
                "feedback": [feedback_key(text) for text in result.feedback],
                "note": result.note.value if result.note else "",
                "meant": result.meant if result.verdict is Verdict.CLOSE else "",
            },
            parts=result.parts,
            misconceptions=result.misconceptions,
        ),
        client_id=client_id,
        goal=goal_of(lesson),
        course=_course_goal(lesson),
        now=now,
    )
    # An old answer that arrives late and twice does not take the place of a newer text.
    to_mentor = False
    if text and not recorded.repeated:
        to_mentor = progress.keep_reflection(
            session, by.account_id, _place(lesson), block, text, now=now
        )
    elif text:
        notes = progress.reflections(session, by.account_id, lesson.course_key, lesson.place.key)
        to_mentor = block in notes and notes[block].shown
    return Answered(result, recorded, to_mentor)


def see(
    session: Session,
    lesson: PublishedLesson,
    blocks: Collection[str],
    *,
    at_block: str,
    by: Person,
    now: datetime,
) -> Recorded:
    """Keep that these blocks were on screen and where the person is."""
    known = {part.key for part in lesson.rendered.parts()}
    return progress.record_seen(
        session,
        by.account_id,
        _place(lesson),
        [key for key in blocks if key in known],
        at_block=at_block if at_block in known else "",
        goal=goal_of(lesson),
        course=_course_goal(lesson),
        now=now,
    )


def take_alternative(
    session: Session, lesson: PublishedLesson, *, by: Person, now: datetime
) -> Recorded:
    """The gentler way counts as the whole lesson.

    Raises:
        NotFound: the lesson has no alternative.
    """
    if not lesson.rendered.alternative_html:
        raise NotFound
    goal = progress.LessonGoal(blocks=(), counted={}, min_score=None)
    return progress.record_seen(
        session,
        by.account_id,
        _place(lesson),
        (),
        at_block="",
        goal=goal,
        course=_course_goal(lesson),
        now=now,
    )


def bookmark(
    session: Session, lesson: PublishedLesson, block: str, *, on: bool, by: Person, now: datetime
) -> None:
    """Raises:
    NotFound: the lesson has no such block.
    """
    if block not in {part.key for part in lesson.rendered.parts()}:
        raise NotFound
    progress.set_bookmark(session, by.account_id, _place(lesson), block, on=on, now=now)


def keep_note(
    session: Session, lesson: PublishedLesson, text: str, *, by: Person, now: datetime
) -> None:
    """Keep the private note on the lesson's step in life; an empty one removes it.

    Raises:
        AnswerTooLong
    """
    text = _written(text)
    if len(text) > NOTE_MAX:
        raise AnswerTooLong(PRACTICE, NOTE_MAX)
    progress.keep_reflection(session, by.account_id, _place(lesson), PRACTICE, text, now=now)


def show_reflection(
    session: Session, lesson: PublishedLesson, block: str, *, shown: bool, by: Person
) -> None:
    progress.show_reflection(session, by.account_id, _place(lesson), block, shown=shown)


# Words


def keep_word(session: Session, word_id: str, *, by: Person, now: datetime) -> None:
    """Put a word into one's own list; once is enough.

    Raises:
        NotFound: the lexicon has no such word.
    """
    insert = insert_on(session, KeptWord).values(
        account_id=by.account_id, word_id=word(word_id).id, unused=False, kept_at=now
    )
    session.execute(insert.on_conflict_do_nothing())


def drop_word(session: Session, word_id: str, *, by: Person) -> None:
    session.execute(
        delete(KeptWord).where(KeptWord.account_id == by.account_id, KeptWord.word_id == word_id)
    )


def set_unused(session: Session, word_id: str, *, unused: bool, by: Person) -> None:
    """Say that one did not use the northern form oneself, or take that back."""
    row = session.get(KeptWord, (by.account_id, word_id))
    if row is None:
        raise NotFound
    row.unused = unused


def erase(session: Session, account_id: int) -> None:
    session.execute(delete(KeptWord).where(KeptWord.account_id == account_id))
