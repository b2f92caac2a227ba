"""Publishing: a checked course becomes one immutable revision, or nothing happens."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from academy.catalog import queries, service
from academy.catalog.api import MediaStore
from academy.catalog.models import Course, LessonPage, Medium, Revision, SearchEntry, SearchGram
from academy.catalog.search import lexicon, search
from academy.catalog.service import Checked, NotPublishable, Outcome, OwnedElsewhere
from academy.document import codec, model
from academy.document.problems import Code, problem
from academy.document.words import Lexicon, Word
from academy.kernel.db import Base, Database
from academy.progress import api as progress
from academy.progress.api import CourseGoal, LessonGoal, Place
from tests.builders.accounts import an_account
from tests.builders.catalog import (
    a_choice,
    a_course,
    a_lesson,
    a_text,
    published,
    published_folder,
)
from tests.builders.threads import at_once
from tests.conftest import NOON

TABLES = (Course, Revision, LessonPage, Medium, SearchEntry, SearchGram)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"></svg>'


def rows(database: Database, *tables: type[Base]) -> list[int]:
    with database.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables or TABLES
        ]


def everything(database: Database, table: type[Base]) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [
            dict(row)
            for row in session.execute(select(table.__table__).order_by(table.__table__.c.id))
            .mappings()
            .all()
        ]


def with_picture(course: model.Course, content: bytes = SVG) -> model.Course:
    lesson = course.units[0].lessons[0]
    figure = model.Figure(key="picture", src="media/picture.svg", alt="그림")
    lesson = lesson.model_copy(update={"blocks": (*lesson.blocks, figure)})
    unit = course.units[0].model_copy(update={"lessons": (lesson, *course.units[0].lessons[1:])})
    file = model.MediaFile(
        path="media/picture.svg", sha256=sha256(content).hexdigest(), size=len(content)
    )
    return course.model_copy(update={"units": (unit, *course.units[1:]), "media": (file,)})


def test_a_first_publication_is_revision_one_with_a_page_for_each_lesson(
    database: Database, tmp_path: Path
) -> None:
    course = a_course("contracts", a_lesson("one"), a_lesson("two"))

    assert published(database, course, folder=tmp_path, now=NOON) is Outcome.PUBLISHED

    with database.reading() as session:
        (revision,) = session.scalars(select(Revision)).all()
        pages = session.scalars(select(LessonPage)).all()
    assert revision.number == 1
    assert revision.digest == codec.digest(course)
    assert codec.from_json(revision.text) == course
    assert revision.published_at == NOON
    assert {(page.lesson_key, page.language) for page in pages} == {("one", "ko"), ("two", "ko")}


def test_the_same_content_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    course = with_picture(a_course())
    media = {"media/picture.svg": SVG}
    published(database, course, media=media, folder=tmp_path, now=NOON)
    before = rows(database)

    later = NOON + timedelta(days=1)
    outcome = published(database, course, media=media, folder=tmp_path, now=later)

    assert outcome is Outcome.UNCHANGED
    assert rows(database) == before
    assert everything(database, Revision)[0]["published_at"] == NOON


def test_a_change_is_the_next_number_and_leaves_the_old_revision_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    published(database, a_course(), folder=tmp_path, now=NOON)
    old, old_pages = everything(database, Revision), everything(database, LessonPage)

    changed = a_course(title="계약서 다시 읽기")
    published(database, changed, folder=tmp_path, now=NOON + timedelta(days=1))

    revisions, pages = everything(database, Revision), everything(database, LessonPage)
    assert revisions[:1] == old
    assert pages[: len(old_pages)] == old_pages
    assert [revision["number"] for revision in revisions] == [1, 2]
    assert everything(database, Course)[0]["revision_id"] == revisions[1]["id"]


def test_going_back_to_an_older_text_is_a_new_revision(database: Database, tmp_path: Path) -> None:
    for title in ("처음", "다음", "처음"):
        published(database, a_course(title=title), folder=tmp_path, now=NOON)
    revisions = everything(database, Revision)
    assert [revision["number"] for revision in revisions] == [1, 2, 3]
    assert revisions[0]["digest"] == revisions[2]["digest"]


def test_a_course_with_errors_is_refused_and_leaves_nothing(
    database: Database, tmp_path: Path
) -> None:
    wrong = problem("course.yaml", 1, Code.COURSE_MISSING)
    for checked in (Checked(a_course(), {}, (wrong,)), Checked(None, {}, ())):
        with pytest.raises(NotPublishable) as refused, database.writing() as session:
            publish(session, checked, tmp_path)
        assert refused.value.problems == checked.problems
    assert rows(database) == [0] * len(TABLES)


def test_warnings_do_not_stop_a_publication(database: Database, tmp_path: Path) -> None:
    warning = problem("01-first/01-one.md", 1, Code.WORDS_FEW, count=3, limit=300)
    with database.writing() as session:
        assert publish(session, Checked(a_course(), {}, (warning,)), tmp_path) is Outcome.PUBLISHED


def publish(session: Any, checked: Checked, folder: Path, origin: str = "files") -> Outcome:
    return service.publish(
        session,
        checked,
        origin=origin,
        store=MediaStore(folder),
        lexicon=lexicon(),
        by=None,
        now=NOON,
    )


class BrokenStore(MediaStore):
    """A store whose disk is full after some files."""

    def put(self, content: bytes) -> str:
        if content == b"second":
            raise OSError(28, "no space left")
        return super().put(content)


class BrokenLexicon:
    """A lexicon that fails in the middle of the second lesson."""

    def __init__(self) -> None:
        self._real = lexicon()

    def link(self, markup: str, **rest: Any) -> Any:
        if "깨짐" in markup:
            raise RuntimeError("the renderer failed")
        return self._real.link(markup, **rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def two_files() -> tuple[model.Course, dict[str, bytes]]:
    media = {"media/a.svg": b"first", "media/b.svg": b"second"}
    files = tuple(
        model.MediaFile(path=path, sha256=sha256(data).hexdigest(), size=len(data))
        for path, data in media.items()
    )
    return a_course(title="고친 과정", media=files), media


@pytest.mark.parametrize("before", [False, True], ids=["first time", "second time"])
@pytest.mark.parametrize("failure", ["media", "render", "commit"])
def test_a_failure_in_the_middle_leaves_nothing(
    database: Database, tmp_path: Path, failure: str, *, before: bool
) -> None:
    if before:
        published(database, a_course(), folder=tmp_path, now=NOON)
    was = {table: rows(database, table) for table in TABLES}
    course, media = two_files()
    if failure == "render":
        broken = a_lesson("two", a_text(markdown="## 깨짐\n\n깨짐"))
        course = a_course("contracts", a_lesson("one"), broken, title="고친 과정")
        media = {}

    def attempt() -> None:
        with database.writing() as session:
            service.publish(
                session,
                Checked(course, media, ()),
                origin="files",
                store=(BrokenStore if failure == "media" else MediaStore)(tmp_path),
                lexicon=BrokenLexicon() if failure == "render" else lexicon(),  # type: ignore[arg-type]
                by=None,
                now=NOON,
            )
            if failure == "commit":
                session.flush()
                raise RuntimeError("the power went out")

    with pytest.raises((OSError, RuntimeError)):
        attempt()

    assert {table: rows(database, table) for table in TABLES} == was
    with database.reading() as session:
        found = search(session, "고친", language="ko", audiences=("learner",))
    assert not found.hits
    # Nothing is in the way of trying again.
    assert published(database, course, media=media, folder=tmp_path, now=NOON) is Outcome.PUBLISHED


def test_media_are_stored_once_by_the_hash_of_their_bytes(
    database: Database, tmp_path: Path
) -> None:
    course = with_picture(a_course())
    published(database, course, media={"media/picture.svg": SVG}, folder=tmp_path, now=NOON)
    other = with_picture(a_course("other"))
    published(database, other, media={"media/picture.svg": SVG}, folder=tmp_path, now=NOON)

    name = sha256(SVG).hexdigest()
    files = [path for path in tmp_path.rglob("*") if path.is_file() and "sqlite" not in path.name]
    assert files == [tmp_path / name[:2] / name]
    assert files[0].read_bytes() == SVG
    with database.reading() as session:
        assert queries.medium(session, name) == "image/svg+xml"
        assert queries.medium(session, "0" * 64) is None
        page = queries.lesson(
            session, "contracts", "one", language="ko", audiences=("learner",)
        ).rendered
    assert f"/media/{name}.svg" in page.part("picture").html


def test_there_is_a_page_in_every_language_of_the_course(
    database: Database, tmp_path: Path
) -> None:
    english = model.LessonText(title="Lesson one", blocks=(a_text(markdown="## Two"), a_choice()))
    course = a_course(
        "contracts",
        a_lesson("one", translations={"en": english}),
        a_lesson("two"),
        translations={"en": model.CourseText(title="Contracts")},
    )
    published(database, course, folder=tmp_path, now=NOON)

    pages = {(page["lesson_key"], page["language"]) for page in everything(database, LessonPage)}
    assert pages == {(key, language) for key in ("one", "two") for language in ("ko", "en")}


def test_files_do_not_overwrite_a_course_of_the_studio(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        publish(session, Checked(a_course(), {}, ()), tmp_path, origin="studio")
    before = everything(database, Course)

    with pytest.raises(OwnedElsewhere), database.writing() as session:
        publish(session, Checked(a_course(title="덮어쓰기"), {}, ()), tmp_path)

    assert everything(database, Course) == before
    assert rows(database, Revision) == [1]


def test_retiring_and_restoring_keeps_completions_and_the_revision(
    database: Database, tmp_path: Path
) -> None:
    course = a_course()
    published(database, course, folder=tmp_path, now=NOON)
    account = an_account(database)
    with database.writing() as session:
        progress.record_seen(
            session,
            account,
            Place("contracts", "one"),
            (),
            at_block="",
            goal=LessonGoal((), {}, None),
            course=CourseGoal(("one",), {"ko": "계약서 읽기"}, course.hours, codec.digest(course)),
            now=NOON,
        )

    with database.writing() as session:
        assert service.retire(session, "contracts", now=NOON)
        assert not service.retire(session, "no-such-course", now=NOON)
    with database.reading() as session:
        assert not queries.courses(session, language="ko", audiences=("learner",))
        assert queries.courses_by_key(session, ["contracts"], language="ko")
        (completion,) = progress.completions(session, account)
        assert queries.states(session)[0].retired

    assert published(database, course, folder=tmp_path, now=NOON) is Outcome.PUBLISHED
    with database.reading() as session:
        assert [
            card.key for card in queries.courses(session, language="ko", audiences=("learner",))
        ] == ["contracts"]
        assert progress.completions(session, account) == [completion]
        assert search(session, "계약서", language="ko", audiences=("learner",)).hits
    assert rows(database, Revision) == [1]


@pytest.mark.parametrize("known", [False, True], ids=["new course", "known course"])
def test_two_publishers_of_the_same_text_make_one_revision(
    database: Database, tmp_path: Path, *, known: bool
) -> None:
    if known:
        published(database, a_course(title="옛 이름"), folder=tmp_path, now=NOON)
    course = with_picture(a_course())
    media = {"media/picture.svg": SVG}

    def step() -> Outcome:
        return published(database, course, media=media, folder=tmp_path, now=NOON)

    outcomes = at_once(*[step] * 4)

    assert sorted(map(str, outcomes)) == ["published", "unchanged", "unchanged", "unchanged"]
    assert rows(database, Course, Revision) == [1, 1 + known]


def test_publishers_of_different_texts_leave_one_of_them_whole(
    database: Database, tmp_path: Path
) -> None:
    def step(title: str) -> Callable[[], Outcome]:
        course = a_course(title=title)
        return lambda: published(database, course, folder=tmp_path, now=NOON)

    titles = ("하나", "두울", "세엣")
    outcomes = at_once(*map(step, titles))

    assert outcomes == [Outcome.PUBLISHED] * 3
    revisions = everything(database, Revision)
    (course,) = everything(database, Course)
    assert [revision["number"] for revision in revisions] == [1, 2, 3]
    current = next(item for item in revisions if item["id"] == course["revision_id"])
    assert current["number"] == 3
    assert course["card"]["titles"] == current["outline"]["titles"]
    with database.reading() as session:
        found = {
            title: bool(search(session, title, language="ko", audiences=("learner",)).hits)
            for title in titles
        }
    assert found == {title: title == course["card"]["titles"]["ko"] for title in titles}


def test_the_same_course_has_the_same_digest_in_a_file_and_in_a_row(
    database: Database, tmp_path: Path
) -> None:
    path = Path(__file__).resolve().parents[1] / "courses" / "every-kind"
    course = published_folder(database, path, folder=tmp_path, now=NOON)
    (revision,) = everything(database, Revision)
    assert revision["digest"] == codec.digest(course)
    assert codec.digest(codec.from_json(revision["text"])) == revision["digest"]


def test_a_stamped_course_has_a_fingerprint_in_every_whole_translation() -> None:
    whole = model.LessonText(title="One", blocks=(a_text(markdown="## Two"), a_choice()))
    lesson = a_lesson(
        "one", translations={"en": whole, "zh": model.LessonText(title="一", blocks=())}
    )

    stamped = service.stamp(a_course("contracts", lesson))

    texts = stamped.lesson("one").translations
    assert texts["en"].translates == codec.fingerprint(lesson)
    assert texts["zh"].translates is None
    assert service.stamp(stamped) == stamped


def test_a_stamp_no_longer_fits_after_the_original_was_changed() -> None:
    assert codec.fingerprint(a_lesson("one")) != codec.fingerprint(
        a_lesson("one", a_text(markdown="## 다른 말"), a_choice())
    )


def test_another_lexicon_makes_the_pages_again_without_a_new_revision(
    database: Database, tmp_path: Path
) -> None:
    course = a_course(
        "contracts", a_lesson("one", a_text("start~1", "## 돈\n\n보증금을 냈어요."), a_choice())
    )

    def publish_with(words: Lexicon) -> Outcome:
        with database.writing() as session:
            return service.publish(
                session,
                Checked(course, {}, ()),
                origin="files",
                store=MediaStore(tmp_path),
                lexicon=words,
                by=None,
                now=NOON,
            )

    assert publish_with(Lexicon([])) is Outcome.PUBLISHED
    assert publish_with(Lexicon([])) is Outcome.UNCHANGED
    word = Word(id="w1", south="보증금", meaning="집을 빌릴 때 맡기는 돈")
    assert publish_with(Lexicon([word])) is Outcome.RENDERED
    assert publish_with(Lexicon([word])) is Outcome.UNCHANGED
    with database.reading() as session:
        pages = session.scalars(select(LessonPage)).all()
        assert len(pages) == 1
        assert 'data-w=\\"w1\\"' in pages[0].rendered
        assert session.scalars(select(Revision.number)).all() == [1]
