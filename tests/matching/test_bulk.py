"""Everybody at once says the same as pair by pair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from academy.matching import bulk
from academy.matching.model import Need, Offer
from academy.matching.rules import Rule, broken
from academy.matching.score import score
from academy.matching.weights import DEFAULT_WEIGHTS, Criterion, Terms
from tests.matching.instances import many, seeds
from tests.matching.people import TERMS, a_need, an_offer, any_people, any_terms
from tests.matching.test_rules import ALLOWS, STOPS


def found(needs: list[Need], offers: list[Offer], terms: Terms) -> dict[tuple[int, int], int]:
    rows, cols, fits = bulk.feasible_pairs(needs, offers, terms)
    assert list(zip(rows, cols, strict=True)) == sorted(zip(rows, cols, strict=True))
    return {
        (i, j): fit for i, j, fit in zip(rows.tolist(), cols.tolist(), fits.tolist(), strict=True)
    }


@many
def test_the_pairs_and_fits_are_those_of_the_rules_and_criteria(count: int) -> None:
    for source in seeds("bulk", count):
        terms = any_terms(source)
        needs, offers = any_people(source)
        expected = {
            (i, j): score(need, offer, terms.policy).fit
            for i, need in enumerate(needs)
            for j, offer in enumerate(offers)
            if not broken(need, offer, terms) - {Rule.HAS_PLACE}
        }
        assert found(needs, offers, terms) == expected, source


@many
def test_each_criterion_alone_scores_the_same_in_bulk(count: int) -> None:
    for source in seeds("criterion", count):
        criterion = source.choice(list(Criterion))
        weights = {**dict.fromkeys(DEFAULT_WEIGHTS, 0), criterion: 100}
        terms = any_terms(source)
        terms = replace(terms, policy=replace(terms.policy, weights=weights, least_fit=0))
        needs, offers = any_people(source)
        for (i, j), fit in found(needs, offers, terms).items():
            assert fit == score(needs[i], offers[j], terms.policy).fit, (source, criterion)


@pytest.mark.parametrize(("rule", "need", "offer"), STOPS)
def test_every_rule_stops_its_pair_in_bulk_too(rule: Rule, need: Need, offer: Offer) -> None:
    assert bool(found([need], [offer], TERMS)) == (rule is Rule.HAS_PLACE)


@pytest.mark.parametrize(("need", "offer"), ALLOWS)
def test_every_allowed_pair_is_found_in_bulk_too(need: Need, offer: Offer) -> None:
    assert found([need], [offer], TERMS) == {(0, 0): score(need, offer, TERMS.policy).fit}


def test_blocks_of_learners_join_without_a_seam() -> None:
    needs = [a_need(id=f"l{k:04}", topics=("ab"[k % 2],)) for k in range(2 * bulk.BLOCK + 3)]
    offers = [an_offer(topics=frozenset("a"), excluded=frozenset({"l0256", "l0512"}))]
    pairs = found(needs, offers, TERMS)
    assert sorted(i for i, _ in pairs) == [
        k for k in range(0, len(needs), 2) if k not in {256, 512}
    ]


def test_nobody_makes_no_pairs() -> None:
    assert found([], [an_offer()], TERMS) == {}
    assert found([a_need()], [], TERMS) == {}
    assert found([a_need(active=False)], [an_offer(paused=True)], TERMS) == {}


def test_a_full_mentor_keeps_the_pairs_so_that_a_place_can_be_priced() -> None:
    assert found([a_need()], [an_offer(active_pairs=1)], TERMS) == {(0, 0): 500}
