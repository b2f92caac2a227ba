"""SciPy's sparse assignment as the solver of a stage, where OR-tools is not installed.

The only module that imports SciPy's solvers. Slower (every place becomes a column of its own,
and the graph is doubled), same optimum; the tie-break makes it the same pairs.
"""

from __future__ import annotations

import numpy as np

from academy.matching.model import EngineFailed
from academy.matching.stages import Bools, Ints
from academy.matching.subproblem import Subproblem

NAME = "scipy"


def solve(sub: Subproblem) -> Bools:
    """The optimum of one stage: bool[e], which pairs are chosen.

    Rows are learners i and a mirror s′ of every place, columns are places s and a mirror i′ of
    every learner. A pair (i, s) brings the mirrored pair (s′, i′) at no weight; who may stay
    unmatched has an edge to the own mirror. A perfect matching of this graph is exactly an
    assignment in which all that must be matched is.

    Raises:
        EngineFailed: the solver reports that nothing is feasible.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 -- an optional dependency
    from scipy.sparse.csgraph import (  # noqa: PLC0415
        min_weight_full_bipartite_matching,
    )

    owner, price, needed = _places(sub)
    first = np.searchsorted(owner, np.arange(sub.mentors + 1))
    copies = np.diff(first)[sub.cols]
    pair = np.repeat(np.arange(len(sub.rows)), copies)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(copies) - copies, copies)
    place = first[sub.cols[pair]] + within
    learner = sub.rows[pair].astype(np.int64)
    n, places = sub.learners, len(owner)

    alone = np.flatnonzero(~sub.must)
    empty = np.flatnonzero(~needed)
    rows = np.concatenate((learner, n + place, alone, n + empty))
    cols = np.concatenate((place, places + learner, places + alone, empty))
    gains = np.zeros(len(rows), dtype=np.int64)
    gains[: len(pair)] = sub.weights[pair] - price[place]
    # The solver takes a stored zero for a missing edge; every perfect matching has the same
    # number of edges, so a constant on each changes nothing.
    costs = (int(gains.max(initial=0)) + 1 - gains).astype(np.float64)
    size = n + places
    if size == 0:
        return np.zeros(0, dtype=bool)
    graph = csr_array((costs, (rows, cols)), shape=(size, size))
    try:
        left, right = min_weight_full_bipartite_matching(graph)
    except ValueError as error:
        raise EngineFailed(f"scipy:{error}") from error
    mate = np.full(size, -1, dtype=np.int64)
    mate[left] = right
    chosen = np.zeros(len(sub.rows), dtype=bool)
    chosen[pair[mate[learner] == place]] = True
    return chosen


def _places(sub: Subproblem) -> tuple[Ints, Ints, Bools]:
    """Every place that may be filled: its mentor, its price, and whether it must be."""
    owner = np.repeat(np.arange(sub.mentors), sub.high)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(sub.high) - sub.high, sub.high)
    return owner, sub.step * (sub.held[owner] + rank), rank < sub.low[owner]
