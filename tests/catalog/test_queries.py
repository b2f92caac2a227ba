"""Reading the catalogue: languages, audiences, and the pages a process keeps."""

from pathlib import Path

import pytest

from academy.catalog import queries, service
from academy.catalog.queries import PublishedLesson
from academy.document import model
from academy.kernel.db import Database
from academy.kernel.errors import NotFound
from tests.builders.catalog import a_choice, a_course, a_lesson, a_text, published
from tests.conftest import NOON

LEARNERS = ("learner",)


def english(title: str = "Lesson one", words: str = "## Two\n\nTwo copies.") -> model.LessonText:
    return model.LessonText(title=title, blocks=(a_text(markdown=words), a_choice()))


def read(
    database: Database, lesson: str = "one", language: str = "ko", course: str = "contracts"
) -> PublishedLesson:
    with database.reading() as session:
        return queries.lesson(session, course, lesson, language=language, audiences=LEARNERS)


def words(lesson: PublishedLesson) -> str:
    return lesson.rendered.part("start~1").html


def test_a_lesson_is_given_in_the_language_that_was_asked_for(
    database: Database, tmp_path: Path
) -> None:
    course = a_course("contracts", a_lesson("one", translations={"en": english()}))
    published(database, course, folder=tmp_path, now=NOON)
    assert read(database, language="en").rendered.title == "Lesson one"
    assert "Two copies" in words(read(database, language="en"))
    assert "두 장" in words(read(database, language="ko"))


def test_a_language_the_course_does_not_have_is_given_in_korean(
    database: Database, tmp_path: Path
) -> None:
    published(database, a_course(), folder=tmp_path, now=NOON)
    lesson = read(database, language="zh")
    assert (lesson.rendered.language, lesson.rendered.body_language) == ("ko", "ko")
    assert lesson.outline.title == "계약서 읽기"


def test_a_lesson_that_is_not_translated_is_korean_inside_a_translated_course(
    database: Database, tmp_path: Path
) -> None:
    course = a_course(
        "contracts",
        a_lesson("one", translations={"en": english()}),
        a_lesson("two", translations={"en": model.LessonText(title="Lesson two", blocks=())}),
        a_lesson("three"),
        translations={"en": model.CourseText(title="Contracts")},
    )
    published(database, course, folder=tmp_path, now=NOON)
    two, three = read(database, "two", "en"), read(database, "three", "en")
    assert (two.rendered.title, two.rendered.body_language) == ("Lesson two", "ko")
    assert (three.rendered.title, three.rendered.body_language) == ("차시 three", "ko")
    assert two.outline.title == "Contracts"
    assert two.questions["q-one"].prompt == a_choice().prompt


def test_neighbours_are_the_lessons_before_and_after_across_units(
    database: Database, tmp_path: Path
) -> None:
    course = a_course("contracts", a_lesson("one"), a_lesson("two"))
    second = model.Unit(key="second", title="둘째 단원", lessons=(a_lesson("three"),))
    course = course.model_copy(update={"units": (*course.units, second)})
    published(database, course, folder=tmp_path, now=NOON)
    around = {
        key: tuple(place and place.key for place in read(database, key).neighbours())
        for key in ("one", "two", "three")
    }
    assert around == {"one": (None, "two"), "two": ("one", "three"), "three": ("two", None)}


@pytest.mark.parametrize(
    ("course", "lesson"), [("contracts", "no"), ("no", "one"), ("mentors", "one")]
)
def test_what_is_not_there_or_not_for_them_is_not_found(
    database: Database, tmp_path: Path, course: str, lesson: str
) -> None:
    published(database, a_course(), folder=tmp_path, now=NOON)
    published(database, a_course("mentors", audience="mentor"), folder=tmp_path, now=NOON)
    with pytest.raises(NotFound):
        read(database, lesson, course=course)


def test_courses_for_mentors_are_seen_by_mentors_only(database: Database, tmp_path: Path) -> None:
    published(database, a_course(), folder=tmp_path, now=NOON)
    published(database, a_course("mentors", audience="mentor"), folder=tmp_path, now=NOON)
    with database.reading() as session:
        seen = {
            mentors: [
                card.key
                for card in queries.courses(
                    session, language="ko", audiences=queries.audiences(mentors=mentors)
                )
            ]
            for mentors in (False, True)
        }
        with pytest.raises(NotFound):
            queries.course(session, "mentors", language="ko", audiences=LEARNERS)
    assert seen == {False: ["contracts"], True: ["contracts", "mentors"]}


def test_a_new_revision_is_read_at_once(database: Database, tmp_path: Path) -> None:
    for text in ("하나", "두울", "하나"):
        course = a_course("contracts", a_lesson("one", a_text(markdown=text), a_choice()))
        published(database, course, folder=tmp_path, now=NOON)
        assert text in words(read(database))


def test_pages_of_lessons_languages_and_courses_are_never_mixed(
    database: Database, tmp_path: Path
) -> None:
    places = [(course, lesson) for course in ("first", "second") for lesson in ("one", "two")]
    for key in ("first", "second"):
        lessons = [
            a_lesson(
                name,
                a_text(markdown=f"{key} {name} ko"),
                a_choice(),
                translations={"en": english(words=f"{key} {name} en")},
            )
            for name in ("one", "two")
        ]
        published(database, a_course(key, *lessons), folder=tmp_path, now=NOON)
    for _ in range(2):  # read, then found
        for course, lesson in places:
            for language in ("ko", "en"):
                page = read(database, lesson, language, course)
                assert f"{course} {lesson} {language}" in words(page)


def test_two_databases_with_the_same_course_under_other_row_numbers_are_never_mixed(
    tmp_path: Path, sqlite_database: Database, postgres_database: Database
) -> None:
    """Page 1 of the one is page 3 of the other: row numbers and digests alone would mix them up."""
    same = a_course(
        "contracts",
        *(
            a_lesson(key, a_text(markdown=f"여기는 {key}"), a_choice())
            for key in ("one", "two", "three")
        ),
    )
    published(sqlite_database, same, folder=tmp_path, now=NOON)
    before = a_course("before", a_lesson("one"), a_lesson("two"))
    for course in (before, same):
        published(postgres_database, course, folder=tmp_path, now=NOON)
    for database in (sqlite_database, postgres_database, sqlite_database):
        for key in ("one", "two", "three"):
            page = read(database, key)
            assert page.rendered.key == key
            assert f"여기는 {key}" in words(page)


def test_only_the_latest_pages_are_kept_and_what_fell_out_is_read_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_lessons", queries._Lessons(size=2))
    lessons = [a_lesson(key, a_text(markdown=f"여기는 {key}")) for key in ("a", "b", "c")]
    published(database, a_course("contracts", *lessons), folder=tmp_path, now=NOON)
    first = {lesson.key: read(database, lesson.key).rendered for lesson in lessons}
    assert read(database, "c").rendered is first["c"]
    assert read(database, "b").rendered is first["b"]
    again = read(database, "a").rendered
    assert again is not first["a"]
    assert again == first["a"]


def test_a_retired_course_keeps_its_name_and_its_lessons_for_those_who_know_it(
    database: Database, tmp_path: Path
) -> None:
    published(database, a_course(), folder=tmp_path, now=NOON)
    with database.writing() as session:
        service.retire(session, "contracts", now=NOON)
    assert read(database).rendered.title == "차시 one"
    with database.reading() as session:
        assert queries.courses_by_key(session, ["contracts"], language="ko")["contracts"].title
        assert not queries.courses(session, language="ko", audiences=LEARNERS)
