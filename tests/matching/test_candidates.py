"""Pruning from both sides and price rounds."""

from __future__ import annotations

import numpy as np

from academy.matching.assign import solve
from academy.matching.candidates import DEFAULT_PRUNING, Pruning, best_of_each, first_candidates
from academy.matching.certificate import check
from tests.matching.instances import a_draft, fixed_values, many, seeds


@many
def test_pruned_and_completed_by_price_rounds_is_the_all_pairs_optimum(count: int) -> None:
    added = 0
    for source in seeds("prune", count):
        draft = a_draft(source, learners=9, mentors=6)
        problem = draft.problem()
        every_pair = solve(problem)
        pruning = Pruning(
            above=0,
            per_learner=1,
            per_mentor=source.randint(1, 2),
            per_round=source.choice([1, 1000]),
        )
        pruned = solve(problem, pruning=pruning)
        assert pruned.pairs == every_pair.pairs, source
        assert fixed_values(pruned) == fixed_values(every_pair), source
        assert check(problem, pruned.pairs, pruned.certificate) == ()
        assert pruned.candidates <= every_pair.candidates
        added += pruned.price_rounds
    assert added > 0


@many
def test_the_best_of_each_are_the_best_of_each(count: int) -> None:
    for source in seeds("best", count):
        size, groups = source.randint(0, 40), source.randint(1, 5)
        group = np.array([source.randrange(groups) for _ in range(size)], dtype=np.int32)
        fit = np.array([source.choice([0, 1, 2, 999, 1000]) for _ in range(size)], dtype=np.int16)
        best = source.randint(1, 6)
        chosen = best_of_each(group, fit, groups, best)
        for one in range(groups):
            inside, kept = fit[group == one], fit[(group == one) & chosen]
            expected = sorted(inside.tolist(), reverse=True)[:best]
            assert sorted(kept.tolist(), reverse=True) == expected, source


def test_small_problems_are_not_pruned() -> None:
    for source in seeds("small", 5):
        assert first_candidates(a_draft(source).problem(), DEFAULT_PRUNING).all()


def test_locked_pairs_are_always_candidates() -> None:
    kept = 0
    for source in seeds("locked", 60):
        problem = a_draft(source).problem()
        active = first_candidates(problem, Pruning(above=0, per_learner=1, per_mentor=1))
        assert active[problem.locked].all()
        kept += len(problem.locked)
    assert kept > 0
