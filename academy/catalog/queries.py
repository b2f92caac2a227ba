"""What the catalogue reads."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from threading import Lock
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter
from sqlalchemy import Dialect, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from academy.catalog.models import Course, LessonPage, Medium, Revision
from academy.catalog.outline import (
    SOURCE_LANGUAGE,
    Outline,
    OutlineLesson,
    in_language,
    read_outline,
)
from academy.document.model import AnyQuestion
from academy.document.render import RenderedLesson
from academy.kernel.errors import NotFound

_QUESTIONS: TypeAdapter[dict[str, AnyQuestion]] = TypeAdapter(dict[str, AnyQuestion])


@dataclass(frozen=True)
class CourseCard:
    """A course in a list."""

    key: str
    track: str
    number: str
    level: int
    hours: Decimal
    audience: str
    title: str
    summary: str
    lessons: tuple[str, ...]
    lesson_titles: Mapping[str, str]
    required: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class CourseView:
    """A course page: the card's facts and the outline, in one language."""

    key: str
    track: str
    number: str
    level: int
    hours: Decimal
    audience: str
    titles: Mapping[str, str]
    digest: str
    published_at: datetime
    outline: Outline


@dataclass(frozen=True)
class PublishedLesson:
    """A lesson of the current revision: rendered for reading, typed for grading."""

    course_key: str
    titles: Mapping[str, str]
    hours: Decimal
    digest: str
    outline: Outline
    place: OutlineLesson
    rendered: RenderedLesson
    questions: Mapping[str, AnyQuestion]

    def neighbours(self) -> tuple[OutlineLesson | None, OutlineLesson | None]:
        """The lesson before and the one after."""
        lessons = self.outline.lessons()
        at = lessons.index(self.place)
        return (
            lessons[at - 1] if at else None,
            lessons[at + 1] if at + 1 < len(lessons) else None,
        )


@dataclass(frozen=True)
class CourseState:
    """A course as authors see it in a list."""

    key: str
    title: str
    number: str
    origin: str
    revision: int
    revisions: int
    digest: str
    published_at: datetime | None
    retired: bool


@dataclass(frozen=True)
class _Kept:
    page_id: int
    lesson: PublishedLesson


class _Lessons:
    """The lessons that this process read last, ready to show, apart for every database.

    A published lesson never changes, so its row's number and the course's digest say whether the kept one still holds: the database
    is asked for these alone, and its long texts are neither sent nor parsed again.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: WeakKeyDictionary[Dialect, OrderedDict[tuple[str, str, str], _Kept]] = (
            WeakKeyDictionary()
        )
        self._lock = Lock()

    def get(self, session: Session, key: tuple[str, str, str]) -> _Kept | None:
        with self._lock:
            lessons = self._kept.get(session.get_bind().dialect)
            if not lessons or key not in lessons:
                return None
            lessons.move_to_end(key)
            return lessons[key]

    def keep(self, session: Session, key: tuple[str, str, str], kept: _Kept) -> None:
        with self._lock:
            # One dialect object belongs to one engine, for its reading and its writing side.
            lessons = self._kept.setdefault(session.get_bind().dialect, OrderedDict())
            lessons[key] = kept
            lessons.move_to_end(key)
            while len(lessons) > self._size:
                lessons.popitem(last=False)


_lessons = _Lessons(size=64)


def audiences(*, mentors: bool) -> tuple[str, ...]:
    return ("learner", "mentor") if mentors else ("learner",)


def _card(row: Course, language: str) -> CourseCard:
    card = row.card
    return CourseCard(
        key=row.key,
        track=row.track,
        number=row.number,
        level=row.level,
        hours=row.hours,
        audience=row.audience,
        title=in_language(card["titles"], language),
        summary=in_language(card["summaries"], language),
        lessons=tuple(card["lessons"]),
        lesson_titles={
            key: in_language(titles, language) for key, titles in card["lesson_titles"].items()
        },
        required=tuple(card["required"]),
        languages=tuple(card["languages"]),
    )


def courses(session: Session, *, language: str, audiences: Collection[str]) -> list[CourseCard]:
    """The courses that can be taken, by number."""
    rows = session.scalars(
        select(Course)
        .where(
            Course.revision_id.is_not(None),
            Course.retired_at.is_(None),
            Course.audience.in_(audiences),
        )
        .order_by(Course.number, Course.key)
    )
    return [_card(row, language) for row in rows]


def courses_by_key(
    session: Session, keys: Collection[str], *, language: str
) -> dict[str, CourseCard]:
    """Courses by key, retired ones too: what somebody has done keeps its name."""
    rows = session.scalars(select(Course).where(Course.key.in_(keys)))
    return {row.key: _card(row, language) for row in rows}


def course(session: Session, key: str, *, language: str, audiences: Collection[str]) -> CourseView:
    """Raises:
    NotFound: no course of these audiences has this key and a revision.
    """
    row = session.execute(
        select(Course, Revision.outline, Revision.digest, Revision.published_at)
        .join(Revision, Revision.id == Course.revision_id)
        .where(Course.key == key, Course.audience.in_(audiences))
    ).one_or_none()
    if row is None:
        raise NotFound
    found, outline, digest, published_at = row
    return CourseView(
        key=found.key,
        track=found.track,
        number=found.number,
        level=found.level,
        hours=found.hours,
        audience=found.audience,
        titles=outline["titles"],
        digest=digest,
        published_at=published_at,
        outline=read_outline(outline, language),
    )


# Made once: putting a statement together costs more than running it.
_IS_NEW = or_(LessonPage.id != bindparam("kept_id"), Revision.digest != bindparam("kept_digest"))
_LESSON = (
    select(
        LessonPage.id,
        Course.hours,
        Revision.digest,
        case((_IS_NEW, Revision.outline)).label("outline"),
        case((_IS_NEW, LessonPage.rendered)).label("rendered"),
        case((_IS_NEW, LessonPage.questions)).label("questions"),
    )
    .join(Revision, Revision.id == Course.revision_id)
    .join(LessonPage, LessonPage.revision_id == Revision.id)
    .where(
        Course.key == bindparam("course"),
        Course.audience.in_(bindparam("audiences", expanding=True)),
        LessonPage.lesson_key == bindparam("lesson"),
        LessonPage.language.in_((bindparam("language"), SOURCE_LANGUAGE)),
    )
    .order_by(case((LessonPage.language == bindparam("language"), 0), else_=1))
    .limit(1)
)


def lesson(
    session: Session, course_key: str, lesson_key: str, *, language: str, audiences: Collection[str]
) -> PublishedLesson:
    """One lesson of the current revision, in `language` or else in Korean, with one statement.

    Raises:
        NotFound: there is no such lesson for these audiences.
    """
    key = (course_key, lesson_key, language)
    kept = _lessons.get(session, key)
    row = session.execute(
        _LESSON,
        {
            "course": course_key,
            "lesson": lesson_key,
            "language": language,
            "audiences": list(audiences),
            "kept_id": kept.page_id if kept else 0,
            "kept_digest": kept.lesson.digest if kept else "",
        },
    ).one_or_none()
    if row is None:
        raise NotFound
    if kept and row.rendered is None:
        return kept.lesson
    outline = read_outline(row.outline, language)
    found = PublishedLesson(
        course_key=course_key,
        titles=row.outline["titles"],
        hours=row.hours,
        digest=row.digest,
        outline=outline,
        place=next(entry for entry in outline.lessons() if entry.key == lesson_key),
        rendered=RenderedLesson.from_json(row.rendered),
        questions=_QUESTIONS.validate_json(row.questions),
    )
    _lessons.keep(session, key, _Kept(row.id, found))
    return found


def medium(session: Session, sha256: str) -> str | None:
    """The content type of the file with this hash; None when there is none."""
    return session.scalar(select(Medium.content_type).where(Medium.sha256 == sha256))


def states(session: Session) -> list[CourseState]:
    """All courses with their revisions, for authors."""
    current = aliased(Revision)
    counts = (
        select(Revision.course_id, func.count().label("count"))
        .group_by(Revision.course_id)
        .subquery()
    )
    rows = session.execute(
        select(Course, current.number, current.digest, current.published_at, counts.c.count)
        .outerjoin(current, current.id == Course.revision_id)
        .outerjoin(counts, counts.c.course_id == Course.id)
        .order_by(Course.number, Course.key)
    )
    return [
        CourseState(
            key=row.key,
            title=in_language(row.card["titles"], SOURCE_LANGUAGE),
            number=row.number,
            origin=row.origin,
            revision=number or 0,
            revisions=count or 0,
            digest=digest or "",
            published_at=published_at,
            retired=row.retired_at is not None,
        )
        for row, number, digest, published_at, count in rows
    ]
