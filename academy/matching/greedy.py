"""Best pair first, and who would rather have whom: the yardsticks beside the optimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from academy.matching.certificate import positions
from academy.matching.model import Kind, Pair, Problem, Stage
from academy.matching.stages import Ints, Weigher, chunks
from academy.matching.subproblem import first_face


@dataclass(frozen=True)
class Envy:
    """A pair that is not matched though it would fit both sides better.

    The optimum has such pairs: "most people matched, then best total fit" and "nobody envies
    anybody" contradict each other. A fact to know, never an error.
    """

    learner: str
    mentor: str
    fit: int


def greedy(problem: Problem) -> tuple[Pair, ...]:
    """Locks first, then pair after pair by falling fit, ties by the salted draw."""
    index = first_face(problem).alive
    locked = np.isin(index, problem.locked)
    draw = Weigher(problem).weights(Stage(Kind.TIE), index)
    order = index[np.lexsort((-draw, -problem.fit[index], ~locked))]
    left = problem.places.tolist()
    single = [True] * len(problem.learners)
    pairs = []
    for part in chunks(len(order)):
        best = order[part]
        for i, j, fit in zip(
            problem.rows[best].tolist(),
            problem.cols[best].tolist(),
            problem.fit[best].tolist(),
            strict=True,
        ):
            if single[i] and left[j]:
                single[i] = False
                left[j] -= 1
                pairs.append(Pair(problem.learners[i], problem.mentors[j], fit))
    return tuple(sorted(pairs, key=lambda pair: pair.learner))


def envied(problem: Problem, pairs: Sequence[Pair]) -> tuple[Envy, ...]:
    """Every blocking pair (Gale and Shapley 1962) of this assignment, by learner and mentor.

    Blocking: not matched with each other, the learner would fit better than now (or has
    nobody), and the mentor has room or holds somebody who fits less. Locked learners are
    left out: staff decided for them.
    """
    learner_at = {text: at for at, text in enumerate(problem.learners)}
    mentor_at = {text: at for at, text in enumerate(problem.mentors)}
    rows = _ints([learner_at[pair.learner] for pair in pairs])
    cols = _ints([mentor_at[pair.mentor] for pair in pairs])
    fits = problem.fit[positions(problem, rows, cols)].astype(np.int64)
    own = np.full(len(problem.learners), -1, dtype=np.int64)
    own[rows] = fits
    worst = np.full(len(problem.mentors), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(worst, cols, fits)
    room = np.bincount(cols, minlength=len(problem.mentors)) < problem.places
    worst[room] = -1
    free = np.ones(len(problem.learners), dtype=bool)
    free[problem.rows[problem.locked]] = False
    blocking = (
        (problem.fit > own[problem.rows]) & (problem.fit > worst[problem.cols]) & free[problem.rows]
    )
    return tuple(
        Envy(
            problem.learners[problem.rows[e]], problem.mentors[problem.cols[e]], int(problem.fit[e])
        )
        for e in np.flatnonzero(blocking).tolist()
    )


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
