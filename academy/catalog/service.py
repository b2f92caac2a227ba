"""Publishing: a checked course becomes an immutable revision, or nothing happens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from academy.catalog import search
from academy.catalog.disk import Folder
from academy.catalog.media import CONTENT_TYPES, MediaStore
from academy.catalog.models import Course as CourseRow
from academy.catalog.models import LessonPage, Medium, Revision
from academy.catalog.outline import SOURCE_LANGUAGE, make_card, make_outline
from academy.document import codec, render
from academy.document.check import check
from academy.document.model import Course, Lesson, LessonText, Question
from academy.document.problems import Code, Problem, errors, problem
from academy.document.text import plain_text
from academy.document.words import Lexicon
from academy.kernel.db import insert_on
from academy.kernel.errors import DomainError


@dataclass(frozen=True)
class Checked:
    """A course folder that was read: the course when it has a form at all, its files, and every problem."""

    course: Course | None
    media: Mapping[str, bytes]
    problems: tuple[Problem, ...]

    @property
    def publishable(self) -> bool:
        return self.course is not None and not errors(self.problems)


@dataclass(eq=False)
class NotPublishable(DomainError):
    """The course has errors."""

    problems: tuple[Problem, ...]
    status = 422


@dataclass(eq=False)
class OwnedElsewhere(DomainError):
    """A course with this key is written in the studio; files do not overwrite it."""

    key: str


class Outcome(StrEnum):
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    RENDERED = "rendered"
    """The content is the same; its pages were made again by a newer renderer or lexicon."""


def check_folder(
    folder: Folder,
    *,
    today: date,
    name: str | None = None,
    known_facts: Mapping[str, str] | None = None,
    course_keys: Collection[str] | None = None,
) -> Checked:
    """Read and check what a folder holds. Never raises on bad content.

    `name` is the folder's own; it has to be the course's key.
    """
    decoded = codec.decode(folder.files)
    problems = [*folder.problems, *decoded.problems]
    media = {name: content for name, content in folder.files.items() if name.startswith("media/")}
    if decoded.course is not None:
        if name is not None and decoded.course.key != name:
            problems.append(
                problem("course.yaml", 1, Code.FILE_KEY, key=decoded.course.key, name=name)
            )
        problems += check(
            decoded.course,
            decoded.places,
            today=today,
            media=media,
            known_facts=known_facts,
            course_keys=None if course_keys is None else frozenset(course_keys),
        )
    # A reader and the checker may both point at the same place; once is enough.
    unique = {
        (item.path, item.line or 0, item.code, tuple(sorted(item.facts.items()))): item
        for item in problems
    }
    ordered = sorted(unique.values(), key=lambda item: (item.path, item.line or 0))
    return Checked(decoded.course, media, tuple(ordered))


def media_url(sha256: str, path: str) -> str:
    suffix = path.rpartition(".")[2]
    return f"/media/{sha256}.{suffix}"


def publish(
    session: Session,
    checked: Checked,
    *,
    origin: str,
    store: MediaStore,
    lexicon: Lexicon,
    by: int | None,
    now: datetime,
) -> Outcome:
    """Make the checked course the one that learners see.

    Learners in the middle of a lesson keep working: what they do is kept by keys. The same content again changes nothing.

    Raises:
        NotPublishable, OwnedElsewhere
    """
    course = checked.course
    if course is None or not checked.publishable:
        raise NotPublishable(checked.problems)
    row = _hold(session, course, origin)
    if row.origin != origin:
        raise OwnedElsewhere(course.key)
    digest = codec.digest(course)
    current = session.get(Revision, row.revision_id) if row.revision_id else None
    renderer = f"{render.VERSION}-{lexicon.digest}"
    if current is not None and current.digest == digest:
        outcome = Outcome.UNCHANGED if row.retired_at is None else Outcome.PUBLISHED
        row.retired_at = None
        if current.renderer != renderer:
            current.renderer = renderer
            session.execute(delete(LessonPage).where(LessonPage.revision_id == current.id))
            _make_pages(session, row.id, current.id, checked, course, store, lexicon)
            outcome = Outcome.RENDERED if outcome is Outcome.UNCHANGED else outcome
        return outcome
    row.audience = course.audience
    row.track = course.track.value
    row.number = course.number
    row.level = course.level
    row.hours = course.hours
    row.card = make_card(course)
    row.retired_at = None
    revision = Revision(
        course_id=row.id,
        number=(
            session.scalar(select(func.max(Revision.number)).where(Revision.course_id == row.id))
            or 0
        )
        + 1,
        digest=digest,
        text=codec.to_json(course),
        outline=make_outline(course),
        renderer=renderer,
        published_at=now,
        published_by=by,
    )
    session.add(revision)
    session.flush()  # the pages need the revision's number
    _make_pages(session, row.id, revision.id, checked, course, store, lexicon)
    row.revision_id = revision.id
    return Outcome.PUBLISHED


def _make_pages(
    session: Session,
    course_id: int,
    revision_id: int,
    checked: Checked,
    course: Course,
    store: MediaStore,
    lexicon: Lexicon,
) -> None:
    """Render every lesson in every language, and tell search."""
    urls = _keep_media(session, course, checked.media, store)
    entries = []
    for language in _languages(course):
        entries.append(("", language, *_course_words(course, language)))
        for lesson in course.lessons():
            rendered = render.render_lesson(
                lesson,
                language,
                media_url=urls.__getitem__,
                lexicon=lexicon,
                lesson_url=lambda key: f"/learning/courses/{course.key}/{key}",
                media=checked.media,
            )
            session.add(
                LessonPage(
                    revision_id=revision_id,
                    lesson_key=lesson.key,
                    language=language,
                    rendered=rendered.to_json(),
                    questions=_questions(lesson, language),
                )
            )
            if language in {SOURCE_LANGUAGE, rendered.body_language}:
                entries.append((lesson.key, language, rendered.title, plain_text(lesson, language)))
    search.index(session, course_id, entries)


def _hold(session: Session, course: Course, origin: str) -> CourseRow:
    """The course's row, made when there is none, kept from other publishers until the commit."""
    held = select(CourseRow).where(CourseRow.key == course.key).with_for_update()
    row = session.scalar(held)
    if row is None:
        # Somebody else may be making it at this very moment: then this waits for them.
        insert = insert_on(session, CourseRow).values(
            key=course.key,
            origin=origin,
            audience=course.audience,
            track=course.track.value,
            number=course.number,
            level=course.level,
            hours=course.hours,
            card=make_card(course),
        )
        session.execute(insert.on_conflict_do_nothing())
        row = session.scalars(held).one()
    return row


def _languages(course: Course) -> list[str]:
    found = {SOURCE_LANGUAGE: None, **dict.fromkeys(course.translations)}
    for lesson in course.lessons():
        found |= dict.fromkeys(lesson.translations)
    return list(found)


def _course_words(course: Course, language: str) -> tuple[str, str]:
    text = course.translations.get(language)
    if text is None:
        return course.title, f"{course.summary} {' '.join(course.outcomes)}"
    return text.title, f"{text.summary} {' '.join(text.outcomes)}"


def _questions(lesson: Lesson, language: str) -> str:
    text = lesson.translations.get(language)
    source: Lesson | LessonText = text if text is not None and text.blocks else lesson
    questions = {block.key: block for block in source.blocks if isinstance(block, Question)}
    return (
        "{"
        + ",".join(f'"{key}":{block.model_dump_json()}' for key, block in questions.items())
        + "}"
    )


def _keep_media(
    session: Session, course: Course, media: Mapping[str, bytes], store: MediaStore
) -> dict[str, str]:
    """Store the course's files; their addresses by path."""
    urls = {}
    # In one order for all, so that two publishers with the same files never wait for each other.
    for file in sorted(course.media, key=lambda file: file.sha256):
        sha256 = store.put(media[file.path])
        insert = insert_on(session, Medium).values(
            sha256=sha256,
            content_type=CONTENT_TYPES["." + file.path.rpartition(".")[2].lower()],
            size=file.size,
        )
        session.execute(insert.on_conflict_do_nothing())
        urls[file.path] = media_url(sha256, file.path)
    return urls


def retire(session: Session, key: str, *, now: datetime) -> bool:
    """Take a course out of the lists; whether there was one. Completions stay."""
    row = session.scalar(select(CourseRow).where(CourseRow.key == key))
    if row is None:
        return False
    row.retired_at = now
    return True


def stamp(course: Course) -> Course:
    """The course with every whole translation marked as made from the present original."""

    def stamped(lesson: Lesson) -> Lesson:
        mark = codec.fingerprint(lesson)
        translations = {
            language: text.model_copy(update={"translates": mark}) if text.blocks else text
            for language, text in lesson.translations.items()
        }
        return lesson.model_copy(update={"translations": translations})

    units = tuple(
        unit.model_copy(update={"lessons": tuple(stamped(lesson) for lesson in unit.lessons)})
        for unit in course.units
    )
    return course.model_copy(update={"units": units})
