"""The optimum: against brute force, and everything it promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from academy.matching import assign, flow, rules
from academy.matching.assign import ORTOOLS, SCIPY, Engine, default_engine, solve
from academy.matching.explain import moves
from academy.matching.greedy import greedy
from academy.matching.model import Aims, EngineFailed, EngineMissing, Kind, NotProven, Stage
from academy.matching.problem import Places, prepare, problem_from, with_locks, without
from academy.matching.stages import Bools, digest
from academy.matching.subproblem import Subproblem
from tests.matching.instances import (
    SALT,
    Draft,
    Seed,
    a_draft,
    all_alike,
    as_dict,
    assignments,
    draws,
    fixed_values,
    many,
    seeds,
    values,
)
from tests.matching.people import any_people, any_terms

NO_LOAD = Aims(floor=600, load_price=0)


def best_by_hand(draft: Draft) -> dict[str, str]:
    numbers = draws(draft.problem())
    return max(
        assignments(draft),
        key=lambda chosen: (values(draft, chosen), sum(numbers[pair] for pair in chosen.items())),
    )


@many
def test_the_pairs_are_the_lexicographic_optimum(count: int) -> None:
    for source in seeds("brute", count):
        draft = a_draft(source)
        best = best_by_hand(draft)
        found = solve(draft.problem())
        assert fixed_values(found) == values(draft, best), source
        assert as_dict(found.pairs) == best, source


@many
def test_scipy_finds_the_same_pairs_and_values_as_ortools(count: int) -> None:
    for source in seeds("engines", count):
        problem = a_draft(source, learners=8, mentors=6).problem()
        mine, other = solve(problem, engine=ORTOOLS), solve(problem, engine=SCIPY)
        assert mine.pairs == other.pairs, source
        assert fixed_values(mine) == fixed_values(other), source
        assert (mine.engine, other.engine) == ("ortools", "scipy")


@many
def test_the_same_people_in_any_order_get_the_same_mentors(count: int) -> None:
    for source in seeds("order", count):
        terms = any_terms(source)
        needs, offers = any_people(source)
        first = prepare(needs, offers, terms, salt=SALT)
        source.shuffle(needs)
        source.shuffle(offers)
        second = prepare(needs, offers, terms, salt=SALT)
        assert digest(first) == digest(second)
        assert solve(first).pairs == solve(second).pairs, source


def backwards(sub: Subproblem) -> Bools:
    """The solver, given its pairs in the opposite order."""
    turned = replace(
        sub,
        rows=sub.rows[::-1],
        cols=sub.cols[::-1],
        weights=np.ascontiguousarray(sub.weights[::-1]),
    )
    return flow.solve(turned)[::-1]


@many
def test_a_solver_that_walks_the_other_way_ends_at_the_same_pairs(count: int) -> None:
    for source in seeds("backwards", count):
        problem = a_draft(source, learners=8, mentors=5).problem()
        other = solve(problem, engine=Engine("backwards", backwards))
        assert other.pairs == solve(problem).pairs, source


@many
def test_coarse_draws_are_repeated_until_one_optimum_is_left(count: int) -> None:
    for source in seeds("coarse", count):
        draft = a_draft(source, aims=Aims(floor=0, load_price=0, tie_bits=1))
        draft.fits = dict.fromkeys(draft.fits, 500)
        problem = draft.problem()
        first = solve(problem)
        assert first.pairs == solve(problem, engine=SCIPY).pairs, source
        assert first.pairs == solve(problem, engine=Engine("backwards", backwards)).pairs, source


def test_equal_choices_really_need_more_than_one_coarse_draw() -> None:
    stages = [proof.stage for proof in solve(all_alike()).certificate.proofs]
    assert Stage(Kind.TIE, 1) in stages


def test_another_salt_draws_other_winners() -> None:
    fits = {(f"l{k}", "m0"): 700 for k in range(20)}
    tiers = dict.fromkeys((i for i, _ in fits), 1)
    winners = {
        solve(problem_from(tiers, {"m0": Places(free=1)}, fits, salt=bytes([salt])))
        .pairs[0]
        .learner
        for salt in range(1, 40)
    }
    assert len(winners) > 5


@many
def test_no_rule_is_broken_and_no_mentor_overfull_through_locks_holds_and_swaps(
    count: int,
) -> None:
    for source in seeds("rules", count):
        terms = any_terms(source)
        needs, offers = any_people(source)
        problem = prepare(needs, offers, terms, salt=SALT)
        need_of = {need.id: need for need in needs}
        offer_of = {offer.id: offer for offer in offers}
        found = solve(problem)
        for step in range(4):
            load: dict[str, int] = {}
            for pair in found.pairs:
                assert not rules.broken(need_of[pair.learner], offer_of[pair.mentor], terms), source
                load[pair.mentor] = load.get(pair.mentor, 0) + 1
            assert len(as_dict(found.pairs)) == len(found.pairs)
            assert all(number <= offer_of[mentor].places for mentor, number in load.items())
            if not found.pairs:
                break
            pair = source.choice(found.pairs)
            if step % 2 and len(problem.rows) > len(problem.locked):
                free = sorted(set(range(len(problem.rows))) - set(problem.locked.tolist()))
                at = source.choice(free)
                gone = (problem.learners[problem.rows[at]], problem.mentors[problem.cols[at]])
                problem = without(problem, pairs=[gone])
            else:
                problem = with_locks(problem, [(pair.learner, pair.mentor)])
            found = solve(problem)


@many
def test_locked_pairs_are_kept(count: int) -> None:
    for source in seeds("locks", count):
        draft = a_draft(source)
        chosen = as_dict(solve(draft.problem()).pairs)
        assert all(chosen[learner] == mentor for learner, mentor in draft.locks), source


@many
def test_adding_a_constant_to_every_fit_changes_no_pair(count: int) -> None:
    for source in seeds("constant", count):
        draft = a_draft(source, aims=Aims(floor=0, load_price=source.choice([0, 20])))
        before = solve(draft.problem())
        room = 1000 - max(draft.fits.values(), default=1000)
        draft.fits = {pair: fit + room for pair, fit in draft.fits.items()}
        assert as_dict(solve(draft.problem()).pairs) == as_dict(before.pairs), source


@many
def test_a_mentor_with_two_places_is_worth_two_mentors_with_one(count: int) -> None:
    for source in seeds("twins", count):
        draft = a_draft(source, locks=False)
        twin = source.choice(sorted(draft.places))
        held = draft.places[twin].held
        draft.places[twin] = Places(free=2, held=held)
        before = solve(draft.problem())
        draft.places |= {twin: Places(free=1, held=held), "twin": Places(free=1, held=held + 1)}
        draft.fits |= {(i, "twin"): fit for (i, j), fit in draft.fits.items() if j == twin}
        assert fixed_values(solve(draft.problem())) == fixed_values(before), source


@many
def test_one_more_place_lowers_nothing_and_unmatches_nobody(count: int) -> None:
    for source in seeds("place", count):
        draft = a_draft(source)
        before = solve(draft.problem())
        mentor = source.choice(sorted(draft.places))
        place = draft.places[mentor]
        draft.places[mentor] = Places(free=place.free + 1, held=place.held)
        after = solve(draft.problem())
        assert fixed_values(after) >= fixed_values(before), source
        assert as_dict(before.pairs).keys() <= as_dict(after.pairs).keys(), source


@many
def test_a_learner_who_leaves_unmatches_nobody_else(count: int) -> None:
    for source in seeds("leaves", count):
        draft = a_draft(source, locks=False)
        before = as_dict(solve(draft.problem()).pairs)
        leaver = source.choice(sorted(draft.tiers))
        del draft.tiers[leaver]
        draft.fits = {pair: fit for pair, fit in draft.fits.items() if pair[0] != leaver}
        after = as_dict(solve(draft.problem()).pairs)
        assert before.keys() - {leaver} <= after.keys(), source


@many
def test_raising_the_fit_of_a_chosen_pair_keeps_it(count: int) -> None:
    for source in seeds("raise", count):
        draft = a_draft(source)
        before = solve(draft.problem())
        if not before.pairs:
            continue
        pair = source.choice(before.pairs)
        draft.fits[pair.learner, pair.mentor] = source.randint(pair.fit, 1000)
        assert solve(draft.problem()).mentor_of(pair.learner) == pair.mentor, source


@many
def test_forbidding_a_pair_never_helps(count: int) -> None:
    for source in seeds("forbid", count):
        draft = a_draft(source, locks=False)
        if not draft.fits:
            continue
        problem = draft.problem()
        before = solve(problem)
        gone = source.choice(sorted(draft.fits))
        after = solve(without(problem, pairs=[gone]))
        tiers = len(set(draft.tiers.values()))
        assert fixed_values(after) <= fixed_values(before), source
        assert sum(fixed_values(after)[:tiers]) <= sum(fixed_values(before)[:tiers]), source
        if gone not in as_dict(before.pairs).items():
            assert moves(before, after) == (), source


@many
def test_urgency_never_costs_anybody_a_place_in_total(count: int) -> None:
    for source in seeds("tiers", count):
        draft = a_draft(source)
        by_tier = len(solve(draft.problem()).pairs)
        draft.tiers = dict.fromkeys(draft.tiers, 1)
        assert len(solve(draft.problem()).pairs) == by_tier, source


def test_the_more_urgent_learner_gets_the_only_place() -> None:
    problem = problem_from(
        {"calm": 2, "urgent": 1},
        {"m": Places(free=1)},
        {("calm", "m"): 1000, ("urgent", "m"): 400},
        salt=SALT,
    )
    assert as_dict(solve(problem).pairs) == {"urgent": "m"}


def test_two_good_pairs_go_before_one_excellent_and_one_poor() -> None:
    problem = problem_from(
        {"a": 1, "b": 1},
        {"m": Places(free=1), "n": Places(free=1)},
        {("a", "m"): 1000, ("a", "n"): 600, ("b", "m"): 600, ("b", "n"): 590},
        salt=SALT,
    )
    assert as_dict(solve(problem).pairs) == {"a": "n", "b": "m"}


def test_the_load_price_spreads_learners_over_mentors() -> None:
    fits = {(i, j): 800 if j == "m" else 790 for i in "ab" for j in "mn"}
    tiers, places = {"a": 1, "b": 1}, {"m": Places(free=2), "n": Places(free=2)}
    heavy = problem_from(tiers, places, fits, salt=SALT, aims=Aims(load_price=20))
    free = problem_from(tiers, places, fits, salt=SALT, aims=NO_LOAD)
    assert sorted(as_dict(solve(heavy).pairs).values()) == ["m", "n"]
    assert sorted(as_dict(solve(free).pairs).values()) == ["m", "m"]


def test_earlier_pairs_count_as_load() -> None:
    problem = problem_from(
        {"a": 1},
        {"m": Places(free=1, held=2), "n": Places(free=1)},
        {("a", "m"): 800, ("a", "n"): 790},
        salt=SALT,
        aims=Aims(load_price=20),
    )
    assert as_dict(solve(problem).pairs) == {"a": "n"}


@pytest.mark.parametrize(
    "draft",
    [
        Draft({}, {}, {}, Aims()),
        Draft({"l": 1}, {}, {}, Aims()),
        Draft({}, {"m": Places(free=1)}, {}, Aims()),
        Draft({"l": 1}, {"m": Places(free=0)}, {("l", "m"): 900}, Aims()),
    ],
)
@pytest.mark.parametrize("engine", [ORTOOLS, SCIPY], ids=["ortools", "scipy"])
def test_where_no_pair_can_be_made_none_is_and_that_is_proved(draft: Draft, engine: Engine) -> None:
    assert solve(draft.problem(), engine=engine).pairs == ()


def the_greedy_way(sub: Subproblem) -> Bools:
    """A careless solver: best pair first, whatever is bound."""
    chosen = np.zeros(len(sub.rows), dtype=bool)
    single, left = [True] * sub.learners, sub.high.tolist()
    for at in np.argsort(-sub.weights, kind="stable").tolist():
        i, j = int(sub.rows[at]), int(sub.cols[at])
        if single[i] and left[j]:
            single[i] = False
            left[j] -= 1
            chosen[at] = True
    return chosen


@many
def test_a_careless_solver_is_found_out_or_right(count: int) -> None:
    refused = 0
    for source in seeds("careless", count):
        problem = a_draft(source).problem()
        try:
            found = solve(problem, engine=Engine("greedy", the_greedy_way))
        except NotProven:
            refused += 1
        else:
            assert found.pairs == solve(problem).pairs, source
    assert refused > count // 10


def test_a_solver_that_fills_a_place_twice_is_found_out() -> None:
    problem = problem_from(
        {"a": 1, "b": 1}, {"m": Places(free=1)}, {("a", "m"): 700, ("b", "m"): 700}, salt=SALT
    )
    everything = Engine("all", lambda sub: np.ones(len(sub.rows), dtype=bool))
    with pytest.raises(NotProven):
        solve(problem, engine=everything)


def test_an_infeasible_stage_fails_in_both_engines_instead_of_crashing() -> None:
    sub = Subproblem(
        learners=1,
        mentors=1,
        rows=np.zeros(0, dtype=np.int32),
        cols=np.zeros(0, dtype=np.int32),
        weights=np.zeros(0, dtype=np.int64),
        must=np.ones(1, dtype=bool),
        low=np.zeros(1, dtype=np.int64),
        high=np.ones(1, dtype=np.int64),
        held=np.zeros(1, dtype=np.int64),
        step=0,
    )
    for engine in (ORTOOLS, SCIPY):
        with pytest.raises(EngineFailed) as failure:
            engine.solve(sub)
        assert failure.value.status.startswith(engine.name)


def test_ortools_is_preferred_then_scipy_then_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"ortools", "scipy"}
    monkeypatch.setattr(assign, "find_spec", lambda name: name if name in installed else None)
    assert default_engine() is ORTOOLS
    installed.remove("ortools")
    assert default_engine() is SCIPY
    installed.clear()
    with pytest.raises(EngineMissing):
        default_engine()


@many
def test_greedy_never_beats_the_optimum(count: int) -> None:
    for source in seeds("greedy", count):
        draft = a_draft(source)
        problem = draft.problem()
        by_hand = values(draft, as_dict(greedy(problem)))
        assert by_hand <= fixed_values(solve(problem)), source


def test_seeds_name_themselves_when_a_property_fails() -> None:
    assert repr(Seed("order:7")) == "Seed('order:7')"
