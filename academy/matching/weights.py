"""The numbers a programme may change: weights of the criteria and limits of the rules.

They are policy, not science (the National Mentoring Resource Center rates characteristic-based
matching "insufficient research"), so every set carries a version that a round stores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from academy.matching.model import TOP_FIT, OutOfRange

WHOLE = 100  # weights sum to this
FULL = 1000  # a share of one, in thousandths


class Criterion(StrEnum):
    """What the fit is made of."""

    TOPICS = "topics"
    MARKS = "marks"
    SLOTS = "slots"
    PLACE = "place"
    INTERESTS = "interests"
    KIND = "kind"
    TALK = "talk"


DEFAULT_WEIGHTS: Mapping[Criterion, int] = MappingProxyType(
    {
        # Need-matched mentoring has over twice the effect of friendship alone
        # (Christensen et al. 2020), so topics weigh most; the learner's own voice comes next.
        Criterion.TOPICS: 35,
        Criterion.MARKS: 20,
        Criterion.SLOTS: 15,
        Criterion.PLACE: 10,
        Criterion.INTERESTS: 10,
        Criterion.KIND: 5,
        Criterion.TALK: 5,
    }
)

# Which 시·도 border each other by land (administrative standard codes, first two digits).
# 11 서울 26 부산 27 대구 28 인천 29 광주 30 대전 31 울산 36 세종 41 경기 43 충북 44 충남
# 46 전남 47 경북 48 경남 50 제주 51 강원 52 전북
NEIGHBOURS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "11": frozenset({"28", "41"}),
        "26": frozenset({"31", "48"}),
        "27": frozenset({"47", "48"}),
        "28": frozenset({"11", "41"}),
        "29": frozenset({"46"}),
        "30": frozenset({"36", "43", "44"}),
        "31": frozenset({"26", "47", "48"}),
        "36": frozenset({"30", "43", "44"}),
        "41": frozenset({"11", "28", "43", "44", "51"}),
        "43": frozenset({"30", "36", "41", "44", "47", "51", "52"}),
        "44": frozenset({"30", "36", "41", "43", "52"}),
        "46": frozenset({"29", "48", "52"}),
        "47": frozenset({"27", "31", "43", "48", "51", "52"}),
        "48": frozenset({"26", "27", "31", "46", "47", "52"}),
        "50": frozenset(),
        "51": frozenset({"41", "43", "47"}),
        "52": frozenset({"43", "44", "46", "47", "48"}),
    }
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One version of the settings.

    Args:
        version: stored with every round; change it whenever a number changes.
        weights: one whole number a criterion, together 100.
        neutral: share (of 1000) a missing answer scores.
        least_fit: pairs below this fit (0–1000) do not exist.
        least_slots: shared weekly slots a pair must have.
        enough_slots: shared slots that score fully. `enough_interests`: likewise.
        neighbour_share: share for meeting across a regional border.
        online_share: share for meeting online where meeting in person was wished for as well.
        barring: declared conflicts that keep a mentor from every learner.

    Raises:
        OutOfRange: weights that are negative, incomplete or do not sum to 100; other numbers
            outside their range.
    """

    version: str = "2025-1"
    weights: Mapping[Criterion, int] = field(
        default_factory=lambda: dict(DEFAULT_WEIGHTS), hash=False
    )
    neutral: int = 500
    least_fit: int = 400
    least_slots: int = 2
    enough_slots: int = 4
    enough_interests: int = 3
    neighbour_share: int = 700
    online_share: int = 500
    barring: frozenset[str] = frozenset({"media", "police", "sales", "recruiting"})
    neighbours: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: dict(NEIGHBOURS), hash=False
    )

    def __post_init__(self) -> None:
        """Refuse numbers that would make scores leave 0–1000."""
        if set(self.weights) != set(Criterion) or sum(self.weights.values()) != WHOLE:
            raise OutOfRange("weights", dict(self.weights))
        if any(weight < 0 for weight in self.weights.values()):
            raise OutOfRange("weights", dict(self.weights))
        if not 0 <= self.neutral <= FULL:
            raise OutOfRange("neutral", self.neutral)
        for name in ("neighbour_share", "online_share"):
            # A share of 0 means "cannot meet", so these start at 1.
            if not 1 <= getattr(self, name) <= FULL:
                raise OutOfRange(name, getattr(self, name))
        if not 0 <= self.least_fit <= TOP_FIT:
            raise OutOfRange("least_fit", self.least_fit)
        for name in ("least_slots", "enough_slots", "enough_interests"):
            if getattr(self, name) < 1:
                raise OutOfRange(name, getattr(self, name))


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a rule is judged by: the policy and the day."""

    on: date
    policy: Policy = DEFAULT_POLICY
