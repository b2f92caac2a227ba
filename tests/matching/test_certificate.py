"""The checker: it accepts every optimum and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from academy.matching.assign import solve
from academy.matching.certificate import Finding, Flaw, check, dump, load
from academy.matching.model import (
    Aims,
    Assignment,
    Certificate,
    Kind,
    NotProven,
    Pair,
    Problem,
    Stage,
    StageProof,
)
from academy.matching.problem import Places, problem_from, with_locks
from academy.matching.stages import Bools, Weigher, digest, fixed_stages
from academy.matching.subproblem import (
    Face,
    Subproblem,
    first_face,
    narrowed,
    prove,
    restrict,
)
from tests.matching.instances import (
    SALT,
    a_draft,
    all_alike,
    as_dict,
    assignments,
    many,
    seeds,
    values,
)


def small() -> tuple[Problem, Assignment]:
    problem = problem_from(
        {"a": 1, "b": 1, "c": 2},
        {"m": Places(free=1), "n": Places(free=2)},
        {("a", "m"): 900, ("a", "n"): 700, ("b", "m"): 800, ("b", "n"): 500, ("c", "n"): 650},
        salt=SALT,
        aims=Aims(load_price=0),
    )
    return problem, solve(problem)


def with_proof(
    certificate: Certificate, stage: Stage, prices: tuple[int, ...] | None, value: int | None
) -> Certificate:
    return replace(
        certificate,
        proofs=tuple(
            StageProof(
                stage,
                proof.value if value is None else value,
                proof.prices if prices is None else prices,
            )
            if proof.stage == stage
            else proof
            for proof in certificate.proofs
        ),
    )


@many
def test_every_optimum_is_accepted_and_every_other_assignment_rejected(count: int) -> None:
    for source in seeds("accept", count):
        draft = a_draft(source, learners=4, mentors=3)
        problem = draft.problem()
        found = solve(problem)
        assert check(problem, found.pairs, found.certificate) == ()
        for other in assignments(draft):
            if other == as_dict(found.pairs):
                continue
            pairs = [Pair(i, j, draft.fits[i, j]) for i, j in sorted(other.items())]
            assert check(problem, pairs, found.certificate), source
            # Telling the values the other assignment really has does not help it either.
            honest = replace(
                found.certificate,
                proofs=tuple(
                    replace(proof, value=value)
                    for proof, value in zip(
                        found.certificate.proofs, values(draft, other), strict=False
                    )
                )
                + found.certificate.proofs[len(values(draft, other)) :],
            )
            assert check(problem, pairs, honest), source


def seen(problem: Problem, face: Face, stage: Stage) -> Subproblem:
    weigher = Weigher(problem)
    weights = weigher.weights(stage, face.alive)
    return restrict(problem, face, face.alive, weights, weigher.place_price(stage))


def chosen_in(problem: Problem, face: Face, chosen: dict[str, str]) -> Bools:
    return np.array(
        [
            chosen.get(problem.learners[problem.rows[e]]) == problem.mentors[problem.cols[e]]
            for e in face.alive
        ],
        dtype=bool,
    )


@many
def test_prices_exist_exactly_for_the_optima_of_a_stage(count: int) -> None:
    for source in seeds("prices", count):
        draft = a_draft(source, learners=4, mentors=3)
        problem = draft.problem()
        best = as_dict(solve(problem).pairs)
        stages = fixed_stages(problem)
        depth = source.randrange(len(stages))
        face = first_face(problem)
        for stage in stages[:depth]:
            duals = prove(seen(problem, face, stage), chosen_in(problem, face, best), stage)
            face = narrowed(problem, Weigher(problem), stage, face, duals)
        sub = seen(problem, face, stages[depth])
        for other in assignments(draft):
            if values(draft, other)[:depth] != values(draft, best)[:depth]:
                continue
            if values(draft, other)[depth] == values(draft, best)[depth]:
                prove(sub, chosen_in(problem, face, other), stages[depth])
            else:
                with pytest.raises(NotProven):
                    prove(sub, chosen_in(problem, face, other), stages[depth])


@many
def test_a_price_that_is_off_is_noticed_or_still_proves_the_same_pairs(count: int) -> None:
    for source in seeds("tamper", count):
        draft = a_draft(source, learners=4, mentors=3)
        problem = draft.problem()
        found = solve(problem)
        proof = source.choice(found.certificate.proofs)
        prices = list(proof.prices)
        prices[source.randrange(len(prices))] += source.choice([-1, 1, -7, 7])
        forged = with_proof(found.certificate, proof.stage, tuple(prices), None)
        best = max(values(draft, other) for other in assignments(draft))
        if check(problem, found.pairs, forged) == ():
            assert values(draft, as_dict(found.pairs)) == best
        for other in assignments(draft):
            pairs = [Pair(i, j, draft.fits[i, j]) for i, j in sorted(other.items())]
            if check(problem, pairs, forged) == ():
                assert values(draft, other) == best, source


def test_a_certificate_belongs_to_one_problem() -> None:
    problem, found = small()
    other = replace(problem, salt=b"another")
    assert check(other, found.pairs, found.certificate) == (Finding(Flaw.OTHER_PROBLEM),)


def test_a_pair_that_is_not_feasible_is_named() -> None:
    problem, found = small()
    for stranger in (Pair("c", "m", 0), Pair("x", "m", 0), Pair("c", "x", 0)):
        findings = check(problem, [stranger], found.certificate)
        assert findings == (Finding(Flaw.UNKNOWN_PAIR),)


def test_a_stored_certificate_still_proves() -> None:
    problem, found = small()
    stored = load(dump(found.certificate))
    assert stored == found.certificate
    assert check(problem, found.pairs, stored) == ()


@pytest.mark.parametrize("text", ["", "{}", '{"problem": "x", "proofs": [["x", 0, 0, []]]}'])
def test_what_is_no_certificate_is_not_read_as_one(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        load(text)


def test_hard_limits_are_reported_together() -> None:
    problem, found = small()
    crowd = [Pair("a", "m", 900), Pair("a", "n", 700), Pair("b", "m", 801)]
    flaws = {finding.flaw for finding in check(problem, crowd, found.certificate)}
    assert flaws == {Flaw.LEARNER_TWICE, Flaw.MENTOR_OVERFULL, Flaw.WRONG_FIT}


def test_a_broken_lock_is_reported() -> None:
    problem, _ = small()
    locked = with_locks(problem, [("b", "n")])
    found = solve(locked)
    swapped = [Pair("a", "n", 700), Pair("b", "m", 800), Pair("c", "n", 650)]
    assert check(locked, swapped, found.certificate) == (Finding(Flaw.LOCK_BROKEN),)


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1), slice(0, 0)])
def test_no_stage_may_be_left_out(cut: slice) -> None:
    problem, found = small()
    short = replace(found.certificate, proofs=found.certificate.proofs[cut])
    assert check(problem, found.pairs, short) == (Finding(Flaw.WRONG_STAGES),)


def test_prices_for_another_number_of_mentors_are_refused() -> None:
    problem, found = small()
    stage = Stage(Kind.FIT)
    forged = with_proof(found.certificate, stage, (0,), None)
    assert check(problem, found.pairs, forged) == (Finding(Flaw.WRONG_STAGES, stage),)


def test_a_boasted_value_is_noticed() -> None:
    problem, found = small()
    stage = Stage(Kind.FIT)
    forged = with_proof(found.certificate, stage, None, found.value(stage) + 1)
    assert check(problem, found.pairs, forged) == (Finding(Flaw.WRONG_VALUE, stage),)


def test_prices_of_nothing_prove_nothing() -> None:
    problem, found = small()
    stage = Stage(Kind.FIT)
    forged = with_proof(found.certificate, stage, (0, 0), None)
    assert check(problem, found.pairs, forged) == (Finding(Flaw.PAIR_BEATS_PRICE, stage),)


def one_place(*, aims: Aims) -> Problem:
    return problem_from(
        {"a": 1, "b": 2},
        {"m": Places(free=1)},
        {("a", "m"): 900, ("b", "m"): 900},
        salt=SALT,
        aims=aims,
    )


def claim(problem: Problem, prices: int) -> Certificate:
    """A forged certificate: every stage reached nothing, at this price."""
    stages = (*fixed_stages(problem), Stage(Kind.TIE))
    return Certificate(digest(problem), tuple(StageProof(one, 0, (prices,)) for one in stages))


def test_a_high_price_does_not_excuse_an_empty_place() -> None:
    problem = one_place(aims=Aims(floor=0, load_price=0))
    stage = Stage(Kind.COVERAGE, 1)
    assert check(problem, [], claim(problem, 1)) == (Finding(Flaw.PLACE_LEFT_EMPTY, stage),)


def test_a_high_price_does_not_keep_the_less_urgent_in_place() -> None:
    problem = one_place(aims=Aims(floor=0, load_price=0))
    stage = Stage(Kind.COVERAGE, 1)
    calm = [Pair("b", "m", 900)]
    assert check(problem, calm, claim(problem, 1)) == (Finding(Flaw.BETTER_ALONE, stage),)
    assert check(problem, calm, claim(problem, 0)) == (Finding(Flaw.PAIR_BEATS_PRICE, stage),)


def test_the_load_price_is_part_of_what_is_proved() -> None:
    fits = {(i, j): 800 if j == "m" else 790 for i in "ab" for j in "mn"}
    problem = problem_from(
        {"a": 1, "b": 1},
        {"m": Places(free=2), "n": Places(free=2)},
        fits,
        salt=SALT,
        aims=Aims(load_price=20),
    )
    found = solve(problem)
    assert found.value(Stage(Kind.FIT)) == 800 + 790
    crowded = [Pair("a", "m", 800), Pair("b", "m", 800)]
    stage = Stage(Kind.FIT)
    forged = with_proof(found.certificate, stage, None, 1600 - 20)
    assert check(problem, crowded, forged) == (Finding(Flaw.PLACE_TOO_DEAR, stage),)


def test_an_optimum_that_is_not_the_only_one_is_not_accepted() -> None:
    problem = all_alike()
    found = solve(problem)
    first_draw = len(fixed_stages(problem)) + 1
    assert len(found.certificate.proofs) > first_draw
    short = replace(found.certificate, proofs=found.certificate.proofs[:first_draw])
    assert check(problem, found.pairs, short) == (Finding(Flaw.NOT_UNIQUE),)
