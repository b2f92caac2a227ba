"""What the learning pages show, gathered from the catalogue and progress."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from academy.accounts.api import Person, Role
from academy.catalog import api as catalog
from academy.catalog.api import CourseCard, CourseView, OutlineLesson, PublishedLesson
from academy.document.words import Word
from academy.kernel.errors import NotFound
from academy.learning.models import KeptWord
from academy.progress import api as progress
from academy.progress.api import (
    CompletionView,
    LessonGoal,
    LessonMark,
    LessonProgress,
    Reflection,
)

PRACTICE = "practice"
"""The block key of the note on a lesson's step in life."""


def audiences(person: Person) -> tuple[str, ...]:
    """Courses for mentors are shown to those who are mentors or look after them."""
    return catalog.audiences(
        mentors=person.has(*(role for role in Role if role is not Role.LEARNER))
    )


@dataclass(frozen=True)
class CourseTile:
    """A course in the list, with how far this person is."""

    card: CourseCard
    done: int
    total: int
    begun: bool
    finished: bool
    last_at: datetime | None
    last_lesson: str
    last_block: str

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class Home:
    """`going`: begun and not finished, the latest first; `tracks`: all courses by track."""

    going: tuple[CourseTile, ...]
    tracks: Mapping[str, tuple[CourseTile, ...]]


def _go_on(
    lessons: Sequence[str], marks: Sequence[LessonMark], done: Collection[str]
) -> tuple[str, str]:
    """Where to go on, as lesson and block: the lesson of the latest step, or the next one when that is finished.

    Lessons that are no longer in the course are passed over. Two empty texts when all is done.
    """
    present = [mark for mark in marks if mark.lesson_key in lessons]
    lesson = present[0].lesson_key if present else ""
    if not lesson or lesson in done:
        start = lessons.index(lesson) + 1 if lesson else 0
        ahead = (*lessons[start:], *lessons[:start])
        lesson = next((key for key in ahead if key not in done), "")
    block = next((mark.last_block for mark in present if mark.lesson_key == lesson), "")
    return lesson, block


def _tile(card: CourseCard, marks: Iterable[LessonMark], finished: bool) -> CourseTile:  # noqa: FBT001  a fact of the course
    of_course = [mark for mark in marks if mark.course_key == card.key]
    done = {mark.lesson_key for mark in of_course if mark.completed_at}
    lesson, block = _go_on(card.lessons, of_course, done)
    return CourseTile(
        card=card,
        done=len(done.intersection(card.lessons)),
        total=len(card.lessons),
        begun=bool(of_course),
        finished=finished,
        last_at=of_course[0].last_at if of_course else None,
        last_lesson=lesson,
        last_block=block,
    )


def home(session: Session, person: Person) -> Home:
    cards = catalog.courses(session, language=person.language, audiences=audiences(person))
    marks = progress.marks(session, person.account_id)
    finished = {
        completion.course_key for completion in progress.completions(session, person.account_id)
    }
    tiles = [_tile(card, marks, card.key in finished) for card in cards]
    going = sorted(
        (tile for tile in tiles if tile.begun and not tile.finished and tile.done < tile.total),
        key=lambda tile: tile.last_at.timestamp() if tile.last_at else 0.0,
        reverse=True,
    )
    tracks: dict[str, tuple[CourseTile, ...]] = {}
    for tile in tiles:
        tracks[tile.card.track] = (*tracks.get(tile.card.track, ()), tile)
    return Home(tuple(going), tracks)


@dataclass(frozen=True)
class LessonRow:
    lesson: OutlineLesson
    begun: bool
    done: bool
    last_block: str


@dataclass(frozen=True)
class CoursePage:
    course: CourseView
    rows: Mapping[str, LessonRow]
    done: int
    total: int
    next: LessonRow | None
    completion: CompletionView | None
    prerequisites: tuple[CourseCard, ...]


def course_page(session: Session, key: str, person: Person) -> CoursePage:
    """Raises:
    NotFound: there is no such course for this person.
    """
    found = catalog.course(session, key, language=person.language, audiences=audiences(person))
    marks = {mark.lesson_key: mark for mark in progress.marks(session, person.account_id, key)}
    rows = {}
    for lesson in found.outline.lessons():
        mark = marks.get(lesson.key)
        rows[lesson.key] = LessonRow(
            lesson,
            mark is not None,
            bool(mark and mark.completed_at),
            mark.last_block if mark else "",
        )
    following, _block = _go_on(
        list(rows), list(marks.values()), {key for key, row in rows.items() if row.done}
    )
    needed = found.outline.prerequisites
    completion = progress.completion(session, person.account_id, key)
    before: tuple[CourseCard, ...] = ()
    if needed and completion is None:
        finished = {entry.course_key for entry in progress.completions(session, person.account_id)}
        cards = catalog.courses_by_key(session, needed, language=person.language)
        before = tuple(cards[name] for name in needed if name in cards and name not in finished)
    return CoursePage(
        course=found,
        rows=rows,
        done=sum(row.done for row in rows.values()),
        total=len(rows),
        next=rows.get(following),
        completion=completion,
        prerequisites=before,
    )


@dataclass(frozen=True)
class LessonPage:
    """Everything the player shows. `notes`: private texts by block key."""

    lesson: PublishedLesson
    progress: LessonProgress
    notes: Mapping[str, Reflection]
    goal: LessonGoal
    before: OutlineLesson | None
    after: OutlineLesson | None
    number: int
    count: int

    @property
    def begin(self) -> str:
        """The key of the screen to begin with: where the person was, or the first."""
        screens = self.lesson.rendered.screens
        last = "" if self.progress.completed_at else self.progress.last_block
        there = (screen.key for screen in screens if last in {part.key for part in screen.blocks})
        return next(there, screens[0].key if screens else "")


def goal_of(lesson: PublishedLesson) -> LessonGoal:
    """What this lesson asks for."""
    parts = list(lesson.rendered.parts())
    return LessonGoal(
        blocks=[part.key for part in parts],
        counted={part.key: part.points for part in parts if part.is_question and part.counted},
        min_score=lesson.place.min_score,
    )


def published_lesson(
    session: Session, course_key: str, lesson_key: str, person: Person
) -> PublishedLesson:
    """Raises:
    NotFound: there is no such lesson for this person.
    """
    return catalog.lesson(
        session, course_key, lesson_key, language=person.language, audiences=audiences(person)
    )


def lesson_page(session: Session, course_key: str, lesson_key: str, person: Person) -> LessonPage:
    """Three statements: the lesson, where the person is in it, and their private texts.

    Raises:
        NotFound: there is no such lesson for this person.
    """
    lesson = published_lesson(session, course_key, lesson_key, person)
    state = progress.lesson_progress(session, person.account_id, course_key, lesson_key)
    notes = progress.reflections(session, person.account_id, course_key, lesson_key)
    before, after = lesson.neighbours()
    lessons = lesson.outline.lessons()
    return LessonPage(
        lesson=lesson,
        progress=state,
        notes=notes,
        goal=goal_of(lesson),
        before=before,
        after=after,
        number=lessons.index(lesson.place) + 1,
        count=len(lessons),
    )


# What I have done, and my words


@dataclass(frozen=True)
class Bookmark:
    lesson_key: str
    lesson_title: str
    block: str


@dataclass(frozen=True)
class DoneCourse:
    """A course somebody has begun; `title` stays when the course was retired."""

    key: str
    title: str
    begun_at: datetime
    last_at: datetime
    lessons_done: int
    lessons_begun: int
    completion: CompletionView | None
    bookmarks: tuple[Bookmark, ...]


def done(session: Session, person: Person) -> list[DoneCourse]:
    """What a person has begun and finished, the latest first."""
    marks = progress.marks(session, person.account_id)
    finished = {
        entry.course_key: entry for entry in progress.completions(session, person.account_id)
    }
    keys = list(dict.fromkeys([mark.course_key for mark in marks] + list(finished)))
    cards = catalog.courses_by_key(session, keys, language=person.language)
    found = []
    for key in keys:
        of_course = [mark for mark in marks if mark.course_key == key]
        completion = finished.get(key)
        title = (
            cards[key].title
            if key in cards
            else completion.title(person.language)
            if completion
            else key
        )
        if not of_course:
            continue
        found.append(
            DoneCourse(
                key=key,
                title=title,
                begun_at=min(mark.started_at for mark in of_course),
                last_at=max(mark.last_at for mark in of_course),
                lessons_done=sum(mark.completed_at is not None for mark in of_course),
                lessons_begun=len(of_course),
                completion=completion,
                bookmarks=tuple(
                    Bookmark(mark.lesson_key, cards[key].lesson_titles[mark.lesson_key], block)
                    for mark in of_course
                    for block in mark.bookmarks
                    if key in cards and mark.lesson_key in cards[key].lesson_titles
                ),
            )
        )
    return found


@dataclass(frozen=True)
class MyWord:
    word: Word
    unused: bool
    kept_at: datetime


def my_words(session: Session, person: Person) -> list[MyWord]:
    """The person's own word list, the latest first."""
    rows = session.scalars(
        select(KeptWord)
        .where(KeptWord.account_id == person.account_id)
        .order_by(KeptWord.kept_at.desc())
    )
    lexicon = catalog.lexicon()
    return [
        MyWord(word, row.unused, row.kept_at)
        for row in rows
        if (word := find_word(lexicon, row.word_id)) is not None
    ]


def find_word(lexicon: Any, word_id: str) -> Word | None:
    try:
        return lexicon.lookup(word_id)  # type: ignore[no-any-return]
    except KeyError:
        return None


def word(word_id: str) -> Word:
    """Raises:
    NotFound: the lexicon has no such word.
    """
    found = find_word(catalog.lexicon(), word_id)
    if found is None:
        raise NotFound
    return found


def everything_about(session: Session, account_id: int) -> dict[str, Any]:
    rows = session.scalars(select(KeptWord).where(KeptWord.account_id == account_id))
    return {
        "words": [
            {"word": row.word_id, "not_used_by_me": row.unused, "kept_at": row.kept_at.isoformat()}
            for row in rows
        ]
    }
