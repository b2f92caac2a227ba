"""Courses survive the way to text and back."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from academy.document import codec
from academy.document import model as m
from academy.document.problems import Code
from tests.document import any_course
from tests.document.samples import ASK, READ, changed, every_kind

_EVERYDAY = settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _course(*blocks: m.AnyBlock) -> m.Course:
    one = m.Lesson(key="lesson", title="차시", minutes=5, blocks=blocks)
    unit = m.Unit(key="unit", title="단원", lessons=(one,))
    return m.Course(key="course", title="과정", track=m.Track.WORK, hours=Decimal(1), units=(unit,))


@pytest.mark.parametrize("kind", sorted(any_course.BLOCKS))
@given(data=st.data())
@_EVERYDAY
def test_a_block_of_every_kind_survives(kind: str, data: st.DataObject) -> None:
    before = data.draw(any_course.BLOCKS["text"])
    course = _course(before, data.draw(any_course.BLOCKS[kind]), data.draw(any_course.block))
    decoded = codec.decode(codec.encode(course, {}))
    assert decoded.problems == ()
    assert decoded.course == course


@given(drawn=any_course.courses())
@_EVERYDAY
def test_a_course_survives_and_its_text_is_stable(
    drawn: tuple[m.Course, dict[str, bytes]],
) -> None:
    course, media = drawn
    files = codec.encode(course, media)
    decoded = codec.decode(files)
    assert decoded.problems == ()
    assert decoded.course == course
    assert decoded.media == media
    assert codec.encode(decoded.course, decoded.media) == files
    assert codec.from_json(codec.to_json(course)) == course


def test_the_sample_course_is_written_as_it_was_read() -> None:
    files = every_kind()
    decoded = codec.decode(files)
    assert decoded.problems == ()
    assert decoded.course is not None
    assert codec.encode(decoded.course, decoded.media) == files


def test_the_sample_course_shows_every_kind() -> None:
    course = codec.decode(every_kind()).course
    assert course is not None
    kinds = {block.kind for lesson in course.lessons() for block in lesson.blocks}
    assert kinds == set(any_course.BLOCKS)


def test_answers_of_a_translation_have_the_keys_of_the_original() -> None:
    course = codec.decode(every_kind()).course
    assert course is not None
    lesson = course.lesson("every-question")
    for block, english in zip(lesson.blocks, lesson.translations["en"].blocks, strict=True):
        assert block.key == english.key
        if isinstance(block, m.Choice | m.Choices | m.TrueFalse):
            assert isinstance(english, m.Choice | m.Choices | m.TrueFalse)
            assert [option.key for option in block.options] == [o.key for o in english.options]
        if isinstance(block, m.Sort):
            assert isinstance(english, m.Sort)
            assert [group.key for group in block.groups] == [g.key for g in english.groups]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
    files = every_kind()
    other = {
        path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
        if path.endswith((".md", ".yaml"))
        else data
        for path, data in files.items()
    }
    assert codec.decode(other).problems == ()
    assert codec.decode(other).course == codec.decode(files).course


def test_canonical_json_leaves_out_what_is_empty() -> None:
    text = codec.to_json(_course(m.Text(key="start~1", markdown="글")))
    assert '"blocks":[{"key":"start~1","kind":"text","markdown":"글"}]' in text
    assert "null" not in text


def test_the_digest_changes_with_every_word_and_every_picture() -> None:
    files = every_kind()
    digests = {
        codec.digest(course)
        for course in (
            codec.decode(files).course,
            codec.decode(changed(READ, "천천히", "느리게")).course,
            codec.decode(files | {"media/phone.svg": b"<svg/>"}).course,
        )
        if course is not None
    }
    assert len(digests) == 3


def test_a_fingerprint_is_of_the_words_and_not_of_the_dates() -> None:
    def fingerprint(old: str, new: str) -> str:
        course = codec.decode(changed(READ, old, new)).course
        assert course is not None
        return codec.fingerprint(course.lesson("read-and-look"))

    before = fingerprint("minutes: 6", "minutes: 6")
    assert fingerprint("reviewed: 2026-11-21", "reviewed: 2026-11-20") == before
    assert fingerprint("천천히", "느리게") != before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"format_version": 1}',
        '{"format_version": 2}',
        '{"key": "a"}',
        '{"format_version": NaN}',
    ],
)
def test_json_that_is_no_course_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        codec.from_json(text)


@pytest.mark.parametrize(
    ("old", "new", "blamed", "code"),
    [
        ("minutes: 6", "minutes: -6", "minutes: -6", Code.VALUE),
        ("- P-01", "- 하나", "- 하나", Code.VALUE),
        ("(after-easy)=", "(After easy)=", "(After easy)=", Code.KEY_FORM),
        (":key: daon-story", ":colour: red", ":colour: red", Code.OPTION_UNKNOWN),
        ("| 해킹 걱정 | 118 | 늘 |", "| 해킹 걱정 |", "| 해킹 걱정 |", Code.ROW_LENGTH),
        ("### 조심할 말", "조심할 말", ":::{compare} 두 가지 말", Code.COMPARE_COLUMNS),
    ],
)
def test_a_problem_names_its_line(old: str, new: str, blamed: str, code: Code) -> None:
    files = changed(READ, old, new)
    lines = files[READ].decode().split("\n")
    (one,) = codec.decode(files).problems
    assert (one.path, one.code) == (READ, code)
    assert one.line is not None
    assert lines[one.line - 1].strip() == blamed


def test_reading_goes_on_after_a_mistake_and_lists_every_problem() -> None:
    files = changed(READ, "minutes: 6", "minutes: many")
    files[ASK] = files[ASK].replace(b"- [x] 82560", b"- [x] NaN").replace(b"{choices}", b"{some}")
    files["course.yaml"] = files["course.yaml"].replace(b"track: digital", b"track: sea")
    codes = [(one.path, one.code) for one in codec.decode(files).problems]
    assert codes == [
        (READ, Code.VALUE),
        (ASK, Code.DIRECTIVE_UNKNOWN),
        (ASK, Code.VALUE),
        ("course.yaml", Code.VALUE),
    ]


def test_places_lead_to_the_line_of_every_part() -> None:
    files = every_kind()
    decoded = codec.decode(files)
    assert decoded.course is not None
    lines = files[ASK].decode().split("\n")
    blocks = decoded.course.lesson("every-question").blocks
    for index, block in enumerate(blocks):
        place = decoded.places.find(("units", 1, "lessons", 0, "blocks", index))
        assert place is not None
        assert place.line is not None
        assert place.path == ASK
        shown = f":::{{{block.kind}}} {block.key}" if m.is_question(block) else "## 하나씩"
        assert lines[place.line - 1].startswith(shown)


def test_places_are_those_of_the_parts_that_are_left() -> None:
    files = changed(ASK, ":::{choice} q-copies", ":::{choice} 질문")
    decoded = codec.decode(files)
    assert decoded.course is not None
    block = decoded.course.lesson("every-question").blocks[1]
    place = decoded.places.find(("units", 1, "lessons", 0, "blocks", 1))
    assert block.key == "q-must"
    assert place is not None
    assert files[ASK].decode().split("\n")[(place.line or 0) - 1] == ":::{choices} q-must"


def test_a_file_with_very_many_problems_is_cut_short() -> None:
    files = every_kind()
    files[READ] += b":::\n" * 1_000
    problems = codec.decode(files).problems
    assert len(problems) == 100
    assert problems[0].code is Code.TOO_MANY_PROBLEMS


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("- [ ] 한\n  줄\n- [x] 둘", ["한 줄", "둘"]),
        ("- [X] 하나\n\n- [ ] 둘", ["하나", "둘"]),
    ],
)
def test_answers_may_be_wrapped_and_spaced_as_markdown_allows(
    body: str, expected: list[str]
) -> None:
    files = changed(
        ASK,
        "- [x] 임금\n- [x] 일하는 시간\n- [ ] 고향\n  > 일과 관계없는 것은 적지 않아도 됩니다.",
        body,
    )
    decoded = codec.decode(files)
    assert decoded.course is not None
    block = decoded.course.lesson("every-question").blocks[2]
    assert isinstance(block, m.Choices)
    assert [option.text for option in block.options] == expected


def test_a_number_may_be_written_with_commas() -> None:
    decoded = codec.decode(changed(ASK, "- [x] 82560", "- [x] 82,560"))
    assert decoded.course == codec.decode(every_kind()).course


@pytest.mark.parametrize("kind", [m.Line, m.Markdown])
@given(text=st.text(alphabet=st.characters(), max_size=30))
@_EVERYDAY
def test_what_a_text_may_hold_does_not_change_when_read_again(kind: Any, text: str) -> None:
    adapter = TypeAdapter(kind)
    try:
        once = adapter.validate_python(text)
    except ValidationError:
        return
    assert adapter.validate_python(once) == once
