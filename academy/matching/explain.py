"""Why this one, why not that one, why nobody, and what one more place would give.

Answers are facts for staff. Pairs that a private rule closes (`rules.PRIVATE`: exclusions,
earlier pairs, flags) are left out throughout, as if that mentor were not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np

from academy.matching import rules
from academy.matching.assign import Engine, solve
from academy.matching.model import (
    TOP_FIT,
    Assignment,
    Kind,
    Mode,
    Need,
    Offer,
    PairNotAllowed,
    Problem,
    Stage,
)
from academy.matching.problem import position, with_locks, with_pairs, with_places
from academy.matching.rules import Rule
from academy.matching.score import Score, score
from academy.matching.stages import Weigher
from academy.matching.weights import Terms


@dataclass(frozen=True, order=True)
class Change:
    """A difference between two assignments, most important first; compares in that order.

    Args:
        covered: (learners more or fewer) for every tier of the problem, the most urgent first.
        good: pairs at or above the floor, more or fewer.
        fit: fit points less the load price, more or fewer.
    """

    covered: tuple[int, ...]
    good: int
    fit: int

    @property
    def none(self) -> bool:
        """Nothing changes but, at most, who won a draw."""
        return not any(self.covered) and self.good == 0 and self.fit == 0


@dataclass(frozen=True)
class WhyThis:
    """Why a pair was proposed.

    Args:
        score: the fit and its parts.
        rank: 1 if no other feasible mentor fits this learner better, and so on.
        choices: how many feasible mentors there are.
        locked: staff fixed the pair.
    """

    score: Score
    rank: int
    choices: int
    locked: bool


@dataclass(frozen=True)
class Moved:
    """Somebody whose mentor would be another one (None: nobody)."""

    learner: str
    now: str | None
    then: str | None


@dataclass(frozen=True)
class Bound:
    """Choosing a pair costs at least so much at this stage, unless an earlier one loses."""

    stage: Stage
    amount: int


@dataclass(frozen=True)
class WhyNot:
    """What choosing a pair would cost everybody together.

    Args:
        at_least: read off the prices, immediate; None if the prices show no loss.
        loss: the exact loss, from solving again with the pair fixed.
        moved: everybody whose mentor would change.
    """

    at_least: Bound | None
    loss: Change
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class NotPossible:
    """The pair breaks hard rules. Private ones are not named, so `rules` may be empty."""

    rules: frozenset[Rule]


class Remedy(StrEnum):
    """Who could lift a rule."""

    ASK = "ask"  # a wish of the learner or the mentor
    RENEW = "renew"  # a check or training that has run out
    PLACE = "place"  # one more place with each of these mentors
    POLICY = "policy"  # a limit the programme set


_REMEDIES: Mapping[Rule, Remedy] = MappingProxyType(
    {
        **dict.fromkeys(rules.RELAXABLE, Remedy.ASK),
        **dict.fromkeys(rules.RENEWABLE, Remedy.RENEW),
        Rule.HAS_PLACE: Remedy.PLACE,
        Rule.FIT: Remedy.POLICY,
    }
)


# How a need looks once a wish is taken back.
_WISHES: Mapping[Rule, Mapping[str, Any]] = MappingProxyType(
    {
        Rule.TOPICS: {"topics": ()},
        Rule.SLOTS: {"slots": frozenset()},
        Rule.CAN_MEET: {"modes": frozenset(Mode)},
        Rule.LANGUAGE: {"languages": ()},
        Rule.KIND: {"kinds_refused": frozenset()},
        Rule.GENDER: {"same_gender": False},
    }
)

_EXPIRIES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.VERIFIED: "verified_until",
        Rule.SCREENED: "screened_until",
        Rule.TRAINED: "trained_until",
    }
)


@dataclass(frozen=True)
class Help:
    """A single rule without which there would be a mentor.

    Args:
        mentors: ids for whom this rule is all that stands in the way (`as_if_lifted`).
        matched: with it lifted for this learner, the optimum would give them one.
    """

    rule: Rule
    remedy: Remedy
    mentors: tuple[str, ...]
    matched: bool


@dataclass(frozen=True)
class WhyNobody:
    """Why a learner has no mentor.

    Args:
        mentors: how many were looked at (those closed by a private rule left out).
        stopped: for every rule, how many mentors it stops; one mentor may count several times.
        open: mentors whom no rule stops. If there are any, their places went to others.
        helps: single rules that would help, those that give a mentor first.
    """

    learner: str
    mentors: int
    stopped: Mapping[Rule, int]
    open: tuple[str, ...]
    helps: tuple[Help, ...]


@dataclass(frozen=True)
class Gain:
    """What one more place with a mentor would give everybody together."""

    mentor: str
    gain: Change


def why_this(problem: Problem, need: Need, offer: Offer, terms: Terms) -> WhyThis:
    """The points of a pair, and where the mentor stands among the learner's choices.

    Raises:
        PairNotAllowed: the pair is not feasible in this problem.
    """
    at = position(problem, need.id, offer.id)
    start, end = np.searchsorted(problem.rows, [problem.rows[at], problem.rows[at] + 1])
    fits = problem.fit[start:end]
    return WhyThis(
        score=score(need, offer, terms.policy),
        rank=1 + int(np.count_nonzero(fits > problem.fit[at])),
        choices=len(fits),
        locked=at in problem.locked,
    )


def quick_bound(
    problem: Problem, assignment: Assignment, learner: str, mentor: str
) -> Bound | None:
    """What is surely lost if the pair is forced: price + surplus − weight.

    Stage by stage, the loss is a sum of such differences over all pairs, learners and places
    that leave the optimum. As vectors over the stages none of them is lexicographically
    negative, so the pair's own first difference bounds the loss. None for a chosen pair, and
    for one that only lost a draw.

    Raises:
        PairNotAllowed: the pair is not feasible in this problem.
    """
    wished = np.array([position(problem, learner, mentor)])
    weigher = Weigher(problem)
    now = assignment.mentor_of(learner)
    own = wished[:0] if now is None else np.array([position(problem, learner, now)])
    for proof in assignment.certificate.proofs:
        if proof.stage.kind is Kind.TIE:
            break
        paid = sum(proof.prices[j] for j in problem.cols[own].tolist())
        surplus = int(weigher.weights(proof.stage, own).sum()) - paid
        price = proof.prices[int(problem.cols[wished[0]])]
        amount = price + surplus - int(weigher.weights(proof.stage, wished)[0])
        if amount:
            # Where nobody could step in the price has no bound; more than everything is not
            # lost at any stage.
            unit = TOP_FIT if proof.stage.kind is Kind.FIT else 1
            return Bound(proof.stage, min(amount, unit * len(problem.learners)))
    return None


def why_not(
    problem: Problem,
    assignment: Assignment,
    learner: str,
    mentor: str,
    *,
    engine: Engine | None = None,
) -> WhyNot:
    """The loss if this pair were fixed: the bound, and exactly by solving again.

    Raises:
        PairNotAllowed: the pair is not feasible (ask `not_possible` why), or a lock of the
            learner stands against it.
        TooManyLocks: the mentor has no place beside the locked ones.
        EngineFailed, NotProven: as `assign.solve`.
    """
    at_least = quick_bound(problem, assignment, learner, mentor)
    forced = solve(with_locks(problem, [(learner, mentor)]), engine=engine)
    return WhyNot(
        at_least=at_least,
        loss=difference(assignment, forced),
        moved=moves(assignment, forced),
    )


def not_possible(need: Need, offer: Offer, terms: Terms) -> NotPossible | None:
    """The rules that keep a pair apart, private ones unnamed; None if it is feasible."""
    broken = rules.broken(need, offer, terms)
    return NotPossible(broken - rules.PRIVATE) if broken else None


def why_nobody(
    need: Need,
    offers: Iterable[Offer],
    terms: Terms,
    problem: Problem,
    *,
    engine: Engine | None = None,
) -> WhyNobody:
    """How many mentors each rule stops, and which single rule, lifted, would give one.

    Whether a lifted rule gives a mentor is decided by solving again with the pairs it opens
    for this learner alone; other learners keep their rules.

    Raises:
        PairNotAllowed: the learner is not in the problem.
        EngineFailed, NotProven: as `assign.solve`.
    """
    if need.id not in problem.learners:
        raise PairNotAllowed(need.id, "")
    stopped: dict[Rule, int] = {}
    opened: list[str] = []
    helped: dict[Rule, list[Offer]] = {}
    looked_at = 0
    for offer in sorted(offers, key=lambda offer: offer.id):
        broken = rules.broken(need, offer, terms)
        if broken & rules.PRIVATE:
            continue
        looked_at += 1
        if not broken:
            opened.append(offer.id)
        for rule in broken:
            stopped[rule] = stopped.get(rule, 0) + 1
            if rule in _REMEDIES and not rules.broken(*as_if_lifted(rule, need, offer, terms)):
                helped.setdefault(rule, []).append(offer)
    helps = []
    for rule in (rule for rule in Rule if rule in helped):
        version = _lifted(problem, need, helped[rule], rule, terms)
        mentors = tuple(offer.id for offer in helped[rule])
        matched = solve(version, engine=engine).mentor_of(need.id) is not None
        helps.append(Help(rule, _REMEDIES[rule], mentors, matched=matched))
    return WhyNobody(
        learner=need.id,
        mentors=looked_at,
        stopped={rule: stopped[rule] for rule in Rule if rule in stopped},
        open=tuple(opened),
        helps=tuple(sorted(helps, key=lambda one: not one.matched)),
    )


def one_more_place(problem: Problem, assignment: Assignment) -> tuple[Gain, ...]:
    """What one more place with each mentor would give, the most useful first.

    Read off the prices without solving again: the least price of a full mentor is the gain of
    a stage exactly, less what the new place costs. A new place that an earlier stage has a
    use for must be filled in the later ones, which may then lose something.
    """
    load = dict.fromkeys(problem.mentors, 0)
    for pair in assignment.pairs:
        load[pair.mentor] += 1
    weigher = Weigher(problem)
    gains = []
    for j, mentor in enumerate(problem.mentors):
        places = int(problem.places[j])
        by_stage: dict[Stage, int] = {}
        useful, needed = load[mentor] == places, False
        for proof in assignment.certificate.proofs:
            cost = weigher.place_price(proof.stage) * (int(problem.held[j]) + places)
            margin = proof.prices[j] - cost
            by_stage[proof.stage] = margin if needed or (useful and margin > 0) else 0
            needed = needed or (useful and margin > 0)
            useful = useful and margin >= 0
        gains.append(Gain(mentor, _as_change(by_stage)))
    return tuple(
        sorted(sorted(gains, key=lambda one: one.mentor), key=lambda one: one.gain, reverse=True)
    )


def cards(problem: Problem, learner: str, trial: Assignment, most: int = 4) -> tuple[str, ...]:
    """Mentors to show a learner on anonymous cards: best by fit less price.

    The price, from a trial run, keeps the most wanted mentors from being shown to everybody,
    so fewer marks are spent on somebody who will have no place.

    Raises:
        PairNotAllowed: no such learner.
    """
    if learner not in problem.learners:
        raise PairNotAllowed(learner, "")
    at = problem.learners.index(learner)
    start, end = np.searchsorted(problem.rows, [at, at + 1])
    index = np.arange(start, end)
    prices = next(
        np.array(proof.prices, dtype=np.int64)
        for proof in trial.certificate.proofs
        if proof.stage.kind is Kind.FIT
    )
    worth = problem.fit[index] - np.maximum(prices, 0)[problem.cols[index]]
    draw = Weigher(problem).weights(Stage(Kind.TIE), index)
    best = index[np.lexsort((-draw, -worth))][:most]
    return tuple(problem.mentors[j] for j in problem.cols[best].tolist())


def difference(better: Assignment, other: Assignment) -> Change:
    """What `better` reaches beyond `other`, of the same people and aims."""
    mine = {proof.stage: proof.value for proof in better.certificate.proofs}
    theirs = {proof.stage: proof.value for proof in other.certificate.proofs}
    return _as_change({stage: mine[stage] - theirs.get(stage, 0) for stage in mine})


def moves(before: Assignment, after: Assignment) -> tuple[Moved, ...]:
    """Everybody whose mentor differs, by learner id."""
    now = {pair.learner: pair.mentor for pair in before.pairs}
    then = {pair.learner: pair.mentor for pair in after.pairs}
    return tuple(
        Moved(learner, now.get(learner), then.get(learner))
        for learner in sorted(now.keys() | then.keys())
        if now.get(learner) != then.get(learner)
    )


def _as_change(by_stage: Mapping[Stage, int]) -> Change:
    tiers = sorted(stage.number for stage in by_stage if stage.kind is Kind.COVERAGE)
    return Change(
        covered=tuple(by_stage[Stage(Kind.COVERAGE, tier)] for tier in tiers),
        good=by_stage.get(Stage(Kind.FLOOR), 0),
        fit=by_stage[Stage(Kind.FIT)],
    )


def as_if_lifted(rule: Rule, need: Need, offer: Offer, terms: Terms) -> tuple[Need, Offer, Terms]:
    """The pair as it would stand without this one rule.

    A wish that is taken back counts as unanswered, so its criterion scores neutrally and the
    pair is not stopped again by its fit. Somebody who is open about how to meet takes both
    ways; that does not bring two distant regions together.

    Raises:
        KeyError: a rule that nobody may lift.
    """
    if rule in _WISHES:
        return replace(need, **_WISHES[rule]), offer, terms
    if rule in _EXPIRIES:
        renewed: dict[str, Any] = {_EXPIRIES[rule]: terms.on}
        return need, replace(offer, **renewed), terms
    if rule is Rule.HAS_PLACE:
        return need, replace(offer, active_pairs=0, pending=0), terms
    if rule is Rule.FIT:
        return need, offer, replace(terms, policy=replace(terms.policy, least_fit=0))
    raise KeyError(rule)


def _lifted(problem: Problem, need: Need, offers: list[Offer], rule: Rule, terms: Terms) -> Problem:
    if rule is Rule.HAS_PLACE:
        for offer in offers:
            problem = with_places(problem, offer.id, 1)
        return problem
    extra = {}
    for offer in offers:
        as_if = as_if_lifted(rule, need, offer, terms)
        extra[need.id, offer.id] = score(as_if[0], as_if[1], as_if[2].policy).fit
    return with_pairs(problem, extra)
