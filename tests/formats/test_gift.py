"""GIFT: the parse its makers expect, what becomes of it with us, and the way back."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.document import model as m
from academy.formats import gift
from academy.formats.bank import Answer, Asked, Numeric, Rich
from academy.formats.facts import Imported, LossCode, Reason, Refused
from academy.web.settings import ROOT
from tests.formats.any_questions import course_of, questions, questions_of

CORPUS = ROOT.parent / "shared" / "corpora" / "gift"
NAMES = [
    "descriptionWithID", "escapeAll", "escapeColon", "escapeEquals", "giftFormatPhpExamples", "mc4",
    "multiLineFeedback1", "numerical1", "tag_two_tags", "totara_moodle_match",
    "totara_moodle_multichoice", "type_inferred_multiline_markdown",
]  # fmt: skip


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir() and os.getenv("CI") != "true":
        pytest.skip("the files of GIFT's makers are not beside the project")
    return CORPUS


# Our parse in the shape of theirs

_TYPES = {
    "description": "Description",
    "truefalse": "TF",
    "choice": "MC",
    "short": "Short",
    "numerical": "Numerical",
    "matching": "Matching",
    "essay": "Essay",
}


def _rich(rich: Rich | None) -> dict[str, str] | None:
    return None if rich is None else {"format": rich.markup, "text": rich.text}


def _plain(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _choice(answer: Answer) -> dict[str, Any]:
    return {
        "isCorrect": answer.is_right,
        "weight": _plain(answer.weight),
        "text": _rich(answer.text),
        "feedback": _rich(answer.feedback),
    }


def _number(numeric: Numeric) -> dict[str, Any]:
    if numeric.form == "simple":
        return {"type": "simple", "number": _plain(numeric.value)}
    if numeric.form == "range":
        return {
            "type": "range",
            "number": _plain(numeric.value),
            "range": _plain(numeric.tolerance),
        }
    return {
        "type": "high-low",
        "numberHigh": _plain(numeric.value + numeric.tolerance),
        "numberLow": _plain(numeric.value - numeric.tolerance),
    }


def theirs(asked: Asked) -> dict[str, Any]:
    stem = asked.stem
    if asked.after is not None:
        stem = Rich(f"{stem.text.strip()} _____ {asked.after.strip()}", stem.markup)
    made: dict[str, Any] = {
        "id": asked.id,
        "tags": list(asked.tags) or None,
        "type": _TYPES[asked.kind],
        "title": asked.title,
        "stem": _rich(stem),
        "hasEmbeddedAnswers": asked.after is not None,
    }
    if asked.kind == "description":
        return made
    made["globalFeedback"] = _rich(asked.general)
    match asked.kind:
        case "choice" | "short":
            made["choices"] = [_choice(answer) for answer in asked.answers]
        case "numerical" if asked.alone:
            made["choices"] = _number(asked.numbers[0])
        case "numerical":
            made["choices"] = [
                {
                    "isCorrect": number.is_right,
                    "weight": _plain(number.weight),
                    "text": _number(number),
                    "feedback": _rich(number.feedback),
                }
                for number in asked.numbers
            ]
        case "matching":
            made["matchPairs"] = [
                {"subquestion": _rich(left), "subanswer": right} for left, right in asked.pairs
            ]
        case "truefalse":
            made |= {
                "isTrue": asked.is_true,
                "trueFeedback": _rich(asked.if_true),
                "falseFeedback": _rich(asked.if_false),
            }
    return made


@pytest.mark.parametrize("name", NAMES)
def test_the_parse_is_the_one_its_makers_expect(corpus: Path, name: str) -> None:
    asked, losses = gift.parse((corpus / f"{name}.gift").read_text("utf-8"))
    assert [theirs(one) for one in asked] == json.loads(
        (corpus / f"{name}.json").read_text("utf-8")
    )
    assert not losses


@pytest.mark.parametrize("name", NAMES)
def test_every_question_of_its_makers_becomes_a_block(corpus: Path, name: str) -> None:
    asked, _ = gift.parse((corpus / f"{name}.gift").read_text("utf-8"))
    made = gift.read((corpus / f"{name}.gift").read_bytes(), name)
    assert sum(len(lesson.blocks) for lesson in made.course.lessons()) == len(asked)


# What becomes of it


def read(text: str) -> Imported:
    return gift.read(text.encode(), "물음")


def only(made: Imported) -> m.AnyBlock:
    (lesson,) = made.course.lessons()
    (block,) = lesson.blocks
    return block


def lost(made: Imported) -> set[LossCode]:
    return {one.code for one in made.losses}


def test_one_of_many_is_a_choice_with_feedback() -> None:
    block = only(read("몇 장인가요?{~한 장#다시 볼까요?\n=두 장#맞아요.\n####두 장을 써요.}"))
    assert isinstance(block, m.Choice)
    assert [(o.text, o.right, o.feedback) for o in block.options] == [
        ("한 장", False, "다시 볼까요?"),
        ("두 장", True, "맞아요."),
    ]
    assert block.feedback == "두 장을 써요."


def test_equal_shares_are_several_right_answers_and_cost_nothing() -> None:
    made = read("모두 고르세요.{~%50%임금 ~%50%시간 ~%-100%고향}")
    block = only(made)
    assert isinstance(block, m.Choices)
    assert [option.right for option in block.options] == [True, True, False]
    assert not made.losses


def test_a_part_of_the_points_is_told_with_its_answer() -> None:
    made = read("물음{=다 ~%50%반}")
    (told,) = made.losses
    assert (told.code, told.facts) == (LossCode.WEIGHT, {"answer": "반", "weight": "50"})


def test_several_right_answers_of_one_choice_are_told() -> None:
    made = read("계절은?{=봄 =여름 ~설날}")
    assert isinstance(only(made), m.Choices)
    assert lost(made) == {LossCode.SEVERAL_RIGHT}


def test_a_gap_with_typed_answers_is_a_blank() -> None:
    block = only(read("계약서는 {=두 장 =2장}을 씁니다."))
    assert isinstance(block, m.Blanks)
    assert block.text == "계약서는 [[두 장|2장]]을 씁니다."


def test_a_gap_with_a_list_is_a_blank_with_a_bank() -> None:
    block = only(read("계약서는 {=두 장 ~한 장} 씁니다."))
    assert isinstance(block, m.Blanks)
    assert (block.text, block.bank) == ("계약서는 [[두 장]] 씁니다.", ("한 장",))


def test_a_gap_whose_answers_carry_feedback_keeps_it() -> None:
    block = only(read("계약서는 {=두 장#맞아요. ~한 장#다시요.} 씁니다."))
    assert isinstance(block, m.Choice)
    assert block.prompt == r"계약서는 \_\_\_\_\_ 씁니다."


def test_a_range_is_a_value_and_a_tolerance() -> None:
    block = only(read("파이는?{#3.141..3.142}"))
    assert isinstance(block, m.Number)
    assert (block.value, block.tolerance) == (Decimal("3.1415"), Decimal("0.0005"))


def test_an_essay_is_a_private_note_and_that_is_told() -> None:
    made = read("적어 보세요.{}")
    assert isinstance(only(made), m.Reflection)
    assert lost(made) == {LossCode.ESSAY}


def test_true_and_false_keep_the_feedback_of_each_side() -> None:
    block = only(read("맞나요?{F#틀린 까닭#맞은 까닭}"))
    assert isinstance(block, m.TrueFalse)
    assert [(o.right, o.feedback) for o in block.options] == [
        (False, "틀린 까닭"),
        (True, "맞은 까닭"),
    ]


def test_a_star_that_stands_for_anything_is_told() -> None:
    assert LossCode.WILDCARD in lost(read("물음{=근로*계약서 =계약서}"))
    assert LossCode.ANSWER in lost(read("물음{=계약서 =%0%*#다시요}"))


def test_categories_become_units_and_lessons() -> None:
    made = read("$CATEGORY: $course$/일터/계약\n\n가{T}\n\n$CATEGORY: 일터/임금\n\n나{F}")
    (unit,) = made.course.units
    assert (unit.title, [lesson.title for lesson in unit.lessons]) == ("일터", ["계약", "임금"])


def test_titles_and_tags_are_told_by_name() -> None:
    made = read("// [tag:봄]\n::첫 물음::맞나요?{T}")
    assert [(one.code, dict(one.facts)) for one in made.losses] == [
        (LossCode.TITLE, {"title": "첫 물음"}),
        (LossCode.TAGS, {"tags": "봄"}),
    ]


def test_questions_without_a_line_between_them_are_two() -> None:
    made = read("가{T}\n나{F}\n::다::다{}")
    assert len(questions_of(made.course)) == 3


def test_a_blank_line_inside_braces_belongs_to_the_question() -> None:
    block = only(read("물음{\n=맞아요\n\n~아니에요\n}"))
    assert isinstance(block, m.Choice)
    assert len(block.options) == 2


def test_what_cannot_be_read_is_told_with_its_line_and_the_rest_is_kept() -> None:
    made = read("가{T}\n\n나{~ 하나\n\n다{F}")
    assert len(questions_of(made.course)) == 2
    (told,) = made.losses
    assert (told.code, told.place) == (LossCode.BROKEN, "3")


def test_markup_of_plain_texts_is_shown_as_it_was_typed() -> None:
    block = only(read("[plain]*별*과 _줄_, 1 < 2 {T}"))
    assert isinstance(block, m.TrueFalse)
    assert block.prompt == r"\*별\*과 \_줄\_, 1 < 2"


def test_html_becomes_markdown_and_what_has_none_is_told() -> None:
    made = read(
        r"[html]<p>가장 <b>중요한</b> <u>것</u></p><ul><li>하나</li><li>둘</li></ul>"
        r'<script>alert(1)</script><a href\="javascript\:x">여기</a>{T}'
    )
    block = only(made)
    assert isinstance(block, m.TrueFalse)
    assert block.prompt == "가장 **중요한** 것\n\n- 하나\n- 둘\n\n여기"
    names = {one.facts["name"] for one in made.losses if one.code is LossCode.HTML_TAG}
    assert names == {"u", "script"}


def test_a_text_without_questions_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read("그냥 글입니다.\n\n또 글입니다.")
    assert caught.value.reason is Reason.NOT_THIS


# The way back


@given(questions())
def test_what_gift_can_say_comes_back_the_same_and_the_rest_is_told(
    blocks: list[m.AnyQuestion],
) -> None:
    course = course_of(blocks)
    written = gift.write(course)
    told = {one.place.partition("/")[2] for one in written.losses}
    kept = {key: block for key, block in questions_of(course).items() if key not in told}
    try:
        back = questions_of(gift.read(written.data, "물음").course)
    except Refused as refused:
        assert refused.reason in {Reason.NOT_THIS, Reason.NOTHING}  # noqa: PT017  only when nothing was kept
        assert not kept
        return
    assert {key: back.get(key) for key in kept} == kept


@given(st.text() | st.text(alphabet="가a~=#{}:\\%*->/$[]\n 1.").map(lambda text: f"물음{{{text}}}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        made = read(text)
    except Refused:
        return
    assert course_of([]) is not None
    assert made.files()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        gift.read(data, "")
    except Refused:
        return
