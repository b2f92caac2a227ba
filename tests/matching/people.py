"""Learners and mentors for the tests of rules, scores and rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from academy.matching.model import Gender, Mark, Mode, Need, Offer
from academy.matching.weights import Policy, Terms

T = TypeVar("T")

TODAY = date(2025, 9, 1)
TERMS = Terms(on=TODAY)
VALID = date(2026, 1, 1)

TOPICS = tuple("abcde")
INTERESTS = tuple("stuvwxyz")
KINDS = ("worker", "student", "settled")
REGIONS = ("11", "41", "26", "50")
LANGUAGES = ("ko", "en", "zh")
AGES = ("20", "30", "40")
CONFLICTS = ("media", "police", "company-a", "company-b")


def a_need(**changes: Any) -> Need:
    """A learner who answered nothing beyond the id."""
    return replace(Need(id="l0"), **changes)


def an_offer(**changes: Any) -> Offer:
    """A cleared mentor who answered nothing."""
    cleared = Offer(
        id="m0",
        verified_until=VALID,
        screened_until=VALID,
        trained_until=VALID,
        conflicts=frozenset(),
    )
    return replace(cleared, **changes)


def any_need(source: Random, number: int, mentors: int) -> Need:
    """A learner with random answers, some missing."""
    ids = [f"m{k}" for k in range(mentors)]
    met = _some(source, ids, 1)
    return Need(
        id=f"l{number}",
        tier=source.randint(1, 3),
        active=source.random() < 0.95,
        flagged=source.random() < 0.05,
        minor=source.random() < 0.15,
        gender=source.choice([*Gender, None]),
        same_gender=source.random() < 0.3,
        topics=tuple(source.sample(TOPICS, k=source.randint(0, 3))),
        region=source.choice([*REGIONS, None]),
        modes=_some(source, list(Mode), 2),
        slots=frozenset(source.sample(range(21), k=source.choice([0, 1, 3, 12]))),
        languages=tuple(source.sample(LANGUAGES, k=source.randint(0, 2))),
        kinds_wanted=_some(source, KINDS, 2),
        kinds_refused=_some(source, KINDS, 1),
        interests=_some(source, INTERESTS, 5),
        ages_wanted=_some(source, AGES, 2),
        avoid=_some(source, CONFLICTS, 1),
        excluded=_some(source, ids, 1),
        met=met,
        asks_again=met if source.random() < 0.5 else frozenset(),
        marks={mentor: source.choice(list(Mark)) for mentor in _some(source, ids, 3)},
    )


def any_offer(source: Random, number: int, learners: int) -> Offer:
    """A mentor with random answers, some missing, mostly cleared."""
    ids = [f"l{k}" for k in range(learners)]
    days = [VALID] * 12 + [TODAY, TODAY - timedelta(days=1), None]
    return Offer(
        id=f"m{number}",
        active=source.random() < 0.95,
        paused=source.random() < 0.05,
        flagged=source.random() < 0.05,
        verified_until=source.choice(days),
        screened_until=source.choice(days),
        trained_until=source.choice(days),
        conflicts=None if source.random() < 0.05 else _some(source, CONFLICTS[1:], 1),
        cleared_for_minors=source.random() < 0.5,
        capacity=source.randint(1, 3),
        active_pairs=source.choice([0, 0, 0, 1]),
        pending=source.choice([0, 0, 0, 1]),
        gender=source.choice([*Gender, None]),
        same_gender_only=source.random() < 0.15,
        topics=_some(source, TOPICS, 4),
        region=source.choice([*REGIONS, None]),
        travels=source.random() < 0.5,
        modes=_some(source, list(Mode), 2),
        slots=frozenset(source.sample(range(21), k=source.choice([0, 2, 8, 16]))),
        languages=_some(source, LANGUAGES, 2),
        kind=source.choice([*KINDS, None]),
        interests=_some(source, INTERESTS, 6),
        age_band=source.choice([*AGES, None]),
        excluded=_some(source, ids, 1),
        asks_again=_some(source, ids, 2),
    )


def any_people(source: Random, most: int = 6) -> tuple[list[Need], list[Offer]]:
    """A few learners and mentors."""
    learners, mentors = source.randint(1, most), source.randint(1, most)
    return (
        [any_need(source, k, mentors) for k in range(learners)],
        [any_offer(source, k, learners) for k in range(mentors)],
    )


def any_terms(source: Random) -> Terms:
    """A policy other than the default one, now and then."""
    if source.random() < 0.5:
        return TERMS
    policy = Policy(
        version="test",
        neutral=source.choice([0, 333, 1000]),
        least_fit=source.choice([0, 300, 500]),
        least_slots=source.randint(1, 3),
        enough_slots=source.randint(1, 6),
        enough_interests=source.randint(1, 4),
        neighbour_share=source.choice([1, 700]),
        online_share=source.choice([1, 250, 900]),
    )
    return Terms(on=TODAY, policy=policy)


def _some(source: Random, codes: Sequence[T], most: int) -> frozenset[T]:
    return frozenset(source.sample(list(codes), k=min(len(codes), source.randint(0, most))))
