"""OR-tools' minimum-cost flow as the solver of a stage. The only module that imports it.

`SimpleMinCostFlow` is exact on integers (cost-scaling push-relabel, Goldberg 1997). It holds
the interpreter lock while it works: call it from a worker process (`worker.solve_apart`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from academy.matching.model import EngineFailed
from academy.matching.stages import Bools, Ints
from academy.matching.subproblem import Subproblem

NAME = "ortools"


def solve(sub: Subproblem) -> Bools:
    """The optimum of one stage: bool[e], which pairs are chosen.

    Every learner sends one unit. It runs to a mentor, or, for a learner who may stay
    unmatched, straight to the root. A mentor keeps `low` units and passes each further one on
    to the root at its place's price.

    Raises:
        EngineFailed: the solver did not report an optimum.
    """
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 -- an optional dependency

    people = sub.learners + sub.mentors
    root = people
    flow = min_cost_flow.SimpleMinCostFlow()
    pair_arcs = flow.add_arcs_with_capacity_and_unit_cost(
        sub.rows.astype(np.int32),
        (sub.cols + sub.learners).astype(np.int32),
        np.ones(len(sub.rows), dtype=np.int64),
        -sub.weights,
    )
    optional = np.flatnonzero(~sub.must)
    _add_to_root(flow, optional, np.ones_like(optional), np.zeros_like(optional), root)
    spare = sub.high - sub.low
    for k in range(int(spare.max(initial=0))):
        mentors = np.flatnonzero(spare > k)
        price = sub.step * (sub.held + sub.low + k)[mentors]
        _add_to_root(flow, mentors + sub.learners, np.ones_like(mentors), price, root)
    supplies = np.concatenate(
        (
            np.ones(sub.learners, dtype=np.int64),
            -sub.low,
            [int(sub.low.sum()) - sub.learners],
        )
    )
    flow.set_nodes_supplies(np.arange(people + 1, dtype=np.int32), supplies)
    status = flow.solve()
    if status != flow.OPTIMAL:
        # Reading flows after any other status crashes the process (google/or-tools#3947).
        raise EngineFailed(f"ortools:{status}")
    return np.asarray(flow.flows(pair_arcs)) > 0


def _add_to_root(flow: Any, tails: Ints, capacities: Ints, costs: Ints, root: int) -> None:
    flow.add_arcs_with_capacity_and_unit_cost(
        tails.astype(np.int32),
        np.full(len(tails), root, dtype=np.int32),
        capacities.astype(np.int64),
        costs.astype(np.int64),
    )
