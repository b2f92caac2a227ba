"""The lexicographic aim, stage by stage, and the tie-break numbers.

Stages: one a tier (how many learners of it are matched, the most urgent first), pairs at or
above the floor, fit less the load price, and draws by a keyed hash until one optimum is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b, sha256

import numpy as np
from numpy.typing import NDArray

from academy.matching.model import Kind, Problem, Stage

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Index = NDArray[np.integer]

# How many pairs are looked at in one go: bounds the memory of every pass over all pairs.
CHUNK = 1 << 21

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_ODD = np.uint64(0x9E3779B97F4A7C15)


def fixed_stages(problem: Problem) -> tuple[Stage, ...]:
    """Every stage before the draws."""
    tiers = sorted(set(problem.tiers.tolist()))
    floor = (Stage(Kind.FLOOR),) if problem.aims.floor > 0 else ()
    return (*(Stage(Kind.COVERAGE, tier) for tier in tiers), *floor, Stage(Kind.FIT))


class Weigher:
    """The weight of pairs and the price of places at each stage."""

    def __init__(self, problem: Problem) -> None:
        """Hash every person once; pairs are mixed from the two hashes when needed."""
        self._problem = problem
        self._learner_keys = _keys(problem.salt, b"learner:", problem.learners)
        self._mentor_keys = _keys(problem.salt, b"mentor:", problem.mentors)

    def weights(self, stage: Stage, index: Index) -> Ints:
        """Weight of the pairs at these positions, int64, all ≥ 0."""
        problem = self._problem
        match stage.kind:
            case Kind.COVERAGE:
                matches: Bools = problem.tiers[problem.rows[index]] == stage.number
                return matches.astype(np.int64)
            case Kind.FLOOR:
                good: Bools = problem.fit[index] >= problem.aims.floor
                return good.astype(np.int64)
            case Kind.FIT:
                return problem.fit[index].astype(np.int64)
            case Kind.TIE:
                return self._draw(stage.number, index)

    def place_price(self, stage: Stage) -> int:
        """What each further place of a mentor costs at this stage."""
        return self._problem.aims.load_price if stage.kind is Kind.FIT else 0

    def _draw(self, number: int, index: Index) -> Ints:
        # Both keys go through a non-linear mixer together: an additive hash h(i) + g(j) would
        # cancel in every swap and decide nothing.
        x = self._learner_keys[self._problem.rows[index]]
        x = x * _ODD + self._mentor_keys[self._problem.cols[index]] + np.uint64(number)
        x = (x ^ (x >> np.uint64(30))) * _MIX_1
        x = (x ^ (x >> np.uint64(27))) * _MIX_2
        x ^= x >> np.uint64(31)
        return (x >> np.uint64(64 - self._problem.aims.tie_bits)).astype(np.int64)


def chunks(length: int) -> Iterator[slice]:
    """Slices that together cover a range of pairs."""
    for start in range(0, length, CHUNK):
        yield slice(start, min(length, start + CHUNK))


def digest(problem: Problem) -> str:
    """SHA-256 over everything that could change the answer, in hexadecimal."""
    seal = sha256()
    for text in (*problem.learners, *problem.mentors):
        seal.update(len(text.encode()).to_bytes(4) + text.encode())
    aims = problem.aims
    numbers = (len(problem.learners), aims.floor, aims.load_price, aims.tie_bits)
    seal.update(repr(numbers).encode() + len(problem.salt).to_bytes(1) + problem.salt)
    for array in (problem.tiers, problem.places, problem.held, problem.locked):
        seal.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    for pairs in (problem.rows, problem.cols):
        seal.update(np.ascontiguousarray(pairs, dtype="<i4").tobytes())
    seal.update(np.ascontiguousarray(problem.fit, dtype="<i2").tobytes())
    return seal.hexdigest()


def _keys(salt: bytes, prefix: bytes, ids: tuple[str, ...]) -> NDArray[np.uint64]:
    raw = b"".join(
        blake2b(prefix + text.encode(), digest_size=8, key=salt).digest() for text in ids
    )
    return np.frombuffer(raw, dtype="<u8").astype(np.uint64)
