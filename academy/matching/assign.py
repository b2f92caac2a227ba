"""The optimum, stage by stage, each stage proved before the next begins.

One solve of one cost "a·tier + b·floor + fit" would need weights so far apart that 64 bits do
not hold them. Instead every stage is solved by itself on the face of optima the stages before
it leave: the pairs that are tight under their prices, learners with a surplus bound to stay
matched, places with a price bound to stay filled. That face contains exactly the optima of all
stages so far, so nothing is traded between stages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from academy.matching import assignment_solver, certificate, flow
from academy.matching.candidates import DEFAULT_PRUNING, Pruning, first_candidates
from academy.matching.model import (
    Assignment,
    Certificate,
    EngineMissing,
    Kind,
    NotProven,
    Pair,
    Problem,
    Stage,
    StageProof,
)
from academy.matching.stages import Bools, Ints, Weigher, chunks, digest, fixed_stages
from academy.matching.subproblem import (
    Duals,
    Face,
    Subproblem,
    first_face,
    narrowed,
    prove,
    restrict,
)

# Even one-bit draws leave half the alternatives each time; this many are never needed.
MOST_DRAWS = 256


@dataclass(frozen=True)
class Engine:
    """A solver of single stages. It need not be trusted: every answer is proved."""

    name: str
    solve: Callable[[Subproblem], Bools]


ORTOOLS = Engine(flow.NAME, flow.solve)
SCIPY = Engine(assignment_solver.NAME, assignment_solver.solve)


def default_engine() -> Engine:
    """OR-tools if it is installed, else SciPy.

    Raises:
        EngineMissing: neither is.
    """
    for engine in (ORTOOLS, SCIPY):
        if find_spec(engine.name) is not None:
            return engine
    raise EngineMissing


def solve(
    problem: Problem, *, engine: Engine | None = None, pruning: Pruning = DEFAULT_PRUNING
) -> Assignment:
    """The best assignment of this problem, the same whatever engine finds it.

    Draws (tie stages) are repeated with fresh numbers until a single optimum is left; with
    36-bit numbers one draw is practically always enough.

    Raises:
        EngineMissing: no solver is installed.
        EngineFailed: the solver did not report an optimum.
        NotProven: an answer or the whole failed its proof. Nothing is returned half-done.
    """
    engine = engine or default_engine()
    run = _Run(problem, engine, pruning)
    for stage in fixed_stages(problem):
        run.settle(stage)
    for draw in range(MOST_DRAWS):
        run.settle(Stage(Kind.TIE, draw))
        if run.unique():
            return run.finish()
    raise NotProven(str(Kind.TIE))


class _Run:
    """The state of one solve: the face so far, the pairs in play, the proofs."""

    def __init__(self, problem: Problem, engine: Engine, pruning: Pruning) -> None:
        self.problem = problem
        self.engine = engine
        self.pruning = pruning
        self.weigher = Weigher(problem)
        self.face: Face = first_face(problem)
        self.active = first_candidates(problem, pruning)
        self.mate: Ints = np.full(len(problem.learners), -1, dtype=np.int64)
        self.proofs: list[StageProof] = []
        self.rounds = 0

    def settle(self, stage: Stage) -> None:
        """Solve one stage to its proven optimum over all pairs; narrow the face to it."""
        while True:
            index = self.face.alive[self.active[self.face.alive]]
            weights = self.weigher.weights(stage, index)
            step = self.weigher.place_price(stage)
            sub = restrict(self.problem, self.face, index, weights, step)
            chosen = self.engine.solve(sub)
            duals = prove(sub, chosen, stage)
            missed = self._violated(stage, duals)
            if not missed.size:
                break
            self.active[missed] = True
            self.rounds += 1
        value = int(weights[chosen].sum())
        if step:
            value -= certificate.load_cost(sub.held, sub.cols[chosen], step)
        self.proofs.append(StageProof(stage, value, tuple(duals.prices.tolist())))
        self.mate = duals.mate
        self.face = narrowed(self.problem, self.weigher, stage, self.face, duals)

    def _violated(self, stage: Stage, duals: Duals) -> NDArray[np.int32]:
        """Pairs outside the candidates that beat the prices, the worst first if too many."""
        problem = self.problem
        found, by = [], []
        for part in chunks(len(self.face.alive)):
            index = self.face.alive[part]
            index = index[~self.active[index]]
            excess = self.weigher.weights(stage, index)
            excess -= duals.prices[problem.cols[index]]
            excess -= duals.surplus[problem.rows[index]]
            beats = excess > 0
            found.append(index[beats])
            by.append(excess[beats])
        if not found:
            return np.zeros(0, dtype=np.int32)
        pairs, excess = np.concatenate(found), np.concatenate(by)
        limit = self.pruning.per_round
        if len(pairs) > limit:
            pairs = pairs[np.argpartition(-excess, limit)[:limit]]
        return pairs

    def unique(self) -> bool:
        """Is one optimum left?"""
        face = self.face
        return certificate.unique(
            self.problem, face.alive, self.mate, face.must, face.low, face.high
        )

    def finish(self) -> Assignment:
        """The assignment, after the independent checker has accepted it."""
        problem = self.problem
        matched = np.flatnonzero(self.mate >= 0)
        where = certificate.positions(problem, matched, self.mate[matched])
        pairs = tuple(
            Pair(problem.learners[i], problem.mentors[self.mate[i]], int(problem.fit[e]))
            for i, e in zip(matched.tolist(), where.tolist(), strict=True)
        )
        proof = Certificate(digest(problem), tuple(self.proofs))
        findings = certificate.check(problem, pairs, proof)
        if findings:
            raise NotProven(str(findings[0].flaw))
        return Assignment(
            pairs=pairs,
            certificate=proof,
            engine=self.engine.name,
            candidates=int(np.count_nonzero(self.active)),
            price_rounds=self.rounds,
        )
