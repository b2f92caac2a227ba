"""May this pair exist at all? One small function a rule; a pair that breaks one is absent.

The same functions run when a round is prepared (in bulk, `problem.prepare`) and again when a
pair is written, inside the database transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from academy.matching import score
from academy.matching.model import Mark, Need, Offer
from academy.matching.weights import Terms


class Rule(StrEnum):
    """Every hard rule."""

    LEARNER_ACTIVE = "learner_active"
    MENTOR_ACTIVE = "mentor_active"
    VERIFIED = "verified"
    SCREENED = "screened"
    TRAINED = "trained"
    NO_CONFLICT = "no_conflict"
    MINORS = "minors"
    NOT_FLAGGED = "not_flagged"
    NOT_EXCLUDED = "not_excluded"
    NOT_AGAIN = "not_again"
    GENDER = "gender"
    KIND = "kind"
    LANGUAGE = "language"
    CAN_MEET = "can_meet"
    SLOTS = "slots"
    TOPICS = "topics"
    FIT = "fit"
    HAS_PLACE = "has_place"


# Who said no to whom is nobody's business: pairs these rules close are left out of every
# explanation, as if the mentor were not there.
PRIVATE = frozenset({Rule.NOT_EXCLUDED, Rule.NOT_AGAIN, Rule.NOT_FLAGGED})

# Wishes somebody may be asked about again.
RELAXABLE = frozenset(
    {
        Rule.GENDER,
        Rule.KIND,
        Rule.LANGUAGE,
        Rule.CAN_MEET,
        Rule.SLOTS,
        Rule.TOPICS,
        Rule.FIT,
        Rule.HAS_PLACE,
    }
)

# Never waived, but staff can renew what has run out.
RENEWABLE = frozenset({Rule.VERIFIED, Rule.SCREENED, Rule.TRAINED})


def learner_active(need: Need, offer: Offer, terms: Terms) -> bool:
    """The learner takes part in this round and has agreed to it."""
    del offer, terms
    return need.active


def mentor_active(need: Need, offer: Offer, terms: Terms) -> bool:
    """The mentor takes part, has agreed and is not on a pause."""
    del need, terms
    return offer.active and not offer.paused


def verified(need: Need, offer: Offer, terms: Terms) -> bool:
    """The mentor's identity check is valid on the day."""
    del need
    return _valid(offer.verified_until, terms.on)


def screened(need: Need, offer: Offer, terms: Terms) -> bool:
    """The mentor's background screening is valid on the day."""
    del need
    return _valid(offer.screened_until, terms.on)


def trained(need: Need, offer: Offer, terms: Terms) -> bool:
    """The mentor's training is valid on the day."""
    del need
    return _valid(offer.trained_until, terms.on)


def no_conflict(need: Need, offer: Offer, terms: Terms) -> bool:
    """Conflicts are declared, and none bars the mentor or is one this learner avoids."""
    if offer.conflicts is None:
        return False
    return not offer.conflicts & (terms.policy.barring | need.avoid)


def minors(need: Need, offer: Offer, terms: Terms) -> bool:
    """Minors meet only mentors cleared for minors."""
    del terms
    return not need.minor or offer.cleared_for_minors


def not_flagged(need: Need, offer: Offer, terms: Terms) -> bool:
    """No safeguarding flag is open on either side."""
    del terms
    return not need.flagged and not offer.flagged


def not_excluded(need: Need, offer: Offer, terms: Terms) -> bool:
    """Neither side excluded the other, nor did the learner mark the card "말고"."""
    del terms
    return (
        offer.id not in need.excluded
        and need.id not in offer.excluded
        and need.marks.get(offer.id) is not Mark.NEVER
    )


def not_again(need: Need, offer: Offer, terms: Terms) -> bool:
    """An earlier pair comes back only if both ask for it."""
    del terms
    if offer.id not in need.met:
        return True
    return offer.id in need.asks_again and need.id in offer.asks_again


def gender(need: Need, offer: Offer, terms: Terms) -> bool:
    """Where either asks for the same gender, both are known and equal."""
    del terms
    if not need.same_gender and not offer.same_gender_only:
        return True
    return need.gender is not None and need.gender == offer.gender


def kind(need: Need, offer: Offer, terms: Terms) -> bool:
    """The mentor is not of a kind the learner refused."""
    del terms
    return offer.kind not in need.kinds_refused


def language(need: Need, offer: Offer, terms: Terms) -> bool:
    """They share a language."""
    del terms
    return _overlap(frozenset(need.languages), offer.languages, 1)


def can_meet(need: Need, offer: Offer, terms: Terms) -> bool:
    """There is a way to meet: online, or in person within reach."""
    return score.place(need, offer, terms.policy) != 0


def slots(need: Need, offer: Offer, terms: Terms) -> bool:
    """They share enough weekly slots."""
    return _overlap(need.slots, offer.slots, terms.policy.least_slots)


def topics(need: Need, offer: Offer, terms: Terms) -> bool:
    """They share a topic."""
    del terms
    return _overlap(frozenset(need.topics), offer.topics, 1)


def fit(need: Need, offer: Offer, terms: Terms) -> bool:
    """The fit is not below the least a pair may have."""
    return score.score(need, offer, terms.policy).fit >= terms.policy.least_fit


def has_place(need: Need, offer: Offer, terms: Terms) -> bool:
    """The mentor has a place left, running pairs and pending offers counted."""
    del need, terms
    return offer.places > 0


RULES: Mapping[Rule, Callable[[Need, Offer, Terms], bool]] = MappingProxyType(
    {
        Rule.LEARNER_ACTIVE: learner_active,
        Rule.MENTOR_ACTIVE: mentor_active,
        Rule.VERIFIED: verified,
        Rule.SCREENED: screened,
        Rule.TRAINED: trained,
        Rule.NO_CONFLICT: no_conflict,
        Rule.MINORS: minors,
        Rule.NOT_FLAGGED: not_flagged,
        Rule.NOT_EXCLUDED: not_excluded,
        Rule.NOT_AGAIN: not_again,
        Rule.GENDER: gender,
        Rule.KIND: kind,
        Rule.LANGUAGE: language,
        Rule.CAN_MEET: can_meet,
        Rule.SLOTS: slots,
        Rule.TOPICS: topics,
        Rule.FIT: fit,
        Rule.HAS_PLACE: has_place,
    }
)


def broken(need: Need, offer: Offer, terms: Terms) -> frozenset[Rule]:
    """The rules this pair breaks; empty if it may exist."""
    return frozenset(rule for rule, holds in RULES.items() if not holds(need, offer, terms))


def _valid(until: date | None, on: date) -> bool:
    return until is not None and on <= until


def _overlap(wished: frozenset[object], offered: frozenset[object], least: int) -> bool:
    if not wished or not offered:
        return True
    return len(wished & offered) >= least
