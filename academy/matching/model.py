"""What goes into the engine and what comes out. Plain frozen data, no arithmetic.

Importing this module needs neither numpy nor a solver, so the web process can describe
people and check a single pair without the `matching` extra.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


SLOTS_A_WEEK = 21  # seven days × morning, afternoon, evening
MOST_TOPICS = 3
MOST_INTERESTS = 5
MOST_PLACES = 3
TOP_FIT = 1000


class MatchingError(Exception):
    """Something the engine refuses. Carries facts, never wording.

    Not frozen: Python itself writes the traceback onto an exception.
    """


@dataclass(eq=False)
class OutOfRange(MatchingError):
    """A value the intake must not contain."""

    what: str
    value: object


@dataclass(eq=False)
class RepeatedId(MatchingError):
    """Two people carry the same id."""

    id: str


@dataclass(eq=False)
class PairNotAllowed(MatchingError):
    """A lock or a question about a pair that the hard rules keep apart, or nobody knows."""

    learner: str
    mentor: str


@dataclass(eq=False)
class TooManyLocks(MatchingError):
    """More pairs are locked to one person than there are places."""

    id: str
    places: int


@dataclass(eq=False)
class EngineMissing(MatchingError):
    """No solver is installed: the `matching` extra is absent."""


@dataclass(eq=False)
class EngineFailed(MatchingError):
    """The solver ended in a status other than optimal, crashed or ran out of time."""

    status: str


@dataclass(eq=False)
class NotProven(MatchingError):
    """The solver's answer did not survive the proof. Nothing may be written."""

    stage: str


class Mode(StrEnum):
    """How two people can meet."""

    ONLINE = "online"
    IN_PERSON = "in_person"


class Gender(StrEnum):
    """As the person stated it; only ever compared for equality."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Mark(StrEnum):
    """A learner's answer to an anonymous mentor card: 좋아요, 글쎄요, 말고."""

    YES = "yes"
    RATHER_NOT = "rather_not"
    NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class Need:
    """One learner as the engine sees them: an opaque id and coded answers.

    An empty collection or None always means "not answered", which is neutral: it breaks no
    rule that asks for an overlap, and scores the neutral share.

    Args:
        tier: urgency, 1 is the most urgent. Age it by rounds waited.
        topics: ranked, the most wanted first, at most three.
        region: 시·도 code. Nothing finer is ever given.
        slots: 0–20, day × 3 + part of the day, Monday morning is 0.
        languages: the preferred one first.
        avoid: conflict codes this learner will not have in a mentor.
        excluded: mentor ids, without a reason ("이 사람은 말고", or set by staff).
        met: mentors this learner was paired with before.
        asks_again: mentors of `met` the learner would like back.

    Raises:
        OutOfRange: more topics or interests than asked for, a slot outside 0–20, tier < 1.
    """

    id: str
    tier: int = 1
    active: bool = True
    flagged: bool = False
    minor: bool = False
    gender: Gender | None = None
    same_gender: bool = False
    topics: tuple[str, ...] = ()
    region: str | None = None
    modes: frozenset[Mode] = frozenset()
    slots: frozenset[int] = frozenset()
    languages: tuple[str, ...] = ()
    kinds_wanted: frozenset[str] = frozenset()
    kinds_refused: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    ages_wanted: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()
    asks_again: frozenset[str] = frozenset()
    marks: Mapping[str, Mark] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Refuse what the intake form could not have produced."""
        if self.tier < 1:
            raise OutOfRange("tier", self.tier)
        if len(self.topics) > MOST_TOPICS or len(set(self.topics)) < len(self.topics):
            raise OutOfRange("topics", self.topics)
        if len(self.interests) > MOST_INTERESTS:
            raise OutOfRange("interests", self.interests)
        _check_slots(self.slots)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One mentor as the engine sees them.

    Args:
        verified_until: last day the identity check is valid; None: never done. Likewise
            `screened_until` and `trained_until`.
        conflicts: declared conflict codes; the empty set is "none", None is "not declared".
        capacity: how many learners in all, 1–3.
        active_pairs: pairs running now. `pending`: offers awaiting an answer.
        travels: would meet in person in a neighbouring 시·도.

    Raises:
        OutOfRange: capacity outside 1–3, a negative count, a slot outside 0–20.
    """

    id: str
    active: bool = True
    paused: bool = False
    flagged: bool = False
    verified_until: date | None = None
    screened_until: date | None = None
    trained_until: date | None = None
    conflicts: frozenset[str] | None = None
    cleared_for_minors: bool = False
    capacity: int = 1
    active_pairs: int = 0
    pending: int = 0
    gender: Gender | None = None
    same_gender_only: bool = False
    topics: frozenset[str] = frozenset()
    region: str | None = None
    travels: bool = False
    modes: frozenset[Mode] = frozenset()
    slots: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    kind: str | None = None
    interests: frozenset[str] = frozenset()
    age_band: str | None = None
    excluded: frozenset[str] = frozenset()
    asks_again: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what the intake form could not have produced."""
        if not 1 <= self.capacity <= MOST_PLACES:
            raise OutOfRange("capacity", self.capacity)
        if self.active_pairs < 0 or self.pending < 0:
            raise OutOfRange("load", (self.active_pairs, self.pending))
        _check_slots(self.slots)

    @property
    def held(self) -> int:
        """Places taken before this round."""
        return self.active_pairs + self.pending

    @property
    def places(self) -> int:
        """Places free in this round."""
        return max(0, self.capacity - self.held)


def _check_slots(slots: frozenset[int]) -> None:
    if any(not 0 <= slot < SLOTS_A_WEEK for slot in slots):
        raise OutOfRange("slots", slots)


@dataclass(frozen=True, kw_only=True)
class Aims:
    """What the optimum optimises, after coverage by tier.

    Args:
        floor: fit from which a pair counts as good (0–1000); 0 switches the stage off.
        load_price: what the second, third … learner of one mentor costs, in fit points: the
            k-th place a mentor fills costs `load_price × (k − 1)`, earlier pairs counted in.
        tie_bits: width of the tie-break numbers. 36 keeps every sum exact in a double, too.
    """

    floor: int = 600
    load_price: int = 20
    tie_bits: int = 36

    def __post_init__(self) -> None:
        """Keep the arithmetic inside 64 bits."""
        if not 0 <= self.floor <= TOP_FIT:
            raise OutOfRange("floor", self.floor)
        if not 0 <= self.load_price <= TOP_FIT:
            raise OutOfRange("load_price", self.load_price)
        if not 1 <= self.tie_bits <= 36:  # noqa: PLR2004 -- the limit the docstring explains
            raise OutOfRange("tie_bits", self.tie_bits)


@dataclass(frozen=True, kw_only=True, eq=False)
class Problem:
    """One round in numbers. Build it with `problem.prepare` or `problem.problem_from`.

    Learners and mentors are sorted by id, pairs by learner and mentor, so the order in which
    people were handed over is gone. Positions below are positions in these tuples.

    Args:
        tiers: int64[n], 1 is the most urgent.
        places: int64[m], free places; 0 is allowed (a full mentor, kept to price one more).
        held: int64[m], places taken before the round.
        rows, cols: int32[E], the learner and the mentor of each feasible pair.
        fit: int16[E], 0–1000.
        locked: int64[k], sorted positions in the pair arrays that must be chosen.
        salt: secret of the round, 1–64 bytes; decides ties.
    """

    learners: tuple[str, ...]
    mentors: tuple[str, ...]
    tiers: NDArray[np.int64]
    places: NDArray[np.int64]
    held: NDArray[np.int64]
    rows: NDArray[np.int32]
    cols: NDArray[np.int32]
    fit: NDArray[np.int16]
    locked: NDArray[np.int64]
    salt: bytes
    aims: Aims


class Kind(StrEnum):
    """The kinds of stages, in their order."""

    COVERAGE = "coverage"
    FLOOR = "floor"
    FIT = "fit"
    TIE = "tie"


@dataclass(frozen=True)
class Stage:
    """One level of the lexicographic aim.

    Args:
        number: for COVERAGE the tier, for TIE the number of the draw, otherwise 0.
    """

    kind: Kind
    number: int = 0

    def __str__(self) -> str:
        """Short name for logs and errors."""
        return f"{self.kind}:{self.number}"


@dataclass(frozen=True)
class Pair:
    """One proposed pair."""

    learner: str
    mentor: str
    fit: int


@dataclass(frozen=True)
class StageProof:
    """The value one stage reached and the mentor prices that prove it.

    Args:
        value: in the unit of the stage (people, pairs, fit points, tie-break numbers).
        prices: one integer a mentor, in the order of `Problem.mentors`. The least prices that
            prove the stage, so they are what one more place there is worth.
    """

    stage: Stage
    value: int
    prices: tuple[int, ...]


@dataclass(frozen=True)
class Certificate:
    """All an independent checker needs besides the problem and the pairs.

    Args:
        problem: SHA-256 of the problem in hexadecimal.
    """

    problem: str
    proofs: tuple[StageProof, ...]


@dataclass(frozen=True)
class Assignment:
    """The proven optimum.

    Args:
        pairs: sorted by learner id.
        engine: which solver was used (the pairs do not depend on it).
        candidates: how many pairs the solver saw; the proof covers all of them.
        price_rounds: how often violated pairs had to be added.
    """

    pairs: tuple[Pair, ...]
    certificate: Certificate
    engine: str
    candidates: int
    price_rounds: int

    def mentor_of(self, learner: str) -> str | None:
        """The proposed mentor of a learner, None if there is none."""
        return next((pair.mentor for pair in self.pairs if pair.learner == learner), None)

    def value(self, stage: Stage) -> int:
        """What a stage reached. KeyError if the assignment has no such stage."""
        for proof in self.certificate.proofs:
            if proof.stage == stage:
                return proof.value
        raise KeyError(stage)
