"""What the intake may not contain."""

from __future__ import annotations

import pickle
from typing import TypeVar

import pytest

from academy.matching.model import Aims, Assignment, Certificate, Kind, OutOfRange, Stage
from tests.matching.people import a_need, an_offer

T = TypeVar("T")


def sent(value: T) -> T:
    copy: T = pickle.loads(pickle.dumps(value))  # noqa: S301 -- written one call earlier
    return copy


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("tier", 0),
        ("topics", ("a", "b", "c", "d")),
        ("topics", ("a", "a")),
        ("interests", frozenset("abcdef")),
        ("slots", frozenset({21})),
    ],
)
def test_a_need_refuses_what_no_form_asks(what: str, value: object) -> None:
    with pytest.raises(OutOfRange) as refusal:
        a_need(**{what: value})
    assert refusal.value.what == what


@pytest.mark.parametrize(
    ("what", "value"),
    [("capacity", 0), ("capacity", 4), ("slots", frozenset({-1})), ("pending", -1)],
)
def test_an_offer_refuses_what_no_form_asks(what: str, value: object) -> None:
    with pytest.raises(OutOfRange):
        an_offer(**{what: value})


@pytest.mark.parametrize("what", ["floor", "load_price", "tie_bits"])
def test_aims_stay_inside_the_arithmetic(what: str) -> None:
    with pytest.raises(OutOfRange):
        Aims(**{what: 1001})


def test_running_pairs_and_pending_offers_take_places() -> None:
    offer = an_offer(capacity=3, active_pairs=1, pending=1)
    assert (offer.places, offer.held) == (1, 2)


def test_an_overbooked_mentor_has_no_negative_places() -> None:
    assert an_offer(capacity=1, active_pairs=2).places == 0


def test_people_travel_to_another_process() -> None:
    need = a_need(topics=("a",))
    assert sent(need) == need


def test_errors_travel_to_another_process_with_their_facts() -> None:
    error = sent(OutOfRange("tier", 0))
    assert (error.what, error.value) == ("tier", 0)


def test_asking_for_a_stage_that_was_not_run_is_an_error() -> None:
    empty = Assignment((), Certificate("", ()), "none", 0, 0)
    with pytest.raises(KeyError):
        empty.value(Stage(Kind.FIT))
    assert empty.mentor_of("l0") is None
