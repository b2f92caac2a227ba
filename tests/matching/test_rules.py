"""Every hard rule: a pair it lets through, a pair it stops."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from academy.matching.model import Gender, Mark, Mode, Need, Offer
from academy.matching.rules import PRIVATE, RELAXABLE, RENEWABLE, RULES, Rule, broken
from academy.matching.weights import Terms
from tests.matching.people import TERMS, TODAY, VALID, a_need, an_offer

YESTERDAY = TODAY - timedelta(days=1)
PERSON = frozenset({Mode.IN_PERSON})

STOPS = [
    (Rule.LEARNER_ACTIVE, a_need(active=False), an_offer()),
    (Rule.MENTOR_ACTIVE, a_need(), an_offer(active=False)),
    (Rule.MENTOR_ACTIVE, a_need(), an_offer(paused=True)),
    (Rule.VERIFIED, a_need(), an_offer(verified_until=None)),
    (Rule.VERIFIED, a_need(), an_offer(verified_until=YESTERDAY)),
    (Rule.SCREENED, a_need(), an_offer(screened_until=YESTERDAY)),
    (Rule.TRAINED, a_need(), an_offer(trained_until=YESTERDAY)),
    (Rule.NO_CONFLICT, a_need(), an_offer(conflicts=None)),
    (Rule.NO_CONFLICT, a_need(), an_offer(conflicts=frozenset({"media"}))),
    (
        Rule.NO_CONFLICT,
        a_need(avoid=frozenset({"company-a"})),
        an_offer(conflicts=frozenset({"company-a"})),
    ),
    (Rule.MINORS, a_need(minor=True), an_offer()),
    (Rule.NOT_FLAGGED, a_need(flagged=True), an_offer()),
    (Rule.NOT_FLAGGED, a_need(), an_offer(flagged=True)),
    (Rule.NOT_EXCLUDED, a_need(excluded=frozenset({"m0"})), an_offer()),
    (Rule.NOT_EXCLUDED, a_need(), an_offer(excluded=frozenset({"l0"}))),
    (Rule.NOT_EXCLUDED, a_need(marks={"m0": Mark.NEVER}), an_offer()),
    (Rule.NOT_AGAIN, a_need(met=frozenset({"m0"})), an_offer()),
    (
        Rule.NOT_AGAIN,
        a_need(met=frozenset({"m0"}), asks_again=frozenset({"m0"})),
        an_offer(),
    ),
    (Rule.GENDER, a_need(same_gender=True), an_offer(gender=Gender.FEMALE)),
    (Rule.GENDER, a_need(same_gender=True), an_offer()),
    (
        Rule.GENDER,
        a_need(same_gender=True, gender=Gender.FEMALE),
        an_offer(gender=Gender.MALE),
    ),
    (Rule.GENDER, a_need(gender=Gender.MALE), an_offer(same_gender_only=True)),
    (Rule.KIND, a_need(kinds_refused=frozenset({"student"})), an_offer(kind="student")),
    (Rule.LANGUAGE, a_need(languages=("zh",)), an_offer(languages=frozenset({"ko"}))),
    (
        Rule.CAN_MEET,
        a_need(modes=PERSON, region="11"),
        an_offer(modes=PERSON, region="26"),
    ),
    (Rule.SLOTS, a_need(slots=frozenset({1, 2})), an_offer(slots=frozenset({2, 3}))),
    (Rule.TOPICS, a_need(topics=("a",)), an_offer(topics=frozenset("b"))),
    (Rule.HAS_PLACE, a_need(), an_offer(capacity=2, active_pairs=1, pending=1)),
]

ALLOWS = [
    (a_need(), an_offer()),
    (a_need(), an_offer(trained_until=TODAY)),
    (a_need(minor=True), an_offer(cleared_for_minors=True)),
    (a_need(), an_offer(conflicts=frozenset({"company-a"}))),
    (
        a_need(met=frozenset({"m0"}), asks_again=frozenset({"m0"})),
        an_offer(asks_again=frozenset({"l0"})),
    ),
    (
        a_need(same_gender=True, gender=Gender.FEMALE),
        an_offer(gender=Gender.FEMALE, same_gender_only=True),
    ),
    (a_need(kinds_refused=frozenset({"student"})), an_offer(kind="settled")),
    (a_need(kinds_refused=frozenset({"student"})), an_offer()),
    (a_need(slots=frozenset({1, 2})), an_offer(slots=frozenset({1, 2}))),
    (a_need(languages=("zh", "ko")), an_offer(languages=frozenset({"ko"}))),
    (a_need(marks={"m0": Mark.RATHER_NOT}), an_offer()),
    (a_need(excluded=frozenset({"m1"})), an_offer(excluded=frozenset({"l1"}))),
]


@pytest.mark.parametrize(("rule", "need", "offer"), STOPS)
def test_a_rule_stops_the_pair_and_is_named(rule: Rule, need: Need, offer: Offer) -> None:
    assert rule in broken(need, offer, TERMS)
    assert not RULES[rule](need, offer, TERMS)


@pytest.mark.parametrize(("need", "offer"), ALLOWS)
def test_a_pair_that_breaks_nothing_is_allowed(need: Need, offer: Offer) -> None:
    assert broken(need, offer, TERMS) == frozenset()


def test_a_poor_fit_is_no_pair() -> None:
    need = a_need(
        topics=("a", "b", "c"),
        marks={"m0": Mark.RATHER_NOT},
        interests=frozenset("s"),
        kinds_wanted=frozenset({"settled"}),
    )
    offer = an_offer(topics=frozenset("c"), interests=frozenset("t"), kind="student")
    assert broken(need, offer, TERMS) == {Rule.FIT}


def test_every_rule_is_tested_by_a_pair_it_stops() -> None:
    assert {rule for rule, _, _ in STOPS} | {Rule.FIT} == set(Rule) == set(RULES)


def test_a_clearance_ends_with_its_last_day() -> None:
    offer = an_offer()
    assert broken(a_need(), offer, Terms(on=VALID)) == frozenset()
    assert broken(a_need(), offer, Terms(on=date(2026, 1, 2))) == RENEWABLE


def test_rules_of_safety_can_be_neither_relaxed_nor_renewed() -> None:
    safety = {Rule.NO_CONFLICT, Rule.MINORS, *PRIVATE}
    assert not safety & (RELAXABLE | RENEWABLE)
