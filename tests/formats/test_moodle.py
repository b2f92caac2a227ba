"""Moodle XML: what every kind of question becomes."""

import base64
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.document import model as m
from academy.formats import registry
from academy.formats.facts import Imported, LossCode, Reason, Refused
from tests.formats.any_questions import questions_of
from tests.formats.documents import png


def read(*questions: str) -> Imported:
    return registry.read(
        "물음.xml", f"<?xml version='1.0'?><quiz>{''.join(questions)}</quiz>".encode()
    )


def ask(kind: str, text: str, inner: str = "", *, markup: str = "html", files: str = "") -> str:
    return (
        f'<question type="{kind}"><name><text>이름</text></name>'
        f'<questiontext format="{markup}"><text><![CDATA[{text}]]></text>{files}</questiontext>'
        f"{inner}</question>"
    )


def answer(text: str, fraction: str, feedback: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>'
        f'<feedback format="html"><text>{feedback}</text></feedback>{more}</answer>'
    )


def only(made: Imported) -> m.AnyBlock:
    (block,) = questions_of(made.course).values()
    return block


def lost(made: Imported) -> list[tuple[LossCode, dict[str, str | int]]]:
    """What was lost besides the question's name."""
    return [(one.code, dict(one.facts)) for one in made.losses if one.code is not LossCode.TITLE]


def test_one_of_many_keeps_points_hint_feedback_and_general_feedback() -> None:
    made = read(
        ask(
            "multichoice",
            "<p>몇 <b>장</b>인가요?</p>",
            "<single>true</single><defaultgrade>3.0000000</defaultgrade>"
            "<generalfeedback format='html'><text>두 장을 써요.</text></generalfeedback>"
            "<hint format='html'><text>나눠 가져요.</text></hint><shuffleanswers>true</shuffleanswers>"
            + answer("<p>한 장</p>", "0", "다시요.") + answer("<p>두 장</p>", "100", "맞아요."),
        )
    )  # fmt: skip
    block = only(made)
    assert isinstance(block, m.Choice)
    assert (block.prompt, block.points, block.hint, block.feedback) == (
        "몇 **장**인가요?", 3, "나눠 가져요.", "두 장을 써요.",
    )  # fmt: skip
    assert [(o.text, o.right, o.feedback) for o in block.options] == [
        ("한 장", False, "다시요."),
        ("두 장", True, "맞아요."),
    ]
    assert lost(made) == [(LossCode.SETTING, {"name": "shuffleanswers", "count": 1})]


def test_several_right_answers() -> None:
    block = only(
        read(ask("multichoice", "모두", "<single>false</single>" + answer("가", "50") + answer("나", "50") + answer("다", "-100")))
    )  # fmt: skip
    assert isinstance(block, m.Choices)
    assert [option.right for option in block.options] == [True, True, False]


def test_true_and_false_short_and_number() -> None:
    made = read(
        ask("truefalse", "맞나요?", answer("true", "0", "아니에요.") + answer("false", "100")),
        ask("shortanswer", "무엇?", "<usecase>1</usecase>" + answer("계약서", "100") + answer("이력서", "0", "달라요.")),
        ask("numerical", "얼마?", answer("10", "100", more="<tolerance>0.5</tolerance>") + answer("20", "0")),
    )  # fmt: skip
    truth, short, number = questions_of(made.course).values()
    assert isinstance(truth, m.TrueFalse)
    assert [(o.right, o.feedback) for o in truth.options] == [(False, "아니에요."), (True, "")]
    assert isinstance(short, m.ShortText)
    assert (short.accepted, short.wrong[0].feedback, short.spelling) == (
        ("계약서",),
        "달라요.",
        True,
    )
    assert isinstance(number, m.Number)
    assert (number.value, number.tolerance) == (Decimal(10), Decimal("0.5"))
    assert number.wrong[0].value == Decimal(20)


def test_matching_ordering_and_gaps() -> None:
    pair = (
        "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
    )
    option = "<selectoption><text>{}</text><group>1</group></selectoption>"
    made = read(
        ask("matching", "이어요", pair.format("가", "1") + pair.format("나", "2")),
        ask("ordering", "차례로", answer("먼저", "1") + answer("다음", "2")),
        ask(
            "gapselect", "계약서는 [[2]]을 씁니다.", option.format("한 장") + option.format("두 장")
        ),
        ask("cloze", "계약서는 {1:SHORTANSWER:=두 장~%100%2장}, 나는 {1:SA:=한 장}."),
    )
    match, order, gap, cloze = questions_of(made.course).values()
    assert isinstance(match, m.Match)
    assert [(one.left, one.right) for one in match.pairs] == [("가", "1"), ("나", "2")]
    assert isinstance(order, m.Order)
    assert [item.text for item in order.items] == ["먼저", "다음"]
    assert isinstance(gap, m.Blanks)
    assert (gap.text, gap.bank) == ("계약서는 [[두 장]]을 씁니다.", ("한 장",))
    assert isinstance(cloze, m.Blanks)
    assert cloze.text == "계약서는 [[두 장|2장]], 나는 [[한 장]]."
    assert not lost(made)


def test_a_picture_stands_before_its_question() -> None:
    data = base64.b64encode(png()).decode()
    made = read(
        ask(
            "truefalse",
            '보이나요? <img src="@@PLUGINFILE@@/point.png" alt="빨간 점">',
            answer("true", "100"),
            files=f'<file name="point.png" path="/" encoding="base64">{data}</file>',
        )
    )
    figure, question = made.course.lessons()[0].blocks
    assert isinstance(figure, m.Figure)
    assert (figure.alt, made.media[figure.src]) == ("빨간 점", png())
    assert isinstance(question, m.TrueFalse)
    assert [code for code, _ in lost(made)] == [LossCode.PICTURE_MOVED]


def test_tags_that_do_not_close_are_text() -> None:
    made = read(ask("truefalse", "1 <b 2 <!-- 3 <i>4</i> <a href='", answer("true", "100")))
    block = only(made)
    assert isinstance(block, m.TrueFalse)
    assert block.prompt == "1 \\<b 2 \\<!-- 3 *4* \\<a href='"


def test_kinds_that_we_do_not_have_are_told() -> None:
    made = read(ask("truefalse", "맞나요?", answer("true", "100")), ask("calculated", "얼마?"))
    assert lost(made) == [(LossCode.KIND, {"kind": "calculated"})]


def test_categories_become_units_and_lessons() -> None:
    category = '<question type="category"><category><text>$course$/top/일터/계약</text></category></question>'
    made = read(category, ask("truefalse", "맞나요?", answer("true", "100")))
    (unit,) = made.course.units
    assert (unit.title, unit.lessons[0].title) == ("일터", "계약")


def reason(data: bytes) -> Reason:
    with pytest.raises(Refused) as caught:
        registry.read("물음.xml", data)
    return caught.value.reason


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><quiz><question>&i;</question></quiz>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_and_outside_files_are_refused(encoding: str) -> None:
    assert reason(BOMB.encode(encoding)) is Reason.XML_DOCTYPE
    outside = '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'
    assert reason(outside.encode(encoding)) is Reason.XML_DOCTYPE
    assert (
        reason('<!DOCTYPE quiz SYSTEM "http://evil.example/a.dtd"><quiz/>'.encode(encoding))
        is Reason.XML_DOCTYPE
    )


def test_what_is_no_question_bank_is_refused() -> None:
    assert reason(b"<html/>") is Reason.NOT_THIS
    assert reason(b"<quiz><question>") is Reason.XML_BROKEN
    assert reason(b"<quiz/>") is Reason.NOTHING
    assert reason(b"<quiz>" + b"<a>" * 300 + b"</a>" * 300 + b"</quiz>") is Reason.TOO_COMPLEX
    assert reason(b'<?xml version="1.0" encoding="no-such"?><quiz/>') is Reason.XML_BROKEN


_TEXTS = st.text(alphabet="가a<>&{}[]:=~#%|/\"'1.-* \n")


@given(
    st.sampled_from(["multichoice", "shortanswer", "numerical", "matching", "cloze", "gapselect", "essay"]),
    _TEXTS.map(lambda text: text.replace("]]>", "")),
    _TEXTS.map(lambda text: text.replace("]]>", "")),
    st.sampled_from(["100", "50", "0", "-50", "", "x"]),
)  # fmt: skip
def test_any_text_in_any_kind_is_read_or_refused(
    kind: str, text: str, said: str, points: str
) -> None:
    try:
        assert read(ask(kind, text, answer(said, points) + answer("가", "100"))).files()
    except Refused:
        return
