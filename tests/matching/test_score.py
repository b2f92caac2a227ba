"""Every criterion by itself, and that the parts make the whole."""

from __future__ import annotations

import pytest

from academy.matching import score
from academy.matching.model import Mark, Mode, Need, Offer
from academy.matching.weights import Criterion, Policy
from tests.matching.instances import many, seeds
from tests.matching.people import a_need, an_offer, any_people, any_terms

POLICY = Policy()


def test_the_first_topic_counts_more_than_the_third() -> None:
    need = a_need(topics=("a", "b", "c"))
    assert score.topics(need, an_offer(topics=frozenset("a")), POLICY) == 500
    assert score.topics(need, an_offer(topics=frozenset("c")), POLICY) == 166
    assert score.topics(need, an_offer(topics=frozenset("abc")), POLICY) == 1000


def test_one_wished_topic_that_is_covered_scores_fully() -> None:
    need = a_need(topics=("b",))
    assert score.topics(need, an_offer(topics=frozenset("ab")), POLICY) == 1000


@pytest.mark.parametrize(
    ("mark", "share"), [(Mark.YES, 1000), (Mark.RATHER_NOT, 0), (Mark.NEVER, 0), (None, None)]
)
def test_a_mark_on_a_card_is_the_learners_voice(mark: Mark | None, share: int | None) -> None:
    need = a_need(marks={} if mark is None else {"m0": mark})
    assert score.marks(need, an_offer(), POLICY) == share


def test_four_shared_slots_are_enough() -> None:
    offer = an_offer(slots=frozenset(range(21)))
    assert score.slots(a_need(slots=frozenset(range(4))), offer, POLICY) == 1000
    assert score.slots(a_need(slots=frozenset(range(12))), offer, POLICY) == 1000


def test_few_free_slots_are_not_held_against_a_learner() -> None:
    need = a_need(slots=frozenset({3, 4}))
    assert score.slots(need, an_offer(slots=frozenset({3, 4, 5})), POLICY) == 1000
    assert score.slots(need, an_offer(slots=frozenset({3, 5})), POLICY) == 500


PERSON, ONLINE = frozenset({Mode.IN_PERSON}), frozenset({Mode.ONLINE})


@pytest.mark.parametrize(
    ("need", "offer", "share"),
    [
        (a_need(modes=PERSON, region="11"), an_offer(modes=PERSON, region="11"), 1000),
        (a_need(modes=PERSON, region="11"), an_offer(modes=PERSON, region="41"), 0),
        (
            a_need(modes=PERSON, region="11"),
            an_offer(modes=PERSON, region="41", travels=True),
            700,
        ),
        (a_need(modes=PERSON, region="11"), an_offer(modes=PERSON, region="26", travels=True), 0),
        (a_need(modes=ONLINE, region="11"), an_offer(modes=ONLINE, region="26"), 1000),
        (a_need(modes=PERSON | ONLINE, region="11"), an_offer(modes=ONLINE, region="11"), 500),
        (a_need(modes=PERSON), an_offer(modes=ONLINE), 0),
        (a_need(modes=PERSON), an_offer(modes=PERSON, region="11"), None),
        (a_need(region="11"), an_offer(modes=PERSON, region="26"), None),
    ],
)
def test_how_two_people_can_meet(need: Need, offer: Offer, share: int | None) -> None:
    assert score.place(need, offer, POLICY) == share


def test_three_shared_interests_are_enough() -> None:
    need = a_need(interests=frozenset("stuvw"))
    assert score.interests(need, an_offer(interests=frozenset("stux")), POLICY) == 1000
    assert score.interests(need, an_offer(interests=frozenset("sx")), POLICY) == 333


def test_the_wished_kind_of_mentor_scores() -> None:
    need = a_need(kinds_wanted=frozenset({"settled"}))
    assert score.kind(need, an_offer(kind="settled"), POLICY) == 1000
    assert score.kind(need, an_offer(kind="student"), POLICY) == 0


def test_language_and_age_are_half_each() -> None:
    need = a_need(languages=("zh", "ko"), ages_wanted=frozenset({"40"}))
    assert score.talk(need, an_offer(languages=frozenset({"zh"}), age_band="40"), POLICY) == 1000
    assert score.talk(need, an_offer(languages=frozenset({"ko"}), age_band="40"), POLICY) == 500
    assert score.talk(need, an_offer(languages=frozenset({"zh"})), POLICY) == 750


@pytest.mark.parametrize("criterion", list(Criterion))
def test_without_answers_every_criterion_is_neutral(criterion: Criterion) -> None:
    whole = score.score(a_need(), an_offer(), POLICY)
    part = next(part for part in whole.parts if part.criterion is criterion)
    assert part.missing
    assert part.points == score.points(POLICY.weights[criterion], POLICY.neutral)


def test_somebody_who_answers_nothing_fits_in_the_middle() -> None:
    assert score.score(a_need(), an_offer(), POLICY).fit == 500


def test_a_perfect_pair_reaches_exactly_a_thousand() -> None:
    need = a_need(
        topics=("a",),
        marks={"m0": Mark.YES},
        slots=frozenset({1, 2}),
        modes=ONLINE,
        interests=frozenset("s"),
        kinds_wanted=frozenset({"settled"}),
        languages=("ko",),
        ages_wanted=frozenset({"40"}),
    )
    offer = an_offer(
        topics=frozenset("a"),
        slots=frozenset({1, 2}),
        modes=ONLINE,
        interests=frozenset("s"),
        kind="settled",
        languages=frozenset({"ko"}),
        age_band="40",
    )
    assert score.score(need, offer, POLICY).fit == 1000


@many
def test_every_fit_is_the_sum_of_its_parts_and_stays_in_range(count: int) -> None:
    for source in seeds("parts", count):
        terms = any_terms(source)
        needs, offers = any_people(source, most=2)
        for need in needs:
            for offer in offers:
                whole = score.score(need, offer, terms.policy)
                assert whole.fit == sum(part.points for part in whole.parts)
                assert all(0 <= part.points <= part.most for part in whole.parts)
                assert 0 <= whole.fit <= 1000
