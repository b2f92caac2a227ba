"""Markdown from anywhere: headings become lessons, pictures figures, HTML is told."""

from hypothesis import given
from hypothesis import strategies as st

from academy.document import model as m
from academy.formats import registry
from academy.formats.facts import Imported, LossCode, Refused
from tests.document.any_course import markdown as any_markdown
from tests.formats.documents import packed, png


def read(text: str, **files: bytes) -> Imported:
    if not files:
        return registry.read("글.md", text.encode())
    return registry.read("글.zip", packed({"글.md": text, **files}))


def texts(made: Imported) -> list[list[str]]:
    return [
        [block.markdown for block in lesson.blocks if isinstance(block, m.Text)]
        for lesson in made.course.lessons()
    ]


def lost(made: Imported) -> list[tuple[LossCode, dict[str, str | int]]]:
    return [(one.code, dict(one.facts)) for one in made.losses]


def test_headings_become_lessons_and_screens_whatever_their_level() -> None:
    made = read("# 과정\n\n## 하나\n\n글\n\n### 화면\n\n글\n\n둘\n--\n\n끝\n")
    assert made.course.title == "과정"
    assert [lesson.title for lesson in made.course.lessons()] == ["하나", "둘"]
    assert texts(made) == [["글", "## 화면\n\n글"], ["끝"]]
    assert not made.losses


def test_lists_tables_code_and_quotations_stay_as_they_are_written() -> None:
    body = "- 하나\n  1. 안\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n\n```\n# 아님\n```\n\n> 말\n"
    assert texts(read(body)) == [[body.strip()]]


def test_a_picture_beside_the_file_becomes_a_figure() -> None:
    made = read("앞\n\n![빨간 점](그림/point.png)\n\n뒤", **{"그림/point.png": png()})
    before, figure, after = made.course.lessons()[0].blocks
    assert isinstance(figure, m.Figure)
    assert (figure.alt, made.media[figure.src]) == ("빨간 점", png())
    assert isinstance(before, m.Text)
    assert isinstance(after, m.Text)
    assert not made.losses


def test_pictures_that_are_not_there_and_files_without_use_are_told() -> None:
    made = read("글\n\n![하나](https://example.org/a.png) ![둘](../../b.png)", **{"c.png": png()})
    assert lost(made) == [
        (LossCode.PICTURE_OUTSIDE, {"name": "https://example.org/a.png"}),
        (LossCode.PICTURE_MISSING, {"name": "../../b.png"}),
        (LossCode.FILE_UNUSED, {"name": "c.png"}),
    ]


def test_links_with_labels_keep_their_addresses_in_every_lesson() -> None:
    made = read("# 하나\n\n[여기][가]\n\n# 둘\n\n[저기][가]\n\n[가]: https://example.org\n")
    assert [part[0].endswith("[가]: <https://example.org>") for part in texts(made)] == [True, True]


def test_html_is_told_and_its_words_are_kept() -> None:
    made = read("글 <mark>속</mark>\n\n<div><p>바깥 <b>글</b></p></div>\n")
    assert texts(made) == [["글 속\n\n바깥 **글**"]]
    assert lost(made) == [(LossCode.HTML_TAG, {"name": "mark", "count": 1})]


def test_front_matter_is_told_but_for_the_title() -> None:
    made = read("---\ntitle: 내 글\nauthor: 가온\n---\n\n글\n")
    assert made.course.title == "내 글"
    assert lost(made) == [(LossCode.FRONT_MATTER, {"text": "author: 가온"})]


def test_a_lesson_of_our_own_keeps_its_questions() -> None:
    made = read("글\n\n:::{short} q-one\n무엇?\n\n- [x] 계약서\n:::\n")
    _, question = made.course.lessons()[0].blocks
    assert isinstance(question, m.ShortText)
    assert not made.losses


def test_signs_of_our_format_that_are_none_stay_text() -> None:
    made = read("::: 그냥\n\n(a)=\n\n:::{no-such}\n글\n:::\n")
    assert texts(made) == [["\\::: 그냥\n\n\\(a)=\n\n\\:::{no-such}\n글\n\\:::"]]


def test_several_files_become_units_in_the_order_of_their_names() -> None:
    made = registry.read("글.zip", packed({"나.md": "# 둘\n\n글", "가.md": "# 하나\n\n글"}))
    assert [lesson.title for lesson in made.course.lessons()] == ["하나", "둘"]


@given(any_markdown | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert read(text).files()
    except (Refused, UnicodeEncodeError):
        return
