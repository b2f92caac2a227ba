"""The numbers a programme may set."""

from __future__ import annotations

import pytest

from academy.matching.model import OutOfRange
from academy.matching.weights import DEFAULT_WEIGHTS, NEIGHBOURS, Criterion, Policy


def test_the_default_weights_are_those_of_the_research() -> None:
    assert [DEFAULT_WEIGHTS[criterion] for criterion in Criterion] == [35, 20, 15, 10, 10, 5, 5]


def test_weights_that_do_not_sum_to_a_hundred_are_refused() -> None:
    with pytest.raises(OutOfRange):
        Policy(weights={**DEFAULT_WEIGHTS, Criterion.TOPICS: 36})


def test_a_forgotten_criterion_is_refused() -> None:
    with pytest.raises(OutOfRange):
        Policy(weights={Criterion.TOPICS: 100})


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(OutOfRange):
        Policy(weights={**DEFAULT_WEIGHTS, Criterion.TOPICS: 60, Criterion.KIND: -20})


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("neutral", 1001),
        ("online_share", 0),
        ("neighbour_share", 0),
        ("least_fit", -1),
        ("least_slots", 0),
        ("enough_slots", 0),
        ("enough_interests", 0),
    ],
)
def test_limits_out_of_range_are_refused(what: str, value: int) -> None:
    with pytest.raises(OutOfRange) as refusal:
        Policy(**{what: value})  # type: ignore[arg-type]
    assert refusal.value.what == what


def test_neighbouring_regions_border_each_other_both_ways() -> None:
    assert len(NEIGHBOURS) == 17
    assert all(home in NEIGHBOURS[other] for home, around in NEIGHBOURS.items() for other in around)
    assert all(home not in around for home, around in NEIGHBOURS.items())
