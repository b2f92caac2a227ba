"""Building the problem of a round, and the small changes staff make to one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from academy.matching.bulk import feasible_pairs
from academy.matching.model import (
    TOP_FIT,
    Aims,
    Need,
    Offer,
    OutOfRange,
    PairNotAllowed,
    Problem,
    RepeatedId,
    TooManyLocks,
)
from academy.matching.weights import Terms

LONGEST_SALT = 64  # bytes, the limit of a BLAKE2b key


def prepare(
    needs: Iterable[Need],
    offers: Iterable[Offer],
    terms: Terms,
    *,
    salt: bytes,
    aims: Aims | None = None,
    locks: Collection[tuple[str, str]] = (),
) -> Problem:
    """Every pair the hard rules allow, with its fit.

    Args:
        needs: in any order.
        offers: in any order.
        terms: the policy and the day.
        salt: 1–64 secret bytes of the round.
        aims: what to optimise after coverage.
        locks: (learner id, mentor id) that staff fixed; they still have to obey the rules.

    Raises:
        RepeatedId: two learners or two mentors share an id.
        PairNotAllowed: a lock breaks a rule or names somebody unknown.
        TooManyLocks: more locks than places.
        OutOfRange: the salt is empty or too long.
    """
    learners = sorted(needs, key=lambda need: need.id)
    mentors = sorted(offers, key=lambda offer: offer.id)
    _check_ids([need.id for need in learners])
    _check_ids([offer.id for offer in mentors])
    rows, cols, fit = feasible_pairs(learners, mentors, terms)
    problem = Problem(
        learners=tuple(need.id for need in learners),
        mentors=tuple(offer.id for offer in mentors),
        tiers=np.array([need.tier for need in learners], dtype=np.int64),
        places=np.array([offer.places for offer in mentors], dtype=np.int64),
        held=np.array([offer.held for offer in mentors], dtype=np.int64),
        rows=rows,
        cols=cols,
        fit=fit,
        locked=np.zeros(0, dtype=np.int64),
        salt=_checked_salt(salt),
        aims=aims or Aims(),
    )
    return with_locks(problem, locks)


@dataclass(frozen=True, kw_only=True)
class Places:
    """A mentor in bare numbers, for `problem_from`."""

    free: int
    held: int = 0


def problem_from(
    tiers: Mapping[str, int],
    places: Mapping[str, Places],
    fits: Mapping[tuple[str, str], int],
    *,
    salt: bytes,
    aims: Aims | None = None,
) -> Problem:
    """A problem from bare numbers: tier by learner, places by mentor, fit by pair.

    Raises:
        OutOfRange: a tier, place count or fit outside its range, or a bad salt.
        PairNotAllowed: a fit of somebody unknown.
    """
    learners, mentors = sorted(tiers), sorted(places)
    at = {text: k for k, text in enumerate(learners)}
    mentor_at = {text: k for k, text in enumerate(mentors)}
    for learner, mentor in fits:
        if learner not in at or mentor not in mentor_at:
            raise PairNotAllowed(learner, mentor)
    for what, values, least, most in (
        ("tier", tiers.values(), 1, None),
        ("free", [place.free for place in places.values()], 0, None),
        ("held", [place.held for place in places.values()], 0, None),
        ("fit", fits.values(), 0, TOP_FIT),
    ):
        for value in values:
            if value < least or (most is not None and value > most):
                raise OutOfRange(what, value)
    ordered = sorted((at[i], mentor_at[j], fit) for (i, j), fit in fits.items())
    return Problem(
        learners=tuple(learners),
        mentors=tuple(mentors),
        tiers=np.array([tiers[text] for text in learners], dtype=np.int64),
        places=np.array([places[text].free for text in mentors], dtype=np.int64),
        held=np.array([places[text].held for text in mentors], dtype=np.int64),
        rows=np.array([i for i, _, _ in ordered], dtype=np.int32),
        cols=np.array([j for _, j, _ in ordered], dtype=np.int32),
        fit=np.array([fit for _, _, fit in ordered], dtype=np.int16),
        locked=np.zeros(0, dtype=np.int64),
        salt=_checked_salt(salt),
        aims=aims or Aims(),
    )


def with_locks(problem: Problem, locks: Collection[tuple[str, str]]) -> Problem:
    """The same problem with these pairs locked, in addition to those already locked.

    Raises:
        PairNotAllowed: the pair is not feasible.
        TooManyLocks: a person has more locks than places.
    """
    locked = sorted({*problem.locked.tolist(), *(position(problem, *lock) for lock in locks)})
    rows, cols = problem.rows[locked], problem.cols[locked]
    for at, times in zip(*np.unique(rows, return_counts=True), strict=True):
        if times > 1:
            raise TooManyLocks(problem.learners[at], 1)
    for at, times in zip(*np.unique(cols, return_counts=True), strict=True):
        if times > problem.places[at]:
            raise TooManyLocks(problem.mentors[at], int(problem.places[at]))
    return replace(problem, locked=np.array(locked, dtype=np.int64))


def with_places(problem: Problem, mentor: str, free: int) -> Problem:
    """The same problem with another number of free places at one mentor.

    Raises:
        PairNotAllowed: no such mentor.
        OutOfRange: fewer places than locks there, or a negative number.
    """
    if mentor not in problem.mentors:
        raise PairNotAllowed("", mentor)
    at = problem.mentors.index(mentor)
    if free < np.count_nonzero(problem.cols[problem.locked] == at) or free < 0:
        raise OutOfRange("free", free)
    places = problem.places.copy()
    places[at] = free
    return replace(problem, places=places)


def with_pairs(problem: Problem, extra: Mapping[tuple[str, str], int]) -> Problem:
    """The same problem with more feasible pairs (a rule relaxed), or other fits for old ones.

    Raises:
        PairNotAllowed: somebody is unknown.
        OutOfRange: a fit outside 0–1000.
    """
    wide = max(1, len(problem.mentors))
    at = {text: k for k, text in enumerate(problem.learners)}
    mentor_at = {text: k for k, text in enumerate(problem.mentors)}
    keys = []
    for (learner, mentor), fit in extra.items():
        if learner not in at or mentor not in mentor_at:
            raise PairNotAllowed(learner, mentor)
        if not 0 <= fit <= TOP_FIT:
            raise OutOfRange("fit", fit)
        keys.append(at[learner] * wide + mentor_at[mentor])
    new_keys = np.array(keys, dtype=np.int64)
    old_keys = problem.rows.astype(np.int64) * wide + problem.cols
    kept = ~np.isin(old_keys, new_keys)
    all_keys = np.concatenate((old_keys[kept], new_keys))
    fits = np.concatenate((problem.fit[kept], np.array(list(extra.values()), dtype=np.int16)))
    order = np.argsort(all_keys)
    all_keys = all_keys[order]
    return replace(
        problem,
        rows=(all_keys // wide).astype(np.int32),
        cols=(all_keys % wide).astype(np.int32),
        fit=fits[order],
        locked=np.searchsorted(all_keys, old_keys[problem.locked]),
    )


def without(problem: Problem, *, pairs: Collection[tuple[str, str]] = ()) -> Problem:
    """The same problem with these pairs forbidden (staff: hold or exclude).

    Raises:
        PairNotAllowed: a pair is not feasible anyway, or is locked.
    """
    gone = np.array(sorted({position(problem, *pair) for pair in pairs}), dtype=np.int64)
    if np.isin(gone, problem.locked).any():
        at = int(gone[np.isin(gone, problem.locked)][0])
        raise PairNotAllowed(problem.learners[problem.rows[at]], problem.mentors[problem.cols[at]])
    keep = np.ones(len(problem.rows), dtype=bool)
    keep[gone] = False
    return replace(
        problem,
        rows=problem.rows[keep],
        cols=problem.cols[keep],
        fit=problem.fit[keep],
        locked=problem.locked - np.searchsorted(gone, problem.locked),
    )


def position(problem: Problem, learner: str, mentor: str) -> int:
    """Where a pair stands in the pair arrays.

    Raises:
        PairNotAllowed: the pair is not feasible.
    """
    i, j = _find(problem.learners, learner), _find(problem.mentors, mentor)
    if i is not None and j is not None:
        start, end = np.searchsorted(problem.rows, [i, i + 1])
        at = int(start + np.searchsorted(problem.cols[start:end], j))
        if at < end and problem.cols[at] == j:
            return at
    raise PairNotAllowed(learner, mentor)


def _check_ids(ids: Sequence[str]) -> None:
    for before, after in pairwise(ids):
        if before == after:
            raise RepeatedId(before)


def _checked_salt(salt: bytes) -> bytes:
    if not 0 < len(salt) <= LONGEST_SALT:
        raise OutOfRange("salt", len(salt))
    return salt


def _find(ids: Sequence[str], wanted: str) -> int | None:
    low = bisect_left(ids, wanted)
    return low if low < len(ids) and ids[low] == wanted else None
