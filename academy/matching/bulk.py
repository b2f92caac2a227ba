"""Rules and scores of everybody at once.

The rules and criteria of `rules` and `score`, evaluated for blocks of learners against all
mentors with matrix products over the codes people used. A property test holds the two forms
equal for every rule and every point.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from academy.matching import rules
from academy.matching.model import Mark, Mode, Need, Offer
from academy.matching.rules import Rule
from academy.matching.score import RANK_WEIGHTS
from academy.matching.stages import Bools, Ints
from academy.matching.weights import FULL, WHOLE, Criterion, Policy, Terms

Floats = NDArray[np.float32]

BLOCK = 256  # learners at a time: 256 × 5,000 mentors keeps every array near a few MB

# Rules about one mentor alone, checked before any pair is formed. HAS_PLACE is not among them:
# a full mentor stays in the problem with no places, so that one more can be priced.
_MENTOR_RULES = (Rule.MENTOR_ACTIVE, Rule.VERIFIED, Rule.SCREENED, Rule.TRAINED)


def feasible_pairs(
    needs: Sequence[Need], offers: Sequence[Offer], terms: Terms
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int16]]:
    """Rows, columns and fits of all pairs that break no rule other than HAS_PLACE.

    Positions refer to the sequences as given; sorted by row, then column.
    """
    standing = [need for need in needs if need.active and not need.flagged]
    need_at = [k for k, need in enumerate(needs) if need.active and not need.flagged]
    offer_at = [k for k, offer in enumerate(offers) if _may_stand(offer, terms)]
    bulk = _Bulk(standing, [offers[k] for k in offer_at], terms)
    rows, cols, fits = [], [], []
    for start in range(0, len(standing), BLOCK):
        row, col, fit = bulk.block(start, min(start + BLOCK, len(standing)))
        rows.append(row)
        cols.append(col)
        fits.append(fit)
    if not rows:
        return (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int16))
    return (
        np.array(need_at, dtype=np.int32)[np.concatenate(rows)],
        np.array(offer_at, dtype=np.int32)[np.concatenate(cols)],
        np.concatenate(fits),
    )


def _may_stand(offer: Offer, terms: Terms) -> bool:
    anyone = Need(id="")
    return not offer.flagged and all(
        rules.RULES[rule](anyone, offer, terms) for rule in _MENTOR_RULES
    )


class _Overlaps:
    """How much of what a learner listed a mentor lists, by one matrix product."""

    def __init__(
        self,
        wished: Sequence[Mapping[object, int]],
        offered: Sequence[Collection[object]],
    ) -> None:
        codes = {code: k for k, code in enumerate({code for row in wished for code in row})}
        # Sums stay far below 2²⁴, so 32-bit floats are exact.
        self._wished: Floats = np.zeros((len(wished), len(codes)), dtype=np.float32)
        for i, row in enumerate(wished):
            for code, weight in row.items():
                self._wished[i, codes[code]] = weight
        self._offered: Floats = np.zeros((len(codes), len(offered)), dtype=np.float32)
        for j, column in enumerate(offered):
            for code in column:
                if code in codes:
                    self._offered[codes[code], j] = 1
        self.asked: Bools = np.array([bool(row) for row in wished], dtype=bool)
        self.told: Bools = np.array([bool(column) for column in offered], dtype=bool)

    def block(self, part: slice) -> Floats:
        """Float32[learners of the block, mentors]."""
        product: Floats = self._wished[part] @ self._offered
        return product

    def enough(self, amount: Floats, part: slice, least: int) -> Bools:
        """Where at least so much is shared, or one side gave no answer."""
        result: Bools = amount >= least
        result |= ~self.asked[part, None]
        result |= ~self.told[None, :]
        return result

    def answered(self, rows: Ints, cols: Ints) -> Bools:
        """For single pairs: did both answer?"""
        result: Bools = self.asked[rows] & self.told[cols]
        return result


class _Bulk:
    """All learners and mentors, encoded once, evaluated block by block."""

    def __init__(self, needs: Sequence[Need], offers: Sequence[Offer], terms: Terms) -> None:
        self.terms = terms
        self.mentors = len(offers)
        listed = [need.slots for need in needs], [offer.slots for offer in offers]
        self.slots = _Overlaps([_ones(row) for row in listed[0]], listed[1])
        self.slot_counts = _array([len(row) for row in listed[0]])
        self.topics = _Overlaps(
            [dict(zip(need.topics, RANK_WEIGHTS, strict=False)) for need in needs],
            [offer.topics for offer in offers],
        )
        self.topic_totals = _array([sum(RANK_WEIGHTS[: len(need.topics)]) for need in needs])
        self.languages = _Overlaps(
            [_ones(need.languages) for need in needs], [offer.languages for offer in offers]
        )
        self.preferred = _Overlaps(
            [_ones(need.languages[:1]) for need in needs], [offer.languages for offer in offers]
        )
        self.interests = _Overlaps(
            [_ones(need.interests) for need in needs], [offer.interests for offer in offers]
        )
        self.interest_counts = _array([len(need.interests) for need in needs])
        kinds = [() if offer.kind is None else (offer.kind,) for offer in offers]
        self.kinds_wanted = _Overlaps([_ones(need.kinds_wanted) for need in needs], kinds)
        self.kinds_refused = _Overlaps([_ones(need.kinds_refused) for need in needs], kinds)
        ages = [() if offer.age_band is None else (offer.age_band,) for offer in offers]
        self.ages = _Overlaps([_ones(need.ages_wanted) for need in needs], ages)
        barring = terms.policy.barring
        self.conflicts = _Overlaps(
            [_ones(need.avoid) for need in needs], [offer.conflicts or () for offer in offers]
        )
        self.no_conflict: Bools = np.array(
            [o.conflicts is not None and not o.conflicts & barring for o in offers], dtype=bool
        )
        self.minor: Bools = np.array([need.minor for need in needs], dtype=bool)
        self.for_minors: Bools = np.array([o.cleared_for_minors for o in offers], dtype=bool)
        codes: dict[object, int] = {None: 0}
        self.need_gender = _codes((need.gender for need in needs), codes)
        self.offer_gender = _codes((offer.gender for offer in offers), codes)
        self.need_same: Bools = np.array([need.same_gender for need in needs], dtype=bool)
        self.offer_same: Bools = np.array([o.same_gender_only for o in offers], dtype=bool)
        self.place = _Place(needs, offers, terms.policy)
        at = {offer.id: k for k, offer in enumerate(offers)}
        self.closed = _closed(needs, offers, at)
        self.marked = [
            (at[mentor], FULL if mark is Mark.YES else 0, i)
            for i, need in enumerate(needs)
            for mentor, mark in need.marks.items()
            if mentor in at
        ]
        self.marked_rows = _array([i for _, _, i in self.marked])
        self.marked_cols = _array([j for j, _, _ in self.marked])
        self.marked_share = _array([share for _, share, _ in self.marked])

    def block(
        self, start: int, end: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int16]]:
        """The pairs of some learners: rows (of all learners), columns, fits."""
        part = slice(start, end)
        policy = self.terms.policy
        slots, topics = self.slots.block(part), self.topics.block(part)
        allowed = self.slots.enough(slots, part, policy.least_slots)
        allowed &= self.topics.enough(topics, part, 1)
        allowed &= self.languages.enough(self.languages.block(part), part, 1)
        allowed &= self.kinds_refused.block(part) == 0
        allowed &= self.conflicts.block(part) == 0
        allowed &= self.no_conflict[None, :]
        allowed &= ~self.minor[part, None] | self.for_minors[None, :]
        same = self.need_gender[part, None] == self.offer_gender[None, :]
        same &= self.need_gender[part, None] != 0
        allowed &= same | ~(self.need_same[part, None] | self.offer_same[None, :])
        place = self.place.block(part)
        allowed &= place != 0
        closed_rows, closed_cols = self.closed
        inside = slice(*np.searchsorted(closed_rows, [start, end]))
        allowed[closed_rows[inside] - start, closed_cols[inside]] = False

        local, cols = np.nonzero(allowed)
        rows = local + start
        marks = np.full((end - start, self.mentors), -1, dtype=np.int16)
        inside = slice(*np.searchsorted(self.marked_rows, [start, end]))
        marks[self.marked_rows[inside] - start, self.marked_cols[inside]] = self.marked_share[
            inside
        ]
        shares = {
            Criterion.TOPICS: self._ratio(
                self.topics, topics[local, cols], rows, cols, self.topic_totals
            ),
            Criterion.MARKS: marks[local, cols].astype(np.int64),
            Criterion.SLOTS: self._ratio(
                self.slots,
                slots[local, cols],
                rows,
                cols,
                np.minimum(policy.enough_slots, self.slot_counts),
            ),
            Criterion.PLACE: place[local, cols].astype(np.int64),
            Criterion.INTERESTS: self._ratio(
                self.interests,
                self.interests.block(part)[local, cols],
                rows,
                cols,
                np.minimum(policy.enough_interests, self.interest_counts),
            ),
            Criterion.KIND: np.where(
                self.kinds_wanted.answered(rows, cols),
                FULL * self.kinds_wanted.block(part)[local, cols].astype(np.int64),
                -1,
            ),
            Criterion.TALK: self._talk(part, local, rows, cols),
        }
        fit = np.zeros(len(rows), dtype=np.int64)
        for criterion, share in shares.items():
            known = np.where(share < 0, policy.neutral, share)
            fit += (policy.weights[criterion] * known + WHOLE // 2) // WHOLE
        good = fit >= policy.least_fit
        return (
            rows[good].astype(np.int32),
            cols[good].astype(np.int32),
            fit[good].astype(np.int16),
        )

    @staticmethod
    def _ratio(overlaps: _Overlaps, amount: Floats, rows: Ints, cols: Ints, enough: Ints) -> Ints:
        """Share of what is enough, −1 where an answer is missing."""
        wanted = np.maximum(enough[rows], 1)
        share = FULL * np.minimum(amount.astype(np.int64), wanted) // wanted
        return np.where(overlaps.answered(rows, cols), share, -1)

    def _talk(self, part: slice, local: Ints, rows: Ints, cols: Ints) -> Ints:
        halves = []
        for overlaps in (self.preferred, self.ages):
            share = FULL * (overlaps.block(part)[local, cols] > 0).astype(np.int64)
            halves.append(np.where(overlaps.answered(rows, cols), share, -1))
        language, age = halves
        neutral = self.terms.policy.neutral
        known = np.where(language < 0, neutral, language) + np.where(age < 0, neutral, age)
        return np.where((language < 0) & (age < 0), -1, known // 2)


class _Place:
    """How two people could meet: `score.place` from tables over pairs of regions and modes."""

    def __init__(self, needs: Sequence[Need], offers: Sequence[Offer], policy: Policy) -> None:
        codes: dict[object, int] = {None: 0}
        self.need_region = _codes((need.region for need in needs), codes)
        self.offer_region = _codes((offer.region for offer in offers), codes)
        count = len(codes)
        # travels × region of the learner × region of the mentor → share, −1: unknown
        self.near = np.zeros((2, count, count), dtype=np.int16)
        for home, i in codes.items():
            around = policy.neighbours.get(str(home), frozenset())
            for other, j in codes.items():
                if other in around:
                    self.near[1, i, j] = policy.neighbour_share
        self.near[:, np.arange(count), np.arange(count)] = FULL
        self.near[:, 0, :] = self.near[:, :, 0] = -1
        self.travels = np.array([int(offer.travels) for offer in offers], dtype=np.int64)
        self.need_online, self.need_met, self.need_told = _modes(needs)
        self.offer_online, self.offer_met, self.offer_told = _modes(offers)
        self.online_share = policy.online_share

    def block(self, part: slice) -> NDArray[np.int16]:
        """Int16[block, mentors]: share, 0 if they cannot meet, −1 if that is unknown."""
        online = self.need_online[part, None] & self.offer_online[None, :]
        worth = np.where(self.need_met[part], self.online_share, FULL).astype(np.int16)
        share: NDArray[np.int16] = np.where(online, worth[:, None], np.int16(0))
        person = self.need_met[part, None] & self.offer_met[None, :]
        near = self.near[
            self.travels[None, :], self.need_region[part, None], self.offer_region[None, :]
        ]
        share = np.where(
            person & (near != 0), np.where(near < 0, near, np.maximum(near, share)), share
        )
        share[~(self.need_told[part, None] & self.offer_told[None, :])] = -1
        return share


def _modes(people: Sequence[Need] | Sequence[Offer]) -> tuple[Bools, Bools, Bools]:
    online = np.array([Mode.ONLINE in person.modes for person in people], dtype=bool)
    met = np.array([Mode.IN_PERSON in person.modes for person in people], dtype=bool)
    return online, met, online | met


def _closed(
    needs: Sequence[Need], offers: Sequence[Offer], at: Mapping[str, int]
) -> tuple[Ints, Ints]:
    """Pairs that a word of either side closes: exclusions, "말고", earlier pairs."""
    learner_at = {need.id: i for i, need in enumerate(needs)}
    closed: set[tuple[int, int]] = set()
    for i, need in enumerate(needs):
        never = {mentor for mentor, mark in need.marks.items() if mark is Mark.NEVER}
        for mentor in need.excluded | never:
            if mentor in at:
                closed.add((i, at[mentor]))
        for mentor in need.met:
            if mentor in at and not (
                mentor in need.asks_again and need.id in offers[at[mentor]].asks_again
            ):
                closed.add((i, at[mentor]))
    for j, offer in enumerate(offers):
        closed.update((learner_at[text], j) for text in offer.excluded if text in learner_at)
    ordered = sorted(closed)
    return _array([i for i, _ in ordered]), _array([j for _, j in ordered])


def _ones(codes: Iterable[object]) -> dict[object, int]:
    return dict.fromkeys(codes, 1)


def _array(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _codes(values: Iterable[object], codes: dict[object, int]) -> Ints:
    return _array([codes.setdefault(value, len(codes)) for value in values])
