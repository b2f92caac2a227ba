"""Explanations agree with solving again, and give nobody away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from academy.matching.assign import solve
from academy.matching.explain import (
    Bound,
    Change,
    Help,
    Moved,
    NotPossible,
    Remedy,
    as_if_lifted,
    cards,
    difference,
    not_possible,
    one_more_place,
    quick_bound,
    why_nobody,
    why_not,
    why_this,
)
from academy.matching.model import (
    Aims,
    Kind,
    Mark,
    Mode,
    Need,
    Offer,
    PairNotAllowed,
    Problem,
    Stage,
    TooManyLocks,
)
from academy.matching.problem import Places, prepare, problem_from, with_locks, with_places
from academy.matching.rules import PRIVATE, RELAXABLE, RENEWABLE, Rule, broken
from academy.matching.score import score
from academy.matching.stages import fixed_stages
from tests.matching.instances import (
    SALT,
    a_draft,
    as_dict,
    assignments,
    fixed_values,
    many,
    seeds,
    values,
)
from tests.matching.people import TERMS, TODAY, a_need, an_offer, any_people, any_terms


@many
def test_what_one_more_place_gives_is_what_solving_again_gives(count: int) -> None:
    useful = 0
    for source in seeds("gain", count):
        problem = a_draft(source, learners=7, mentors=4).problem()
        before = solve(problem)
        for one in one_more_place(problem, before):
            places = int(problem.places[problem.mentors.index(one.mentor)])
            after = solve(with_places(problem, one.mentor, places + 1))
            assert one.gain == difference(after, before), (source, one)
            useful += not one.gain.none
    assert useful > 0


@many
def test_mentors_to_recruit_come_in_the_order_of_what_they_would_give(count: int) -> None:
    for source in seeds("recruit", count):
        problem = a_draft(source).problem()
        gains = one_more_place(problem, solve(problem))
        assert [one.gain for one in gains] == sorted((one.gain for one in gains), reverse=True)
        assert sorted(one.mentor for one in gains) == list(problem.mentors)


@many
def test_the_bound_never_exceeds_the_loss_and_the_loss_is_exact(count: int) -> None:
    bounded = 0
    for source in seeds("loss", count):
        draft = a_draft(source, learners=4, mentors=3)
        problem = draft.problem()
        found = solve(problem)
        best = values(draft, as_dict(found.pairs))
        for learner, mentor in sorted(draft.fits):
            forced = [
                values(draft, chosen)
                for chosen in assignments(draft)
                if chosen.get(learner) == mentor
            ]
            if not forced:
                with pytest.raises((TooManyLocks, PairNotAllowed)):
                    with_locks(problem, [(learner, mentor)])
                continue
            answer = why_not(problem, found, learner, mentor)
            lost = tuple(a - b for a, b in zip(best, max(forced), strict=True))
            good = (answer.loss.good,) if draft.aims.floor else ()
            assert (*answer.loss.covered, *good, answer.loss.fit) == lost, source
            stages = fixed_stages(problem)
            if answer.at_least is None:
                assert lost >= (0,) * len(lost), source
                bounded += lost == (0,) * len(lost)
            else:
                at = stages.index(answer.at_least.stage)
                assert lost[: at + 1] >= (*(0,) * at, answer.at_least.amount), (source, learner)
                assert answer.at_least.amount > 0
                bounded += lost[: at + 1] == (*(0,) * at, answer.at_least.amount)
    assert bounded > count  # the bound is often the loss itself


@many
def test_keeping_a_chosen_pair_costs_nothing_and_moves_nobody(count: int) -> None:
    for source in seeds("keep", count):
        problem = a_draft(source).problem()
        found = solve(problem)
        for pair in found.pairs:
            assert quick_bound(problem, found, pair.learner, pair.mentor) is None, source
            answer = why_not(problem, found, pair.learner, pair.mentor)
            assert answer.loss.none, source
            assert answer.moved == (), source


def test_why_not_names_everybody_who_would_move() -> None:
    problem = problem_from(
        {"a": 1, "b": 1, "c": 2},
        {"m": Places(free=1), "n": Places(free=1)},
        {("a", "m"): 900, ("a", "n"): 700, ("b", "m"): 800, ("c", "n"): 750},
        salt=SALT,
        aims=Aims(load_price=0),
    )
    answer = why_not(problem, solve(problem), "c", "n")
    assert answer.loss == Change(covered=(1, -1), good=0, fit=-150)
    assert answer.moved == (Moved("a", "n", "m"), Moved("b", "m", None), Moved("c", None, "n"))


def test_the_bound_names_the_stage_that_loses() -> None:
    problem = problem_from(
        {"a": 1},
        {"m": Places(free=1), "n": Places(free=1), "o": Places(free=1)},
        {("a", "m"): 900, ("a", "n"): 700, ("a", "o"): 500},
        salt=SALT,
    )
    found = solve(problem)
    assert quick_bound(problem, found, "a", "n") == Bound(Stage(Kind.FIT), 200)
    assert quick_bound(problem, found, "a", "o") == Bound(Stage(Kind.FLOOR), 1)


def test_why_not_refuses_a_pair_that_cannot_exist() -> None:
    problem = problem_from({"a": 1}, {"m": Places(free=1)}, {}, salt=SALT)
    with pytest.raises(PairNotAllowed):
        why_not(problem, solve(problem), "a", "m")


def a_round(*people: Need | Offer) -> tuple[list[Need], list[Offer], Problem]:
    needs = [person for person in people if isinstance(person, Need)]
    offers = [person for person in people if isinstance(person, Offer)]
    return needs, offers, prepare(needs, offers, TERMS, salt=SALT)


def test_why_this_gives_points_rank_and_choices() -> None:
    need = a_need(topics=("a", "b"))
    best, other = an_offer(id="m1", topics=frozenset("ab")), an_offer(topics=frozenset("a"))
    _, _, problem = a_round(need, best, other)
    answer = why_this(problem, need, other, TERMS)
    assert (answer.rank, answer.choices, answer.locked) == (2, 2, False)
    assert answer.score == score(need, other, TERMS.policy)
    locked = with_locks(problem, [("l0", "m0")])
    assert why_this(locked, need, other, TERMS).locked


def test_why_nobody_counts_what_stops_each_mentor() -> None:
    need = a_need(topics=("a",), slots=frozenset({1, 2}))
    needs, offers, problem = a_round(
        need,
        an_offer(id="m1", topics=frozenset("b")),
        an_offer(id="m2", topics=frozenset("b"), slots=frozenset({5, 6})),
        an_offer(id="m3", active_pairs=1),
        an_offer(id="m4", trained_until=TODAY - timedelta(days=1)),
        an_offer(id="m5", conflicts=frozenset({"police"})),
    )
    answer = why_nobody(needs[0], offers, TERMS, problem)
    assert answer.mentors == 5
    assert answer.stopped[Rule.TOPICS] == 2
    assert answer.stopped[Rule.SLOTS] == 1
    assert answer.open == ()
    assert answer.helps == (
        Help(Rule.TRAINED, Remedy.RENEW, ("m4",), matched=True),
        Help(Rule.TOPICS, Remedy.ASK, ("m1",), matched=True),
        Help(Rule.HAS_PLACE, Remedy.PLACE, ("m3",), matched=True),
    )


def test_a_relaxed_wish_helps_only_if_the_mentor_is_not_needed_elsewhere() -> None:
    urgent = a_need(id="l1", tier=1)
    waiting = a_need(id="l2", tier=2, topics=("a",))
    _, offers, problem = a_round(urgent, waiting, an_offer(topics=frozenset("b")))
    answer = why_nobody(waiting, offers, TERMS, problem)
    assert answer.helps == (Help(Rule.TOPICS, Remedy.ASK, ("m0",), matched=False),)


def test_a_learner_who_lost_the_draw_hears_that_mentors_were_open() -> None:
    needs, offers, problem = a_round(a_need(id="l1", tier=1), a_need(id="l2", tier=2), an_offer())
    answer = why_nobody(needs[1], offers, TERMS, problem)
    assert answer.open == ("m0",)
    assert answer.helps == ()


def test_the_limit_of_the_programme_is_a_remedy_of_the_programme() -> None:
    need = a_need(topics=("a", "b", "c"), marks={"m0": Mark.RATHER_NOT})
    _, offers, problem = a_round(need, an_offer(topics=frozenset("c")))
    helps = why_nobody(need, offers, TERMS, problem).helps
    assert helps == (Help(Rule.FIT, Remedy.POLICY, ("m0",), matched=True),)


NO = {"m0": Mark.RATHER_NOT}

LIFTED = [
    (Rule.TOPICS, a_need(topics=("a",)), an_offer(topics=frozenset("b"))),
    (Rule.SLOTS, a_need(slots=frozenset({1, 2})), an_offer(slots=frozenset({3, 4}))),
    (
        Rule.CAN_MEET,
        a_need(modes=frozenset({Mode.IN_PERSON}), region="11"),
        an_offer(modes=frozenset({Mode.ONLINE}), region="26"),
    ),
    (Rule.LANGUAGE, a_need(languages=("zh",)), an_offer(languages=frozenset({"ko"}))),
    (Rule.KIND, a_need(kinds_refused=frozenset({"student"})), an_offer(kind="student")),
    (Rule.GENDER, a_need(same_gender=True), an_offer()),
    (Rule.VERIFIED, a_need(), an_offer(verified_until=None)),
    (Rule.SCREENED, a_need(), an_offer(screened_until=None)),
    (Rule.TRAINED, a_need(), an_offer(trained_until=None)),
    (Rule.HAS_PLACE, a_need(), an_offer(pending=1)),
    (Rule.FIT, a_need(topics=("a", "b", "c"), marks=NO), an_offer(topics=frozenset("c"))),
]


@pytest.mark.parametrize(("rule", "need", "offer"), LIFTED)
def test_a_rule_that_may_be_lifted_is_gone_when_it_is(rule: Rule, need: Need, offer: Offer) -> None:
    assert rule in broken(need, offer, TERMS)
    assert not broken(*as_if_lifted(rule, need, offer, TERMS))


@pytest.mark.parametrize("rule", sorted(set(Rule) - RELAXABLE - RENEWABLE))
def test_no_other_rule_can_be_lifted(rule: Rule) -> None:
    with pytest.raises(KeyError):
        as_if_lifted(rule, a_need(), an_offer(), TERMS)


def test_being_open_about_how_to_meet_does_not_bring_distant_regions_together() -> None:
    person = frozenset({Mode.IN_PERSON})
    need, offer = a_need(modes=person, region="11"), an_offer(modes=person, region="50")
    assert broken(*as_if_lifted(Rule.CAN_MEET, need, offer, TERMS)) == {Rule.CAN_MEET}


def test_a_stranger_to_the_round_is_refused() -> None:
    _, offers, problem = a_round(a_need(), an_offer())
    with pytest.raises(PairNotAllowed):
        why_nobody(a_need(id="x"), offers, TERMS, problem)
    with pytest.raises(PairNotAllowed):
        cards(problem, "x", solve(problem))


@many
def test_a_lifted_rule_gives_a_mentor_exactly_if_solving_without_it_does(count: int) -> None:
    for source in seeds("lifted", count):
        terms = any_terms(source)
        needs, offers = any_people(source, most=4)
        problem = prepare(needs, offers, terms, salt=SALT)
        chosen = as_dict(solve(problem).pairs)
        for need in needs:
            if need.id in chosen:
                continue
            for one in why_nobody(need, offers, terms, problem).helps:
                fits = {
                    (problem.learners[i], problem.mentors[j]): int(fit)
                    for i, j, fit in zip(problem.rows, problem.cols, problem.fit, strict=True)
                }
                extra = 0
                for offer in offers:
                    if offer.id in one.mentors:
                        assert one.rule in broken(need, offer, terms), source
                        as_if = as_if_lifted(one.rule, need, offer, terms)
                        assert not broken(*as_if), source
                        if one.rule is Rule.HAS_PLACE:
                            extra = 1
                        else:
                            fit = score(as_if[0], as_if[1], as_if[2].policy).fit
                            fits[need.id, offer.id] = fit
                relaxed = problem_from(
                    {other.id: other.tier for other in needs},
                    {
                        o.id: Places(free=o.places + extra * (o.id in one.mentors), held=o.held)
                        for o in offers
                    },
                    fits,
                    salt=SALT,
                )
                assert one.matched == (solve(relaxed).mentor_of(need.id) is not None), source


@many
def test_an_exclusion_reads_exactly_like_an_absent_mentor(count: int) -> None:
    for source in seeds("private", count):
        terms = any_terms(source)
        needs, offers = any_people(source, most=4)
        problem = prepare(needs, offers, terms, salt=SALT)
        need = source.choice(needs)
        closed = {o.id for o in offers if broken(need, o, terms) & PRIVATE}
        seen = [offer for offer in offers if offer.id not in closed]
        assert why_nobody(need, offers, terms, problem) == why_nobody(need, seen, terms, problem)
        for offer in offers:
            answer = not_possible(need, offer, terms)
            assert answer is None or not answer.rules & PRIVATE


def test_an_impossible_pair_names_its_rules_but_never_a_private_one() -> None:
    both = a_need(kinds_refused=frozenset({"student"}), excluded=frozenset({"m0"}))
    assert not_possible(both, an_offer(kind="student"), TERMS) == NotPossible(
        frozenset({Rule.KIND})
    )
    only = a_need(excluded=frozenset({"m0"}))
    assert not_possible(only, an_offer(), TERMS) == NotPossible(frozenset())
    assert not_possible(a_need(), an_offer(), TERMS) is None


def test_cards_do_not_show_the_most_wanted_mentor_to_everybody() -> None:
    tiers = {f"l{k}": 1 for k in range(4)}
    fits = {(i, "wanted"): 820 for i in tiers} | {(i, "quiet"): 800 for i in tiers}
    fits["l0", "wanted"] = 990
    places = {"wanted": Places(free=1), "quiet": Places(free=3)}
    problem = problem_from(tiers, places, fits, salt=SALT, aims=Aims(load_price=0))
    trial = solve(problem)
    shown = {learner: cards(problem, learner, trial, most=1) for learner in tiers}
    assert shown["l0"] == ("wanted",)
    assert ("quiet",) in shown.values()


@many
def test_cards_show_feasible_mentors_once_each(count: int) -> None:
    for source in seeds("cards", count):
        problem = a_draft(source).problem()
        trial = solve(problem)
        for at, learner in enumerate(problem.learners):
            shown = cards(problem, learner, trial, most=3)
            feasible = {problem.mentors[j] for j in problem.cols[problem.rows == at]}
            assert len(set(shown)) == len(shown) == min(3, len(feasible))
            assert set(shown) <= feasible


def test_a_difference_of_nothing_is_none() -> None:
    problem = problem_from({"a": 1}, {"m": Places(free=1)}, {("a", "m"): 700}, salt=SALT)
    found = solve(problem)
    assert difference(found, found).none
    assert not replace(difference(found, found), fit=1).none
    assert fixed_values(found) == (1, 1, 700)
