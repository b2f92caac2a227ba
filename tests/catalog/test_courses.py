"""The courses the product ships with, and the sample that shows every block."""

from pathlib import Path

import pytest

from academy.catalog import disk, facts, service
from academy.document import codec
from academy.document.problems import errors
from academy.web.settings import ROOT
from tests.builders.catalog import EVERY_KIND, TODAY

COURSES = ROOT / "courses"
FOLDERS = sorted(path for path in COURSES.iterdir() if path.is_dir())


@pytest.mark.parametrize("path", [*FOLDERS, EVERY_KIND], ids=lambda path: path.name)
def test_a_course_that_ships_checks_without_errors(path: Path) -> None:
    checked = service.check_folder(
        disk.read(path),
        today=TODAY,
        known_facts=facts.load(COURSES),
        course_keys={folder.name for folder in (*FOLDERS, path)},
    )
    assert checked.course is not None
    assert checked.course.key == path.name
    assert errors(checked.problems) == ()


@pytest.mark.parametrize("path", [*FOLDERS, EVERY_KIND], ids=lambda path: path.name)
def test_a_course_that_ships_is_written_as_it_was_read(path: Path) -> None:
    checked = service.check_folder(disk.read(path), today=TODAY)
    assert checked.course is not None
    again = codec.decode(codec.encode(checked.course, checked.media)).course
    assert again == checked.course


def test_every_fact_has_a_mark() -> None:
    register = facts.load(COURSES)
    assert register
    assert all(register.values())


def test_no_register_is_no_exception(tmp_path: Path) -> None:
    assert facts.load(tmp_path) is None
