"""One stage as a solver sees it, and the face of optima that the stages so far leave.

A stage maximises Σ weight over the chosen pairs minus the price of the places used. A learner
holds one place at most; mentor j fills between `low[j]` and `high[j]` places, and the place
after `k` filled ones costs `step × (held[j] + k)`. Every place is thus its own mentor with its
own price; they only share their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from academy.matching.model import NotProven, Problem, Stage
from academy.matching.stages import Bools, Ints, Weigher, chunks


@dataclass(frozen=True, kw_only=True, eq=False)
class Subproblem:
    """What a solver gets.

    Args:
        learners, mentors: how many there are.
        rows, cols: int32[e]. `weights`: int64[e], ≥ 0.
        must: bool[n], learners who have to be matched.
        low, high: int64[m]. `held`: int64[m].
        step: price of each further place.
    """

    learners: int
    mentors: int
    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    weights: Ints
    must: Bools
    low: Ints
    high: Ints
    held: Ints
    step: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Duals:
    """Prices that prove a stage.

    Args:
        mate: int64[n], the mentor of each learner or −1.
        prices: int64[m], what one more place is worth.
        surplus: int64[n], what the learner's own weight is above the price paid.
    """

    mate: Ints
    prices: Ints
    surplus: Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """The assignments that are optimal at every stage so far.

    Args:
        alive: int32[…], sorted positions of the pairs still allowed.
        must, low, high: as in `Subproblem`.
    """

    alive: NDArray[np.int32]
    must: Bools
    low: Ints
    high: Ints


def first_face(problem: Problem) -> Face:
    """Everything feasible: all pairs, except that locked learners keep only their lock."""
    must = np.zeros(len(problem.learners), dtype=bool)
    must[problem.rows[problem.locked]] = True
    alive = np.arange(len(problem.rows), dtype=np.int32)
    if problem.locked.size:
        keep = ~must[problem.rows]
        keep[problem.locked] = True
        alive = alive[keep]
    low = np.zeros(len(problem.mentors), dtype=np.int64)
    return Face(alive=alive, must=must, low=low, high=problem.places.copy())


def restrict(
    problem: Problem, face: Face, index: NDArray[np.int32], weights: Ints, step: int
) -> Subproblem:
    """The face, seen through some of its pairs."""
    return Subproblem(
        learners=len(problem.learners),
        mentors=len(problem.mentors),
        rows=problem.rows[index],
        cols=problem.cols[index],
        weights=weights,
        must=face.must,
        low=face.low,
        high=face.high,
        held=problem.held,
        step=step,
    )


def narrowed(problem: Problem, weigher: Weigher, stage: Stage, face: Face, duals: Duals) -> Face:
    """The optima of this stage within the face (complementary slackness).

    Kept are the tight pairs (weight = price + surplus). A learner with a surplus must stay
    matched; a place whose price lies below the mentor's must stay filled, one whose price
    lies above must stay empty.
    """
    kept = []
    for part in chunks(len(face.alive)):
        index = face.alive[part]
        weights = weigher.weights(stage, index)
        worth = duals.prices[problem.cols[index]] + duals.surplus[problem.rows[index]]
        kept.append(index[weights == worth])
    step = weigher.place_price(stage)
    low, high = place_bounds(duals.prices, face.low, face.high, problem.held, step)
    return replace(
        face,
        alive=np.concatenate(kept) if kept else face.alive,
        must=face.must | (duals.surplus > 0),
        low=low,
        high=high,
    )


def place_bounds(prices: Ints, low: Ints, high: Ints, held: Ints, step: int) -> tuple[Ints, Ints]:
    """How many places must, and how many may, be filled at these mentor prices."""
    if step:
        cheaper = -(-prices // step) - held  # places that cost less than the price
        affordable = prices // step - held + 1  # … that cost at most the price
        return np.clip(cheaper, low, high), np.clip(affordable, low, high)
    return np.where(prices > 0, high, low), np.where(prices < 0, low, high)


def prove(sub: Subproblem, chosen: Bools, stage: Stage) -> Duals:
    """The least mentor prices that prove `chosen` optimal.

    Least fixpoint of: p_k ≥ w_ik − w_ij + p_j for every learner i held by j; p_k ≥ w_ik for
    an unmatched i; p_j ≥ the price of the last place j filled, where j may give it up. It
    exists, and respects the upper bounds checked at the end, exactly if no exchange would
    gain (Bellman–Ford on the residual graph; the buyer-optimal prices of Demange, Gale and
    Sotomayor 1986).

    Raises:
        NotProven: `chosen` breaks a bound or is not optimal.
    """
    rows, cols = sub.rows[chosen], sub.cols[chosen]
    mate = np.full(sub.learners, -1, dtype=np.int64)
    mate[rows] = cols
    own = np.zeros(sub.learners, dtype=np.int64)
    own[rows] = sub.weights[chosen]
    load = np.bincount(cols, minlength=sub.mentors).astype(np.int64)
    if (
        np.count_nonzero(mate >= 0) != len(rows)
        or np.any(load < sub.low)
        or np.any(load > sub.high)
        or np.any(sub.must & (mate < 0))
    ):
        raise NotProven(str(stage))
    prices = _least_prices(sub, mate, own, load)
    if prices is None:
        raise NotProven(str(stage))
    surplus = own.copy()
    surplus[rows] -= prices[cols]
    if np.any(surplus[~sub.must] < 0):
        raise NotProven(str(stage))
    return Duals(mate=mate, prices=prices, surplus=surplus)


def _least_prices(sub: Subproblem, mate: Ints, own: Ints, load: Ints) -> Ints | None:
    """The fixpoint, or None if an exchange would gain."""
    next_place = sub.step * (sub.held + load)
    # Where nothing bounds a price from below (a mentor whose learners may not leave and have
    # nowhere to go) it starts this low: under every sum of weights an exchange could add up.
    reach = int(sub.weights.max(initial=0)) + int(next_place.max(initial=0)) + 1
    prices = np.full(sub.mentors, -4 * reach * (sub.mentors + 2), dtype=np.int64)
    droppable = load > sub.low
    prices[droppable] = next_place[droppable] - sub.step
    idle = (load == 0) & (sub.high > 0)
    prices[idle] = next_place[idle]

    source = mate[sub.rows]
    free = source < 0
    np.maximum.at(prices, sub.cols[free], sub.weights[free])
    moves = np.flatnonzero(~free & (source != sub.cols))
    moves = moves[np.argsort(source[moves], kind="stable")]
    gain = sub.weights[moves] - own[sub.rows[moves]]
    target = sub.cols[moves]
    source = source[moves]
    starts = np.searchsorted(source, np.arange(sub.mentors + 1))

    room = load < sub.high
    changed = np.arange(sub.mentors)
    for _ in range(sub.mentors + 2):
        if np.any(prices[room] > next_place[room]):
            return None
        if not changed.size:
            return prices
        edges = _ranges(starts[changed], starts[changed + 1])
        raised = prices.copy()
        np.maximum.at(raised, target[edges], gain[edges] + prices[source[edges]])
        changed = np.flatnonzero(raised > prices)
        prices = raised
    return None


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """All whole numbers of several half-open ranges, one after the other."""
    lengths = ends - starts
    offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return offsets + np.arange(len(offsets))
