"""Which pairs the solver is shown first: the best few of each learner AND of each mentor.

Pruning by learner alone loses people (k = 20 left 5 % of the matchable unmatched at
20,000 × 5,000), because everybody's favourites are the same. From both sides nobody was lost,
and price rounds (`assign`) add every pair that could still matter until the optimum over all
pairs is proven.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from academy.matching.model import TOP_FIT, Problem
from academy.matching.stages import Bools, chunks


@dataclass(frozen=True, kw_only=True)
class Pruning:
    """How many pairs to start with.

    Args:
        above: problems with at most this many pairs are not pruned.
        per_learner, per_mentor: the best this many of each.
        per_round: how many violated pairs a price round adds at most, the most violated first.
    """

    above: int = 1_200_000
    per_learner: int = 50
    per_mentor: int = 50
    per_round: int = 400_000


DEFAULT_PRUNING = Pruning()


def first_candidates(problem: Problem, pruning: Pruning) -> Bools:
    """bool[E]: the pairs to start with; locked pairs always among them."""
    if len(problem.rows) <= pruning.above:
        return np.ones(len(problem.rows), dtype=bool)
    active = best_of_each(problem.rows, problem.fit, len(problem.learners), pruning.per_learner)
    active |= best_of_each(problem.cols, problem.fit, len(problem.mentors), pruning.per_mentor)
    active[problem.locked] = True
    return active


def best_of_each(groups: NDArray[np.int32], fit: NDArray[np.int16], count: int, best: int) -> Bools:
    """bool[E]: the `best` pairs of highest fit in every group, ties by a fixed shuffle.

    A histogram of fits gives each group the level at which its quota is reached; only the
    pairs exactly on that level need sorting.
    """
    levels = TOP_FIT + 1
    histogram = np.zeros(count * levels, dtype=np.int32)
    for part in chunks(len(groups)):
        histogram += np.bincount(
            groups[part].astype(np.int64) * levels + fit[part], minlength=count * levels
        ).astype(np.int32)
    from_top = histogram.reshape(count, levels)[:, ::-1].cumsum(axis=1, dtype=np.int32)
    reached = from_top >= best
    step = np.where(reached.any(axis=1), reached.argmax(axis=1), levels - 1)
    level = (TOP_FIT - step).astype(np.int16)
    above = np.where(step > 0, from_top[np.arange(count), np.maximum(step - 1, 0)], 0)

    chosen = np.zeros(len(groups), dtype=bool)
    ties = []
    for part in chunks(len(groups)):
        lead = fit[part] - level[groups[part]]
        chosen[part] = lead > 0
        ties.append(np.flatnonzero(lead == 0) + part.start)
    if not ties:
        return chosen
    tied = np.concatenate(ties)
    # Among equals take those spread evenly, not the lowest ids of everybody.
    shuffle = (tied.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    tied = tied[np.lexsort((shuffle, groups[tied]))]
    starts = np.searchsorted(groups[tied], np.arange(count))
    rank = np.arange(len(tied)) - starts[groups[tied]]
    chosen[tied[rank < (best - above)[groups[tied]]]] = True
    return chosen
