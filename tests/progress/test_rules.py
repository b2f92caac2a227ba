"""When a lesson is complete, and what certificates are called."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.progress import rules
from academy.progress.rules import Graded, LessonGoal

VERDICTS = ("wrong", "partly", "close", "noted", "right")


def graded(verdict: str = "right", points: int = 1) -> Graded:
    return Graded(verdict, points, {"fields": {"answer": [verdict]}}, {})


def answered(*points: int) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for number, earned in enumerate(points):
        answers = rules.with_answer(answers, f"q{number}", graded(points=earned), "now")
    return answers


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.integers(0, 5)), min_size=1))
def test_the_best_verdict_and_points_stay_the_last_answer_is_shown_and_tries_are_counted(
    tries: list[tuple[str, int]],
) -> None:
    answers: dict[str, Any] = {}
    for verdict, points in tries:
        answers = rules.with_answer(answers, "q", graded(verdict, points), "now")
    entry = answers["q"]
    assert entry["verdict"] == max((verdict for verdict, _ in tries), key=VERDICTS.index)
    assert entry["points"] == max(points for _, points in tries)
    assert entry["last"] == tries[-1][0]
    assert entry["answer"]["fields"]["answer"] == [tries[-1][0]]
    assert entry["tries"] == len(tries)


def test_an_answer_does_not_change_the_answers_before() -> None:
    before = answered(1)
    after = rules.with_answer(before, "q1", graded(), "now")
    assert list(before) == ["q0"]
    assert list(after) == ["q0", "q1"]


def test_seen_blocks_keep_the_order_of_seeing_each_once() -> None:
    assert rules.with_seen(["b", "a"], ["c", "a", "c"]) == ["b", "a", "c"]


GOAL = LessonGoal(blocks=("t", "q0", "q1"), counted={"q0": 1, "q1": 3}, min_score=None)


@pytest.mark.parametrize(
    ("seen", "points", "complete"),
    [
        ((), (), False),
        (("t", "q0", "q1"), (), False),  # seen is not answered
        (("t", "q0", "q1"), (0,), False),
        (("q1", "q0"), (0, 0), False),  # one block was never on screen
        (("q1", "t", "q0"), (0, 0), True),  # wrong answers count as answers; the order is free
        (("t",), (1, 3), True),  # who answered has seen
    ],
)
def test_a_lesson_is_complete_when_all_is_seen_and_every_counted_question_answered(
    seen: tuple[str, ...], points: tuple[int, ...], *, complete: bool
) -> None:
    assert rules.is_complete(GOAL, seen, answered(*points)) is complete


@pytest.mark.parametrize(
    ("least", "points", "missing"),
    [
        (75, (0, 3), None),
        (76, (0, 3), 75),
        (100, (1, 3), None),
        (100, (9, 3), None),  # points of an older, longer question count up to today's
        (100, (9, 0), 25),
        (1, (0, 0), 0),
        (None, (0, 0), None),
    ],
)
def test_the_least_score_is_a_share_of_the_counted_points(
    least: int | None, points: tuple[int, ...], missing: int | None
) -> None:
    goal = LessonGoal(GOAL.blocks, GOAL.counted, least)
    assert rules.missing(goal, GOAL.blocks, answered(*points)).score == missing


def test_a_score_without_counted_points_asks_for_nothing() -> None:
    assert rules.is_complete(LessonGoal(("t",), {}, 100), ("t",), {})
    assert rules.is_complete(LessonGoal((), {"q0": 0}, 100), (), answered(0))


def test_answers_to_questions_that_are_gone_do_not_count() -> None:
    goal = LessonGoal(("q0",), {"q0": 1}, 100)
    assert rules.missing(goal, (), answered(0, 5)).score == 0


def test_codes_are_long_random_and_without_letters_that_look_alike() -> None:
    codes = {rules.new_certificate_code() for _ in range(500)}
    assert len(codes) == 500
    letters = "".join(codes).replace("-", "")
    assert len(letters) == 12 * 500
    assert not set("01ILO") & set(letters)


@given(st.lists(st.sampled_from(" -.\n"), min_size=12, max_size=12))
def test_a_code_is_understood_however_it_was_typed(marks: list[str]) -> None:
    code = rules.new_certificate_code()
    letters = code.replace("-", "").lower()
    typed = "".join(letter + mark for letter, mark in zip(letters, marks, strict=True))
    assert rules.clean_certificate_code(typed) == code
