"""Our own folder and ZIP: what went out comes back byte for byte."""

import pytest
from hypothesis import given, settings

from academy.document import codec
from academy.document import model as m
from academy.formats import archive, own, registry
from academy.formats.facts import LossCode, Reason, Refused
from tests.document.any_course import courses
from tests.formats.any_questions import course_of
from tests.formats.documents import packed


@settings(max_examples=40)
@given(courses())
def test_a_zip_of_ours_comes_back_byte_for_byte(made: tuple[m.Course, dict[str, bytes]]) -> None:
    files = codec.encode(*made)
    decoded = codec.decode(files)
    assert decoded.course is not None
    if codec.encode(decoded.course, decoded.media) != files or not decoded.whole:
        return  # two units of one key: such a course has errors, and its text does not settle
    data = own.write(*made).data
    back = registry.read("과정.zip", data)
    assert back.files() == files
    assert registry.write(back.course, back.media, "a.zip").data == data
    assert not back.losses


FILES = codec.encode(course_of([m.Reflection(key="q", prompt="무엇?")]), {})


def test_a_folder_inside_the_archive_is_looked_through() -> None:
    inside = {f"내 과정/{name}": data for name, data in FILES.items()}
    assert registry.read("a.zip", packed(inside)).files() == FILES


def test_what_is_written_another_way_or_not_used_is_told() -> None:
    files = {
        **FILES,
        "course.yaml": b"# a remark\n" + FILES["course.yaml"],
        "notes.txt": b"x",
        ".DS_Store": b"x",
    }
    made = registry.read("a.zip", packed(files))
    assert made.files() == FILES
    assert [(one.code, one.facts["name"]) for one in made.losses] == [
        (LossCode.FILE_UNUSED, "notes.txt"),
        (LossCode.REWRITTEN, "course.yaml"),
        (LossCode.FILE_UNUSED, ".DS_Store"),
    ]


def test_errors_of_the_format_are_handed_on_with_their_file() -> None:
    name = next(name for name in FILES if name.endswith(".md"))
    made = registry.read("a.zip", packed({**FILES, name: FILES[name] + b"\n:::{no-such}\n:::\n"}))
    assert [problem.path for problem in made.problems] == [name]


def test_a_course_that_cannot_be_read_is_refused_with_its_problems() -> None:
    with pytest.raises(Refused) as caught:
        registry.read("a.zip", packed({"course.yaml": "key: [", "a.md": "글"}))
    assert caught.value.reason is Reason.COURSE_UNREADABLE
    assert caught.value.problems


def test_equal_courses_give_equal_archives() -> None:
    assert archive.write(FILES) == archive.write(dict(reversed(FILES.items())))
