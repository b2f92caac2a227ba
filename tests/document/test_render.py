"""What a page shows of a lesson: safe, whole, and without the answers."""

import html
import json
import re
import struct
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.document import grade, markup, model, pictures
from academy.document.render import Part, RenderedLesson, Screen, feedback_html, render_lesson
from academy.document.words import Lexicon

LINKS = markup.Links(media_url=lambda path: f"/m/{path}", lesson_url=lambda key: f"/l/{key}")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200"></svg>'


def a_lesson(*blocks: model.AnyBlock, **fields: object) -> model.Lesson:
    known = {"key": "why", "title": "제목", "minutes": 5, "blocks": blocks, **fields}
    return model.Lesson.model_validate(known)


def rendered(
    *blocks: model.AnyBlock,
    language: str = "ko",
    lexicon: Lexicon | None = None,
    media: Mapping[str, bytes] | None = None,
    **fields: object,
) -> RenderedLesson:
    return render_lesson(
        a_lesson(*blocks, **fields),
        language,
        media_url=LINKS.media_url,
        lesson_url=LINKS.lesson_url,
        lexicon=lexicon,
        media=media,
    )


def the_part(block: model.AnyBlock, **context: object) -> Part:
    return rendered(block, **context).part(block.key)  # type: ignore[arg-type]  # named like the builder's


def text(key: str, markdown: str = "글", easy: str | None = None) -> model.Text:
    return model.Text(key=key, markdown=markdown, easy=easy)


def tip(key: str) -> model.Callout:
    return model.Callout(key=key, tone="tip", markdown="도움말")


def choice(key: str, *options: str, prompt: str = "물음") -> model.Choice:
    made = tuple(model.Option(key=f"o{n}", text=option) for n, option in enumerate(options))
    return model.Choice(key=key, prompt=prompt, options=made)


def items(*texts: str) -> tuple[model.Item, ...]:
    return tuple(model.Item(key=f"i{n}", text=text) for n, text in enumerate(texts))


def keys(lesson: RenderedLesson) -> list[list[str]]:
    return [[part.key for part in screen.blocks] for screen in lesson.screens]


# Screens


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([], []),
        ([text("a"), tip("b")], [["a", "b"]]),
        ([text("a", "## 하나"), tip("b"), text("c", "## 둘")], [["a", "b"], ["c"]]),
        ([text("a", "### 작은 제목"), text("b", "더")], [["a", "b"]]),
        ([text("a"), choice("q"), text("b")], [["a"], ["q"], ["b"]]),
        ([choice("q"), choice("r")], [["q"], ["r"]]),
        ([choice("q"), tip("a"), text("b", "## 둘")], [["q"], ["a", "b"]]),
        ([choice("q"), tip("a"), choice("r")], [["q"], ["a", "r"]]),
        ([choice("q"), tip("a"), text("b"), choice("r")], [["q"], ["a", "b"], ["r"]]),
        ([tip("a"), text("b", "## 하나")], [["a", "b"]]),
    ],
)
def test_a_screen_holds_one_idea(blocks: list[model.AnyBlock], expected: list[list[str]]) -> None:
    lesson = rendered(*blocks)
    assert keys(lesson) == expected
    assert [screen.key for screen in lesson.screens] == [blocks[0] for blocks in expected]


def test_a_screen_has_the_plain_text_of_its_heading() -> None:
    lesson = rendered(tip("t"), text("a", "## 왜 *이름*을 &\n\n글"))
    assert lesson.screens[0].title == "왜 이름을 &"


# The lesson


def test_a_lesson_survives_storage() -> None:
    lesson = rendered(
        text("a", "보증금을 내요.", easy="맡긴 돈"),
        model.Blanks(key="b", text="[[하나]]와 [[둘]]", bank=("셋",)),
        model.Match(
            key="m",
            left_title="왼",
            right_title="오",
            pairs=(model.Pair(key="p", left="가", right="나"),),
        ),
        lexicon=Lexicon.load(),
        notice="fraud",
        reviewed=date(2026, 11, 21),
        review_every=6,
    )
    assert RenderedLesson.from_json(lesson.to_json()) == lesson


@pytest.mark.parametrize(
    ("reviewed", "months", "due"),
    [
        (date(2026, 11, 21), 6, date(2027, 5, 21)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 1, 1), 12, date(2027, 1, 1)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (None, 6, None),
        (date(2026, 1, 1), None, None),
    ],
)
def test_a_review_is_due_whole_months_later(
    reviewed: date | None, months: int | None, due: date | None
) -> None:
    assert rendered(reviewed=reviewed, review_every=months).review_due == due


def test_a_translation_is_shown_in_its_language() -> None:
    english = model.LessonText(title="Title", blocks=(text("a", "Hello"),), practice_in_life="Try")
    lesson = rendered(text("a", "안녕"), translations={"en": english}, language="en")
    assert (lesson.title, lesson.body_language) == ("Title", "en")
    assert lesson.part("a").html == "<p>Hello</p>"
    assert lesson.practice_html == "<p>Try</p>"


def test_a_translation_without_a_body_lends_its_title_to_the_original() -> None:
    english = model.LessonText(title="Title", blocks=())
    lesson = rendered(
        text("a", "안녕"), translations={"en": english}, language="en", practice_in_life="해 보기"
    )
    assert (lesson.title, lesson.language, lesson.body_language) == ("Title", "en", "ko")
    assert lesson.part("a").html == "<p>안녕</p>"
    assert lesson.practice_html == "<p>해 보기</p>"


def test_without_a_translation_the_original_is_shown() -> None:
    lesson = rendered(text("a", "안녕"), language="en")
    assert (lesson.title, lesson.body_language) == ("제목", "ko")


def test_a_block_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError):
        rendered(text("a")).part("b")


def test_the_web_process_loads_no_parser() -> None:
    code = (
        "import sys; from academy.document.render import RenderedLesson, feedback_html;"
        "print({'markdown_it', 'nh3'} & sys.modules.keys())"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


# Answers stay at home


SECRET = "숨긴답"
QUESTIONS: list[model.AnyBlock] = [
    model.Choice(
        key="q",
        options=(
            model.Option(key="a", text="가", right=True, feedback=SECRET, misconception=SECRET),
            model.Option(key="b", text="나", feedback=SECRET),
        ),
        feedback=SECRET,
    ),
    model.ShortText(
        key="q",
        accepted=(SECRET,),
        accepted_feedback=SECRET,
        wrong=(model.WrongText(text=SECRET, feedback=SECRET, misconception=SECRET),),
    ),
    model.Number(
        key="q",
        value=Decimal(987654),
        tolerance=Decimal(987654),
        value_feedback=SECRET,
        wrong=(model.WrongNumber(value=Decimal(987654), feedback=SECRET),),
    ),
    model.Blanks(key="q", text=f"여기에 [[{SECRET}|{SECRET}]] 넣어요.", feedback=SECRET),
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_sent_before_an_answer_gives_it_away(question: model.AnyBlock) -> None:
    sent = "".join(screen.model_dump_json() for screen in rendered(question).screens)
    assert SECRET not in sent
    assert "987654" not in sent
    assert '"right"' not in sent


def test_the_right_side_of_a_pair_does_not_carry_the_key_of_its_left() -> None:
    pairs = tuple(model.Pair(key=f"p{n}", left=f"왼{n}", right=f"오{n}") for n in range(4))
    question = model.Match(key="q", left_title="왼", right_title="오", pairs=pairs)
    lesson = rendered(question)
    part = lesson.part("q")
    assert not {side.key for side in part.lefts} & {side.key for side in part.rights}
    by_text = {side.html: side.key for side in part.rights}
    posted = {f"pair-p{n}": [by_text[f"오{n}"]] for n in range(4)}
    answer = grade.parse_answer(question, lesson.unmixed("q", posted))
    assert isinstance(answer, grade.Answer)
    assert grade.grade(question, answer).verdict is grade.Verdict.RIGHT
    swapped = {**posted, "pair-p0": [by_text["오2"]], "token": ["x"]}
    assert lesson.unmixed("q", swapped)["pair-p0"] == ["p2"]
    assert lesson.unmixed("q", swapped)["token"] == ["x"]
    forged = {name: [name.removeprefix("pair-")] for name in posted}
    assert grade.parse_answer(question, lesson.unmixed("q", forged)) == grade.Forged("pair-p0")


def test_the_keys_of_right_sides_are_the_same_whichever_left_side_they_belong_to() -> None:
    def keys(*rights: str) -> dict[str, str]:
        pairs = tuple(model.Pair(key=f"p{n}", left=f"왼{n}", right=r) for n, r in enumerate(rights))
        lesson = rendered(model.Match(key="q", left_title="왼", right_title="오", pairs=pairs))
        return {side.html: side.key for side in lesson.part("q").rights}

    assert keys("은행", "병원", "학교") == keys("학교", "은행", "병원")


def test_fields_of_other_questions_stay_as_they_were_posted() -> None:
    assert rendered(choice("q", "가")).unmixed("q", {"answer": ["o0"]}) == {"answer": ["o0"]}


def test_pairs_with_the_same_right_side_show_it_once_and_both_are_right() -> None:
    rights = ("은행", "병원", "은행")
    pairs = tuple(model.Pair(key=f"p{n}", left=f"왼{n}", right=r) for n, r in enumerate(rights))
    lesson = rendered(model.Match(key="q", left_title="왼", right_title="오", pairs=pairs))
    by_text = {side.html: side.key for side in lesson.part("q").rights}
    assert len(lesson.part("q").rights) == 2
    posted = {f"pair-p{n}": [by_text[right]] for n, right in enumerate(rights)}
    assert lesson.unmixed("q", posted) == {f"pair-p{n}": [f"p{n}"] for n in range(3)}


@given(st.lists(st.text("가나다", min_size=1, max_size=2), min_size=2, max_size=6))
def test_an_order_is_never_shown_solved_unless_it_cannot_be_otherwise(texts: list[str]) -> None:
    part = the_part(model.Order(key="q", items=items(*texts)))
    shown = [item.html for item in part.items]
    assert sorted(shown) == sorted(texts)
    assert (shown != texts) == (len(set(texts)) > 1)


def test_the_order_is_the_same_each_time_and_in_each_language() -> None:
    korean = model.Order(key="q", items=items("하나", "둘", "셋", "넷"))
    assert the_part(korean) == the_part(korean)


def test_items_to_sort_are_mixed_across_their_groups() -> None:
    groups = (
        model.Group(key="g", title="나눠요", items=(model.Item(key="a", text="휴일"),)),
        model.Group(key="h", title="안 돼요", items=(model.Item(key="b", text="인증번호"),)),
    )
    part = the_part(model.Sort(key="q", groups=groups))
    assert [group.html for group in part.groups] == ["나눠요", "안 돼요"]
    assert [item.key for item in part.items] == ["b", "a"]


def test_a_checklist_keeps_its_order() -> None:
    part = the_part(model.Checklist(key="q", items=items("하나", "둘", "셋")))
    assert [item.html for item in part.items] == ["하나", "둘", "셋"]


def test_a_scenario_brings_all_it_takes_to_play() -> None:
    nodes = (
        model.Node(
            key="ring",
            lines=(model.SpokenLine(speaker="상대", text="*여보세요*"),),
            replies=(
                model.Reply(text="끊어요", to="safe", feedback="**좋아요**"),
                model.Reply(text="다시 들어요", to="ring"),
                model.Reply(text="바로 끊어요", to="safe"),
            ),
        ),
        model.Node(key="safe", end="good"),
    )
    part = the_part(model.Scenario(key="q", title="전화", start="ring", nodes=nodes))
    assert (part.title, part.start) == ("전화", "ring")
    assert part.nodes[0].lines[0].html == "<em>여보세요</em>"
    assert part.nodes[0].replies[0].feedback_html == "<p><strong>좋아요</strong></p>"
    assert [reply.value for reply in part.nodes[0].replies] == ["safe:0", "ring", "safe:2"]
    assert part.nodes[1].end == "good"


# Blanks


def joined(part: Part) -> str:
    return "".join(s.html if s.blank is None else f"⟦{s.blank}⟧" for s in part.segments)


def test_blanks_cut_a_text_where_they_stand() -> None:
    part = the_part(model.Blanks(key="q", text="- **[[두 장]]**을 써서\n- [[나도|저도]] 한 장"))
    assert joined(part) == ("<ul>\n<li><strong>⟦0⟧</strong>을 써서</li>\n<li>⟦1⟧ 한 장</li>\n</ul>")
    assert part.bank == ()


def test_a_bank_offers_the_right_words_among_the_wrong_ones() -> None:
    part = the_part(model.Blanks(key="q", text="[[하나]] [[둘|두]] [[하나]]", bank=("셋", "둘")))
    assert sorted(part.bank) == ["둘", "셋", "하나"]
    assert part.bank != ("하나", "둘", "셋")


@pytest.mark.parametrize(
    "source",
    [
        "[x](https://a.example/[[b]]) [[c]]",
        '[x](https://a.example "[[b]]") [[c]]',
        "| [[b]] |\n|---|\n| [[c]] |",
        "![[[b]]](x) `[[c]]`",
        "[a]: /u '[[b]]'\n\n[[c]]",
        "\ue0005\ue001 [[b]] \ue000 [[c]]",
    ],
)
def test_every_blank_appears_once_and_never_inside_a_tag(source: str) -> None:
    part = the_part(model.Blanks(key="q", text=source))
    assert sorted(s.blank for s in part.segments if s.blank is not None) == [0, 1]
    for blank in (0, 1):
        outside = markup.TAG.sub("", joined(part))
        assert f"⟦{blank}⟧" in outside


# Feedback


def test_every_feedback_can_be_shown_without_a_parser() -> None:
    question = model.Choice(
        key="q",
        options=(model.Option(key="a", text="가", feedback="**왜**냐하면"),),
        feedback="모두에게",
    )
    lesson = rendered(question)
    assert feedback_html(lesson, "**왜**냐하면") == "<p><strong>왜</strong>냐하면</p>"
    assert feedback_html(lesson, "모두에게") == "<p>모두에게</p>"
    assert feedback_html(lesson, "") == ""


def test_feedback_from_elsewhere_is_shown_as_it_was_written() -> None:
    assert feedback_html(rendered(), "<b>옛</b>") == "<p>&lt;b&gt;옛&lt;/b&gt;</p>"


@pytest.mark.parametrize("question", QUESTIONS)
def test_all_kinds_of_feedback_are_rendered(question: model.AnyBlock) -> None:
    assert list(rendered(question).feedback.values()) == [f"<p>{SECRET}</p>"]


# Markdown


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# 하나", "<h2>하나</h2>"),
        ("## 하나", "<h2>하나</h2>"),
        ("### 둘", "<h3>둘</h3>"),
        ("~~옛말~~", "<p><s>옛말</s></p>"),
        ("1\\. 하나", "<p>1. 하나</p>"),
        ("3. 셋", '<ol start="3">\n<li>셋</li>\n</ol>'),
        ("<b>굵게</b>", "<p>&lt;b&gt;굵게&lt;/b&gt;</p>"),
        ("![그림 *하나*](https://a.example/x.png)", "<p>그림 하나</p>"),
        ("", ""),
    ],
)
def test_markdown_becomes_html_that_fits_under_the_title(source: str, expected: str) -> None:
    assert markup.block(source, LINKS) == expected


OUT = 'class="out" rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("target", "attributes"),
    [
        ("https://www.moel.go.kr/a?b=c#d", f'href="https://www.moel.go.kr/a?b=c#d" {OUT}'),
        ("tel:112", 'href="tel:112"'),
        ("tel:1350", 'href="tel:1350"'),
        ("tel:1577-6635", 'href="tel:1577-6635"'),
        ("tel:02-2100-5700", 'href="tel:02-2100-5700"'),
        ("#q-copies", 'href="#b-q-copies"'),
        ("#start~2", 'href="#b-start~2"'),
        ("why-names", 'href="/l/why-names"'),
        ("why-names#q-a", 'href="/l/why-names#b-q-a"'),
        ("../02-more/01-why-names.md#q-a", 'href="/l/why-names#b-q-a"'),
        ("media/form.pdf", 'href="/m/media/form.pdf"'),
    ],
)
def test_a_link_leads_where_a_link_may_lead(target: str, attributes: str) -> None:
    linked = markup.block(f"[가기]({target})", LINKS)
    tag = re.fullmatch(r"<p><a ([^>]*)>가기</a></p>", linked)
    assert tag is not None
    assert sorted(tag.group(1).split()) == sorted(attributes.split())


@pytest.mark.parametrize(
    "target",
    [
        "http://a.example",
        "//a.example",
        "https://bank.kr@a.example",
        "https://",
        "mailto:a@b.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "data:text/html,x",
        "tel:112;ext=1",
        "tel:*21*0100000000%23",
        "../../admin",
        "/admin",
        "?q=1",
        "#Q",
        "media/../x",
        "ftp://a.example",
    ],
)
def test_any_other_link_is_no_link(target: str) -> None:
    shown = markup.block(f"[가기]({target})", LINKS)
    assert "가기" in shown
    assert "<a" not in shown


def test_a_label_holds_no_link() -> None:
    part = the_part(choice("q", "[가기](https://a.example) **굵게** <https://b.example>"))
    assert part.options[0].html == "가기 <strong>굵게</strong> https://b.example"


def test_a_table_in_a_text_scrolls_under_the_names_of_its_columns() -> None:
    found = markup.block('| 일 "하나" | **돈** |\n|---|--:|\n| a | 1 |', LINKS)
    assert found.startswith(
        '<div class="scroll" tabindex="0" role="region" aria-label="일 &quot;하나&quot;, 돈">'
    )
    assert '<td class="right">1</td>' in found
    assert found.endswith("</table></div>")


def test_a_table_is_named_by_its_caption() -> None:
    table = model.Table(
        key="t", caption="요금 <표>", header=("일", "돈"), align=("", "right"), rows=(("*a*", "1"),)
    )
    assert the_part(table).html == (
        '<div class="scroll" tabindex="0" role="region" aria-label="요금 &lt;표&gt;"><table>'
        "<caption>요금 &lt;표&gt;</caption><thead><tr>"
        '<th scope="col">일</th><th scope="col" class="right">돈</th></tr></thead>'
        '<tbody><tr><td><em>a</em></td><td class="right">1</td></tr></tbody></table></div>'
    )


# Figures and media


def test_a_picture_keeps_its_place_before_it_arrives() -> None:
    figure = model.Figure(key="f", src="media/a.svg", alt='전화기 "화면"', caption="*화면*")
    assert the_part(figure, media={"media/a.svg": SVG}).html == (
        '<figure><img src="/m/media/a.svg" alt="전화기 &quot;화면&quot;" loading="lazy"'
        ' decoding="async" width="360" height="200">'
        "<figcaption><p><em>화면</em></p></figcaption></figure>"
    )


def test_a_picture_whose_bytes_are_missing_is_still_shown() -> None:
    part = the_part(model.Figure(key="f", src="media/a.svg", alt="가"))
    assert part.html == (
        '<figure><img src="/m/media/a.svg" alt="가" loading="lazy" decoding="async"></figure>'
    )


_PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
_JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc4\x00\x02\xff\xc2\x00\x11\x08"
    + struct.pack(">HH", 480, 640)
    + b"\x03"
)
_VP8 = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480)
_VP8L = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 639 | 479 << 14)
_VP8X = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + b"\x7f\x02\x00" + b"\xdf\x01\x00"


@pytest.mark.parametrize("data", [_PNG, _JPEG, _VP8, _VP8L, _VP8X])
def test_the_size_of_a_picture_is_read_from_its_head(data: bytes) -> None:
    assert pictures.size_of(data) == (640, 480)


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        (SVG, (360, 200)),
        (b"<svg width='10' height=\"20px\" viewBox='0 0 1 1'>", (10, 20)),
        (b'<svg width="100%" viewBox="0,0,36.4,20">', (36, 20)),
        (b'<svg viewBox="0 0 0 20">', None),
        (b'<svg viewBox="0 0 1.2.3 20">', None),
        (b"<svg>", None),
        (b"", None),
    ],
)
def test_the_size_of_a_drawing_is_read_from_its_first_tag(
    svg: bytes, size: tuple[int, int] | None
) -> None:
    assert pictures.size_of(svg) == size


@given(st.sampled_from([_PNG, _JPEG, _VP8, _VP8L, _VP8X, SVG]), st.integers(0, 60), st.binary())
def test_a_broken_picture_has_no_size_or_some_size(head: bytes, cut: int, rest: bytes) -> None:
    size = pictures.size_of(head[:cut] + rest)
    assert size is None or min(size) > 0


def test_a_film_has_captions_and_costs_nothing_before_it_is_played() -> None:
    film = model.Video(
        key="v",
        src="media/a.mp4",
        title="전화 받기",
        captions="media/a.vtt",
        poster="media/a.png",
        transcript="말",
    )
    part = the_part(film, media={"media/a.png": _PNG})
    assert part.html == (
        '<video controls playsinline preload="none" src="/m/media/a.mp4"'
        ' poster="/m/media/a.png" width="640" height="480" aria-label="전화 받기">'
        '<track kind="captions" src="/m/media/a.vtt" srclang="ko" default></video>'
    )
    assert part.transcript_html == "<p>말</p>"


def test_a_sound_comes_with_its_words() -> None:
    part = the_part(model.Audio(key="a", src="media/a.mp3", title="인사", transcript="안녕"))
    assert part.html == (
        '<audio controls preload="none" src="/m/media/a.mp3" aria-label="인사"></audio>'
    )
    assert (part.title, part.transcript_html) == ("인사", "<p>안녕</p>")


def test_a_file_says_how_large_it_is() -> None:
    file = model.File(key="f", src="media/a.pdf", markdown="서식")
    part = the_part(file, media={"media/a.pdf": b"12345"})
    assert (part.href, part.title, part.size) == ("/m/media/a.pdf", "a.pdf", 5)
    assert the_part(file).size is None


def test_steps_and_comparisons_keep_their_structure() -> None:
    steps = model.Steps(key="s", title="차례", items=("하나", "둘"))
    assert the_part(steps).html == "<ol><li><p>하나</p></li><li><p>둘</p></li></ol>"
    columns = (model.Column(title="<갑>", markdown="가"), model.Column(title="을", markdown="나"))
    assert the_part(model.Compare(key="c", columns=columns)).html == (
        '<div class="compare"><section><h3>&lt;갑&gt;</h3><p>가</p></section>'
        "<section><h3>을</h3><p>나</p></section></div>"
    )


def test_a_callout_leaves_its_label_to_the_template() -> None:
    callout = model.Callout(key="c", tone="warning", title="잠깐", markdown="# 글")
    part = the_part(callout)
    assert (part.tone, part.title, part.html) == ("warning", "잠깐", "<h3>글</h3>")


# The word bridge


def linked(part: Part) -> list[str]:
    return re.findall(r'data-w="(\w+)"', part.html)


def test_a_word_is_linked_once_a_screen_and_listed_once_a_lesson() -> None:
    lesson = rendered(
        text("a", "## 보증금\n\n보증금을 내요. 보증금!"),
        tip("t"),
        text("b", "보증금과 월세"),
        text("c", "## 둘\n\n보증금"),
        lexicon=Lexicon.load(),
    )
    assert [linked(part) for part in lesson.parts()] == [["w096"], [], ["w097"], ["w096"]]
    assert [word.south for word in lesson.words] == ["보증금", "월세"]


def test_the_plainer_text_has_links_of_its_own() -> None:
    part = the_part(text("a", "보증금", easy="보증금"), lexicon=Lexicon.load())
    assert part.easy_html == part.html
    assert linked(part) == ["w096"]


def test_a_prompt_does_not_give_its_answer_away() -> None:
    lexicon = Lexicon.load()
    asked = choice("q", "계좌", "낙지", prompt="돈자리와 오징어, 보증금을 골라요.")
    assert linked(the_part(asked, lexicon=lexicon)) == ["w096"]
    other = choice("q", "다른 답", prompt="돈자리는 무엇인가요?")
    assert len(linked(the_part(other, lexicon=lexicon))) == 1


def test_options_are_not_linked() -> None:
    part = the_part(choice("q", "보증금"), lexicon=Lexicon.load())
    assert part.options[0].html == "보증금"


def test_a_term_knows_its_word_and_is_not_linked_again_below() -> None:
    term = model.Term(key="t", word="서명", north="수표", english="signature", markdown="표시")
    lesson = rendered(term, text("a", "서명을 해요."), lexicon=Lexicon.load())
    part = lesson.part("t")
    assert (part.word, part.north, part.english) == ("서명", "수표", "signature")
    assert [word.id for word in lesson.words] == [part.word_id]
    assert linked(lesson.part("a")) == []


# Whatever an author writes


class _Seen(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


_ALLOWED: Mapping[str, set[str]] = {
    "a": {"href", "rel", "class", "data-w"},
    "ol": {"start"},
    "th": {"class", "scope"},
    "td": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
    **{tag: set() for tag in ("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s")},
    **{tag: set() for tag in ("code", "pre", "ul", "li", "blockquote", "section")},
    **{tag: set() for tag in ("table", "thead", "tbody", "tr")},
}
_HREF = re.compile(r"https://[^\s@]+|tel:[0-9-]+|#(b|w)-[a-z0-9~-]+|/[lm]/[a-z0-9./_#~-]+")


def assert_safe(source: str) -> None:
    for tag, attributes in _Seen(source).tags:
        assert tag in _ALLOWED
        assert attributes.keys() <= _ALLOWED[tag]
        if "href" in attributes:
            assert _HREF.fullmatch(attributes["href"] or "")


_HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                '<a href="javascript:alert(1)" id="w-w096" style="x">',
                "<svg/onload=alert(1)>",
                "</table></div><style>",
                "[가](javascript:alert(1))",
                "[가](<java\tscript:alert(1)>)",
                '[가](https://a.example/"onclick="x" "title\\"")',
                "[가](https://a.example/'><b>)",
                "![가](data:text/html;base64,x)",
                "<javascript:alert(1)>",
                "<https://a.example/?<script>>",
                "[가]: javascript:x\n[가]",
                "[가][a]\n\n[a]: vbscript:x 'y'",
                "&#106;avascript&colon;alert(1)",
                "```html onload=x\n</pre><script>\n```",
                '| "onmouseover=x | <b> |\n|:-:|--:|\n| 보증금 | [가](tel:112) |\n',
                "## 제목 {#w-w096 onclick=x}",
                "보증금을",
                "[보증금](#b)",
                "[[답]]",
                "\n\n",
                "\n",
                "> ",
                "- ",
                "`",
                "**",
                '"',
                "&quot;",
                "\x00",
                "\ue0000\ue001",
            ]
        ),
        st.text("<>\"'&`[]()!#*_|-:\\ \n/=ax보", max_size=12),
    ),
    max_size=10,
).map("".join)


@given(_HOSTILE)
def test_no_markdown_becomes_anything_but_the_allowed_html(source: str) -> None:
    lexicon = Lexicon.load()
    assert_safe(lexicon.link(markup.block(source, LINKS))[0])
    assert_safe(markup.inline(source, None))
    assert_safe(markup.inline(source, LINKS))


@given(_HOSTILE)
def test_no_text_with_blanks_becomes_anything_else_either(source: str) -> None:
    pieces = markup.with_blanks(source, LINKS)
    blanks = [piece for piece in pieces if isinstance(piece, int)]
    assert sorted(blanks) == list(range(len(model.BLANK.findall(source))))
    shown = "".join("<input>" if isinstance(piece, int) else piece for piece in pieces)
    assert sum(tag == "input" for tag, _ in _Seen(shown).tags) == len(blanks)
    assert_safe("".join(piece for piece in pieces if isinstance(piece, str)))


@given(_HOSTILE.filter(lambda text: "\x00" not in text).map(lambda text: " ".join(text.split())))
def test_no_line_becomes_anything_else_either(line: str) -> None:
    table = model.Table(key="t", caption=line, header=(line,), rows=((line,),))
    shown = the_part(table).html
    assert_safe(shown.replace(f"<caption>{html.escape(line)}</caption>", ""))
    columns = (model.Column(title=line, markdown=""), model.Column(title="", markdown=""))
    shown = the_part(model.Compare(key="c", columns=columns)).html
    assert_safe(shown)


def test_stored_json_holds_no_default_values() -> None:
    stored = json.loads(rendered(text("a")).to_json())
    assert stored["screens"] == [
        {"key": "a", "blocks": [{"key": "a", "kind": "text", "html": "<p>글</p>"}]}
    ]
    assert Screen.model_validate(stored["screens"][0]).blocks[0].is_question is False


def test_plainer_words_keep_the_heading_of_their_screen() -> None:
    text = model.Text(key="start~1", markdown="## 보증금\n\n어려운 말", easy="쉬운 말")
    lesson = model.Lesson(key="one", title="하나", minutes=5, blocks=(text,))
    rendered = render_lesson(lesson, "ko", media_url=str, lexicon=None)
    easy = rendered.part("start~1").easy_html
    assert easy is not None
    assert easy.startswith("<h2>")
    assert "보증금" in easy
    assert "쉬운 말" in easy
    assert "어려운" not in easy
