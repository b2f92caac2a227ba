"""`academy courses …`, as an author types it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from academy.catalog import disk
from academy.catalog.models import Revision
from academy.document import codec
from academy.kernel.db import Database
from academy.web.app import create_app
from academy.web.settings import Settings
from tests.builders.catalog import a_course, a_lesson, written

LESSON = Path("01-first/02-two.md")


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """A folder with two courses of two lessons."""
    root = tmp_path / "courses"
    for number, name in enumerate(("first-course", "second-course"), 1):
        course = a_course(name, a_lesson("one"), a_lesson("two"), number=f"0-{number}")
        written(course, root)
    return root


@pytest.fixture
def shop(app_settings: Settings, sqlite_database: Database, courses: Path) -> Flask:
    return create_app(replace(app_settings, courses=courses), database=sqlite_database)


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["courses", *map(str, arguments)])


def revisions(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


def broken(folder: Path) -> None:
    """Take the right answer of a question away; the error is in this file."""
    change(folder / LESSON, "- [x]", "- [ ]")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_course_without_errors_ends_with_zero(shop: Flask, courses: Path) -> None:
    result = run(shop, "check", courses / "first-course")
    assert result.exit_code == 0, result.output
    assert "first-course: 오류 0개" in result.output


def test_errors_are_told_in_korean_with_file_and_line_and_end_with_one(
    shop: Flask, courses: Path
) -> None:
    broken(courses / "first-course")
    result = run(shop, "check", courses / "first-course")
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if "오류: " in line]
    found = re.fullmatch(r"first-course/(\S+):(\d+): 오류: (.*[가-힣].*)", line)
    assert found
    assert found[1] == LESSON.as_posix()
    text = (courses / "first-course" / LESSON).read_text().splitlines()
    assert "q-one" in text[int(found[2]) - 1]


def test_without_a_name_every_course_is_checked(shop: Flask, courses: Path) -> None:
    broken(courses / "second-course")
    result = run(shop, "check")
    assert result.exit_code == 1
    assert "first-course: 오류 0개" in result.output
    assert "second-course: 오류 1개" in result.output


def test_the_json_has_a_line_for_each_course(shop: Flask, courses: Path) -> None:
    broken(courses / "second-course")
    result = run(shop, "check", "--json")
    assert result.exit_code == 1
    first, second = map(json.loads, result.output.splitlines())
    assert first["course"] == "first-course"
    assert not [item for item in first["problems"] if item["level"] == "error"]
    (error,) = [item for item in second["problems"] if item["level"] == "error"]
    assert error["path"] == LESSON.as_posix()
    assert isinstance(error["line"], int)
    assert re.search("[가-힣]", error["text"])


def test_a_folder_that_is_missing_is_told_and_ends_with_one(shop: Flask, courses: Path) -> None:
    result = run(shop, "check", courses / "no-such-course")
    assert result.exit_code == 1
    assert "no-such-course" in result.output
    assert not result.exception or isinstance(result.exception, SystemExit)


def test_publishing_twice_publishes_once(
    shop: Flask, courses: Path, sqlite_database: Database
) -> None:
    result = run(shop, "publish", courses / "first-course")
    assert (result.exit_code, result.output) == (0, "first-course: 펴냈습니다.\n")
    result = run(shop, "publish", courses / "first-course")
    assert (result.exit_code, result.output) == (0, "first-course: 바뀐 것이 없습니다.\n")
    assert revisions(sqlite_database) == 1


def test_one_course_with_errors_keeps_all_from_being_published(
    shop: Flask, courses: Path, sqlite_database: Database, app_settings: Settings
) -> None:
    broken(courses / "second-course")
    result = run(shop, "publish")
    assert result.exit_code == 1
    assert "second-course: 펴내지 않았습니다." in result.output
    assert revisions(sqlite_database) == 0
    assert not app_settings.media.exists()


def test_the_list_shows_number_revision_and_what_was_retired(shop: Flask, courses: Path) -> None:
    run(shop, "publish")
    change(courses / "first-course" / LESSON, "두 장을 써서", "두 장을 꼭 써서")
    run(shop, "publish")
    run(shop, "retire", "second-course")
    result = run(shop, "list")
    first, second = result.output.splitlines()
    assert "first-course" in first
    assert " 2판 " in first
    assert "(내림)" not in first
    assert " 1판 " in second
    assert second.endswith("(내림)")


def test_retiring_what_is_not_there_ends_with_one(shop: Flask) -> None:
    result = run(shop, "retire", "no-such-course")
    assert result.exit_code == 1
    assert "그런 과정이 없습니다" in result.output


@pytest.fixture
def translated(courses: Path) -> Path:
    """A course whose folders are numbered with gaps, with one whole translation and one of the title only."""
    folder = courses / "first-course"
    (folder / "01-first").rename(folder / "10-first")
    unit = folder / "10-first"
    (unit / "02-two.md").rename(unit / "25-two.md")
    body = (unit / "25-two.md").read_text().split("---\n", 2)[2]
    (unit / "25-two.en.md").write_text(f"---\ntitle: Two\n---\n{body}")
    (unit / "01-one.en.md").write_text("---\ntitle:   One\n---\n")
    return folder


def test_a_stamp_is_written_into_the_translation_where_it_stands(
    shop: Flask, translated: Path
) -> None:
    before = disk.read(translated).files

    result = run(shop, "stamp", translated)

    assert (result.exit_code, result.output) == (0, "first-course: 번역 1개에 지문을 적었습니다.\n")
    after = disk.read(translated).files
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"10-first/25-two.en.md"}
    course = codec.decode(after).course
    assert course is not None
    lesson = course.lesson("two")
    assert lesson.translations["en"].translates == codec.fingerprint(lesson)
    assert lesson.translations["en"].blocks == lesson.blocks


def test_a_second_stamp_changes_nothing(shop: Flask, translated: Path) -> None:
    run(shop, "stamp", translated)
    before = disk.read(translated).files
    result = run(shop, "stamp", translated)
    assert result.output == "first-course: 번역 0개에 지문을 적었습니다.\n"
    assert disk.read(translated).files == before


def test_a_stale_translation_is_told_after_the_original_changed(
    shop: Flask, translated: Path
) -> None:
    run(shop, "stamp", translated)
    change(translated / "10-first" / "25-two.md", "두 장을 써서", "두 장을 꼭 써서")
    result = run(shop, "check", translated, "--json")
    codes = {item["code"] for item in json.loads(result.output)["problems"]}
    assert "translation-stale" in codes


def test_nothing_is_stamped_when_one_of_the_courses_has_errors(
    shop: Flask, translated: Path, courses: Path
) -> None:
    before = disk.read(translated).files
    (courses / "second-course" / "course.yaml").write_text("key: [")
    result = run(shop, "stamp", translated, courses / "second-course")
    assert result.exit_code == 1
    assert "먼저 오류를 고쳐 주세요" in result.output
    assert disk.read(translated).files == before


def test_names_of_files_do_not_command_the_terminal(shop: Flask, courses: Path) -> None:
    (courses / "first-course" / "a\x1b[31m\nb.md").write_text("x")
    result = run(shop, "check", courses / "first-course")
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert not any(line.startswith("b.md") for line in result.output.splitlines())


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name,mark\nx,y\n"])
def test_a_register_of_facts_that_cannot_be_read_is_told(
    shop: Flask, courses: Path, content: bytes
) -> None:
    (courses / "facts.csv").write_bytes(content)
    result = run(shop, "check")
    assert result.exit_code == 1
    assert "facts.csv: 읽을 수 없습니다" in result.output
