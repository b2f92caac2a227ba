"""Random small instances and the brute force they are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import pytest

from academy.matching.model import Aims, Assignment, Kind, Pair, Problem, Stage
from academy.matching.problem import Places, problem_from, with_locks
from academy.matching.stages import Weigher

SALT = b"a secret of this round"

# How many random instances a property sees: some every day, all with `-m everything`. Where a
# property passes over empty instances, more than 2,000 of these remain.
many = pytest.mark.parametrize(
    "count", [60, pytest.param(2500, marks=pytest.mark.everything)], ids=["some", "all"]
)


@dataclass
class Draft:
    """A problem while it can still be changed."""

    tiers: dict[str, int]
    places: dict[str, Places]
    fits: dict[tuple[str, str], int]
    aims: Aims
    locks: tuple[tuple[str, str], ...] = ()
    salt: bytes = SALT

    def problem(self) -> Problem:
        built = problem_from(self.tiers, self.places, self.fits, salt=self.salt, aims=self.aims)
        return with_locks(built, self.locks)


class Seed(Random):
    """A repeatable source that can say which one it is when a test fails."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __repr__(self) -> str:
        return f"Seed({self.name!r})"


def seeds(name: str, count: int) -> Iterator[Seed]:
    """Independent sources, the same every time."""
    for number in range(count):
        yield Seed(f"{name}:{number}")


def a_draft(
    source: Random,
    *,
    learners: int = 5,
    mentors: int = 4,
    locks: bool = True,
    aims: Aims | None = None,
) -> Draft:
    """Tight fits make ties common, which is where optimisers go wrong."""
    fits_from = source.choice([range(400, 404), range(590, 611), range(1001)])
    people = [f"l{k}" for k in range(source.randint(1, learners))]
    helpers = [f"m{k}" for k in range(source.randint(1, mentors))]
    density = source.choice([0.3, 0.6, 1.0])
    draft = Draft(
        tiers={i: source.randint(1, 3) for i in people},
        places={j: Places(free=source.randint(0, 3), held=source.randint(0, 2)) for j in helpers},
        fits={
            (i, j): source.choice(fits_from)
            for i in people
            for j in helpers
            if source.random() < density
        },
        aims=aims
        or Aims(floor=source.choice([0, 402, 600]), load_price=source.choice([0, 1, 20, 300])),
    )
    if locks and source.random() < 0.3:
        draft.locks = tuple(_some_locks(source, draft))
    return draft


def _some_locks(source: Random, draft: Draft) -> Iterator[tuple[str, str]]:
    left = {j: place.free for j, place in draft.places.items()}
    taken: set[str] = set()
    for i, j in source.sample(sorted(draft.fits), k=min(2, len(draft.fits))):
        if i not in taken and left[j] > 0:
            taken.add(i)
            left[j] -= 1
            yield i, j


def assignments(draft: Draft) -> Iterator[dict[str, str]]:
    """Every assignment that keeps to pairs, places and locks."""
    people = sorted(draft.tiers)
    left = {j: place.free for j, place in draft.places.items()}
    locked = dict(draft.locks)
    options = {
        i: [locked[i]] if i in locked else [j for j in draft.places if (i, j) in draft.fits]
        for i in people
    }
    chosen: dict[str, str] = {}

    def extend(at: int) -> Iterator[dict[str, str]]:
        if at == len(people):
            yield dict(chosen)
            return
        i = people[at]
        if i not in locked:
            yield from extend(at + 1)
        for j in options[i]:
            if left[j] > 0:
                left[j] -= 1
                chosen[i] = j
                yield from extend(at + 1)
                del chosen[i]
                left[j] += 1

    return extend(0)


def values(draft: Draft, chosen: dict[str, str]) -> tuple[int, ...]:
    """The value of each stage before the draws, from the definition."""
    tiers = sorted(set(draft.tiers.values()))
    covered = [sum(draft.tiers[i] == tier for i in chosen) for tier in tiers]
    fits = [draft.fits[pair] for pair in chosen.items()]
    floor = [sum(fit >= draft.aims.floor for fit in fits)] if draft.aims.floor else []
    cost = 0
    for j, place in draft.places.items():
        filled = sum(mentor == j for mentor in chosen.values())
        cost += sum(draft.aims.load_price * (place.held + k) for k in range(filled))
    return (*covered, *floor, sum(fits) - cost)


def draws(problem: Problem, number: int = 0) -> dict[tuple[str, str], int]:
    """The tie-break number of every pair."""
    numbers = Weigher(problem).weights(Stage(Kind.TIE, number), np.arange(len(problem.rows)))
    return {
        (problem.learners[i], problem.mentors[j]): number
        for i, j, number in zip(
            problem.rows.tolist(), problem.cols.tolist(), numbers.tolist(), strict=True
        )
    }


def fixed_values(assignment: Assignment) -> tuple[int, ...]:
    """What the stages before the draws reached."""
    proofs = assignment.certificate.proofs
    return tuple(proof.value for proof in proofs if proof.stage.kind is not Kind.TIE)


def as_dict(pairs: Sequence[Pair]) -> dict[str, str]:
    """Mentor by learner."""
    return {pair.learner: pair.mentor for pair in pairs}


def all_alike() -> Problem:
    """Everybody fits everybody equally, and the draw has a single bit: one is not enough."""
    people, mentors = [f"l{k}" for k in range(6)], [f"m{k}" for k in range(6)]
    return problem_from(
        dict.fromkeys(people, 1),
        dict.fromkeys(mentors, Places(free=1)),
        {(i, j): 500 for i in people for j in mentors},
        salt=SALT,
        aims=Aims(tie_bits=1),
    )
