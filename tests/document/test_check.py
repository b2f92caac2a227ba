"""What `check` finds, one thing at a time."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from academy.document import check as ck
from academy.document import codec, media
from academy.document import model as m
from academy.document.places import NOWHERE
from academy.document.problems import Code, Problem
from tests.document.samples import ASK, ASK_EN, READ, READ_EN, changed, every_kind

_TODAY = date(2026, 11, 21)
_FACTS = {"P-01": "확인", "P-02": "상식"}
# The sample is shorter than a lesson should be.
_SHORT = {Code.WORDS_FEW}


def _check(files: Mapping[str, bytes], today: date = _TODAY) -> tuple[Problem, ...]:
    decoded = codec.decode(files)
    assert decoded.problems == ()
    assert decoded.course is not None
    found = ck.check(
        decoded.course,
        decoded.places,
        today=today,
        media=decoded.media,
        known_facts=_FACTS,
        course_keys=frozenset({"every-kind", "other"}),
    )
    return tuple(one for one in found if one.code not in _SHORT)


def _codes(files: Mapping[str, bytes], today: date = _TODAY) -> set[Code]:
    return {one.code for one in _check(files, today)}


def test_the_sample_course_has_no_problem() -> None:
    assert _check(every_kind()) == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("course.yaml", "owner:", "prerequisites: [nowhere]\nowner:", Code.PREREQUISITE_UNKNOWN),
        ("course.yaml", "owner:", "prerequisites: [every-kind]\nowner:", Code.PREREQUISITE_SELF),
        (READ, "minutes: 6", "minutes: 11", Code.MINUTES_LONG),
        (READ, "sources:\n  - 이음 배움터, 과정 형식 설명, 2026\n", "", Code.SOURCES_MISSING),
        (READ, "reviewed: 2026-11-21\n", "", Code.REVIEW_MISSING),
        (READ, "reviewed: 2026-11-21", "reviewed: 2026-11-22", Code.REVIEW_FUTURE),
        (READ, "reviewed: 2026-11-21", "reviewed: 2026-05-20", Code.REVIEW_PAST),
        (READ, "review_every: 6 months\n", "", Code.REVIEW_EVERY_MISSING),
        (READ, "P-01", "P-09", Code.FACT_UNKNOWN),
        (READ, "P-01", "P-02", Code.FACT_UNVERIFIED),
        (READ, ":::{alternative}", ":::{note}", Code.NOTICE_WITHOUT_WAY),
        (READ, "notice: fraud", "notice: fraud\nmin_score: 50", Code.SCORE_WITHOUT_QUESTIONS),
        (READ, ":key: daon-story", ":key: phone", Code.KEY_TWICE),
        (READ, "(#desks)", "(#chairs)", Code.LINK_DEAD),
        (READ, "(every-question)", "(no-lesson)", Code.LINK_DEAD),
        (READ, "(every-question)", "(every-question#q-none)", Code.LINK_DEAD),
        (READ, "(every-question)", "(media/none.pdf)", Code.MEDIA_MISSING),
        (READ, "(tel:112)", "(javascript:alert(1))", Code.LINK_DANGEROUS),
        (READ, "(tel:112)", "(http://example.org)", Code.LINK_NOT_HTTPS),
        (READ, "(tel:112)", "(../index.html)", Code.LINK_UNKNOWN),
        (READ, "사기 신고", "사기 <b>신고</b>", Code.HTML),
        (READ, "저장한 번호라도", "![](media/phone.svg) 저장한 번호라도", Code.PICTURE_IN_TEXT),
        (READ, ":alt: 전화기 화면에 ‘모르는 번호’라고 쓰여 있고 아래에 받기와 끊기 단추가 있다\n", "",
         Code.ALT_MISSING),
        (READ, "media/call.mp3", "media/list.pdf", Code.MEDIA_KIND),
        (READ, "media/call.mp3", "media/none.mp3", Code.MEDIA_MISSING),
        (READ, "가온: 여보세요, 누구신가요?\n", "", Code.TRANSCRIPT_MISSING),
        (READ, ":captions: media/talk.vtt\n", "", Code.CAPTIONS_MISSING),
        (READ, "인증번호는 아무에게도 말하지 않습니다.\n", "", Code.EMPTY),
        (ASK, "계약서는 몇 장을 쓰나요?\n", "", Code.PROMPT_EMPTY),
        (ASK, "- [x] 두 장", "- [ ] 두 장", Code.RIGHT_NONE),
        (ASK, "- [ ] 한 장", "- [x] 한 장", Code.RIGHT_MANY),
        (ASK, "- [ ] 고향", "- [x] 고향", Code.RIGHT_ALL),
        (ASK, "- [x] 두 장", "- [x] 한  장", Code.ANSWER_TWICE),
        (ASK, "{#two}", "{#one}", Code.KEY_TWICE),
        (ASK, "  > 일과 관계없는 것은 적지 않아도 됩니다.\n", "", Code.FEEDBACK_MISSING),
        (ASK, "- [ ] 아니에요", "- [x] 아니에요", Code.RIGHT_MANY),
        (ASK, "- [ ] 이력서", "- [ ] 근로계약서", Code.ANSWER_TWICE),
        (ASK, "- [ ] 10320", "- [ ] 82570", Code.ANSWER_TWICE),
        (ASK, "2. 다른 기기 로그아웃하기\n3. 118에 알리기\n", "", Code.OPTIONS_ONE),
        (ASK, "  - 신분증 사진", "  - 공휴일 안내", Code.ANSWER_TWICE),
        (ASK, "[[두 장]]을 써서 [[나도|저도]]", "두 장을 써서 나도", Code.BLANKS_NONE),
        (ASK, "[[두 장]]", "[[ | ]]", Code.EMPTY),
        (ASK, "세 장, 회사만", "저도", Code.ANSWER_TWICE),
        (ASK, ":points: 2", ":points: 0", Code.POINTS_NONE),
        (ASK, ":start: ring", ":start: rang", Code.NODE_MISSING),
        (ASK, "(#who)", "(#whom)", Code.NODE_MISSING),
        (ASK, "- [바로 끊는다](#hung-up)\n", "", Code.NODE_UNREACHABLE),
        (ASK, "### safe {end=good}", "### safe", Code.NODE_OPEN),
        (ASK, "### who", "### who {end=good}", Code.NODE_CLOSED),
        (ASK_EN, "0913665bc6156cd4", "0913665bc6156cd5", Code.TRANSLATION_STALE),
        (ASK_EN, ":::{choices} q-must", ":::{choices} q-should", Code.TRANSLATION_BLOCKS),
        (ASK_EN, ":::{order} q-steps", ":::{checklist} q-steps", Code.TRANSLATION_BLOCKS),
        (ASK_EN, "- [x] Two", "- [ ] Two", Code.TRANSLATION_ANSWERS),
        (ASK_EN, "- [x] 82560", "- [x] 82561", Code.TRANSLATION_ANSWERS),
        (ASK_EN, "[[I|me]]", "I", Code.TRANSLATION_ANSWERS),
        (ASK_EN, "(#safe)", "(#app)", Code.TRANSLATION_ANSWERS),
        (READ_EN, "(tel:112)", "(javascript:alert(1))", Code.LINK_DANGEROUS),
        (READ_EN, ":alt: A phone", ":key: phone2\n:alt: A phone", Code.OPTION_TWICE),
    ],
)  # fmt: skip
def test_one_mistake_is_found(path: str, old: str, new: str, code: Code) -> None:
    files = changed(path, old, new)
    read = {one.code for one in codec.decode(files).problems}
    assert code in (read or _codes(files))


def test_a_mistake_is_found_on_its_line() -> None:
    files = changed(READ, "- 모르면 [112](tel:112)", "- 모르면 [112](tel:일일이)")
    (one,) = [one for one in _check(files) if one.code is Code.LINK_UNKNOWN]
    assert one.path == READ
    assert one.line is not None
    assert "tel:일일이" in files[READ].decode().split("\n")[one.line - 1]


def test_a_review_is_due_on_its_day_and_past_after_it() -> None:
    assert ck.due(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert Code.REVIEW_PAST not in _codes(every_kind(), date(2027, 5, 21))
    assert Code.REVIEW_PAST in _codes(every_kind(), date(2027, 5, 22))


def test_a_translation_of_only_the_title_is_whole() -> None:
    files = every_kind()
    files[READ_EN] = b"---\ntitle: Read and look\n---\n"
    assert _check(files) == ()


def test_without_a_facts_file_no_fact_is_judged() -> None:
    decoded = codec.decode(changed(READ, "P-01", "P-02"))
    assert decoded.course is not None
    found = ck.check(decoded.course, decoded.places, today=_TODAY, media=decoded.media)
    assert {one.code for one in found} == _SHORT


def test_media_that_nobody_uses_is_a_warning() -> None:
    files = every_kind() | {"media/more.vtt": b"WEBVTT\n"}
    (one,) = _check(files)
    assert (one.path, one.code, one.level) == ("media/more.vtt", Code.MEDIA_UNUSED, "warning")


def _lesson(*blocks: m.AnyBlock, key: str = "lesson") -> m.Lesson:
    return m.Lesson(
        key=key,
        title="차시",
        minutes=5,
        reviewed=_TODAY,
        review_every=6,
        sources=("출처",),
        blocks=blocks,
    )


def _found(*lessons: m.Lesson) -> list[tuple[str, int | None, Code]]:
    unit = m.Unit(key="unit", title="단원", lessons=lessons)
    course = m.Course(
        key="course", title="과정", track=m.Track.WORK, hours=Decimal(1), units=(unit,)
    )
    found = ck.check(course, NOWHERE, today=_TODAY, media={})
    return [(one.path, one.line, one.code) for one in found if one.code not in _SHORT]


def test_a_course_without_files_has_problems_where_they_would_be_written() -> None:
    text = m.Text(key="start~1", markdown="<b>")
    assert _found(_lesson(text)) == [("01-unit/01-lesson.md", None, Code.HTML)]


def test_two_lessons_of_a_course_need_different_keys() -> None:
    text = m.Text(key="start~1", markdown="글")
    assert _found(_lesson(text), _lesson(text)) == [("01-unit/02-lesson.md", None, Code.KEY_TWICE)]


def test_empty_parts_are_found() -> None:
    assert [code for _, _, code in _found()] == [Code.EMPTY]
    assert [code for _, _, code in _found(_lesson())] == [Code.EMPTY]
    assert [code for _, _, code in _found(_lesson(m.Text(key="a", markdown="")))] == [
        Code.TEXT_EMPTY
    ]


def _talk(*nodes: m.Node) -> list[Code]:
    talk = m.Scenario(key="q", prompt="물음", start="a", nodes=nodes)
    return [code for _, _, code in _found(_lesson(talk))]


def _node(key: str, *targets: str) -> m.Node:
    return m.Node(key=key, replies=tuple(m.Reply(text="답", to=to) for to in targets))


def _end(key: str, end: str) -> m.Node:
    return m.Node.model_validate({"key": key, "end": end})


def test_a_talk_needs_a_good_end_that_can_be_reached() -> None:
    codes = _talk(_node("a", "b"), _end("b", "poor"), _end("c", "good"))
    assert set(codes) == {Code.GOOD_END_NONE, Code.NODE_UNREACHABLE}
    assert _talk() == [Code.NODES_NONE]


def test_a_talk_needs_more_than_one_good_way() -> None:
    assert _talk(_node("a", "b", "c"), _end("b", "good"), _end("c", "poor")) == [Code.ONE_WAY]
    assert _talk(_node("a", "b", "c"), _end("b", "good"), _end("c", "fine")) == []
    # Going back and trying again is another way.
    assert _talk(_node("a", "b", "c"), _end("b", "good"), _node("c", "a")) == []


def test_a_screen_may_not_be_too_long_but_two_may() -> None:
    words = "말 " * 100
    long = m.Text(key="a", markdown=f"## 하나\n\n{words}{words}")
    codes = [code for _, _, code in _found(_lesson(long))]
    assert codes == [Code.SCREEN_LONG]
    two = [m.Text(key=key, markdown=f"## 하나\n\n{words}") for key in ("a", "b")]
    assert _found(_lesson(*two)) == []


def test_a_lesson_has_neither_too_few_nor_too_many_words() -> None:
    def codes(count: int) -> set[Code]:
        texts = [
            m.Text(key=f"a{index}", markdown="## " + "말 " * 100) for index in range(count // 100)
        ]
        unit = m.Unit(key="unit", title="단원", lessons=(_lesson(*texts),))
        course = m.Course(
            key="course", title="과정", track=m.Track.WORK, hours=Decimal(1), units=(unit,)
        )
        return {one.code for one in ck.check(course, NOWHERE, today=_TODAY, media={})}

    assert codes(300) == {Code.WORDS_FEW}
    assert codes(400) == set()
    assert codes(900) == set()
    assert codes(1_000) == {Code.WORDS_MANY}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("media/a.png", b"\x89PNG\r\n\x1a\n"),
        ("media/a.jpg", b"\xff\xd8\xff\xe0"),
        ("media/a.webp", b"RIFF\0\0\0\0WEBP"),
        ("media/a.mp3", b"ID3\x04"),
        ("media/a.mp3", b"\xff\xfb\x10"),
        ("media/a.m4a", b"\0\0\0\x20ftypM4A "),
        ("media/a.mp4", b"\0\0\0\x20ftypisom"),
        ("media/a.vtt", b"\xef\xbb\xbfWEBVTT\r\n"),
        ("media/a.pdf", b"%PDF-1.7"),
    ],
)
def test_media_are_known_by_their_first_bytes(path: str, data: bytes) -> None:
    assert media.matches_its_name(path, data)
    assert not media.matches_its_name(path, b"MZ" + data)


def test_a_still_picture_with_dark_colours_is_allowed() -> None:
    assert media.svg_danger(every_kind()["media/phone.svg"]) is None
    inside = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        b'<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use xlink:href="#b"/>'
        b'<image href="data:image/png;base64,iVBORw0KGgo="/></svg>'
    )
    assert media.svg_danger(inside) is None
