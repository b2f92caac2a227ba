import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.document.grade import (
    NOTE_LIMIT,
    PATH_LIMIT,
    TEXT_LIMIT,
    Answer,
    Forged,
    Incomplete,
    Note,
    NotGraded,
    Result,
    TooLong,
    Verdict,
    grade,
    judge,
    one_edit,
    parse_answer,
)
from academy.document.model import (
    AnyQuestion,
    Blanks,
    Checklist,
    Choice,
    Choices,
    Group,
    Item,
    Match,
    Node,
    Number,
    Option,
    Order,
    Pair,
    Reflection,
    Reply,
    Scenario,
    ShortText,
    Sort,
    TrueFalse,
    WrongNumber,
    WrongText,
)
from tests.document import grade_cases

COPIES = Choice(
    key="q",
    options=(
        Option(key="one", text="한 장", feedback="한 장이면 …", misconception="한 장이면 된다"),
        Option(key="two", text="두 장", right=True, feedback="맞아요.", misconception="없음"),
        Option(key="three", text="세 장"),
    ),
    points=3,
)
MUST = Choices(
    key="q",
    options=(
        Option(key="pay", text="임금", right=True, feedback="가"),
        Option(key="time", text="시간", right=True),
        Option(key="home", text="고향", feedback="나", misconception="고향도 적는다"),
        Option(key="photo", text="사진", feedback="다"),
    ),
    points=5,
)
PHOTO = TrueFalse(
    key="q",
    options=(
        Option(key="yes", text="맞아요", right=True),
        Option(key="no", text="아니에요", feedback="함께 남아요."),
    ),
)
WORD = ShortText(
    key="q",
    prompt="근로조건을 적은 문서는 무엇인가요? 이력서와는 다릅니다.",
    accepted=("근로계약서", "표준근로계약서"),
    accepted_feedback="맞아요.",
    wrong=(
        WrongText(text="이력서", feedback="나를 알리는 글이에요.", misconception="이력서와 섞음"),
        WrongText(text="근로게약서"),
    ),
    points=2,
)
PAY = Number(
    key="q",
    value=Decimal(82560),
    unit="원",
    value_feedback="맞아요.",
    wrong=(
        WrongNumber(
            value=Decimal(10320), feedback="한 시간 임금이에요.", misconception="곱하지 않음"
        ),
    ),
    points=4,
)
STEPS = Order(
    key="q",
    items=(Item(key="a", text="가"), Item(key="b", text="나"), Item(key="c", text="다")),
    points=7,
)
DESKS = Match(
    key="q",
    left_title="일",
    right_title="곳",
    pairs=(
        Pair(key="pay", left="임금", right="1350"),
        Pair(key="hack", left="해킹", right="118"),
        Pair(key="leave", left="휴가", right="1350"),
    ),
    points=3,
)
SHARE = Sort(
    key="q",
    groups=(
        Group(key="ok", title="나눠도", items=(Item(key="day", text="공휴일"),)),
        Group(
            key="no",
            title="안 돼",
            items=(Item(key="code", text="인증번호"), Item(key="card", text="신분증")),
        ),
    ),
    points=3,
)
FILL = Blanks(
    key="q", text="계약서는 [[두 장]]을 써서 [[나도|저도]] 나누는 [[근로계약서]]", points=6
)
BANK = Blanks(key="q", text="[[두 장]]을 [[나도]]", bank=("세 장", "회사만"), points=2)
CALL = Scenario(
    key="q",
    start="ring",
    nodes=(
        Node(
            key="ring",
            replies=(
                Reply(text="묻는다", to="who", feedback="좋은 시작이에요."),
                Reply(text="깐다", to="app", feedback="첫째"),
                Reply(text="그냥 깐다", to="app", feedback="둘째"),
            ),
        ),
        Node(
            key="who",
            replies=(Reply(text="끊는다", to="safe"), Reply(text="다시", to="ring", feedback="또")),
        ),
        Node(key="safe", end="good"),
        Node(key="app", end="poor"),
    ),
    points=2,
)
THINK = Reflection(key="q")
PHONE = Checklist(key="q", items=(Item(key="lock", text="잠금"),))
EVERY: tuple[AnyQuestion, ...] = (
    COPIES, MUST, PHOTO, WORD, PAY, STEPS, DESKS, SHARE, FILL, BANK, CALL, THINK, PHONE,
)  # fmt: skip


def answered(question: AnyQuestion, fields: dict[str, list[str]]) -> Result:
    answer = parse_answer(question, fields)
    assert isinstance(answer, Answer), answer
    return grade(question, answer)


# The tables


@pytest.mark.parametrize(("accepted", "text"), grade_cases.pairs(grade_cases.RIGHT))
def test_what_says_the_same_is_right(accepted: tuple[str, ...], text: str) -> None:
    assert judge(text, accepted).verdict is Verdict.RIGHT


@pytest.mark.parametrize(("accepted", "text"), grade_cases.pairs(grade_cases.CLOSE))
def test_a_slip_in_a_long_word_is_close(accepted: tuple[str, ...], text: str) -> None:
    assert judge(text, accepted).verdict is Verdict.CLOSE


@pytest.mark.parametrize(("accepted", "text"), grade_cases.pairs(grade_cases.WRONG))
def test_another_word_stays_wrong(accepted: tuple[str, ...], text: str) -> None:
    assert judge(text, accepted).verdict is Verdict.WRONG


@pytest.mark.parametrize(("value", "unit", "text"), grade_cases.numbers(grade_cases.NUMBER_RIGHT))
def test_the_same_number_is_right(value: str, unit: str, text: str) -> None:
    question = Number(key="q", value=Decimal(value), unit=unit)
    assert answered(question, {"answer": [text]}).verdict is Verdict.RIGHT


@pytest.mark.parametrize(("value", "unit", "text"), grade_cases.numbers(grade_cases.NUMBER_WRONG))
def test_another_number_stays_wrong(value: str, unit: str, text: str) -> None:
    question = Number(key="q", value=Decimal(value), unit=unit)
    assert answered(question, {"answer": [text]}).verdict is Verdict.WRONG


def test_the_table_is_large_and_at_least_half_of_it_stays_wrong() -> None:
    stays = [
        *grade_cases.pairs(grade_cases.WRONG),
        *grade_cases.numbers(grade_cases.NUMBER_WRONG),
    ]
    passes = [
        *grade_cases.pairs(grade_cases.RIGHT + grade_cases.CLOSE),
        *grade_cases.numbers(grade_cases.NUMBER_RIGHT),
    ]
    assert len(stays) + len(passes) >= 300
    assert len(set(stays)) == len(stays)
    assert len(stays) >= len(passes)


# Short texts


def test_an_accepted_answer_gives_its_feedback_and_all_points() -> None:
    assert answered(WORD, {"answer": ["근로 계약서입니다"]}) == Result(
        Verdict.RIGHT, 2, feedback=("맞아요.",), meant="근로계약서"
    )


def test_a_close_answer_earns_the_points_and_says_what_was_meant() -> None:
    assert answered(WORD, {"answer": ["근로계얀서"]}) == Result(
        Verdict.CLOSE, 2, feedback=("맞아요.",), note=Note.SPELLING, meant="근로계약서"
    )


def test_a_listed_wrong_answer_gives_its_feedback_even_in_northern_spelling() -> None:
    for text in ("이력서", "리력서", "이력서요", "dlfurtj"):
        assert answered(WORD, {"answer": [text]}) == Result(
            Verdict.WRONG,
            feedback=("나를 알리는 글이에요.",),
            misconceptions=("이력서와 섞음",),
        )


def test_a_listed_wrong_answer_is_never_close() -> None:
    assert judge("근로게약서", WORD.accepted).verdict is Verdict.CLOSE
    assert answered(WORD, {"answer": ["근로게약서"]}).verdict is Verdict.WRONG


def test_a_listed_wrong_spelling_goes_before_the_northern_one() -> None:
    assert judge("로동", ("노동",), (WrongText(text="로동"),)).verdict is Verdict.WRONG


def test_a_slip_that_is_as_near_to_a_wrong_answer_is_wrong() -> None:
    wrong = (WrongText(text="연말정상"),)
    assert judge("연말정삼", ("연말정산",)).verdict is Verdict.CLOSE
    assert judge("연말정삼", ("연말정산",), wrong).wrong == wrong[0]


def test_a_word_of_the_prompt_is_no_slip() -> None:
    assert judge("소득공재", ("소득공제",)).verdict is Verdict.CLOSE
    prompt = "‘소득 공재’가 아니라 무엇인가요?"
    assert judge("소득공재", ("소득공제",), prompt=prompt).verdict is Verdict.WRONG


def test_the_answer_to_another_blank_is_no_slip() -> None:
    assert judge("생계급어", ("생계급여",), rivals=("생계급어",)).verdict is Verdict.WRONG
    assert judge("생계급어", ("생계급여",), rivals=("생계급허",)).verdict is Verdict.WRONG
    assert judge("생계급어", ("생계급여",), rivals=("주거급여",)).verdict is Verdict.CLOSE


def test_keys_typed_on_the_other_keyboard_are_close_and_say_so() -> None:
    assert judge("rmsfhrPdirtj", WORD.accepted).note is Note.KEYBOARD
    assert judge("rmsfhrPdirtj", ("근로시간",)).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("되었다", Verdict.RIGHT),
        (" 되었다. ", Verdict.RIGHT),
        (unicodedata.normalize("NFD", "되었다"), Verdict.RIGHT),
        ("되였다", Verdict.WRONG),
        ("됐다", Verdict.WRONG),
        ("되 었다", Verdict.WRONG),
        ("되었다!", Verdict.WRONG),
        ("‘되었다’", Verdict.WRONG),
        ("되었다요", Verdict.WRONG),
        ("ehldjTek", Verdict.WRONG),
    ],
)
def test_a_question_about_spelling_forgives_only_outer_spaces_and_full_stops(
    text: str, verdict: Verdict
) -> None:
    question = ShortText(key="q", accepted=("되었다",), spelling=True)
    assert answered(question, {"answer": [text]}).verdict is verdict


def test_a_question_about_spelling_knows_its_wrong_answers() -> None:
    question = ShortText(
        key="q", accepted=("여자",), wrong=(WrongText(text="녀자", feedback="북"),), spelling=True
    )
    assert answered(question, {"answer": ["녀자."]}).feedback == ("북",)


def test_a_question_without_accepted_answers_can_only_be_wrong() -> None:
    assert judge("무엇이든", ()).verdict is Verdict.WRONG
    assert judge("", ("",)).verdict is Verdict.WRONG
    assert judge("?!", ("…",)).verdict is Verdict.WRONG


ACCEPTED = sorted({accepted for accepted, _ in grade_cases.pairs(grade_cases.WRONG)})


@given(st.sampled_from(ACCEPTED), st.data())
def test_an_accepted_answer_stays_right_decomposed_and_with_spaces_anywhere(
    accepted: tuple[str, ...], data: st.DataObject
) -> None:
    text = accepted[0]
    at = data.draw(st.lists(st.integers(0, len(text)), max_size=4))
    for i in sorted(at, reverse=True):
        text = f"{text[:i]} {text[i:]}"
    assert judge(unicodedata.normalize("NFD", text), accepted).verdict is Verdict.RIGHT


@given(st.text(st.sampled_from("근로계약서전월세여녀노동이가을를요. 12,%만")), st.data())
def test_every_text_that_is_accepted_is_right(text: str, data: st.DataObject) -> None:
    wrong = data.draw(st.lists(st.sampled_from(["전세", "월세", "2"]), max_size=2))
    verdict = judge(text, (text,), [WrongText(text=word) for word in wrong]).verdict
    assert verdict is (Verdict.RIGHT if text.strip(" .,") else Verdict.WRONG)


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_judging_never_raises(text: str, accepted: list[str]) -> None:
    assert judge(text, accepted).verdict in Verdict
    assert judge(text, accepted, spelling=True).verdict in Verdict


@pytest.mark.parametrize("unit", ["가", "ㄱ", " ", "1", "é\u0301", "a", "0,", "이", "ᆨ", "("])
def test_a_text_beyond_the_limit_is_refused_and_never_right(unit: str) -> None:
    text = unit * 50_000
    assert judge(text, (text,)).verdict is Verdict.WRONG
    assert parse_answer(WORD, {"answer": [text]}) == TooLong("answer", TEXT_LIMIT)
    assert parse_answer(PAY, {"answer": [text]}) == TooLong("answer", TEXT_LIMIT)


def test_one_edit_is_one_insertion_deletion_substitution_or_swap() -> None:
    assert one_edit("abc", "abcd")
    assert one_edit("abc", "bc")
    assert one_edit("abc", "axc")
    assert one_edit("abc", "acb")
    assert not one_edit("abc", "abc")
    assert not one_edit("abc", "cab")
    assert not one_edit("abc", "a")


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_one_edit_agrees_with_trying_every_edit(a: str, b: str) -> None:
    edits = {a[:i] + a[i + 1 :] for i in range(len(a))}
    edits |= {a[:i] + char + a[i:] for i in range(len(a) + 1) for char in "ab"}
    edits |= {a[:i] + char + a[i + 1 :] for i in range(len(a)) for char in "ab"}
    edits |= {a[:i] + a[i + 1] + a[i] + a[i + 2 :] for i in range(len(a) - 1)}
    assert one_edit(a, b) == (b in edits - {a})


# Numbers


def test_a_right_number_gives_its_feedback() -> None:
    assert answered(PAY, {"answer": ["8만 2560원"]}) == Result(
        Verdict.RIGHT, 4, feedback=("맞아요.",), meant="82,560원"
    )


def test_a_listed_wrong_number_gives_its_feedback() -> None:
    assert answered(PAY, {"answer": ["1만 320원"]}) == Result(
        Verdict.WRONG, feedback=("한 시간 임금이에요.",), misconceptions=("곱하지 않음",)
    )


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("3.0", Verdict.RIGHT),
        ("3.2", Verdict.RIGHT),
        ("3.4", Verdict.RIGHT),
        ("3.40000000000000000000000000000000000001", Verdict.WRONG),
        ("2.99999999999999999999999999999999999999", Verdict.WRONG),
        ("3.3", Verdict.WRONG),
    ],
)
def test_a_tolerance_holds_exactly_and_a_listed_mistake_stays_one(
    text: str, verdict: Verdict
) -> None:
    question = Number(
        key="q",
        value=Decimal("3.2"),
        tolerance=Decimal("0.2"),
        wrong=(WrongNumber(value=Decimal("3.3")),),
    )
    assert answered(question, {"answer": [text]}).verdict is verdict


def test_the_note_tells_another_unit_from_no_number() -> None:
    assert answered(PAY, {"answer": ["82560달러"]}).note is Note.UNIT
    assert answered(PAY, {"answer": ["많이요"]}).note is Note.NOT_A_NUMBER
    assert answered(PAY, {"answer": ["82561"]}).note is None


def test_a_question_without_a_unit_takes_the_unit_it_asks_for() -> None:
    question = Number(key="q", prompt="모두 몇 명인가요? 회비는 얼마인가요?", value=Decimal(4))
    for text in ("4", "네 명", "4명", "4원"):
        assert answered(question, {"answer": [text]}).verdict is Verdict.RIGHT
    assert answered(question, {"answer": ["4개"]}).verdict is Verdict.WRONG


# Choices


def test_a_chosen_option_gives_its_feedback_and_only_a_wrong_one_its_misconception() -> None:
    assert answered(COPIES, {"answer": ["two"]}) == Result(Verdict.RIGHT, 3, feedback=("맞아요.",))
    assert answered(COPIES, {"answer": ["one"]}) == Result(
        Verdict.WRONG, feedback=("한 장이면 …",), misconceptions=("한 장이면 된다",)
    )
    assert answered(COPIES, {"answer": ["three"]}) == Result(Verdict.WRONG)


def test_true_or_false_is_a_choice_of_two() -> None:
    assert answered(PHOTO, {"answer": ["yes"]}).verdict is Verdict.RIGHT
    assert answered(PHOTO, {"answer": ["no"]}).feedback == ("함께 남아요.",)


@pytest.mark.parametrize(
    ("chosen", "verdict", "points"),
    [
        (["pay", "time"], Verdict.RIGHT, 5),
        (["time", "pay"], Verdict.RIGHT, 5),
        (["pay"], Verdict.PARTLY, 2),
        (["pay", "time", "home"], Verdict.PARTLY, 2),
        (["pay", "time", "home", "photo"], Verdict.WRONG, 0),
        (["home"], Verdict.WRONG, 0),
    ],
)
def test_a_wrong_tick_takes_back_a_right_one(
    chosen: list[str], verdict: Verdict, points: int
) -> None:
    result = answered(MUST, {"answer": chosen})
    assert (result.verdict, result.points) == (verdict, points)


def test_every_option_is_a_part_and_feedback_follows_the_options() -> None:
    result = answered(MUST, {"answer": ["photo", "home", "pay"]})
    assert result.parts == {"pay": True, "time": False, "home": False, "photo": False}
    assert result.feedback == ("가", "나", "다")
    assert result.misconceptions == ("고향도 적는다",)


@given(st.permutations(MUST.options), st.sets(st.sampled_from(["pay", "time", "home"]), min_size=1))
def test_the_order_of_options_does_not_matter(options: list[Option], chosen: set[str]) -> None:
    mixed = MUST.model_copy(update={"options": tuple(options)})
    one, other = (answered(question, {"answer": sorted(chosen)}) for question in (MUST, mixed))
    assert (one.verdict, one.points, one.parts) == (other.verdict, other.points, other.parts)


# Order, match, sort


def test_an_order_is_judged_place_by_place() -> None:
    assert answered(STEPS, {"answer": ["a", "b", "c"]}).verdict is Verdict.RIGHT
    result = answered(STEPS, {"answer": ["b", "a", "c"]})
    assert (result.verdict, result.points) == (Verdict.PARTLY, 2)
    assert result.parts == {"a": False, "b": False, "c": True}
    assert answered(STEPS, {"answer": ["b", "c", "a"]}).verdict is Verdict.WRONG


def test_an_order_can_be_given_as_places() -> None:
    fields = {"place-b": ["1"], "place-a": ["2"], "place-c": ["3"]}
    assert parse_answer(STEPS, fields) == Answer({"answer": ("b", "a", "c")})


def test_items_that_read_the_same_may_change_places() -> None:
    twins = STEPS.model_copy(
        update={"items": (*STEPS.items[:2], Item(key="c", text="가"))},
    )
    assert answered(twins, {"answer": ["c", "b", "a"]}).verdict is Verdict.RIGHT


def test_pairs_are_judged_by_what_stands_on_the_right() -> None:
    fields = {"pair-pay": ["leave"], "pair-hack": ["hack"], "pair-leave": ["pay"]}
    assert answered(DESKS, fields).verdict is Verdict.RIGHT
    result = answered(DESKS, fields | {"pair-hack": ["pay"]})
    assert (result.verdict, result.points) == (Verdict.PARTLY, 2)
    assert result.parts == {"pay": True, "hack": False, "leave": True}


def test_items_are_judged_by_their_group() -> None:
    fields = {"group-day": ["ok"], "group-code": ["no"], "group-card": ["no"]}
    assert answered(SHARE, fields) == Result(
        Verdict.RIGHT, 3, parts={"day": True, "code": True, "card": True}
    )
    assert answered(SHARE, fields | {"group-card": ["ok"]}).parts["card"] is False
    wrong = {"group-day": ["no"], "group-code": ["ok"], "group-card": ["ok"]}
    assert answered(SHARE, wrong).verdict is Verdict.WRONG


# Blanks


def test_blanks_are_judged_one_by_one() -> None:
    fields = {"blank-0": ["2장"], "blank-1": ["저도"], "blank-2": ["근로 계약서"]}
    assert answered(FILL, fields).verdict is Verdict.RIGHT
    result = answered(FILL, fields | {"blank-0": ["세 장"]})
    assert (result.verdict, result.points) == (Verdict.PARTLY, 4)
    assert result.parts == {"0": False, "1": True, "2": True}


def test_a_slip_in_one_blank_makes_the_whole_close() -> None:
    fields = {"blank-0": ["두 장"], "blank-1": ["나도"], "blank-2": ["근로게약서"]}
    result = answered(FILL, fields)
    assert (result.verdict, result.points, result.meant) == (Verdict.CLOSE, 6, "근로계약서")


def test_a_list_of_words_is_chosen_from() -> None:
    assert answered(BANK, {"blank-0": ["두 장"], "blank-1": ["나도"]}).verdict is Verdict.RIGHT
    assert answered(BANK, {"blank-0": ["나도"], "blank-1": ["회사만"]}).verdict is Verdict.WRONG
    assert parse_answer(BANK, {"blank-0": ["네 장"], "blank-1": ["나도"]}) == Forged("blank-0")


# Scenario, reflection, checklist


def test_a_talk_is_judged_by_its_end_and_keeps_the_feedback_of_every_reply() -> None:
    good = answered(CALL, {"answer": ["who", "ring", "who", "safe"]})
    assert good == Result(Verdict.RIGHT, 2, feedback=("좋은 시작이에요.", "또", "좋은 시작이에요."))
    assert answered(CALL, {"answer": ["app:2"]}) == Result(Verdict.WRONG, feedback=("둘째",))


def test_replies_to_one_node_are_told_apart_by_their_index() -> None:
    assert parse_answer(CALL, {"answer": ["app"]}) == Answer({"answer": ("app:1",)})
    assert parse_answer(CALL, {"answer": ["app:2"]}) == Answer({"answer": ("app:2",)})
    assert parse_answer(CALL, {"answer": ["who:0", "safe:0"]}) == Answer(
        {"answer": ("who", "safe")}
    )


def test_a_fine_end_is_accepted() -> None:
    fine = CALL.model_copy(
        update={"nodes": (*CALL.nodes[:2], Node(key="safe", end="fine"), CALL.nodes[3])}
    )
    assert answered(fine, {"answer": ["who", "safe"]}).verdict is Verdict.RIGHT


def test_a_talk_that_has_not_ended_is_incomplete() -> None:
    assert parse_answer(CALL, {"answer": ["who"]}) == Incomplete(("answer",))
    assert parse_answer(CALL, {}) == Incomplete(("answer",))


@pytest.mark.parametrize(
    "path",
    [
        ["safe"],
        ["who", "app"],
        ["who", "safe", "ring"],
        ["app:0"],
        ["app:9"],
        ["app:x"],
        ["who:", ":"],
        ["who", "ring"] * PATH_LIMIT + ["who", "safe"],
    ],
)
def test_a_talk_that_cannot_have_happened_is_forged(path: list[str]) -> None:
    assert parse_answer(CALL, {"answer": path}) == Forged("answer")


def test_a_reflection_is_noted_and_earns_nothing() -> None:
    assert answered(THINK, {"answer": ["내\r\n생각"]}) == Result(Verdict.NOTED)
    assert parse_answer(THINK, {"answer": ["내\r\n생각\x00 "]}) == Answer({"answer": ("내\n생각",)})
    assert parse_answer(THINK, {"answer": ["가" * (NOTE_LIMIT + 1)]}) == TooLong(
        "answer", NOTE_LIMIT
    )


def test_a_checklist_is_not_graded() -> None:
    assert parse_answer(PHONE, {"answer": ["lock"]}) == NotGraded()


# What can be posted


@pytest.mark.parametrize(
    ("question", "fields", "missing"),
    [
        (COPIES, {}, ("answer",)),
        (COPIES, {"answer": [""]}, ("answer",)),
        (MUST, {"answer": []}, ("answer",)),
        (WORD, {"answer": ["  \n "]}, ("answer",)),
        (PAY, {"other": ["1"]}, ("answer",)),
        (THINK, {"answer": ["\x00"]}, ("answer",)),
        (STEPS, {"answer": ["a", "c"]}, ("place-b",)),
        (STEPS, {"place-a": ["1"], "place-b": [""]}, ("place-b", "place-c")),
        (STEPS, {"place-a": ["1"], "place-b": ["1"], "place-c": ["3"]}, ("place-a", "place-b")),
        (DESKS, {"pair-pay": ["pay"]}, ("pair-hack", "pair-leave")),
        (SHARE, {"group-day": ["ok"], "group-card": ["no"]}, ("group-code",)),
        (FILL, {"blank-0": ["두 장"], "blank-2": [" "]}, ("blank-1", "blank-2")),
    ],
)
def test_what_is_missing_is_named(
    question: AnyQuestion, fields: dict[str, list[str]], missing: tuple[str, ...]
) -> None:
    assert parse_answer(question, fields) == Incomplete(missing)


@pytest.mark.parametrize(
    ("question", "fields", "field"),
    [
        (COPIES, {"answer": ["four"]}, "answer"),
        (COPIES, {"answer": ["one", "two"]}, "answer"),
        (MUST, {"answer": ["pay", "<script>"]}, "answer"),
        (WORD, {"answer": ["가", "나"]}, "answer"),
        (STEPS, {"answer": ["a", "b", "z"]}, "answer"),
        (STEPS, {"answer": ["a", "b", "b"]}, "answer"),
        (STEPS, {"place-a": ["4"], "place-b": ["1"], "place-c": ["2"]}, "place-a"),
        (STEPS, {"place-a": ["1"], "place-z": ["1"]}, "place-z"),
        (DESKS, {"pair-pay": ["nowhere"]}, "pair-pay"),
        (DESKS, {"pair-x": ["pay"]}, "pair-x"),
        (SHARE, {"group-day": ["ok", "no"]}, "group-day"),
        (FILL, {"blank-3": ["가"]}, "blank-3"),
    ],
)
def test_what_the_page_cannot_have_sent_is_forged(
    question: AnyQuestion, fields: dict[str, list[str]], field: str
) -> None:
    assert parse_answer(question, fields) == Forged(field)


def test_fields_of_the_form_itself_are_ignored() -> None:
    fields = {"answer": ["two"], "csrf_token": ["x"], "attempt": ["1", "2"]}
    assert parse_answer(COPIES, fields) == Answer({"answer": ("two",)})


values = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["a", "b", "c", "one", "two", "pay", "ok", "no", "who", "safe", "1", "2"]),
    ),
    max_size=4,
)
names = st.one_of(
    st.sampled_from(
        ["answer", "place-a", "place-b", "pair-pay", "pair-hack", "group-day", "blank-0", "blank-1"]
    ),
    st.text(max_size=8),
)


@given(st.sampled_from(EVERY), st.dictionaries(names, values, max_size=6))
def test_whatever_is_posted_gives_an_answer_or_a_refusal_and_the_answer_a_result(
    question: AnyQuestion, fields: dict[str, list[str]]
) -> None:
    answer = parse_answer(question, fields)
    if isinstance(answer, Answer):
        result = grade(question, answer)
        assert 0 <= result.points <= question.points
        assert (result.verdict in (Verdict.WRONG, Verdict.NOTED)) <= (result.points == 0)


@given(st.sampled_from(EVERY), st.dictionaries(names, values.map(tuple), max_size=4))
def test_an_answer_to_anything_can_be_judged(
    question: AnyQuestion, fields: dict[str, tuple[str, ...]]
) -> None:
    assert grade(question, Answer(fields)).verdict in Verdict


@given(st.sampled_from(EVERY), st.dictionaries(names, values, max_size=6))
def test_an_answer_survives_storing(question: AnyQuestion, fields: dict[str, list[str]]) -> None:
    answer = parse_answer(question, fields)
    if isinstance(answer, Answer):
        assert parse_answer(question, json.loads(json.dumps(answer.as_json()))) == answer


@pytest.mark.parametrize("stored", [None, 1, "two", ["two", 3, None], {"two": 1}])
def test_stored_values_of_another_shape_do_not_raise(stored: object) -> None:
    answer = parse_answer(COPIES, {"answer": stored})  # type: ignore[dict-item]
    assert answer in (Answer({"answer": ("two",)}), Incomplete(("answer",)))
