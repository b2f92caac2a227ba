"""Need × offer → fit 0–1000, with the points of every criterion.

Each criterion is a function returning a share in thousandths, or None when an answer it needs
is missing. A missing answer scores the policy's neutral share, never zero: nobody is pushed
down the list for keeping something to themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from academy.matching.model import Mark, Mode, Need, Offer
from academy.matching.weights import FULL, WHOLE, Criterion, Policy

# The first of three ranked topics counts three times the last.
RANK_WEIGHTS = (3, 2, 1)


@dataclass(frozen=True)
class Part:
    """The points of one criterion.

    Args:
        points: what it added to the fit.
        most: what it could have added.
        missing: an answer was missing, so the points are the neutral ones.
    """

    criterion: Criterion
    points: int
    most: int
    missing: bool


@dataclass(frozen=True)
class Score:
    """A fit and what it is made of; the parts always sum to the fit."""

    fit: int
    parts: tuple[Part, ...]


def topics(need: Need, offer: Offer, policy: Policy) -> int | None:
    """Share of the ranked wishes this mentor covers."""
    del policy
    if not need.topics or not offer.topics:
        return None
    ranked = list(zip(need.topics, RANK_WEIGHTS, strict=False))
    covered = sum(weight for topic, weight in ranked if topic in offer.topics)
    return FULL * covered // sum(weight for _, weight in ranked)


def marks(need: Need, offer: Offer, policy: Policy) -> int | None:
    """What the learner answered to this mentor's anonymous card."""
    del policy
    mark = need.marks.get(offer.id)
    if mark is None:
        return None
    return FULL if mark is Mark.YES else 0


def slots(need: Need, offer: Offer, policy: Policy) -> int | None:
    """Shared weekly slots, up to what is enough."""
    if not need.slots or not offer.slots:
        return None
    enough = min(policy.enough_slots, len(need.slots))
    return FULL * min(enough, len(need.slots & offer.slots)) // enough


def place(need: Need, offer: Offer, policy: Policy) -> int | None:
    """How they could meet. 0 if they could not, which the rule `can_meet` forbids."""
    if not need.modes or not offer.modes:
        return None
    both = need.modes & offer.modes
    shares = [0]
    if Mode.IN_PERSON in both:
        if need.region is None or offer.region is None:
            return None
        if need.region == offer.region:
            shares.append(FULL)
        elif offer.travels and offer.region in policy.neighbours.get(need.region, ()):
            shares.append(policy.neighbour_share)
    if Mode.ONLINE in both:
        shares.append(FULL if need.modes == {Mode.ONLINE} else policy.online_share)
    return max(shares)


def interests(need: Need, offer: Offer, policy: Policy) -> int | None:
    """Shared interests and values, up to what is enough."""
    if not need.interests or not offer.interests:
        return None
    enough = min(policy.enough_interests, len(need.interests))
    return FULL * min(enough, len(need.interests & offer.interests)) // enough


def kind(need: Need, offer: Offer, policy: Policy) -> int | None:
    """Is this the kind of mentor that was wished for?"""
    del policy
    if not need.kinds_wanted or offer.kind is None:
        return None
    return FULL if offer.kind in need.kinds_wanted else 0


def talk(need: Need, offer: Offer, policy: Policy) -> int | None:
    """Preferred language and age, each half; a missing half is neutral."""
    language = age = None
    if need.languages and offer.languages:
        language = FULL if need.languages[0] in offer.languages else 0
    if need.ages_wanted and offer.age_band is not None:
        age = FULL if offer.age_band in need.ages_wanted else 0
    if language is None and age is None:
        return None
    halves = [policy.neutral if half is None else half for half in (language, age)]
    return sum(halves) // 2


CRITERIA: Mapping[Criterion, Callable[[Need, Offer, Policy], int | None]] = MappingProxyType(
    {
        Criterion.TOPICS: topics,
        Criterion.MARKS: marks,
        Criterion.SLOTS: slots,
        Criterion.PLACE: place,
        Criterion.INTERESTS: interests,
        Criterion.KIND: kind,
        Criterion.TALK: talk,
    }
)


def score(need: Need, offer: Offer, policy: Policy) -> Score:
    """The fit of a pair and its parts. Says nothing on whether the pair may exist."""
    parts = []
    for criterion, share_of in CRITERIA.items():
        share = share_of(need, offer, policy)
        weight = policy.weights[criterion]
        parts.append(
            Part(
                criterion,
                points=points(weight, policy.neutral if share is None else share),
                most=points(weight, FULL),
                missing=share is None,
            )
        )
    return Score(sum(part.points for part in parts), tuple(parts))


def points(weight: int, share: int) -> int:
    """Weight in hundredths × share in thousandths → points of 1000, rounded half up."""
    return (weight * share + WHOLE // 2) // WHOLE
