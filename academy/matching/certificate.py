"""An independent checker: is this assignment optimal, given its prices?

It runs no solver and trusts none. For every stage it needs only weak duality: with mentor
prices p and learner surpluses u, if no pair is worth more than p + u, nobody who may stay
alone pays to be matched, filled places cost at most p and empty ones at least p, then no
assignment is worth more. It then cuts the choice down to the pairs and places that every
optimum of the stage must respect and looks at the next stage. Whole numbers throughout.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from academy.matching.model import Certificate, Kind, Pair, Problem, Stage, StageProof
from academy.matching.stages import Ints, Weigher, chunks, digest, fixed_stages


class Flaw(StrEnum):
    """What can be wrong."""

    OTHER_PROBLEM = "other_problem"
    UNKNOWN_PAIR = "unknown_pair"
    WRONG_FIT = "wrong_fit"
    LEARNER_TWICE = "learner_twice"
    MENTOR_OVERFULL = "mentor_overfull"
    LOCK_BROKEN = "lock_broken"
    WRONG_STAGES = "wrong_stages"
    WRONG_VALUE = "wrong_value"
    PAIR_BEATS_PRICE = "pair_beats_price"
    BETTER_ALONE = "better_alone"
    PLACE_TOO_DEAR = "place_too_dear"
    PLACE_LEFT_EMPTY = "place_left_empty"
    NOT_UNIQUE = "not_unique"


@dataclass(frozen=True)
class Finding:
    """One flaw; `stage` is None if it is not about a stage."""

    flaw: Flaw
    stage: Stage | None = None


def check(problem: Problem, pairs: Sequence[Pair], certificate: Certificate) -> tuple[Finding, ...]:
    """What is wrong with the pairs or their proof; empty if they are the optimum.

    Stops at the first stage that fails, since later stages build on it.
    """
    if certificate.problem != digest(problem):
        return (Finding(Flaw.OTHER_PROBLEM),)
    mate, findings = _read(problem, pairs)
    if findings:
        return findings
    stages = tuple(proof.stage for proof in certificate.proofs)
    fixed = fixed_stages(problem)
    draws = tuple(Stage(Kind.TIE, draw) for draw in range(len(stages) - len(fixed)))
    if not draws or stages != fixed + draws:
        return (Finding(Flaw.WRONG_STAGES),)
    review = _Review(problem, mate)
    for proof in certificate.proofs:
        flaw = review.flaw_of(proof)
        if flaw is not None:
            return (Finding(flaw, proof.stage),)
    if not unique(problem, review.alive, mate, review.must, review.low, review.high):
        return (Finding(Flaw.NOT_UNIQUE),)
    return ()


def dump(certificate: Certificate) -> str:
    """The certificate as JSON, to be stored with its round."""
    return json.dumps(
        {
            "problem": certificate.problem,
            "proofs": [
                [proof.stage.kind, proof.stage.number, proof.value, proof.prices]
                for proof in certificate.proofs
            ],
        },
        separators=(",", ":"),
    )


def load(text: str) -> Certificate:
    """The certificate `dump` wrote.

    Raises:
        ValueError, KeyError: the text is not one.
    """
    raw = json.loads(text)
    proofs = tuple(
        StageProof(Stage(Kind(kind), number), value, tuple(prices))
        for kind, number, value, prices in raw["proofs"]
    )
    return Certificate(raw["problem"], proofs)


def load_cost(held: Ints, cols: NDArray[np.integer], step: int) -> int:
    """What the chosen places cost together: Σ over filled places of step × places before."""
    load = np.bincount(cols, minlength=len(held)).astype(np.int64)
    return step * int((held * load + load * (load - 1) // 2).sum())


def positions(problem: Problem, rows: Ints, cols: Ints) -> Ints:
    """Where these (learner, mentor) positions stand among the pairs; −1: nowhere."""
    wide = len(problem.mentors)
    starts = np.searchsorted(problem.rows, rows)
    ends = np.searchsorted(problem.rows, rows, side="right")
    where = np.full(len(rows), -1, dtype=np.int64)
    for k, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        at = start + int(np.searchsorted(problem.cols[start:end], cols[k]))
        if wide and at < end and problem.cols[at] == cols[k]:
            where[k] = at
    return where


def _read(problem: Problem, pairs: Sequence[Pair]) -> tuple[Ints, tuple[Finding, ...]]:
    """Pairs by position, and every hard limit they break."""
    mate = np.full(len(problem.learners), -1, dtype=np.int64)
    learner_at = {text: at for at, text in enumerate(problem.learners)}
    mentor_at = {text: at for at, text in enumerate(problem.mentors)}
    rows = np.array([learner_at.get(pair.learner, -1) for pair in pairs], dtype=np.int64)
    cols = np.array([mentor_at.get(pair.mentor, -1) for pair in pairs], dtype=np.int64)
    if np.any(rows < 0) or np.any(cols < 0):
        return mate, (Finding(Flaw.UNKNOWN_PAIR),)
    where = positions(problem, rows, cols)
    if np.any(where < 0):
        return mate, (Finding(Flaw.UNKNOWN_PAIR),)
    flaws = []
    if np.any(problem.fit[where] != np.array([pair.fit for pair in pairs], dtype=np.int64)):
        flaws.append(Finding(Flaw.WRONG_FIT))
    if len(np.unique(rows)) < len(rows):
        flaws.append(Finding(Flaw.LEARNER_TWICE))
    if np.any(np.bincount(cols, minlength=len(problem.mentors)) > problem.places):
        flaws.append(Finding(Flaw.MENTOR_OVERFULL))
    if not np.isin(problem.locked, where).all():
        flaws.append(Finding(Flaw.LOCK_BROKEN))
    mate[rows] = cols
    return mate, tuple(flaws)


class _Review:
    """Walks through the stages, keeping what every optimum so far has in common.

    The assignment itself always stays inside what is kept: its pairs reach their prices by
    the definition of the surplus, and the checks of a stage put its loads between the bounds
    that follow. So only the rest of the choice has to be looked at.
    """

    def __init__(self, problem: Problem, mate: Ints) -> None:
        self.problem = problem
        self.mate = mate
        self.weigher = Weigher(problem)
        self.matched = np.flatnonzero(mate >= 0)
        self.own_pairs = positions(problem, self.matched, mate[self.matched])
        self.load = np.bincount(mate[self.matched], minlength=len(problem.mentors))
        self.must = np.zeros(len(problem.learners), dtype=bool)
        self.must[problem.rows[problem.locked]] = True
        self.low = np.zeros(len(problem.mentors), dtype=np.int64)
        self.high = problem.places
        self.alive = np.arange(len(problem.rows), dtype=np.int32)
        if problem.locked.size:
            keep = ~self.must[problem.rows]
            keep[problem.locked] = True
            self.alive = self.alive[keep]

    def flaw_of(self, proof: StageProof) -> Flaw | None:
        """Check one stage and, if it holds, cut down to its optima."""
        if len(proof.prices) != len(self.problem.mentors):
            return Flaw.WRONG_STAGES
        prices = np.array(proof.prices, dtype=np.int64)
        step = self.weigher.place_price(proof.stage)
        own = self.weigher.weights(proof.stage, self.own_pairs)
        surplus = np.zeros(len(self.problem.learners), dtype=np.int64)
        surplus[self.matched] = own - prices[self.mate[self.matched]]
        value = int(own.sum())
        if step:
            value -= load_cost(self.problem.held, self.mate[self.matched], step)
        if value != proof.value:
            return Flaw.WRONG_VALUE
        flaw = (
            self._flaw_of_people(surplus)
            or self._flaw_of_places(prices, step)
            or self._flaw_of_pairs(proof.stage, prices, surplus)
        )
        if flaw is None:
            self._bind(prices, surplus, step)
        return flaw

    def _flaw_of_people(self, surplus: Ints) -> Flaw | None:
        return Flaw.BETTER_ALONE if np.any(surplus[~self.must] < 0) else None

    def _flaw_of_places(self, prices: Ints, step: int) -> Flaw | None:
        next_price = step * (self.problem.held + self.load)
        if np.any((self.load > self.low) & (next_price - step > prices)):
            return Flaw.PLACE_TOO_DEAR
        if np.any((self.load < self.high) & (next_price < prices)):
            return Flaw.PLACE_LEFT_EMPTY
        return None

    def _flaw_of_pairs(self, stage: Stage, prices: Ints, surplus: Ints) -> Flaw | None:
        """Compare every pair with its price; keep those that reach it."""
        problem = self.problem
        kept = []
        for part in chunks(len(self.alive)):
            index = self.alive[part]
            reduced = surplus[problem.rows[index]] + prices[problem.cols[index]]
            reduced -= self.weigher.weights(stage, index)
            if np.any(reduced < 0):
                return Flaw.PAIR_BEATS_PRICE
            kept.append(index[reduced == 0])
        self.alive = np.concatenate(kept) if kept else self.alive
        return None

    def _bind(self, prices: Ints, surplus: Ints, step: int) -> None:
        """Who has a surplus must stay; cheap places must be filled, dear ones stay empty."""
        self.must = self.must | (surplus > 0)
        low, high = self.low.copy(), self.high.copy()
        for k in range(int(self.problem.places.max(initial=0))):
            cost = step * (self.problem.held + k)
            optional = (self.low <= k) & (k < self.high)
            low[optional & (cost < prices)] = k + 1
            high[optional & (cost > prices) & (high > k)] = k
        self.low, self.high = low, high


def unique(
    problem: Problem,
    alive: NDArray[np.int32],
    mate: Ints,
    must: NDArray[np.bool_],
    low: Ints,
    high: Ints,
) -> bool:
    """Is the assignment the only one in its face?

    Any other one differs by closed exchanges: learner → new mentor → a learner of that mentor
    → … , or from and to the root, where a learner comes or goes, or a place is filled or given
    up. None exists exactly if the graph of such steps has no cycle (Kahn 1962).
    """
    n, m = len(problem.learners), len(problem.mentors)
    root = n + 2 * m
    load = np.bincount(mate[mate >= 0], minlength=m)
    rows, cols = problem.rows[alive].astype(np.int64), problem.cols[alive].astype(np.int64)
    new = mate[rows] != cols
    matched = np.flatnonzero(mate >= 0)
    single = np.flatnonzero(mate < 0)
    leaves = np.flatnonzero((mate >= 0) & ~must)
    gives = np.flatnonzero(load > low)
    takes = np.flatnonzero(load < high)
    # Mentor j is two nodes: n + j is reached by taking somebody, n + m + j by giving up a place.
    # Otherwise "give up a place, fill a place" would count as an exchange.
    tails = (rows[new], n + mate[matched], n + m + mate[matched], leaves, n + takes)
    heads = (cols[new] + n, matched, matched, np.full(len(leaves), root), np.full(len(takes), root))
    from_root = np.concatenate((single, n + m + gives))
    tail = np.concatenate((*tails, np.full(len(from_root), root)))
    head = np.concatenate((*heads, from_root))
    return _acyclic(tail, head, root + 1)


def _acyclic(tail: Ints, head: Ints, nodes: int) -> bool:
    order = np.argsort(tail, kind="stable")
    heads = head[order].tolist()
    starts = np.searchsorted(tail[order], np.arange(nodes + 1)).tolist()
    entering = np.bincount(head, minlength=nodes).tolist()
    ready = [node for node in range(nodes) if entering[node] == 0]
    done = 0
    while ready:
        node = ready.pop()
        done += 1
        for target in heads[starts[node] : starts[node + 1]]:
            entering[target] -= 1
            if entering[target] == 0:
                ready.append(target)
    return done == nodes
