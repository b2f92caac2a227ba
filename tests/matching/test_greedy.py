"""Best pair first, and blocking pairs."""

from __future__ import annotations

from academy.matching.assign import solve
from academy.matching.greedy import Envy, envied, greedy
from academy.matching.model import Pair
from academy.matching.problem import Places, problem_from
from tests.matching.instances import SALT, Draft, a_draft, as_dict, assignments, many, seeds


def envied_by_hand(draft: Draft, chosen: dict[str, str]) -> set[tuple[str, str]]:
    held: dict[str, list[int]] = {j: [] for j in draft.places}
    for i, j in chosen.items():
        held[j].append(draft.fits[i, j])
    found = set()
    for (i, j), fit in draft.fits.items():
        if i in dict(draft.locks) or chosen.get(i) == j:
            continue
        better = i not in chosen or fit > draft.fits[i, chosen[i]]
        room = len(held[j]) < draft.places[j].free or any(fit > other for other in held[j])
        if better and room:
            found.add((i, j))
    return found


@many
def test_the_detector_finds_what_a_double_loop_finds(count: int) -> None:
    for source in seeds("envy", count):
        draft = a_draft(source, learners=4, mentors=3)
        problem = draft.problem()
        chosen = source.choice(list(assignments(draft)))
        pairs = [Pair(i, j, draft.fits[i, j]) for i, j in chosen.items()]
        found = {(envy.learner, envy.mentor) for envy in envied(problem, pairs)}
        assert found == envied_by_hand(draft, chosen), source


@many
def test_nobody_envies_anybody_after_best_pair_first(count: int) -> None:
    for source in seeds("stable", count):
        draft = a_draft(source, learners=9, mentors=6, locks=False)
        problem = draft.problem()
        assert envied(problem, greedy(problem)) == (), source


@many
def test_greedy_keeps_locks_and_places(count: int) -> None:
    for source in seeds("greedy-locks", count):
        draft = a_draft(source)
        chosen = as_dict(greedy(draft.problem()))
        assert all(chosen[i] == j for i, j in draft.locks)
        for mentor, place in draft.places.items():
            assert sum(j == mentor for j in chosen.values()) <= place.free


def test_the_optimum_may_be_envied_and_says_so() -> None:
    problem = problem_from(
        {"a": 1, "b": 1},
        {"m": Places(free=1), "n": Places(free=1)},
        {("a", "m"): 900, ("a", "n"): 850, ("b", "m"): 700},
        salt=SALT,
    )
    assert envied(problem, solve(problem).pairs) == (Envy("a", "m", 900),)
