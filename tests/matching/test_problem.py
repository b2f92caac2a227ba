"""Building a problem and changing it a little."""

from __future__ import annotations

import numpy as np
import pytest

from academy.matching.model import (
    Aims,
    MatchingError,
    OutOfRange,
    PairNotAllowed,
    Problem,
    RepeatedId,
    TooManyLocks,
)
from academy.matching.problem import (
    Places,
    position,
    prepare,
    problem_from,
    with_locks,
    with_pairs,
    with_places,
    without,
)
from academy.matching.stages import digest
from tests.matching.instances import SALT, a_draft, many, seeds
from tests.matching.people import TERMS, a_need, an_offer


def small() -> Problem:
    return problem_from(
        {"a": 1, "b": 2},
        {"m": Places(free=1), "n": Places(free=2, held=1)},
        {("b", "n"): 500, ("a", "n"): 700, ("a", "m"): 900},
        salt=SALT,
    )


def fits_of(problem: Problem) -> dict[tuple[str, str], int]:
    return {
        (problem.learners[i], problem.mentors[j]): fit
        for i, j, fit in zip(
            problem.rows.tolist(), problem.cols.tolist(), problem.fit.tolist(), strict=True
        )
    }


def test_pairs_are_sorted_by_learner_and_mentor() -> None:
    assert list(fits_of(small()).items()) == [
        (("a", "m"), 900),
        (("a", "n"), 700),
        (("b", "n"), 500),
    ]


def test_a_round_carries_tiers_places_and_load() -> None:
    problem = prepare(
        [a_need(tier=3)], [an_offer(capacity=3, pending=1)], TERMS, salt=SALT, locks=[("l0", "m0")]
    )
    assert (problem.tiers.tolist(), problem.places.tolist(), problem.held.tolist()) == (
        [3],
        [2],
        [1],
    )
    assert problem.locked.tolist() == [0]


def test_two_people_with_one_id_are_refused() -> None:
    with pytest.raises(RepeatedId):
        prepare([a_need(), a_need()], [], TERMS, salt=SALT)
    with pytest.raises(RepeatedId):
        prepare([], [an_offer(), an_offer()], TERMS, salt=SALT)


def test_a_lock_cannot_break_a_rule() -> None:
    with pytest.raises(PairNotAllowed):
        prepare(
            [a_need(excluded=frozenset({"m0"}))],
            [an_offer()],
            TERMS,
            salt=SALT,
            locks=[("l0", "m0")],
        )


@pytest.mark.parametrize("salt", [b"", bytes(65)])
def test_a_salt_has_one_to_sixty_four_bytes(salt: bytes) -> None:
    with pytest.raises(OutOfRange):
        prepare([], [], TERMS, salt=salt)


@pytest.mark.parametrize(
    ("tier", "free", "held", "fit"),
    [(0, 1, 0, 500), (1, -1, 0, 500), (1, 1, -1, 500), (1, 1, 0, 1001), (1, 1, 0, -1)],
)
def test_numbers_out_of_range_are_refused(tier: int, free: int, held: int, fit: int) -> None:
    with pytest.raises(OutOfRange):
        problem_from({"a": tier}, {"m": Places(free=free, held=held)}, {("a", "m"): fit}, salt=SALT)


@pytest.mark.parametrize("pair", [("x", "m"), ("a", "x"), ("b", "m")])
def test_a_pair_nobody_knows_has_no_position(pair: tuple[str, str]) -> None:
    with pytest.raises(PairNotAllowed):
        position(small(), *pair)


def test_a_fit_of_a_stranger_is_refused() -> None:
    with pytest.raises(PairNotAllowed):
        problem_from({"a": 1}, {}, {("a", "m"): 500}, salt=SALT)
    with pytest.raises(PairNotAllowed):
        with_pairs(small(), {("a", "x"): 500})


def test_one_learner_or_one_place_takes_one_lock() -> None:
    with pytest.raises(TooManyLocks) as twice:
        with_locks(small(), [("a", "m"), ("a", "n")])
    assert (twice.value.id, twice.value.places) == ("a", 1)
    full = with_places(small(), "n", 1)
    with pytest.raises(TooManyLocks) as crowded:
        with_locks(full, [("a", "n"), ("b", "n")])
    assert (crowded.value.id, crowded.value.places) == ("n", 1)


def test_places_cannot_fall_below_the_locks() -> None:
    locked = with_locks(small(), [("b", "n")])
    with pytest.raises(OutOfRange):
        with_places(locked, "n", 0)
    with pytest.raises(OutOfRange):
        with_places(small(), "n", -1)
    with pytest.raises(PairNotAllowed):
        with_places(small(), "x", 1)


def test_a_locked_pair_cannot_be_forbidden() -> None:
    with pytest.raises(PairNotAllowed):
        without(with_locks(small(), [("b", "n")]), pairs=[("a", "m"), ("b", "n")])


def test_a_fit_beyond_the_scale_cannot_be_added() -> None:
    with pytest.raises(OutOfRange):
        with_pairs(small(), {("b", "m"): 1001})


@many
def test_added_and_forbidden_pairs_leave_the_rest_and_the_locks_alone(count: int) -> None:
    for source in seeds("change", count):
        draft = a_draft(source)
        problem = draft.problem()
        fits = dict(draft.fits)
        everybody = [(i, j) for i in draft.tiers for j in draft.places]
        extra = {pair: source.randint(0, 1000) for pair in source.sample(everybody, k=1)}
        changed = with_pairs(problem, extra)
        fits |= extra
        free = sorted(fits.keys() - set(draft.locks))
        gone = source.sample(free, k=min(2, len(free)))
        changed = without(changed, pairs=gone)
        for pair in gone:
            del fits[pair]
        assert fits_of(changed) == fits, source
        locked = list(fits_of(changed))
        assert sorted(locked[at] for at in changed.locked) == sorted(draft.locks), source
        assert np.all(np.diff(changed.rows) >= 0)


def test_the_digest_changes_with_anything_that_could_change_the_answer() -> None:
    base = {"a": 1}, {"m": Places(free=1)}, {("a", "m"): 700}
    versions = [
        problem_from(*base, salt=SALT),
        problem_from(*base, salt=b"other"),
        problem_from({"a": 2}, *base[1:], salt=SALT),
        problem_from({"b": 1}, base[1], {("b", "m"): 700}, salt=SALT),
        problem_from(base[0], {"m": Places(free=2)}, base[2], salt=SALT),
        problem_from(base[0], {"m": Places(free=1, held=1)}, base[2], salt=SALT),
        problem_from(*base[:2], {("a", "m"): 701}, salt=SALT),
        problem_from(*base[:2], {}, salt=SALT),
        problem_from(*base, salt=SALT, aims=Aims(floor=601)),
        problem_from(*base, salt=SALT, aims=Aims(load_price=21)),
        problem_from(*base, salt=SALT, aims=Aims(tie_bits=35)),
        with_locks(problem_from(*base, salt=SALT), [("a", "m")]),
    ]
    assert len({digest(version) for version in versions}) == len(versions)


def test_every_refusal_is_one_family() -> None:
    assert issubclass(TooManyLocks, MatchingError)
