"""What the catalogue reads."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from threading import Lock

from pydantic import TypeAdapter
from sqlalchemy import case, func, select
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


class _Pages:
    """The lesson pages that this process read last, so that their JSON is not parsed again and again.

    A page is found by its own text. Row numbers and digests of courses say less: another database in
    this process has the same ones, and one course text can be rendered anew.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._pages: OrderedDict[bytes, tuple[RenderedLesson, dict[str, AnyQuestion]]] = (
            OrderedDict()
        )
        self._lock = Lock()

    def get(self, rendered: str, questions: str) -> tuple[RenderedLesson, dict[str, AnyQuestion]]:
        key = sha256(f"{rendered}\0{questions}".encode()).digest()
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        page = (RenderedLesson.from_json(rendered), _QUESTIONS.validate_json(questions))
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._size:
                self._pages.popitem(last=False)
        return page


_pages = _Pages(size=64)


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


def lesson(
    session: Session, course_key: str, lesson_key: str, *, language: str, audiences: Collection[str]
) -> PublishedLesson:
    """One lesson of the current revision, in `language` or else in Korean, with one statement.

    Raises:
        NotFound: there is no such lesson for these audiences.
    """
    row = session.execute(
        select(
            Course.hours,
            Revision.digest,
            Revision.outline,
            LessonPage.rendered,
            LessonPage.questions,
        )
        .join(Revision, Revision.id == Course.revision_id)
        .join(LessonPage, LessonPage.revision_id == Revision.id)
        .where(
            Course.key == course_key,
            Course.audience.in_(audiences),
            LessonPage.lesson_key == lesson_key,
            LessonPage.language.in_({language, SOURCE_LANGUAGE}),
        )
        .order_by(case((LessonPage.language == language, 0), else_=1))
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound
    rendered, questions = _pages.get(row.rendered, row.questions)
    outline = read_outline(row.outline, language)
    place = next(entry for entry in outline.lessons() if entry.key == lesson_key)
    return PublishedLesson(
        course_key=course_key,
        titles=row.outline["titles"],
        hours=row.hours,
        digest=row.digest,
        outline=outline,
        place=place,
        rendered=rendered,
        questions=questions,
    )


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
